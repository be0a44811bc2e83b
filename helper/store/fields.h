// Which columns of a noun hold the values of which fields: what the filter compiler asks.
#pragma once

#include <string>
#include <unordered_map>

#include "helper/store/database.h"
#include "helper/store/sql_filter.h"
#include "shared/model/row.h"

namespace pr::store {

// A condition over slice s: of its packets the row does not say everything that fields here ask, because they quote
// others or said several things.
extern const char* const kOddRow;

class FieldMap final : public SqlHooks {
 public:
  // catalog outlives the map; dictionaries are looked up in it.
  FieldMap(Noun noun, Database& catalog);

  [[nodiscard]] const SqlField* find(std::string_view field) const override;
  absl::StatusOr<std::vector<std::int64_t>> resolve(std::string_view dictionary, const std::string* exact,
                                                    FunctionRef<bool(std::string_view)> test) override;
  [[nodiscard]] std::string match_function() const override { return "pr_match"; }

 private:
  std::unordered_map<std::string, SqlField> fields_;
  Database& catalog_;
};

// The SQL functions that expressions of fields and columns use: pr_ip(BLOB), pr_text(id), pr_certificate(id),
// pr_state(n), pr_evidence(n), pr_verdicts(n) (a JSON array), pr_community(BLOB), pr_match(pattern, value).
class DictionaryReader;
absl::Status add_functions(Database& db, DictionaryReader& dictionary);

}  // namespace pr::store
