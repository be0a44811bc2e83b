// Tests rows of the catalog (flows, handshakes ...) that the catalog alone cannot decide: a row has the values of its
// flow's packets, so they are read and dissected.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "helper/dissect/engine.h"
#include "helper/store/reader.h"
#include "helper/view/packet_scan.h"

namespace pr::view {

class RowTest {
 public:
  // Borrows all for as long as it lives. Neither reader may be in the middle of something.
  RowTest(const dissect::Engine& engine, store::Reader& reader, store::Reader& aside, Noun noun,
          const filter::Ast* where, const store::TimeRange& range, std::span<const store::SessionInfo> sessions);

  absl::StatusOr<bool> passes(const Row& row);
  // Rows whose packets are not stored, so that only the catalog could be asked.
  [[nodiscard]] std::uint64_t without_packets() const { return without_packets_; }

 private:
  class Values;

  absl::Status collect(std::uint64_t session, const Row& row, Values& values);

  const dissect::Engine& engine_;
  store::Reader& reader_;
  const Noun noun_;
  const std::span<const store::SessionInfo> sessions_;
  const filter::Predicate predicate_;
  const std::size_t session_column_, flow_column_;
  std::vector<FieldId> needs_;
  PacketScan scan_;
  std::uint64_t without_packets_ = 0;
};

}  // namespace pr::view
