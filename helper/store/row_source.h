// Rows of one noun out of one database (the catalog or a partition), in order.
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "helper/store/cells.h"
#include "helper/store/fields.h"
#include "helper/store/reader.h"

namespace pr::store {

// What to select, made once a query and used for each database.
struct RowPlan {
  // SELECT: columns, then key columns.
  std::string select, from, tail;
  // Flows: of which zones (zones.h) rows can be, a condition over zone z. Empty: of any.
  std::string zone;
  std::vector<SqlValue> bindings;
  // The statement is for one session, whose number is this binding; run for one after the other, newest first. So rows
  // come in order without being sorted. Nothing: it is for all of them.
  std::optional<std::size_t> session_binding;
  std::span<const Column> columns;
  std::vector<bool> wanted;      // by column; empty: all
  std::vector<bool> descending;  // of each key column
  std::size_t identity = 0;      // flows: number of the key column with the flow, after that of the session
  std::string largest = {};      // flows: they are ordered by this column of zones, largest first, and none is left out
  std::string sessions = {};     // "(1,2)"
  bool nothing = false;          // no row can pass
  bool has_certain = false;      // the last column says whether the filter surely takes the row

  // Only the first rows are wanted.
  void limit(std::uint64_t rows);
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
  // sessions: which the database holds rows of, of those asked for.
  static absl::StatusOr<RowSource> open(Database& db, const RowPlan& plan, std::vector<std::uint64_t> sessions);
  // False: no more.
  absl::StatusOr<bool> next();
  [[nodiscard]] const Key& key() const { return key_; }
  // Counts of the flow at hand that lie in older partitions; cells() adds them. Until the next next().
  void add(const FlowCounts& counts) { more_ = counts; }
  // cells as the plan's columns.
  void cells(const CellMaker& maker, Row& row) const;
  [[nodiscard]] bool certain() const;

 private:
  void bind();

  const RowPlan* plan_ = nullptr;
  std::vector<std::uint64_t> sessions_;  // still to come, the next one last
  Statement statement_;
  Key key_;
  FlowCounts more_{};
};

}  // namespace pr::store
