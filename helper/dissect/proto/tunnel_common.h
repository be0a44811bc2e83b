// What dissectors of encapsulations share: does it look like a packet in there?
#pragma once

#include "helper/dissect/proto/ip_common.h"
#include "shared/base/bytes.h"

namespace pr::dissect {

// An IPv4 or IPv6 header whose lengths agree with the octets that are there. cut: the capture may have cut it short.
inline bool looks_like_ip(Bytes data) {
  if (data.size() >= 20 && data[0] >> 4U == 4) {
    const auto total = static_cast<std::size_t>(data[2] << 8U | data[3]);
    const std::size_t header = (data[0] & 15U) * std::size_t{4};
    return header >= 20 && (total == 0 || total >= header);
  }
  return data.size() >= 40 && data[0] >> 4U == 6;
}

// An Ethernet frame with a type that has a name, or with a length.
inline bool looks_like_ethernet(Bytes data) {
  if (data.size() < 14) return false;
  const auto type = static_cast<std::uint16_t>(data[12] << 8U | data[13]);
  if (type <= 1500) return type >= 3;
  return std::ranges::any_of(kEtherTypeNames, [type](const NamedValue& known) { return known.value == type; });
}

}  // namespace pr::dissect
