#include "helper/analysis/shard_key.h"

#include "shared/base/cursor.h"

namespace pr::analysis {
namespace {

using Pair = std::pair<IpAddress, IpAddress>;

enum : std::uint16_t {
  kNull = 0,
  kEthernet = 1,
  kRaw = 101,
  kLoop = 108,
  kSll = 113,
  kIpv4 = 228,
  kIpv6 = 229,
  kSll2 = 276
};
enum : std::uint16_t {
  kTypeIpv4 = 0x0800,
  kTypeIpv6 = 0x86dd,
  kTypeVlan = 0x8100,
  kTypeQinq = 0x88a8,
  kTypeOldQinq = 0x9100
};
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmpv6 = 58;

std::optional<Pair> of_ip(Cursor in, int quotes);

// Errors quote the packet that caused them, from its IP header on.
bool is_error(std::uint8_t ip_proto, std::uint8_t type) {
  if (ip_proto == kIcmp) return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  return ip_proto == kIcmpv6 && type >= 1 && type <= 4;
}

std::optional<Pair> quoted(Cursor in, std::uint8_t ip_proto, const Pair& outer, int quotes) {
  if (quotes > 0 || !is_error(ip_proto, in.u8())) return outer;
  in.skip(7);
  const auto inner = of_ip(in, quotes + 1);
  return inner ? inner : outer;
}

std::optional<Pair> of_ip(Cursor in, int quotes) {
  const unsigned version = in.peek(1).empty() ? 0 : in.peek(1)[0] >> 4U;
  if (version == 4) {
    Cursor header = in;
    const std::size_t length = (header.u8() & 15U) * 4U;
    header.skip(8);
    const std::uint8_t ip_proto = header.u8();
    header.skip(2);
    const IpAddress src = IpAddress::from(header.take(4));
    const IpAddress dst = IpAddress::from(header.take(4));
    if (!header.ok()) return std::nullopt;
    in.skip(length);
    return quoted(in, ip_proto, {src, dst}, quotes);
  }
  if (version == 6) {
    in.skip(6);
    const std::uint8_t ip_proto = in.u8();
    in.skip(1);
    const IpAddress src = IpAddress::from(in.take(16));
    const IpAddress dst = IpAddress::from(in.take(16));
    if (!in.ok()) return std::nullopt;
    return quoted(in, ip_proto, {src, dst}, quotes);
  }
  return std::nullopt;
}

std::optional<Pair> of_ethertype(Cursor in, std::uint16_t type) {
  for (int tags = 0; tags < 4 && (type == kTypeVlan || type == kTypeQinq || type == kTypeOldQinq); ++tags) {
    in.skip(2);
    type = in.u16();
  }
  return type == kTypeIpv4 || type == kTypeIpv6 ? of_ip(in, 0) : std::nullopt;
}

}  // namespace

std::optional<Pair> address_pair(const Packet& packet) {
  Cursor in(packet.bytes);
  switch (packet.link_type) {
    case kEthernet:
    case kSll: {
      in.skip(packet.link_type == kSll ? 14 : 12);
      const std::uint16_t type = in.u16();
      return of_ethertype(in, type);
    }
    case kSll2: {
      const std::uint16_t type = in.u16();
      in.skip(18);
      return of_ethertype(in, type);
    }
    case kNull:
    case kLoop: in.skip(4); return of_ip(in, 0);
    case kRaw:
    case kIpv4:
    case kIpv6: return of_ip(in, 0);
    default: return std::nullopt;
  }
}

}  // namespace pr::analysis
