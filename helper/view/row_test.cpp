#include "helper/view/row_test.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "helper/analysis/dissection_values.h"
#include "helper/view/cell.h"
#include "helper/view/flow_fields.h"

namespace pr::view {
namespace {

// Values of one field over many packets are kept once each, and no more than this: the rest could only repeat what a
// search for values asks.
constexpr std::size_t kMostValues = 100'000;

std::vector<FieldId> needed_fields(const FieldCatalog& catalog, const FieldSet& needs) {
  std::set<FieldId> ids;
  for (const FieldInfo& info : catalog.all()) {
    for (const FieldId id : info.ids) {
      if (needs.has(id)) ids.insert(id);
    }
  }
  return {ids.begin(), ids.end()};
}

ScanOptions scan_options(const store::TimeRange& range, const FieldSet& wanted) {
  ScanOptions options;
  options.range = range;
  options.wanted = wanted;
  return options;
}

}  // namespace

// All values of the needed fields in some packets, each once.
class RowTest::Values final : public filter::RowValues {
 public:
  void add(FieldId id, const Value& value, FieldType type, std::size_t layer) {
    auto& all = fields_[id];
    if (all.size() >= kMostValues) return;
    all.insert({value.number, std::string(as_text(value.bytes())), layer, type, value.data != nullptr});
  }

  void each(FieldId id, const Visit& visit) const override {
    const auto found = fields_.find(id);
    if (found == fields_.end()) return;
    for (const auto& [number, bytes, layer, type, has_data] : found->second) {
      Value value = has_data ? Value::of(as_bytes(bytes)) : Value{};
      value.number = number;
      visit(value, type, layer);
    }
  }

 private:
  using Kept = std::tuple<std::uint64_t, std::string, std::size_t, FieldType, bool>;
  std::unordered_map<FieldId, std::set<Kept>> fields_;
};

RowTest::RowTest(const dissect::Engine& engine, store::Reader& reader, store::Reader& aside, Noun noun,
                 const filter::Ast* where, const store::TimeRange& range, std::span<const store::SessionInfo> sessions)
    : engine_(engine),
      reader_(reader),
      noun_(noun),
      sessions_(sessions),
      predicate_(where),
      session_column_(column_index(store::columns(noun), "session")),
      flow_column_(column_index(store::columns(noun), "flow_id")),
      needs_(needed_fields(engine.registry().catalog(), predicate_.needs())),
      scan_(engine, reader, aside, scan_options(range, predicate_.needs())) {}

absl::Status RowTest::collect(std::uint64_t session, const Row& row, Values& values) {
  const auto info = std::ranges::find(sessions_, session, &store::SessionInfo::id);
  if (info == sessions_.end() || !info->keeps_packets || flow_column_ >= row.size()) {
    ++without_packets_;
    return absl::OkStatus();
  }
  const auto numbers = reader_.flow_packets(session, cell_uint(row[flow_column_]));
  if (!numbers.ok()) return numbers.status();
  return scan_.packets(*info, *numbers, [&](const Sight& sight) {
    const analysis::DissectionValues packet(engine_.registry(), sight.tree);
    for (const FieldId id : needs_) {
      if (const Cell* cell = sight.flow_cell(id)) {
        const FieldType type = engine_.registry().catalog().at(id)->type;
        visit_cell(*cell, type,
                   [&](const Value& value, FieldType of, std::size_t layer) { values.add(id, value, of, layer); });
        continue;
      }
      packet.each(id,
                  [&](const Value& value, FieldType type, std::size_t layer) { values.add(id, value, type, layer); });
    }
    return true;
  });
}

absl::StatusOr<bool> RowTest::passes(const Row& row) {
  Values values;
  const auto columns = store::columns(noun_);
  const FieldCatalog& catalog = engine_.registry().catalog();
  for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
    const FieldInfo* info = columns[i].field == nullptr ? nullptr : catalog.find(columns[i].field);
    if (info == nullptr) continue;
    for (const FieldId id : info->ids) {
      // An alias over several fields has values that only its packets can place.
      if (info->ids.size() > 1 || !predicate_.needs().has(id)) continue;
      visit_cell(row[i], info->type,
                 [&](const Value& value, FieldType type, std::size_t layer) { values.add(id, value, type, layer); });
    }
  }
  const std::uint64_t session = session_column_ < row.size() ? cell_uint(row[session_column_]) : 0;
  absl::Status collected = collect(session, row, values);
  if (!collected.ok()) return collected;
  return predicate_.matches(values);
}

}  // namespace pr::view
