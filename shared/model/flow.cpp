#include "shared/model/flow.h"

namespace pr {

const char* conn_state_name(ConnState state) {
  static constexpr const char* kNames[] = {"OTH",  "S0",   "S1",     "SF",    "REJ", "S2", "S3",
                                           "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH",  "SHR"};
  return kNames[static_cast<std::size_t>(state)];
}

const char* evidence_name(Evidence evidence) {
  static constexpr const char* kNames[] = {"", "content", "port", "heuristic"};
  return kNames[static_cast<std::size_t>(evidence)];
}

}  // namespace pr
