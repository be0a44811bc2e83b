// What was probably meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pr::cli {

// The word with the fewest edits (swapped neighbours count once), at most a third of its length; "": none is near.
std::string nearest_word(std::string_view word, std::span<const std::string> words);

}  // namespace pr::cli
