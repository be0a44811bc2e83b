// Values as Windows writes them: GUIDs, FILETIMEs, UTF-16 text, security identifiers.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "shared/base/cursor.h"

namespace pr::dissect::windows {

// "8a885d04-1ceb-11c9-9fe8-08002b104860"; the first three parts in the byte order given. REQUIRES: 16 octets.
std::string guid_text(Bytes guid, bool little_endian = true);

// 100 ns since 1601 as nanoseconds since 1970; 0 (never) stays 0.
std::uint64_t filetime_ns(std::uint64_t filetime);

// UTF-16 little endian as UTF-8, up to a terminator, at most max_octets of input. Odd halves are replaced.
std::string utf16_text(Bytes text, std::size_t max_octets = 2048);

// The octets before the first zero.
Bytes until_zero(Bytes text);

// One of a set of flags, or a number within them.
struct Bit {
  std::uint16_t field;
  std::uint64_t mask;
};
// The parts of a value as fields below it.
template <typename Out, std::size_t n>
void add_bits(Out& out, std::uint64_t value, Bytes where, const Bit (&bits)[n]) {
  if (!out.wanted() || where.empty()) return;
  typename Out::Subtree below(out);
  for (const Bit& bit : bits) out.add(bit.field, (value & bit.mask) >> std::countr_zero(bit.mask), where);
}

}  // namespace pr::dissect::windows
