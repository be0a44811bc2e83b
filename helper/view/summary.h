// What a session saw, in a few lines: for the end of a capture and for scripts.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "helper/store/reader.h"

namespace pr::view {

struct Tally {
  std::string what;
  std::uint64_t flows = 0;
  std::uint64_t bytes = 0;
};

struct Summary {
  std::uint64_t flows = 0;
  // The first few of each. Talkers and protocols by bytes, the others by flows.
  std::vector<Tally> talkers, protocols, names, fingerprints;
};

// Memory is bounded: beyond 100,000 different values of a kind, new ones are not counted.
absl::StatusOr<Summary> summarize(store::Reader& reader, std::uint64_t session, std::size_t most = 10);

// Indented lines under headings, control characters escaped; nothing for what there is none of.
std::string summary_text(const Summary& summary);
// Members of a JSON object, without the braces: "flows":..,"top_talkers":[..],...
std::string summary_json(const Summary& summary);

}  // namespace pr::view
