// An SQLite connection, opened through Qt SQL, and prepared statements on its handle: binding through QVariant costs
// more than the insert itself. A QCoreApplication must exist (Qt loads the driver through it). One thread.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/bytes.h"

class QString;
struct sqlite3;
struct sqlite3_stmt;

namespace pr::store {

class Database;

// Whatever a column holds.
using AnyValue = std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::uint8_t>>;

// A prepared statement. Parameters and columns count from 0. Text and blobs bound are borrowed until step() ends.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, std::uint64_t value) { return bind(at, static_cast<std::int64_t>(value)); }
  Statement& bind(int at, int value) { return bind(at, static_cast<std::int64_t>(value)); }
  Statement& bind(int at, unsigned value) { return bind(at, static_cast<std::int64_t>(value)); }
  Statement& bind(int at, double value);
  Statement& bind(int at, std::string_view text);
  Statement& bind(int at, const std::string& text) { return bind(at, std::string_view(text)); }
  Statement& bind(int at, const char* text) { return bind(at, std::string_view(text)); }
  Statement& bind(int at, Bytes blob);
  Statement& bind_null(int at);

  // True: there is a row. After false or an error the statement is ready to be bound and run again.
  absl::StatusOr<bool> step();
  // Runs to the end and forgets its bindings.
  absl::Status run();
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // valid until the next step
  [[nodiscard]] Bytes blob(int column) const;
  [[nodiscard]] AnyValue value(int column) const;
  [[nodiscard]] bool valid() const { return statement_ != nullptr; }

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  sqlite3_stmt* statement_ = nullptr;
};

class Database {
 public:
  enum class Mode : std::uint8_t { kRead, kWrite };
  // kWrite creates the file (0600) and sets the pragmas of the one writer. kDataLoss: the file is no database.
  static absl::StatusOr<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
  // An empty one that goes with the object.
  static absl::StatusOr<std::unique_ptr<Database>> open_in_memory();
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  absl::StatusOr<Statement> prepare(const std::string& sql);
  // Statements without parameters or rows; several may be in one text.
  absl::Status execute(const std::string& sql);
  absl::Status begin() { return execute("BEGIN IMMEDIATE"); }
  absl::Status commit() { return execute("COMMIT"); }
  void rollback();
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] std::int64_t last_insert_id() const;
  absl::StatusOr<std::int64_t> pragma(const std::string& name);
  // Keeps the write-ahead log at about that size, where readers let it.
  absl::Status limit_log(std::uint64_t octets);
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  Database() = default;
  struct Connection;
  absl::Status connect(const QString& name, const QString& options);
  absl::Status configure(Mode mode);

  std::unique_ptr<Connection> connection_;
  std::string path_;
  sqlite3* handle_ = nullptr;
};

// Status for an SQLite result code: kResourceExhausted for a full disk, kDataLoss for a damaged file.
absl::Status sql_error(sqlite3* handle, int code, const std::string& doing);

// Brings a database to the wanted version: runs steps[user_version], ... and sets application_id. kFailedPrecondition:
// it is newer, or not ours.
absl::Status migrate(Database& db, int application, const char* const* steps, int versions, const std::string& path);

}  // namespace pr::store
