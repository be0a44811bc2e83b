// Display filters over a catalog: syntax tree -> condition for a WHERE clause.
//
// A row has, for each field, all values occurring in it; the catalog may hold all of them (complete), some, or none.
// Every node becomes two conditions, one true at least where the node is (upper) and one at most there (lower);
// `not` swaps them. So a part that the catalog cannot decide widens the result and never loses a row.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "helper/store/zones.h"
#include "shared/base/function_ref.h"
#include "shared/filter/ast.h"

namespace pr::store {

// One place where values of a field are found.
struct SqlColumn {
  // What `expression` yields; NULL is no value.
  enum class Kind : std::uint8_t {
    kNumber,      // INTEGER; booleans too
    kReal,        // REAL
    kText,        // TEXT: the value's octets, valid UTF-8 without zeros
    kBlob,        // BLOB: bytes, Ethernet addresses
    kIp,          // BLOB of 4 or 16 octets: serves IPv4 and IPv6 fields, which take those of their own length
    kTime,        // INTEGER, nanoseconds since 1970
    kDuration,    // INTEGER, nanoseconds
    kDictionary,  // INTEGER: id of a text in `dictionary`
    kPresence,    // INTEGER 1: the field or protocol occurs; 0 or NULL: it does not. Decides existence only
  };
  std::string expression;  // "f.orig_port"; in a list "j.value"
  Kind kind = Kind::kNumber;
  std::string dictionary;  // kDictionary: handed to SqlHooks::resolve
  // Lists: where the values are, one row a value, and what ties them to the row: "json_each(f.san) j" and "", or
  // "flow_certificate c" and "c.flow = f.id". Empty from: one value, in the row itself.
  std::string from;
  std::string where = {};
  ZoneKey zone = ZoneKey::kNone;  // how zones know the values
};

struct SqlField {
  std::vector<SqlColumn> columns;  // the field's values are those of all columns together
  // The columns hold every value of the field that occurs in the row. Without it nothing that must hold for all
  // values, and no absence, can be decided.
  bool complete = false;
  // Without complete: an SQL condition outside of which they do after all. Empty: nowhere.
  std::string maybe = {};
  ZoneKey maybe_zone = ZoneKey::kNone;  // how zones know rows with that condition, as number 1
};

using SqlValue = std::variant<std::int64_t, double, std::string, std::vector<std::uint8_t>>;  // the string is TEXT

class SqlHooks {
 public:
  virtual ~SqlHooks() = default;
  // What the catalog knows of a field, by its canonical name ("ip.addr", also "port" for the short form over TCP and
  // UDP). null: nothing. Valid until compile_sql returns.
  [[nodiscard]] virtual const SqlField* find(std::string_view field) const = 0;
  // Ids of the dictionary's texts that pass the test. exact: if not null, only this text can pass, so an index may
  // answer; the test need not be called then.
  virtual absl::StatusOr<std::vector<std::int64_t>> resolve(std::string_view dictionary, const std::string* exact,
                                                            FunctionRef<bool(std::string_view)> test) = 0;
  // Name of an SQL function (pattern TEXT, value TEXT) -> 0 or 1 that tests what `matches` tests
  // (filter::Pattern); empty: there is none, and `matches` on kText columns is left undecided.
  [[nodiscard]] virtual std::string match_function() const { return {}; }
};

struct SqlCondition {
  std::string sql = "1";  // never NULL; with ? for each binding, in order
  std::vector<SqlValue> bindings;
  // The condition is true for exactly the rows that the filter takes. Otherwise for those and maybe more.
  bool exact = true;
  // Unless exact: what holds only for rows that the filter takes, for some of them at least; the others of those that
  // sql lets through are undecided.
  std::string certain_sql = "0";
  std::vector<SqlValue> certain_bindings = {};
  // Over zone z (zones.h): where it is false, no row passes. Empty: nothing is known.
  std::string zone = {};
};

// ast null: every row. Errors are those of hooks.resolve.
absl::StatusOr<SqlCondition> compile_sql(const filter::Ast* ast, SqlHooks& hooks);

}  // namespace pr::store
