#include "helper/view/row_test.h"

#include <algorithm>

#include "helper/view/cell.h"
#include "helper/view/flow_fields.h"

namespace pr::view {

// What the row itself says.
class RowTest::RowCells final : public filter::RowValues {
 public:
  RowCells(std::span<const Held> held, const Row& row) : held_(held), row_(row) {}
  void each(FieldId id, const Visit& visit) const override {
    for (const Held& held : held_) {
      if (held.field == id && held.column < row_.size()) visit_cell(row_[held.column], held.type, visit);
    }
  }

 private:
  const std::span<const Held> held_;
  const Row& row_;
};

RowTest::RowTest(const dissect::Engine& engine, store::Reader& reader, Noun noun, const filter::Ast* where,
                 const store::TimeRange& range, std::span<const store::SessionInfo> sessions)
    : engine_(engine),
      reader_(reader),
      range_(range),
      sessions_(sessions),
      session_column_(column_index(store::columns(noun), "session")),
      flow_column_(column_index(store::columns(noun), "flow_id")),
      of_flows_(flow_column_ < store::columns(noun).size()),
      filter_(where) {
  const FieldCatalog& catalog = engine.registry().catalog();
  const auto columns = store::columns(noun);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const FieldInfo* info = columns[i].field == nullptr ? nullptr : catalog.find(columns[i].field);
    // An alias over several fields has values that only its packets can place.
    if (info == nullptr || info->ids.size() != 1 || !filter_.needs().has(info->ids.front())) continue;
    held_.push_back({i, info->ids.front(), info->type});
  }
  for (const FieldInfo& info : catalog.all()) {
    const bool in_row = noun == Noun::kFlows && is_flow_field(info);
    for (const FieldId id : info.ids) {
      if (!in_row && filter_.needs().has(id)) of_packets_.insert(id);
    }
  }
}

ScanOptions RowTest::scan_options() const {
  ScanOptions options;
  options.range = range_;
  options.wanted = of_packets_;
  return options;
}

// null: its packets are not stored, or it belongs to no flow.
const store::SessionInfo* RowTest::session_of(const Row& row) const {
  if (flow_column_ >= row.size() || session_column_ >= row.size()) return nullptr;
  const auto info = std::ranges::find(sessions_, cell_uint(row[session_column_]), &store::SessionInfo::id);
  return info == sessions_.end() || !info->keeps_packets ? nullptr : &*info;
}

bool RowTest::passes_with(const State* state, const Row& row) {
  if (state != nullptr) return filter_.passes(*state, RowCells(held_, row));
  ++without_packets_;
  return filter_.passes(State(), RowCells(held_, row));
}

absl::StatusOr<bool> RowTest::passes_alone(const Row& row) {
  const store::SessionInfo* session = session_of(row);
  if (session == nullptr) return passes_with(nullptr, row);
  const auto numbers = reader_.flow_packets(session->id, cell_uint(row[flow_column_]));
  if (!numbers.ok()) return numbers.status();
  ScanOptions options = scan_options();
  options.flow = cell_uint(row[flow_column_]);
  PacketScan scan(engine_, reader_, reader_, std::move(options));
  State state;
  absl::Status read = scan.packets(*session, *numbers, [&](const Sight& sight) {
    filter_.add(state, SightValues(engine_.registry(), sight));
    return !filter_.settled(state);
  });
  if (!read.ok()) return read;
  return passes_with(&state, row);
}

void RowTest::announce(const Row& row) {
  const store::SessionInfo* session = session_of(row);
  if (session != nullptr) announced_[session->id].flows[cell_uint(row[flow_column_])];
}

absl::Status RowTest::read(const store::SessionInfo& session, Announced& announced) {
  announced.read = true;
  auto& flows = announced.flows;
  std::size_t open = flows.size();
  ScanOptions options = scan_options();
  options.sessions = {&session};
  options.of_flow = [&](std::uint64_t flow) {
    const auto found = flows.find(flow);
    return found != flows.end() && !filter_.settled(found->second);
  };
  PacketScan scan(engine_, reader_, reader_, std::move(options));
  return scan.run([&](const Sight& sight) {
    State& state = flows[sight.stored.facts.flow_id];
    filter_.add(state, SightValues(engine_.registry(), sight));
    if (filter_.settled(state)) --open;
    return open > 0;
  });
}

absl::StatusOr<bool> RowTest::passes(const Row& row) {
  const store::SessionInfo* session = session_of(row);
  if (session == nullptr) return passes_with(nullptr, row);
  Announced& announced = announced_[session->id];
  if (!announced.read) {
    absl::Status status = read(*session, announced);
    if (!status.ok()) return status;
  }
  // A flow that began since the rows were announced waits for the next query.
  const auto found = announced.flows.find(cell_uint(row[flow_column_]));
  return found != announced.flows.end() && passes_with(&found->second, row);
}

}  // namespace pr::view
