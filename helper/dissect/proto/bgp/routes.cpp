// Routes of the address families: RFC 4271 (IPv4), 4760 (IPv6), 8277 (labelled), 4364 (VPN), 7911 (several paths), 7432
// (EVPN), 4684 (route target constraints).
#include <algorithm>

#include "helper/dissect/proto/bgp/bgp.h"
#include "shared/base/hex.h"

namespace pr::dissect::bgp {
namespace {

constexpr std::uint8_t kUnicast = 1, kMulticast = 2, kLabelled = 4, kEvpn = 70, kVpn = 128, kConstraint = 132;
constexpr std::size_t kMaxLabels = 16;

void say(bool withdrawn, const std::string& route, Update& update) {
  (withdrawn ? update.withdrawn : update.announced) = true;
  std::string& text = withdrawn ? update.gone : update.routes;
  if (text.size() < Event::kMaxText) text += (text.empty() ? "" : ", ") + route;
}

// True if the octets are a sequence of prefixes (behind path identifiers).
bool are_prefixes(Bytes octets, std::size_t identifier, unsigned max_bits) {
  Cursor in(octets);
  while (in.left() > 0) {
    in.skip(identifier);
    const std::uint8_t bits = in.u8();
    if (bits > max_bits) return false;
    in.skip((bits + 7U) / 8U);
  }
  return in.ok();
}

// Nobody says the default route twice in one message: that is how small identifiers look.
bool has_two_defaults(Bytes octets) {
  Cursor in(octets);
  unsigned found = 0;
  while (in.left() > 0) {
    const std::uint8_t bits = in.u8();
    if (bits == 0) ++found;
    in.skip((bits + 7U) / 8U);
  }
  return found > 1;
}

bool has_path_ids(Bytes octets, unsigned max_bits) {
  return are_prefixes(octets, 4, max_bits) && (!are_prefixes(octets, 0, max_bits) || has_two_defaults(octets));
}

// The address of a prefix, with its bits read from `in`. Empty text: it was not there.
std::string read_address(std::size_t field, bool v6, unsigned bits, Cursor& in, LayerBuilder& out, Update& update) {
  if (bits > (v6 ? 128U : 32U)) {
    in.fail();
    return {};
  }
  const Bytes where = in.take((bits + 7U) / 8U);
  if (!in.ok()) return {};
  std::array<std::uint8_t, 16> whole{};
  std::ranges::copy(where, whole.begin());
  const Bytes address = Bytes(whole).first(v6 ? 16 : 4);
  if (v6) {
    out.add_text(field, as_text(address), where);
  } else {
    out.add(field, number_of(address), where);
    update.event.item(field, number_of(address));
  }
  return IpAddress::from(address).text() + "/" + std::to_string(bits);
}

// "20,30 (bottom)": labels of 20 bits, the last with its lowest bit set, RFC 8277 section 2.
unsigned read_labels(Cursor& in, LayerBuilder& out) {
  std::string text;
  const std::size_t start = in.at();
  for (std::size_t i = 0; i < kMaxLabels; ++i) {
    const std::uint32_t label = in.u24();
    if (!in.ok()) return 0;
    text += (i == 0 ? "" : ",") + std::to_string(label >> 4U);
    if (label == 0x800000 || label == 0) {
      text += " (withdrawn)";
      break;
    }
    if ((label & 1U) != 0) {
      text += " (bottom)";
      break;
    }
  }
  out.add_text(kLabelStack, text, in.since(start));
  return static_cast<unsigned>(in.since(start).size() * 8);
}

// One labelled route, perhaps of a VPN.
void read_labelled(std::size_t field, bool v6, bool vpn, bool withdrawn, Cursor& in, LayerBuilder& out,
                   Update& update) {
  unsigned bits = out.u8(in, kPrefixLength);
  const unsigned label = read_labels(in, out);
  std::string rd;
  if (bits < label) return in.fail();
  bits -= label;
  if (vpn) {
    const Bytes where = in.take(8);
    if (!in.ok() || bits < 64) return in.fail();
    bits -= 64;
    rd = rd_text(where);
    out.add_text(kRd, rd, where);
    rd += ":";
  }
  const std::string route = read_address(field, v6, bits, in, out, update);
  if (in.ok()) say(withdrawn, rd + route, update);
}

void read_constraint(bool withdrawn, Cursor& in, LayerBuilder& out, Update& update) {
  const std::uint8_t bits = out.u8(in, kPrefixLength);
  if (bits == 0) return say(withdrawn, "all route targets", update);
  if (bits < 32 || bits > 96) return in.fail();
  const std::uint32_t as = out.u32(in, kOriginatingAs);
  const Bytes where = in.take((bits - 32U + 7U) / 8U);
  std::array<std::uint8_t, 8> target{};
  std::ranges::copy(where, target.begin());
  if (!in.ok()) return;
  const std::string text = rd_text(Bytes(target));
  out.add_text(kCommunityPrefix, text, where);
  say(withdrawn, "route target " + std::to_string(as) + ":" + text, update);
}

void read_evpn(bool withdrawn, Cursor& in, LayerBuilder& out, Update& update) {
  out.mark(kEvpnNlri, in.rest());
  const LayerBuilder::Subtree below(out);
  const std::uint8_t type = out.u8(in, kEvpnNlriRt);
  const std::uint8_t length = out.u8(in, kEvpnNlriLen);
  Cursor body = in.sub(length);
  if (!in.ok()) return;
  const Bytes rd = out.bytes(body, kEvpnNlriRd, 8);
  say(withdrawn, std::string(name_of(kEvpnNames, type, "EVPN route")) + (rd.size() == 8 ? " " + rd_text(rd) : ""),
      update);
  if (type == 1 || type == 2 || type == 4 || type == 5) {
    const Bytes esi = out.bytes(body, kEvpnNlriEsi, 10);
    if (!body.ok()) return;
    out.add(kEvpnNlriEsiType, esi[0], esi.first(1));
    out.add(kEvpnNlriEsiValue, esi.subspan(1), esi.subspan(1));
  }
  if (type != 4) out.u32(body, kEvpnNlriEtag);
  if (type != 2) return;
  read_pieces(body, out, {{kEvpnNlriMaclen, 1}, {kEvpnNlriMacAddr, 6, true}});
  const std::uint8_t ip = out.u8(body, kEvpnNlriIplen);
  body.skip(ip / 8U);
  out.u24(body, kEvpnNlriVni);
}

}  // namespace

std::string rd_text(Bytes octets) {
  Cursor in(octets);
  const std::uint16_t type = in.u16();
  if (type == 1) {
    const std::uint32_t address = in.u32();
    return ipv4_text(address) + ":" + std::to_string(in.u16());
  }
  if (type == 2) {
    const std::uint16_t high = in.u16(), low = in.u16();
    return std::to_string(std::uint32_t{high} << 16U | low) + ":" + std::to_string(in.u16());
  }
  const std::uint16_t as = in.u16();
  return std::to_string(as) + ":" + std::to_string(in.u32());
}

void read_plain_routes(std::size_t field, bool withdrawn, bool add_path, Cursor& in, LayerBuilder& out,
                       Update& update) {
  const bool identified = has_path_ids(in.rest(), 32) || (add_path && are_prefixes(in.rest(), 4, 32));
  while (in.left() > 0) {
    if (identified) out.u32(in, kNlriPathId);
    const std::uint8_t bits = out.u8(in, kPrefixLength);
    const std::string route = read_address(field, false, bits, in, out, update);
    if (in.ok()) say(withdrawn, route, update);
  }
}

void read_routes(std::uint16_t afi, std::uint8_t safi, bool withdrawn, Cursor& in, LayerBuilder& out, Update& update) {
  const bool v6 = afi == 2;
  const std::size_t field = v6 ? (withdrawn ? kMpUnreachNlriIpv6Prefix : kMpReachNlriIpv6Prefix)
                               : (withdrawn ? kMpUnreachNlriIpv4Prefix : kMpReachNlriIpv4Prefix);
  if (afi == 25 && safi == kEvpn) {
    while (in.left() > 0) read_evpn(withdrawn, in, out, update);
    return;
  }
  if (afi != 1 && afi != 2) return in.skip(in.left());
  const bool identified = (safi == kUnicast || safi == kMulticast) && has_path_ids(in.rest(), v6 ? 128 : 32);
  while (in.left() > 0) {
    if (safi == kUnicast || safi == kMulticast) {
      if (identified) out.u32(in, kNlriPathId);
      const std::uint8_t bits = out.u8(in, kPrefixLength);
      const std::string route = read_address(field, v6, bits, in, out, update);
      if (in.ok()) say(withdrawn, route, update);
    } else if (safi == kLabelled || safi == kVpn) {
      read_labelled(field, v6, safi == kVpn, withdrawn, in, out, update);
    } else if (safi == kConstraint) {
      read_constraint(withdrawn, in, out, update);
    } else {
      in.skip(in.left());
    }
  }
}

}  // namespace pr::dissect::bgp
