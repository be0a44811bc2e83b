// Columns of a session's flows, by flow id: what rows and packets of a flow borrow from it. Only the columns that were
// asked for are kept, so that a session of many flows stays small.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "helper/store/reader.h"

namespace pr::view {

class FlowRows {
 public:
  // columns: indexes into store::columns(Noun::kFlows).
  explicit FlowRows(std::vector<std::size_t> columns) : columns_(std::move(columns)) {}

  // Reads the flows of a session, unless they are the ones at hand. only: no more than these; empty: all.
  absl::Status load(store::Reader& reader, std::uint64_t session, std::span<const std::uint64_t> only = {});
  // The cells in the order of the columns given; null: no such flow in the session at hand.
  [[nodiscard]] const Row* find(std::uint64_t flow_id) const;

 private:
  const std::vector<std::size_t> columns_;
  std::uint64_t session_ = 0;
  bool whole_ = false;  // all flows of the session are at hand
  std::unordered_map<std::uint64_t, Row> rows_;
};

// Index of the column with that key; columns.size() if there is none.
std::size_t column_index(std::span<const ColumnDef> columns, std::string_view key);

}  // namespace pr::view
