#include "helper/cli/suggest.h"

#include <algorithm>
#include <vector>

namespace pr::cli {
namespace {

// Optimal string alignment distance.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last.swap(now);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest_word(std::string_view word, std::span<const std::string> words) {
  if (word.size() > 64) return {};
  std::string best;
  std::size_t fewest = ~std::size_t{0};
  for (const std::string& candidate : words) {
    const std::size_t n = edits(word, candidate);
    if (n <= std::max<std::size_t>(1, candidate.size() / 3) && n < fewest) {
      fewest = n;
      best = candidate;
    }
  }
  return best;
}

}  // namespace pr::cli
