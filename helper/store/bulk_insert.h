// Inserts many rows with one statement: the rows stay where they are in memory and INSERT ... SELECT reads them through
// a virtual table. A statement a row would cost twice as much, most of it for starting and ending it.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "helper/store/database.h"
#include "shared/base/bytes.h"
#include "shared/base/function_ref.h"

struct sqlite3_context;

namespace pr::store {

// Takes the value of one cell; a cell that is given none is NULL. Texts and blobs are borrowed until run() returns.
class CellOut {
 public:
  explicit CellOut(sqlite3_context* to) : to_(to) {}
  void integer(std::int64_t value);
  void integer(std::uint64_t value) { integer(static_cast<std::int64_t>(value)); }
  void integer(int value) { integer(std::int64_t{value}); }
  void integer(unsigned value) { integer(std::int64_t{value}); }
  // What is usually 0 or unknown takes no room as NULL.
  template <typename T>
  void unless_zero(T value) {
    if (value != 0) integer(value);
  }
  void text(std::string_view value);
  void unless_empty(std::string_view value) {
    if (!value.empty()) text(value);
  }
  void blob(Bytes value);

 private:
  sqlite3_context* to_;
};

// A column of the table and how a row of memory fills it.
template <typename Row>
struct RowColumn {
  const char* name;
  void (*put)(const Row& row, CellOut& out);
};

class BulkInsert {
 public:
  BulkInsert() = default;  // to be assigned
  // insert: "INSERT INTO" or "INSERT OR REPLACE INTO".
  template <typename Row, std::size_t kColumns>
  static absl::StatusOr<BulkInsert> make(Database& db, std::string_view insert, const std::string& table,
                                         const RowColumn<Row> (&columns)[kColumns]) {
    std::string names;
    for (const RowColumn<Row>& column : columns) names += (names.empty() ? "" : ", ") + std::string(column.name);
    return make(db, insert, table, names);
  }

  // The rows that the columns given to make() belong to. On an error none of them is in the table.
  template <typename Row, std::size_t kColumns>
  absl::Status run(std::span<const Row> rows, const RowColumn<Row> (&columns)[kColumns]) {
    return run(rows.size(), [&](std::size_t row, int column, CellOut& out) { columns[column].put(rows[row], out); });
  }

  struct Source;  // what the virtual table reads at the moment

 private:
  using Cell = FunctionRef<void(std::size_t row, int column, CellOut& out)>;

  static absl::StatusOr<BulkInsert> make(Database& db, std::string_view insert, const std::string& table,
                                         const std::string& names);
  absl::Status run(std::size_t rows, Cell cell);

  std::unique_ptr<Source, void (*)(Source*)> source_{nullptr, nullptr};
  Statement statement_;  // destroyed before what it reads
};

}  // namespace pr::store
