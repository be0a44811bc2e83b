#include "helper/store/database.h"

#include <sqlite3.h>

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>
#include <QVariant>
#include <algorithm>
#include <atomic>
#include <utility>

#include "helper/store/files.h"

namespace pr::store {
namespace {

// Qt names connections per process; a counter keeps the names apart.
QString next_connection_name() {
  static std::atomic<unsigned> count{0};
  return QStringLiteral("pr-store-%1").arg(count.fetch_add(1));
}

constexpr std::uint64_t kPageSize = 16384;

constexpr const char* kPragmas =
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    "PRAGMA busy_timeout=5000;";
// Set before the first table: the page size cannot change in WAL mode. Turning an empty file into a database in that
// mode needs no protection from power cuts, and what follows gets it. A page cache that never spills keeps a full disk
// from tearing a transaction apart half way.
constexpr const char* kWriterPragmas =
    "PRAGMA synchronous=OFF; PRAGMA page_size=16384; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=WAL; PRAGMA "
    "synchronous=NORMAL;"
    "PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=1000; PRAGMA cache_spill=OFF;"
    "PRAGMA cache_size=-16384; PRAGMA foreign_keys=ON;";
constexpr const char* kReaderPragmas = "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-4096;";

}  // namespace

// Holds the connection itself: looking it up by name works in the thread only that opened it, and a store may be
// closed by another.
struct Database::Connection {
  QString name = next_connection_name();
  QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    db.close();
    db = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
  }
};

absl::Status sql_error(sqlite3* handle, int code, const std::string& doing) {
  const std::string text = doing + ": " + (handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_FULL: return absl::ResourceExhaustedError(text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return absl::DataLossError(text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return absl::AbortedError(text);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return absl::PermissionDeniedError(text);
    default: return absl::UnavailableError(text);
  }
}

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    sqlite3_finalize(statement_);
    statement_ = std::exchange(other.statement_, nullptr);
  }
  return *this;
}
Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int at, std::int64_t value) {
  sqlite3_bind_int64(statement_, at + 1, value);
  return *this;
}
Statement& Statement::bind(int at, double value) {
  sqlite3_bind_double(statement_, at + 1, value);
  return *this;
}
Statement& Statement::bind(int at, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_, at + 1, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind(int at, Bytes blob) {
  if (blob.empty()) {
    sqlite3_bind_zeroblob(statement_, at + 1, 0);
  } else {
    sqlite3_bind_blob64(statement_, at + 1, blob.data(), blob.size(), SQLITE_STATIC);
  }
  return *this;
}
Statement& Statement::bind_null(int at) {
  sqlite3_bind_null(statement_, at + 1);
  return *this;
}

absl::StatusOr<bool> Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_);
    return false;
  }
  absl::Status status = sql_error(sqlite3_db_handle(statement_), code, "database");
  sqlite3_reset(statement_);
  return status;
}

absl::Status Statement::run() {
  for (;;) {
    const absl::StatusOr<bool> row = step();
    if (!row.ok() || !*row) {
      sqlite3_clear_bindings(statement_);
      return row.status();
    }
  }
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }
std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return data == nullptr ? std::string_view{}
                         : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}
Bytes Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  if (data == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

AnyValue Statement::value(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER: return integer(column);
    case SQLITE_FLOAT: return real(column);
    case SQLITE_TEXT: return std::string(text(column));
    case SQLITE_BLOB: {
      const Bytes octets = blob(column);
      return std::vector<std::uint8_t>(octets.begin(), octets.end());
    }
    default: return std::monostate{};
  }
}

absl::StatusOr<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode) {
  // SQLite would make the file with the umask's mode, and would follow a link.
  absl::StatusOr<Fd> fd = mode == Mode::kWrite ? open_or_create(path) : open_existing(path, false);
  if (!fd.ok()) return fd.status();
  fd->reset();
  std::unique_ptr<Database> made(new Database());
  made->path_ = path;
  absl::Status status =
      made->connect(QString::fromStdString(path),
                    mode == Mode::kRead ? QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000")
                                        : QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
  if (status.ok()) status = made->configure(mode);
  if (!status.ok()) return status;
  return made;
}

absl::StatusOr<std::unique_ptr<Database>> Database::open_in_memory() {
  std::unique_ptr<Database> made(new Database());
  made->path_ = "memory";
  if (absl::Status status = made->connect(QStringLiteral(":memory:"), {}); !status.ok()) return status;
  return made;
}

absl::Status Database::connect(const QString& name, const QString& options) {
  connection_ = std::make_unique<Connection>();
  QSqlDatabase& db = connection_->db;
  db.setDatabaseName(name);
  db.setConnectOptions(options);
  if (!db.open()) return absl::UnavailableError("cannot open " + path_ + ": " + db.lastError().text().toStdString());
  const QVariant handle = db.driver()->handle();
  if (!handle.isValid() || qstrcmp(handle.typeName(), "sqlite3*") != 0) {
    return absl::InternalError("Qt's SQLite driver gives no sqlite3 handle");
  }
  handle_ = *static_cast<sqlite3* const*>(handle.data());
  return absl::OkStatus();
}

Database::~Database() {
  if (handle_ != nullptr && in_transaction()) rollback();
}

absl::Status Database::configure(Mode mode) {
  sqlite3_extended_result_codes(handle_, 0);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, 64 << 20);
  sqlite3_limit(handle_, SQLITE_LIMIT_SQL_LENGTH, 1'000'000);
  sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);
  if (absl::Status status = execute(kPragmas); !status.ok()) return status;
  return execute(mode == Mode::kWrite ? kWriterPragmas : kReaderPragmas);
}

absl::StatusOr<Statement> Database::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return sql_error(handle_, code, path_ + ": " + sql.substr(0, 100));
  return Statement(statement);
}

absl::Status Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : sql_error(handle_, code, path_);
}

void Database::rollback() { sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }

absl::StatusOr<std::int64_t> Database::pragma(const std::string& name) {
  absl::StatusOr<Statement> statement = prepare("PRAGMA " + name);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->step();
  if (!row.ok()) return row.status();
  return *row ? statement->integer(0) : 0;
}

absl::Status Database::limit_log(std::uint64_t octets) {
  return execute("PRAGMA wal_autocheckpoint=" + std::to_string(std::max<std::uint64_t>(octets / kPageSize, 8)) +
                 "; PRAGMA journal_size_limit=" + std::to_string(octets));
}

absl::Status migrate(Database& db, int application, const char* const* steps, int versions, const std::string& path) {
  const absl::StatusOr<std::int64_t> id = db.pragma("application_id");
  if (!id.ok()) return id.status();
  const absl::StatusOr<std::int64_t> version = db.pragma("user_version");
  if (!version.ok()) return version.status();
  if (*id != 0 && *id != application)
    return absl::FailedPreconditionError(path + " is not a database of Packet Recorder");
  if (*version > versions) {
    return absl::FailedPreconditionError(path + " was made by a newer version of Packet Recorder; use that one");
  }
  if (*version == versions && *id == application) return absl::OkStatus();
  if (*version == 0) {
    absl::StatusOr<Statement> tables = db.prepare("SELECT count(*) FROM sqlite_schema");
    if (!tables.ok()) return tables.status();
    const absl::StatusOr<bool> row = tables->step();
    if (!row.ok()) return row.status();
    if (tables->integer(0) != 0) return absl::FailedPreconditionError(path + " is another program's database");
  }
  if (absl::Status status = db.begin(); !status.ok()) return status;
  for (std::int64_t v = *version; v < versions; ++v) {
    if (absl::Status status = db.execute(steps[v]); !status.ok()) {
      db.rollback();
      return status;
    }
  }
  const absl::Status marked = db.execute("PRAGMA user_version=" + std::to_string(versions) +
                                         "; PRAGMA application_id=" + std::to_string(application));
  if (!marked.ok()) {
    db.rollback();
    return marked;
  }
  return db.commit();
}

}  // namespace pr::store
