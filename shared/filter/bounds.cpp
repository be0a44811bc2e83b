#include "shared/filter/bounds.h"

#include <algorithm>

namespace pr::filter {

NumberBounds number_bounds(const Literal& literal) {
  if (literal.prefix < 0 || literal.prefix >= 32) return {literal.number, literal.number};
  const Integer host = (Integer{1} << (32 - literal.prefix)) - 1;
  const Integer low = literal.number & ~host;
  return {low, low | host};
}

OctetBounds octet_bounds(const Literal& literal) {
  OctetBounds out{literal.bytes, literal.bytes};
  if (literal.prefix < 0) return out;
  for (std::size_t i = 0; i < literal.bytes.size(); ++i) {
    const int network = std::min(8, std::max(0, literal.prefix - static_cast<int>(i) * 8));
    const auto host = static_cast<std::uint8_t>(0xff >> network);
    const auto octet = static_cast<std::uint8_t>(literal.bytes[i]);
    out.low[i] = static_cast<char>(octet & ~host);
    out.high[i] = static_cast<char>(octet | host);
  }
  return out;
}

}  // namespace pr::filter
