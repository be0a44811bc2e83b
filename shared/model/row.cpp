#include "shared/model/row.h"

#include <array>

namespace pr {
namespace {

constexpr std::array<const char*, 8> kNouns = {"packets",      "flows", "handshakes", "certificates",
                                               "transactions", "names", "sessions",   "stats"};

}  // namespace

const char* noun_name(Noun noun) { return kNouns[static_cast<std::size_t>(noun)]; }

bool parse_noun(std::string_view text, Noun* noun) {
  for (std::size_t i = 0; i < kNouns.size(); ++i) {
    if (text != kNouns[i]) continue;
    *noun = static_cast<Noun>(i);
    return true;
  }
  return false;
}

}  // namespace pr
