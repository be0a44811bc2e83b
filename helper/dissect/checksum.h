// Checksums of Internet protocols. Computed only where somebody looks at them.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "shared/base/bytes.h"

namespace pr::dissect {

// What a *.checksum.status field says, with Wireshark's numbers.
enum class ChecksumStatus : std::uint8_t { kBad = 0, kGood = 1, kUnverified = 2, kNotPresent = 3 };

// Sum of 16-bit words over parts laid end to end, RFC 1071, folded and complemented: 0 over a packet that carries a
// right checksum. Parts but the last have even lengths.
inline std::uint16_t internet_checksum(std::initializer_list<Bytes> parts) {
  std::uint64_t sum = 0;
  for (const Bytes part : parts) {
    std::size_t i = 0;
    for (; i + 1 < part.size(); i += 2) sum += static_cast<std::uint32_t>(part[i] << 8U | part[i + 1]);
    if (i < part.size()) sum += static_cast<std::uint32_t>(part[i] << 8U);
  }
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

// The pseudo header that ICMPv6, and TCP and UDP over IPv6, add in front, RFC 8200 section 8.1, without addresses.
inline std::array<std::uint8_t, 8> pseudo_header(std::uint32_t length, std::uint8_t protocol) {
  return {static_cast<std::uint8_t>(length >> 24U),
          static_cast<std::uint8_t>(length >> 16U),
          static_cast<std::uint8_t>(length >> 8U),
          static_cast<std::uint8_t>(length),
          0,
          0,
          0,
          protocol};
}

}  // namespace pr::dissect
