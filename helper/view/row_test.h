// Decides for rows of the catalog what the catalog cannot: a flow has, for each field, all values that occur in its
// packets, so those are read and dissected.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <span>
#include <vector>

#include "helper/dissect/engine.h"
#include "helper/view/gathered_filter.h"
#include "helper/view/packet_scan.h"

namespace pr::view {

class RowTest {
 public:
  // Borrows all for as long as it lives. Packets come from the reader; it may not be in the middle of something.
  RowTest(const dissect::Engine& engine, store::Reader& reader, Noun noun, const filter::Ast* where,
          const store::TimeRange& range, std::span<const store::SessionInfo> sessions);

  // Reads the packets of that row alone.
  absl::StatusOr<bool> passes_alone(const Row& row);
  // For many rows: announce them all, then ask. The packets of a session are read once, when its first row is asked.
  void announce(const Row& row);
  absl::StatusOr<bool> passes(const Row& row);

  // Rows of this noun belong to flows, and so have packets.
  [[nodiscard]] bool has_packets() const { return of_flows_; }
  // Rows whose packets are not stored, so that only the catalog could be asked.
  [[nodiscard]] std::uint64_t without_packets() const { return without_packets_; }
  // Values that were not kept, because there were too many: rows may have been judged without them.
  [[nodiscard]] std::uint64_t values_left_out() const { return filter_.left_out(); }

 private:
  using State = GatheredFilter::State;
  struct Announced {
    bool read = false;
    absl::flat_hash_map<std::uint64_t, State> flows;
  };
  // A column that holds the values of a field.
  struct Held {
    std::size_t column;
    FieldId field;
    FieldType type;
  };
  class RowCells;

  [[nodiscard]] const store::SessionInfo* session_of(const Row& row) const;
  [[nodiscard]] ScanOptions scan_options() const;
  [[nodiscard]] bool passes_with(const State* state, const Row& row);
  absl::Status read(const store::SessionInfo& session, Announced& announced);

  const dissect::Engine& engine_;
  store::Reader& reader_;
  const store::TimeRange range_;
  const std::span<const store::SessionInfo> sessions_;
  const std::size_t session_column_, flow_column_;
  const bool of_flows_;
  GatheredFilter filter_;
  std::vector<Held> held_;
  FieldSet of_packets_;                                      // what packets are asked for
  absl::flat_hash_map<std::uint64_t, Announced> announced_;  // by session
  std::uint64_t without_packets_ = 0;
};

}  // namespace pr::view
