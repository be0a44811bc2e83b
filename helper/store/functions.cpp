#include <sqlite3.h>

#include <nlohmann/json.hpp>

#include "helper/store/base64.h"
#include "helper/store/cells.h"
#include "helper/store/dictionary.h"
#include "helper/store/fields.h"
#include "helper/store/zones.h"
#include "shared/base/hex.h"
#include "shared/filter/pattern.h"
#include "shared/model/address.h"
#include "shared/model/flow.h"

namespace pr::store {
namespace {

void give(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

Bytes blob_of(sqlite3_value* value) {
  const void* data = sqlite3_value_blob(value);
  if (data == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

std::string_view text_of(sqlite3_value* value) { return as_text(blob_of(value)); }

bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

DictionaryReader& dictionary_of(sqlite3_context* context) {
  return *static_cast<DictionaryReader*>(sqlite3_user_data(context));
}

void ip(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const std::string text = IpAddress::from(blob_of(values[0])).text();
  if (!text.empty()) give(context, text);
}
void text(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const std::string& found = dictionary_of(context).text(sqlite3_value_int64(values[0]));
  if (!found.empty()) give(context, found);
}
void certificate(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const std::string& found = dictionary_of(context).certificate(sqlite3_value_int64(values[0]));
  if (!found.empty()) give(context, found);
}
void state(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const std::int64_t n = sqlite3_value_int64(values[0]);
  if (is_null(values[0]) || n < 0 || n > static_cast<std::int64_t>(ConnState::kShr)) return;
  give(context, conn_state_name(static_cast<ConnState>(n)));
}
void evidence(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const std::int64_t n = sqlite3_value_int64(values[0]);
  if (n > 0 && n <= static_cast<std::int64_t>(Evidence::kHeuristic))
    give(context, evidence_name(static_cast<Evidence>(n)));
}
void verdicts(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  give(context, nlohmann::json(verdict_names(static_cast<std::uint64_t>(sqlite3_value_int64(values[0])))).dump());
}
void community(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const std::string id = community_text(blob_of(values[0]));
  if (!id.empty()) give(context, id);
}
void hex(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (!is_null(values[0])) give(context, hex_text(blob_of(values[0])));
}

void unhex(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const auto octets = from_hex(text_of(values[0]));
  if (octets) sqlite3_result_blob64(context, octets->data(), octets->size(), SQLITE_TRANSIENT);
}

void forget_pattern(void* pattern) { delete static_cast<filter::Pattern*>(pattern); }  // NOLINT: SQLite owns it

// The pattern is compiled once a statement: SQLite keeps it with the argument.
void match(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (is_null(values[1])) return;
  auto* pattern = static_cast<filter::Pattern*>(sqlite3_get_auxdata(context, 0));
  if (pattern == nullptr) {
    std::string error;
    std::unique_ptr<filter::Pattern> made = filter::Pattern::compile(text_of(values[0]), &error);
    if (made == nullptr) return sqlite3_result_error(context, error.c_str(), -1);
    sqlite3_result_int(context, made->matches(text_of(values[1])) ? 1 : 0);
    return sqlite3_set_auxdata(context, 0, made.release(), &forget_pattern);
  }
  sqlite3_result_int(context, pattern->matches(text_of(values[1])) ? 1 : 0);
}

}  // namespace

absl::Status add_functions(Database& db, DictionaryReader& dictionary) {
  struct Function {
    const char* name;
    int arguments;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
  };
  static constexpr Function kFunctions[] = {{"pr_ip", 1, &ip},
                                            {"pr_text", 1, &text},
                                            {"pr_certificate", 1, &certificate},
                                            {"pr_state", 1, &state},
                                            {"pr_evidence", 1, &evidence},
                                            {"pr_verdicts", 1, &verdicts},
                                            {"pr_community", 1, &community},
                                            {"pr_hex", 1, &hex},
                                            {"pr_unhex", 1, &unhex},
                                            {"pr_match", 2, &match}};
  for (const Function& function : kFunctions) {
    const int code = sqlite3_create_function_v2(db.handle(), function.name, function.arguments,
                                                SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, &dictionary,
                                                function.call, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return sql_error(db.handle(), code, "cannot add a function");
  }
  return add_zone_function(db);
}

}  // namespace pr::store
