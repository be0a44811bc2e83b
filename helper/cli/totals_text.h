// Counts of a session, for people and for programs.
#pragma once

#include <string>

#include "helper/store/store.h"

namespace pr::cli {

struct SessionResult {
  std::uint64_t session = 0;
  std::string file, state;
  store::SessionTotals totals;
  std::uint64_t flows = 0;
};

// Members of a JSON object, without the braces: session, file, state, packets, bytes, flows, received, dropped {...},
// ...
std::string totals_json(const SessionResult& result);
// Lines with packets, bytes and drops by stage.
std::string totals_text(const SessionResult& result);

}  // namespace pr::cli
