#include "helper/analysis/shard_key.h"

#include "shared/base/cursor.h"

namespace pr::analysis {
namespace {

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
constexpr std::uint8_t kIcmp = 1, kIgmp = 2, kTcp = 6, kUdp = 17, kIcmpv6 = 58;
constexpr std::uint16_t kMoreFragments = 0x2000, kOffset = 0x1fff;
constexpr std::uint8_t kPlainHeader = 0x45;  // IPv4 without options: a source route has another destination

// Where the IP header of a plain frame is; a failed cursor: somewhere else.
Cursor network_of(const Packet& packet) {
  Cursor in(packet.bytes);
  std::uint16_t type = kTypeIpv4;
  switch (packet.link_type) {
    case kEthernet:
    case kSll:
      in.skip(packet.link_type == kSll ? 14 : 12);
      type = in.u16();
      break;
    case kSll2:
      type = in.u16();
      in.skip(18);
      break;
    case kNull:
    case kLoop: in.skip(4); break;
    case kRaw:
    case kIpv4:
    case kIpv6: break;
    default: in.fail();
  }
  for (int tags = 0; tags < 4 && (type == kTypeVlan || type == kTypeQinq || type == kTypeOldQinq); ++tags) {
    in.skip(2);
    type = in.u16();
  }
  if (type != kTypeIpv4 && type != kTypeIpv6) in.fail();
  return in;
}

}  // namespace

ShardKey::ShardKey(const dissect::Engine& engine) : engine_(engine), udp_(engine.registry().find("udp")) {}

// Nothing in it that has an IP header of its own.
bool ShardKey::is_plain(std::uint8_t ip_proto, Cursor transport) const {
  if (ip_proto == kTcp || ip_proto == kIcmp || ip_proto == kIcmpv6 || ip_proto == kIgmp) return true;
  if (ip_proto != kUdp || udp_ == 0) return false;
  const std::uint16_t a = transport.u16();
  const std::uint16_t b = transport.u16();
  return engine_.registry().child(udp_, 0, a) == 0 && engine_.registry().child(udp_, 0, b) == 0;
}

std::optional<ShardKey::Pair> ShardKey::plain_ip(Cursor in) const {
  const std::uint8_t first = in.peek(1).empty() ? std::uint8_t{0} : in.peek(1)[0];
  Pair pair;
  std::uint8_t ip_proto = 0;
  if (first == kPlainHeader) {
    in.skip(6);
    if ((in.u16() & (kMoreFragments | kOffset)) != 0) return std::nullopt;
    in.skip(1);
    ip_proto = in.u8();
    in.skip(2);
    pair.first = IpAddress::from(in.take(4));
    pair.second = IpAddress::from(in.take(4));
  } else if (first >> 4U == 6) {
    in.skip(6);
    ip_proto = in.u8();
    in.skip(1);
    pair.first = IpAddress::from(in.take(16));
    pair.second = IpAddress::from(in.take(16));
  } else {
    return std::nullopt;
  }
  if (!in.ok() || !is_plain(ip_proto, in)) return std::nullopt;
  return pair;
}

std::optional<ShardKey::Pair> ShardKey::plain(const Packet& packet) const {
  const Cursor in = network_of(packet);
  return in.ok() ? plain_ip(in) : std::nullopt;
}

std::optional<ShardKey::Pair> ShardKey::address_pair(const Packet& packet) {
  if (auto pair = plain(packet)) return pair;
  engine_.dissect(packet, nowhere_, frame_, {});
  if (!frame_.has_ip) return std::nullopt;
  return Pair{frame_.src.ip, frame_.dst.ip};
}

}  // namespace pr::analysis
