// Walks over stored packets and hands out those that a filter takes, dissected. Opens only what session, time, frame
// number and flow leave open.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "helper/analysis/dissection_values.h"
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

// A packet as a filter sees it: what its bytes say, and what is known of its flow.
class SightValues final : public filter::RowValues {
 public:
  SightValues(const dissect::Registry& registry, const Sight& sight) : tree_(registry, sight.tree), sight_(sight) {}
  void each(FieldId id, const Visit& visit) const override {
    if (sight_.flow != nullptr && sight_.flows.knows(id)) return sight_.flows.each(id, *sight_.flow, visit);
    tree_.each(id, visit);
  }

 private:
  const analysis::DissectionValues tree_;
  const Sight& sight_;
};

struct ScanOptions {
  std::vector<const store::SessionInfo*> sessions;  // in the order of the answer
  store::TimeRange range;
  const filter::Ast* where = nullptr;  // null: every packet
  FieldSet wanted;                     // what the caller will read, besides what the filter needs
  bool whole_tree = false;             // the caller reads everything
  // The only flow whose packets are asked for by number; nothing: any.
  std::optional<std::uint64_t> flow{};
  // Packets of other flows are passed over unread; empty: none is.
  std::function<bool(std::uint64_t flow)> of_flow{};
  bool dissect = true;  // false: the caller reads nothing but the packet itself
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
  struct Selected {
    std::vector<std::uint64_t> flows, numbers;  // numbers: of their packets, ascending
  };
  using Selection = std::map<std::uint64_t, Selected>;  // by session

  absl::StatusOr<std::optional<Selection>> selected_by_flow();
  // flows: the only ones whose packets will be read; empty: any.
  absl::Status enter(const store::SessionInfo& session, std::span<const std::uint64_t> flows);
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
