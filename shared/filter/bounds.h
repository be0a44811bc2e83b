// A literal as the span of values it stands for: 10.0.0.0/8 is all of 10.0.0.0 to 10.255.255.255. Ordering against
// a network compares network parts, as Wireshark does: greater means above its last address.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "shared/filter/ast.h"

namespace pr::filter {

struct NumberBounds {
  Integer low = 0, high = 0;
};
// REQUIRES: a kInteger, kIpv4, kTime or kDuration literal.
NumberBounds number_bounds(const Literal& literal);

struct OctetBounds {
  std::string low, high;
};
// REQUIRES: a kText, kBytes or kIpv6 literal.
OctetBounds octet_bounds(const Literal& literal);

// Octets in the order that they compare in. Wireshark's byte strings: the shorter one is less, whatever it holds;
// text and addresses by their octets.
struct Octets {
  std::string_view value;
  bool by_length;  // true for kBytes

  friend bool operator==(const Octets& a, const Octets& b) { return a.value == b.value; }
  friend std::strong_ordering operator<=>(const Octets& a, const Octets& b) {
    if (a.by_length && a.value.size() != b.value.size()) return a.value.size() <=> b.value.size();
    return a.value <=> b.value;
  }
};

// REQUIRES: op is not kContains or kMatches.
template <typename T, typename U>
bool passes(Op op, const T& value, const U& low, const U& high) {
  switch (op) {
    case Op::kEq: return value >= low && value <= high;
    case Op::kNe: return value < low || value > high;
    case Op::kGt: return value > high;
    case Op::kGe: return value >= low;
    case Op::kLt: return value < low;
    case Op::kLe: return value <= high;
    case Op::kContains:
    case Op::kMatches: break;
  }
  return false;
}

}  // namespace pr::filter
