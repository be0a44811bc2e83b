// What could stand where the cursor is: for the filter box while typing, and for shells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/field_catalog.h"

namespace pr::filter {

struct Candidate {
  enum class Kind : std::uint8_t { kField, kOperator, kFunction, kValue, kKeyword };
  Kind kind = Kind::kField;
  std::string text;         // what is put in
  std::string description;  // the field's words, or what the operator does
};

struct Completion {
  std::size_t start = 0;  // the octets [start, end) of the text are replaced
  std::size_t end = 0;
  std::vector<Candidate> candidates;  // best first
};

// cursor: an octet of the text; beyond its end means its end. At most `limit` candidates.
Completion complete(std::string_view text, std::size_t cursor, const FieldCatalog& catalog, std::size_t limit = 50);

}  // namespace pr::filter
