#include "helper/store/bulk_insert.h"

#include <sqlite3.h>

namespace pr::store {

struct BulkInsert::Source {
  std::string schema;
  std::size_t rows = 0;
  Cell* cell = nullptr;  // null: nothing is being inserted
};

namespace {

// SQLite's view of a Source: a table that can be read from start to end. Its rows are numbered from 0.
struct Table {
  sqlite3_vtab base;  // first: SQLite knows the object by it
  BulkInsert::Source* source;
};

struct Scan {
  sqlite3_vtab_cursor base;  // first
  BulkInsert::Source* source;
  std::size_t row;
};

int connect(sqlite3* db, void* source, int /*count*/, const char* const* /*words*/, sqlite3_vtab** made, char** /*e*/) {
  auto* from = static_cast<BulkInsert::Source*>(source);
  const int said = sqlite3_declare_vtab(db, from->schema.c_str());
  if (said != SQLITE_OK) return said;
  *made = &(new Table{.base = {}, .source = from})->base;
  return SQLITE_OK;
}
int disconnect(sqlite3_vtab* table) {
  delete reinterpret_cast<Table*>(table);
  return SQLITE_OK;
}
int best_index(sqlite3_vtab* /*table*/, sqlite3_index_info* info) {
  info->estimatedCost = 1;
  return SQLITE_OK;
}
int open(sqlite3_vtab* table, sqlite3_vtab_cursor** made) {
  *made = &(new Scan{.base = {}, .source = reinterpret_cast<Table*>(table)->source, .row = 0})->base;
  return SQLITE_OK;
}
int close(sqlite3_vtab_cursor* scan) {
  delete reinterpret_cast<Scan*>(scan);
  return SQLITE_OK;
}
int filter(sqlite3_vtab_cursor* scan, int, const char*, int, sqlite3_value**) {
  reinterpret_cast<Scan*>(scan)->row = 0;
  return SQLITE_OK;
}
int next(sqlite3_vtab_cursor* scan) {
  ++reinterpret_cast<Scan*>(scan)->row;
  return SQLITE_OK;
}
int at_end(sqlite3_vtab_cursor* scan) {
  const auto* now = reinterpret_cast<Scan*>(scan);
  return now->source->cell == nullptr || now->row >= now->source->rows ? 1 : 0;
}
int column(sqlite3_vtab_cursor* scan, sqlite3_context* to, int column) {
  const auto* now = reinterpret_cast<Scan*>(scan);
  CellOut out(to);
  (*now->source->cell)(now->row, column, out);
  return SQLITE_OK;
}
int row_id(sqlite3_vtab_cursor* scan, sqlite3_int64* id) {
  *id = static_cast<sqlite3_int64>(reinterpret_cast<Scan*>(scan)->row);
  return SQLITE_OK;
}

// Without xCreate the table exists by the module's name alone and is never written to a schema.
constexpr sqlite3_module kModule = {.iVersion = 1,
                                    .xConnect = &connect,
                                    .xBestIndex = &best_index,
                                    .xDisconnect = &disconnect,
                                    .xOpen = &open,
                                    .xClose = &close,
                                    .xFilter = &filter,
                                    .xNext = &next,
                                    .xEof = &at_end,
                                    .xColumn = &column,
                                    .xRowid = &row_id};

}  // namespace

void CellOut::integer(std::int64_t value) { sqlite3_result_int64(to_, value); }
void CellOut::text(std::string_view value) {
  sqlite3_result_text64(to_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
}
void CellOut::blob(Bytes value) { sqlite3_result_blob64(to_, value.data(), value.size(), SQLITE_STATIC); }

absl::StatusOr<BulkInsert> BulkInsert::make(Database& db, std::string_view insert, const std::string& table,
                                            const std::string& names) {
  BulkInsert made;
  made.source_ = {new Source, [](Source* source) { delete source; }};
  made.source_->schema = "CREATE TABLE x(" + names + ")";
  const std::string module = "pr_rows_of_" + table;
  const int said = sqlite3_create_module_v2(db.handle(), module.c_str(), &kModule, made.source_.get(), nullptr);
  if (said != SQLITE_OK) return sql_error(db.handle(), said, "preparing to insert into " + table);
  absl::StatusOr<Statement> statement =
      db.prepare(std::string(insert) + " " + table + "(" + names + ") SELECT " + names + " FROM " + module);
  if (!statement.ok()) return statement.status();
  made.statement_ = *std::move(statement);
  return made;
}

absl::Status BulkInsert::run(std::size_t rows, Cell cell) {
  source_->rows = rows;
  source_->cell = &cell;
  absl::Status status = statement_.run();
  source_->cell = nullptr;
  return status;
}

}  // namespace pr::store
