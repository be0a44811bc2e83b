// Headers as tables: what most control protocols consist of is a sequence of numbers and addresses, and octets of bits.
#pragma once

#include <bit>
#include <initializer_list>

#include "helper/dissect/dissector.h"

namespace pr::dissect {

// One field of whole octets. as_bytes: text, Ethernet and IPv6 addresses, octets; otherwise a number of up to 8 octets.
struct Piece {
  std::size_t field;
  std::uint8_t octets;
  bool as_bytes = false;
};
inline constexpr std::size_t kSkipped = ~std::size_t{0};  // a piece that no field stands for

inline std::uint64_t number_of(Bytes octets) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets.first(octets.size() < 8 ? octets.size() : 8)) value = value << 8U | octet;
  return value;
}

// Reads pieces until one is not there; false then.
inline bool read_pieces(Cursor& in, LayerBuilder& out, std::initializer_list<Piece> pieces) {
  for (const Piece& piece : pieces) {
    const Bytes where = in.take(piece.octets);
    if (!in.ok()) return false;
    if (piece.field == kSkipped || !out.wanted()) continue;
    piece.as_bytes ? out.add(piece.field, where, where) : out.add(piece.field, number_of(where), where);
  }
  return true;
}

// Some bits of a number: (value >> shift) & mask.
struct BitField {
  std::size_t field;
  std::uint8_t shift;
  std::uint64_t mask = 1;
};

inline void add_bits(std::uint64_t value, Bytes where, LayerBuilder& out, std::initializer_list<BitField> bits) {
  if (!out.wanted()) return;
  const LayerBuilder::Subtree below(out);
  for (const BitField& bit : bits) out.add(bit.field, value >> bit.shift & bit.mask, where);
}

inline void add_double(std::size_t field, double value, Bytes where, LayerBuilder& out) {
  out.add(field, std::bit_cast<std::uint64_t>(value), where);
}

}  // namespace pr::dissect
