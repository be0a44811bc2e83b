#include "shared/model/address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace pr {

IpAddress IpAddress::from(Bytes octets) {
  IpAddress a;
  if (octets.size() != 4 && octets.size() != 16) return a;
  std::copy(octets.begin(), octets.end(), a.octets_.begin());
  a.size_ = static_cast<std::uint8_t>(octets.size());
  return a;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  std::array<std::uint8_t, 16> raw{};
  const std::string copy(text);
  if (inet_pton(AF_INET, copy.c_str(), raw.data()) == 1) return from(Bytes(raw).first(4));
  if (inet_pton(AF_INET6, copy.c_str(), raw.data()) == 1) return from(raw);
  return std::nullopt;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (empty()) return {};
  inet_ntop(is_v4() ? AF_INET : AF_INET6, octets_.data(), buffer, sizeof buffer);
  return buffer;
}

std::string mac_text(Bytes octets) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(octets.size() * 3);
  for (const std::uint8_t octet : octets) {
    if (!out.empty()) out.push_back(':');
    out.push_back(kHex[octet >> 4U]);
    out.push_back(kHex[octet & 15U]);
  }
  return out;
}

}  // namespace pr
