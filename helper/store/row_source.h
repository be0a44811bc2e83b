// Rows of one noun out of one database (the catalog or a partition), in order.
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <string>
#include <vector>

#include "helper/store/cells.h"
#include "helper/store/fields.h"
#include "helper/store/reader.h"

namespace pr::store {

// What to select, made once a query and used for each database.
struct RowPlan {
  std::string sql;  // whole SELECT; columns, then key columns
  std::vector<SqlValue> bindings;
  std::span<const Column> columns;
  std::vector<bool> wanted;      // by column; empty: all
  std::vector<bool> descending;  // of each key column
  std::size_t identity = 0;      // flows: number of the key column with the flow, after that of the session
  bool has_certain = false;      // the last column says whether the filter surely takes the row
};

// sessions: of those that are visible and asked for. order: a column, or null.
absl::StatusOr<RowPlan> plan_rows(const RowQuery& query, const std::vector<std::uint64_t>& sessions, FieldMap& fields,
                                  RowResult* result);

// Values of key columns, comparable as SQLite compares: NULL, numbers, texts, blobs.
using KeyValue = AnyValue;
using Key = std::vector<KeyValue>;
// a comes before b.
bool before(const Key& a, const Key& b, const std::vector<bool>& descending);

// Packets, bytes and payload by originator and responder: opkts, rpkts, obytes, rbytes, opay, rpay.
using FlowCounts = std::array<std::uint64_t, 6>;
inline constexpr std::array<const char*, 6> kFlowCountColumns = {"opkts", "rpkts", "obytes", "rbytes", "opay", "rpay"};

// Steps through the rows of one database.
class RowSource {
 public:
  static absl::StatusOr<RowSource> open(Database& db, const RowPlan& plan);
  // False: no more.
  absl::StatusOr<bool> next();
  [[nodiscard]] const Key& key() const { return key_; }
  // Counts of the flow at hand that lie in older partitions; cells() adds them. Until the next next().
  void add(const FlowCounts& counts) { more_ = counts; }
  // cells as the plan's columns.
  void cells(const CellMaker& maker, Row& row) const;
  [[nodiscard]] bool certain() const;

 private:
  const RowPlan* plan_ = nullptr;
  Statement statement_;
  Key key_;
  FlowCounts more_{};
};

}  // namespace pr::store
