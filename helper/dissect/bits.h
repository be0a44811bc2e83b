// Publishes parts of a number that was read as a whole: flags and packed codes.
#pragma once

#include <initializer_list>

#include "helper/dissect/layer_builder.h"

namespace pr::dissect {

struct BitField {
  std::size_t field;
  std::uint8_t shift;      // of the lowest bit
  std::uint8_t width = 1;  // up to 32
};

inline void add_bits(LayerBuilder& out, std::uint64_t value, Bytes where, std::initializer_list<BitField> parts) {
  if (!out.wanted()) return;
  for (const BitField& part : parts) {
    out.add(part.field, value >> part.shift & ((std::uint64_t{1} << part.width) - 1), where);
  }
}

}  // namespace pr::dissect
