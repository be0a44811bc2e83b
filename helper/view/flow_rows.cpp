#include "helper/view/flow_rows.h"

#include <string_view>

#include "helper/view/cell.h"

namespace pr::view {

std::size_t column_index(std::span<const ColumnDef> columns, std::string_view key) {
  std::size_t i = 0;
  while (i < columns.size() && key != columns[i].key) ++i;
  return i;
}

absl::Status FlowRows::load(store::Reader& reader, std::uint64_t session, std::span<const std::uint64_t> only) {
  if (whole_ && session_ == session) return absl::OkStatus();
  rows_.clear();
  session_ = session;
  whole_ = only.empty();
  const auto columns = store::columns(Noun::kFlows);
  const std::size_t id = column_index(columns, "flow_id");
  store::RowQuery query;
  query.noun = Noun::kFlows;
  query.sessions = {session};
  query.flows.assign(only.begin(), only.end());
  query.keys = {"flow_id"};
  for (const std::size_t column : columns_) query.keys.emplace_back(columns[column].key);
  const auto done = reader.rows(query, [&](const Row& row) {
    Row& kept = rows_[cell_uint(row[id])];
    kept.clear();
    kept.reserve(columns_.size());
    for (const std::size_t column : columns_) kept.push_back(row[column]);
    return true;
  });
  return done.status();
}

const Row* FlowRows::find(std::uint64_t flow_id) const {
  const auto found = rows_.find(flow_id);
  return found == rows_.end() ? nullptr : &found->second;
}

}  // namespace pr::view
