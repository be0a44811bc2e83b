// Network addresses as plain values: comparable, hashable, cheap to copy.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"

namespace pr {

// An IPv4 or IPv6 address. IPv4 keeps its four octets in front; the rest is zero.
class IpAddress {
 public:
  IpAddress() = default;
  static IpAddress v4(std::uint32_t host_order) {
    IpAddress a;
    a.set_v4(host_order);
    return a;
  }
  // REQUIRES: octets.size() is 4 or 16; anything else gives the empty address.
  static IpAddress from(Bytes octets);
  // Accepts what inet_pton accepts.
  static std::optional<IpAddress> parse(std::string_view text);

  // In place, for the packet path: a copy of what was just written in pieces would wait for the writes.
  void set_v4(std::uint32_t host_order) {
    const std::uint32_t network_order = __builtin_bswap32(host_order);
    octets_ = {};
    std::memcpy(octets_.data(), &network_order, sizeof network_order);
    size_ = 4;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool is_v4() const { return size_ == 4; }
  [[nodiscard]] bool is_v6() const { return size_ == 16; }
  [[nodiscard]] Bytes octets() const { return {octets_.data(), size_}; }
  [[nodiscard]] std::uint32_t v4_value() const {
    return std::uint32_t{octets_[0]} << 24U | std::uint32_t{octets_[1]} << 16U | std::uint32_t{octets_[2]} << 8U |
           octets_[3];
  }
  // RFC 5952 for IPv6, dotted for IPv4, "" when empty.
  [[nodiscard]] std::string text() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const IpAddress& a) {
    return H::combine(std::move(h), a.octets_, a.size_);
  }

 private:
  std::array<std::uint8_t, 16> octets_{};
  std::uint8_t size_ = 0;
};

// An address and, for protocols that have them, a port.
struct Endpoint {
  IpAddress ip;
  std::uint16_t port = 0;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// "00:11:22:33:44:55" from any number of octets.
std::string mac_text(Bytes octets);

}  // namespace pr
