// UPDATE messages and their path attributes: RFC 4271 section 4.3, RFC 4456, 4760, 6793, 7311.
#include "helper/dissect/proto/bgp/bgp.h"

namespace pr::dissect::bgp {
namespace {

constexpr std::size_t kMaxPath = 512;  // octets of text
constexpr std::uint8_t kExtendedLength = 0x10;
enum Attribute : std::uint8_t {
  kOrigin = 1,
  kAsPath = 2,
  kNextHop = 3,
  kMed = 4,
  kLocalPref = 5,
  kAggregator = 7,
  kCommunities = 8,
  kOriginator = 9,
  kClusters = 10,
  kReach = 14,
  kUnreach = 15,
  kExtended = 16,
  kAs4Path = 17,
  kAs4Aggregator = 18,
  kAigp = 26,
  kLarge = 32,
  kSet = 128
};

bool is_path(Bytes octets, std::size_t width) {
  Cursor in(octets);
  while (in.left() > 0) {
    const std::uint8_t type = in.u8();
    const std::uint8_t count = in.u8();
    if (type < 1 || type > 4 || count == 0) return false;
    in.skip(count * width);
  }
  return in.ok();
}

// Numbers of two octets or four: as agreed, or, where the agreement was not seen, as they fit.
std::size_t as_width(bool agreed, Bytes path) {
  if (agreed && is_path(path, 4)) return 4;
  const bool first_is_null = path.size() >= 4 && path[2] == 0 && path[3] == 0;
  return is_path(path, 4) && (!is_path(path, 2) || first_is_null) ? 4 : 2;
}

void read_path(std::size_t width, Cursor& in, LayerBuilder& out, Update& update) {
  while (in.left() > 0) {
    out.mark(kUpdatePathAttributeAsPathSegment, in.rest());
    const LayerBuilder::Subtree below(out);
    const std::uint8_t type = out.u8(in, kUpdatePathAttributeAsPathSegmentType);
    const std::uint8_t count = out.u8(in, kUpdatePathAttributeAsPathSegmentLength);
    if (!in.ok()) return;
    const bool set = type == 1 || type == 4;
    if (set) update.path += update.path.empty() ? "{" : " {";
    for (unsigned i = 0; i < count && in.left() > 0; ++i) {
      const std::size_t field =
          width == 2 ? kUpdatePathAttributeAsPathSegmentAs2 : kUpdatePathAttributeAsPathSegmentAs4;
      const std::uint32_t as = width == 2 ? out.u16(in, field) : out.u32(in, field);
      if (!in.ok()) return;
      update.event.item(field, as);
      if (update.path.size() < kMaxPath)
        update.path += (update.path.empty() || update.path.back() == '{' ? "" : " ") + std::to_string(as);
    }
    if (set) update.path += '}';
  }
}

void read_next_hop(std::uint16_t afi, std::uint8_t safi, Bytes whole, LayerBuilder& out, Update& update) {
  Cursor in(whole.subspan(1));
  out.add(kUpdatePathAttributeMpReachNlriNextHop, whole, whole);
  const LayerBuilder::Subtree below(out);
  if (safi == 128 && in.left() >= 12) {
    const Bytes rd = in.take(8);
    out.add_text(kUpdatePathAttributeMpReachNlriNextHopRd, rd_text(rd), rd);
  }
  const bool v4 = in.left() == 4;
  const Bytes address = in.peek(v4 ? 4 : 16);
  if ((afi != 1 && afi != 2 && afi != 25) || (address.size() != 4 && address.size() != 16)) return;
  update.next_hop = IpAddress::from(address).text();
  if (v4) {
    out.ipv4(in, kUpdatePathAttributeMpReachNlriNextHopIpv4);
    return;
  }
  out.bytes(in, kUpdatePathAttributeMpReachNlriNextHopIpv6, 16);
  if (in.left() >= 16) out.bytes(in, kUpdatePathAttributeMpReachNlriNextHopIpv6LinkLocal, 16);
}

void read_reach(Cursor& in, LayerBuilder& out, Update& update) {
  const std::uint16_t afi = out.u16(in, kUpdatePathAttributeMpReachNlriAfi);
  const std::uint8_t safi = out.u8(in, kUpdatePathAttributeMpReachNlriSafi);
  const Bytes length = in.peek(1);
  const Bytes whole = length.empty() ? Bytes{} : in.take(length[0] + 1U);
  if (!in.ok() || whole.empty()) return in.fail();
  read_next_hop(afi, safi, whole, out, update);
  const std::uint8_t points = out.u8(in, kUpdatePathAttributeMpReachNlriNbrSnpa);
  for (unsigned i = 0; i < points && in.left() > 0; ++i) {
    const std::uint8_t size = out.u8(in, kUpdatePathAttributeMpReachNlriSnpaLength);
    out.bytes(in, kUpdatePathAttributeMpReachNlriSnpa, (size + 1U) / 2U);
  }
  if (in.left() == 0) return;
  out.mark(kUpdatePathAttributeMpReachNlri, in.rest());
  const LayerBuilder::Subtree below(out);
  read_routes(afi, safi, false, in, out, update);
}

void read_unreach(Cursor& in, LayerBuilder& out, Update& update) {
  const std::uint16_t afi = out.u16(in, kUpdatePathAttributeMpUnreachNlriAfi);
  const std::uint8_t safi = out.u8(in, kUpdatePathAttributeMpUnreachNlriSafi);
  out.mark(kUpdatePathAttributeMpUnreachNlri, in.rest());
  const LayerBuilder::Subtree below(out);
  read_routes(afi, safi, true, in, out, update);
}

void read_attributes(Cursor& in, LayerBuilder& out, Update& update, int nesting);

void read_value(std::uint8_t type, Cursor& in, LayerBuilder& out, Update& update, int nesting) {
  switch (type) {
    case kOrigin: out.u8(in, kUpdatePathAttributeOrigin); return;
    case kAsPath: return read_path(as_width(update.as4, in.rest()), in, out, update);
    case kAs4Path: update.path.clear(); return read_path(4, in, out, update);
    case kNextHop:
      if (in.left() == 4) update.next_hop = ipv4_text(out.ipv4(in, kUpdatePathAttributeNextHop));
      return;
    case kMed: out.u32(in, kUpdatePathAttributeMultiExitDisc); return;
    case kLocalPref: out.u32(in, kUpdatePathAttributeLocalPref); return;
    case kAggregator:
    case kAs4Aggregator:
      read_pieces(in, out,
                  {{kUpdatePathAttributeAggregatorAs, static_cast<std::uint8_t>(in.left() == 6 ? 2 : 4)},
                   {kUpdatePathAttributeAggregatorOrigin, 4}});
      return;
    case kCommunities: return read_communities(in, out, update);
    case kOriginator: out.ipv4(in, kUpdatePathAttributeOriginatorId); return;
    case kClusters: {
      out.mark(kPathAttributeClusterList, in.rest());
      const LayerBuilder::Subtree below(out);
      while (in.left() >= 4) out.ipv4(in, kPathAttributeClusterId);
      return;
    }
    case kReach: return read_reach(in, out, update);
    case kUnreach: return read_unreach(in, out, update);
    case kExtended: return read_extended_communities(in, out);
    case kLarge: return read_large_communities(in, out);
    case kAigp:
      out.mark(kUpdatePathAttributeAigp, in.rest());
      if (out.u8(in, kUpdateAttributeAigpType) == 1) {
        read_pieces(in, out, {{kUpdateAttributeAigpLength, 2}, {kUpdateAttributeAigpAccuIgpMetric, 8}});
      }
      return;
    case kSet:
      out.u32(in, kUpdatePathAttributeAttrSetOriginAs);
      if (nesting == 0) read_attributes(in, out, update, 1);
      return;
    default:
      if (name_of(kAttributeNames, type, "").empty()) out.mark(kUpdatePathAttributesUnknown, in.rest());
  }
}

void read_attributes(Cursor& in, LayerBuilder& out, Update& update, int nesting) {
  while (in.left() > 0) {
    out.mark(kUpdatePathAttribute, in.rest());
    const LayerBuilder::Subtree below(out);
    const Bytes where = in.peek(1);
    const std::uint8_t flags = out.u8(in, kUpdatePathAttributeFlags);
    if (!in.ok()) return;
    add_bits(flags, where, out,
             {{kUpdatePathAttributeFlagsOptional, 7},
              {kUpdatePathAttributeFlagsTransitive, 6},
              {kUpdatePathAttributeFlagsPartial, 5},
              {kUpdatePathAttributeFlagsExtendedLength, 4},
              {kUpdatePathAttributeFlagsUnused, 0, 15}});
    const std::uint8_t type = out.u8(in, kUpdatePathAttributeTypeCode);
    const std::size_t length = (flags & kExtendedLength) != 0 ? out.u16(in, kUpdatePathAttributeLength)
                                                              : out.u8(in, kUpdatePathAttributeLength);
    Cursor value = in.sub(length);
    if (!in.ok()) return;
    read_value(type, value, out, update, nesting);
    if (!value.ok()) return in.fail();
  }
}

}  // namespace

void read_update(const State& state, Cursor& in, LayerBuilder& out, Update& update) {
  const Speaker& from = state.sides[out.from_orig() ? 0 : 1];
  const Speaker& to = state.sides[out.from_orig() ? 1 : 0];
  update.as4 = from.as4 && to.as4;
  const bool add_path = (from.add_path & 2U) != 0 && (to.add_path & 1U) != 0;
  const std::uint16_t gone = out.u16(in, kUpdateWithdrawnRoutesLength);
  if (Cursor routes = in.sub(gone); gone > 0 && in.ok()) {
    out.mark(kUpdateWithdrawnRoutes, routes.rest());
    const LayerBuilder::Subtree below(out);
    read_plain_routes(kWithdrawnPrefix, true, add_path, routes, out, update);
    if (!routes.ok()) return in.fail();
  }
  const std::uint16_t length = out.u16(in, kUpdatePathAttributesLength);
  if (Cursor attributes = in.sub(length); length > 0 && in.ok()) {
    out.mark(kUpdatePathAttributes, attributes.rest());
    const LayerBuilder::Subtree below(out);
    read_attributes(attributes, out, update, 0);
    if (!attributes.ok()) return in.fail();
  }
  if (in.left() == 0) return;
  out.mark(kUpdateNlri, in.rest());
  const LayerBuilder::Subtree below(out);
  read_plain_routes(kNlriPrefix, false, add_path, in, out, update);
}

}  // namespace pr::dissect::bgp
