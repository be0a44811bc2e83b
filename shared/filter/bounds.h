// A literal as the span of values it stands for: 10.0.0.0/8 is all of 10.0.0.0 to 10.255.255.255. Ordering against
// a network compares network parts, as Wireshark does: greater means above its last address.
#pragma once

#include <string>

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
