// Answers about what the catalog lists: flows, handshakes, certificates, transactions, names, sessions, stats.
#pragma once

#include "helper/view/question.h"
#include "shared/base/function_ref.h"

namespace pr::view {

absl::StatusOr<QueryReport> answer_rows(const Question& question);

// Calls take for each row that passes the filter, in order; take returns false to stop.
absl::Status each_row(const Question& question, const std::string& order, QueryReport* report,
                      FunctionRef<bool(const Row&)> take);

}  // namespace pr::view
