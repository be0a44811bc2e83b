// Neighbour discovery: RFC 4861; preferences of RFC 4191, nonce of RFC 3971, DNS of RFC 8106, portals of RFC 8910.
#include "helper/dissect/proto/icmpv6/fields.h"

namespace pr::dissect::icmpv6 {
namespace {

enum Option : std::uint8_t {
  kSourceLink = 1,
  kTargetLink = 2,
  kPrefixInformation = 3,
  kRedirected = 4,
  kMtuOption = 5,
  kNonce = 14,
  kDnsServers = 25,
  kDnsSearch = 31,
  kCaptivePortal = 37
};

struct Found {
  Bytes source_link, target_link;
};

std::string_view trimmed(Bytes text) {
  const std::string_view view = as_text(text);
  return view.substr(0, view.find('\0'));
}

Bytes read_link_address(Cursor& in, LayerBuilder& out, std::size_t field) {
  const Bytes address = in.take(in.left());
  if (address.empty()) return {};
  out.add(kOptLinkaddr, address, address);
  out.add(field, address, address);
  return address;
}

void read_prefix(Cursor& in, LayerBuilder& out) {
  out.u8(in, kOptPrefixLength);
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kOptPrefixFlag);
  if (!in.ok()) return;
  {
    LayerBuilder::Subtree below(out);
    out.add(kOptPrefixFlagL, flags >> 7U, where);
    out.add(kOptPrefixFlagA, flags >> 6U & 1U, where);
    out.add(kOptPrefixFlagR, flags >> 5U & 1U, where);
    out.add(kOptPrefixFlagReserved, flags & 0x1fU, where);
  }
  out.u32(in, kOptPrefixValidLifetime);
  out.u32(in, kOptPrefixPreferredLifetime);
  const Bytes reserved = in.take(4);
  if (in.ok()) out.mark(kOptReserved, reserved);
  out.bytes(in, kOptPrefix, 16);
}

void skip_reserved(Cursor& in, LayerBuilder& out, std::size_t octets) {
  const Bytes reserved = in.take(octets);
  if (in.ok()) out.mark(kOptReserved, reserved);
}

// Names in DNS form, one after the other, padded with zeros; no compression.
void read_search_list(Cursor& in, LayerBuilder& out) {
  skip_reserved(in, out, 2);
  out.u32(in, kOptDnsslLifetime);
  while (in.left() > 0 && in.rest()[0] != 0) {
    const Bytes start = in.rest();
    std::string name;
    while (in.left() > 0) {
      const std::uint8_t length = in.u8();
      if (length == 0) break;
      const Bytes label = in.take(length);
      if (!in.ok()) return;
      if (!name.empty()) name += '.';
      name += as_text(label);
    }
    out.add_text(kOptDnssl, name, start.first(start.size() - in.left()));
  }
}

void read_option(std::uint8_t type, Cursor& in, LayerBuilder& out, Found* found, Later* later) {
  switch (type) {
    case kSourceLink: found->source_link = read_link_address(in, out, kOptSrcLinkaddr); return;
    case kTargetLink: found->target_link = read_link_address(in, out, kOptTargetLinkaddr); return;
    case kPrefixInformation: return read_prefix(in, out);
    case kRedirected:
      skip_reserved(in, out, 6);
      later->quoted = in.take(in.left());
      if (in.ok()) out.mark(kOptRedirectedPacket, later->quoted);
      return;
    case kMtuOption:
      skip_reserved(in, out, 2);
      out.u32(in, kOptMtu);
      return;
    case kNonce: out.bytes(in, kOptNonce, in.left()); return;
    case kDnsServers:
      skip_reserved(in, out, 2);
      out.u32(in, kOptRdnssLifetime);
      while (in.left() >= 16) out.bytes(in, kOptRdnss, 16);
      return;
    case kDnsSearch: return read_search_list(in, out);
    case kCaptivePortal:
      if (const std::string_view uri = trimmed(in.rest()); !uri.empty())
        out.add(kOptCaptivePortal, as_bytes(uri), as_bytes(uri));
      return;
    default: return;
  }
}

void read_options(Cursor& in, LayerBuilder& out, Found* found, Later* later) {
  while (in.left() > 0) {
    const Bytes start = in.peek(2);
    const std::uint8_t type = in.u8();
    const std::uint8_t units = in.u8();
    if (!in.ok()) return;
    if (units == 0) return in.skip(in.left());  // RFC 4861 section 4.6: the packet is to be discarded
    out.mark(kOpt, start);
    LayerBuilder::Subtree below(out);
    out.add(kOptType, type, start.first(1));
    out.add(kOptLength, units, start.subspan(1));
    Cursor body = in.sub(units * std::size_t{8} - 2);
    if (!in.ok()) return;
    read_option(type, body, out, found, later);
  }
}

void read_router_flags(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kNdRaFlag);
  if (!in.ok()) return;
  LayerBuilder::Subtree below(out);
  out.add(kNdRaFlagM, flags >> 7U, where);
  out.add(kNdRaFlagO, flags >> 6U & 1U, where);
  out.add(kNdRaFlagH, flags >> 5U & 1U, where);
  out.add(kNdRaFlagPrf, flags >> 3U & 3U, where);
  out.add(kNdRaFlagP, flags >> 2U & 1U, where);
  out.add(kNdRaFlagRsv, flags & 3U, where);
}

std::uint32_t read_neighbor_flags(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t flags = out.u32(in, kNdNaFlag);
  if (!in.ok()) return 0;
  LayerBuilder::Subtree below(out);
  out.add(kNdNaFlagR, flags >> 31U, where);
  out.add(kNdNaFlagS, flags >> 30U & 1U, where);
  out.add(kNdNaFlagO, flags >> 29U & 1U, where);
  out.add(kNdNaFlagRsv, flags & 0x1fffffffU, where);
  return flags;
}

std::string flag_words(std::uint32_t flags) {
  std::string words;
  const auto add = [&](unsigned bit, const char* word) {
    if ((flags >> bit & 1U) == 0) return;
    words += words.empty() ? "" : ", ";
    words += word;
  };
  add(31, "rtr");
  add(30, "sol");
  add(29, "ovr");
  return words.empty() ? words : " (" + words + ")";
}

std::string address_text(Bytes address) { return IpAddress::from(address).text(); }

}  // namespace

void read_neighbor_discovery(std::uint8_t type, Cursor& in, LayerBuilder& out, std::string* info, Later* later) {
  Bytes target;
  std::uint32_t flags = 0;
  if (type == kRouterAdvertisement) {
    out.u8(in, kNdRaCurHopLimit);
    read_router_flags(in, out);
    out.u16(in, kNdRaRouterLifetime);
    out.u32(in, kNdRaReachableTime);
    out.u32(in, kNdRaRetransTimer);
  } else if (type == kNeighborAdvertisement) {
    flags = read_neighbor_flags(in, out);
    target = out.bytes(in, kNdNaTargetAddress, 16);
  } else {
    out.bytes(in, kReserved, 4);
  }
  if (type == kNeighborSolicitation) target = out.bytes(in, kNdNsTargetAddress, 16);
  if (type == kRedirect) {
    target = out.bytes(in, kNdRdTargetAddress, 16);
    out.bytes(in, kRdNaDestinationAddress, 16);
  }
  Found found;
  read_options(in, out, &found, later);
  if (!out.wanted()) return;
  if (type == kNeighborSolicitation) *info += " for " + address_text(target);
  if (type == kNeighborAdvertisement) *info += " " + address_text(target) + flag_words(flags);
  if (!found.source_link.empty()) *info += " from " + mac_text(found.source_link);
  if (!found.target_link.empty()) *info += " is at " + mac_text(found.target_link);
}

}  // namespace pr::dissect::icmpv6
