#include "helper/capture/record_parser.h"

#include <algorithm>

namespace pr::capture {

std::uint32_t packet_limit(std::uint32_t snaplen) { return std::clamp(snaplen, kUsualPacket, kLargestPacket); }

Timestamp bounded_time(__int128 nanoseconds) {
  constexpr __int128 kEdge = __int128{1} << 62U;
  return from_ns(static_cast<std::int64_t>(std::clamp(nanoseconds, -kEdge, kEdge)));
}

}  // namespace pr::capture
