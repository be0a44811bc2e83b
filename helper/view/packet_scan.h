// Walks over stored packets and hands out those that a filter takes, dissected. Opens only what session, time, frame
// number and flow leave open.
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "helper/analysis/packet_view.h"
#include "helper/store/reader.h"
#include "helper/view/flow_fields.h"
#include "shared/base/function_ref.h"
#include "shared/filter/filter.h"

namespace pr::view {

// One packet that passed, valid during the call it is given to.
struct Sight {
  const store::SessionInfo& session;
  const store::StoredPacket& stored;
  const Dissection& tree;   // empty when nothing of it was asked for
  const FlowFields& flows;  // knows what was wanted of them
  const Row* flow = nullptr;

  // The flow's cell for that field; null: the packet's own bytes answer, or it has no flow.
  [[nodiscard]] const Cell* flow_cell(FieldId id) const { return flow == nullptr ? nullptr : flows.cell(id, *flow); }
};

struct ScanOptions {
  std::vector<const store::SessionInfo*> sessions;  // in the order of the answer
  store::TimeRange range;
  const filter::Ast* where = nullptr;  // null: every packet
  FieldSet wanted;                     // what the caller will read, besides what the filter needs
  bool whole_tree = false;             // the caller reads everything
  bool dissect = true;                 // false: the caller reads nothing but the packet itself
};

class PacketScan {
 public:
  // Borrows all for as long as it lives. aside: a second reader, for packets that others are put together with.
  PacketScan(const dissect::Engine& engine, store::Reader& reader, store::Reader& aside, ScanOptions options);

  // take returns false to stop. Sessions that keep no packets are passed over.
  absl::Status run(FunctionRef<bool(const Sight&)> take);
  // The same for single packets, in the order given; those that are gone are left out. They need not pass the filter.
  absl::Status packets(const store::SessionInfo& session, std::span<const std::uint64_t> numbers,
                       FunctionRef<bool(const Sight&)> take);

 private:
  using Numbers = std::map<std::uint64_t, std::vector<std::uint64_t>>;  // by session, ascending

  absl::StatusOr<std::optional<Numbers>> selected_by_flow();
  absl::Status enter(const store::SessionInfo& session);
  absl::StatusOr<bool> fetch(std::uint64_t session, std::uint64_t number);
  [[nodiscard]] bool consider(const store::StoredPacket& stored, bool test, FunctionRef<bool(const Sight&)> take);
  [[nodiscard]] Timestamp before(const Packet& packet);
  [[nodiscard]] bool in_range(Timestamp ts) const;

  const dissect::Engine& engine_;
  store::Reader& reader_;
  store::Reader& aside_;
  const ScanOptions options_;
  const filter::Predicate predicate_;
  const FieldSet wanted_;  // options_.wanted and what the predicate needs
  FlowFields flows_;
  bool needs_before_ = false;
  analysis::PacketView view_;
  Dissection tree_;
  const store::SessionInfo* session_ = nullptr;
  store::StoredPacket single_;  // a packet that was read alone, with its bytes in single_bytes_
  std::vector<std::uint8_t> single_bytes_;
  std::uint64_t last_number_ = 0;
  Timestamp last_ts_{};
};

}  // namespace pr::view
