// Communities: RFC 1997, extended RFC 4360 and 5668, large RFC 8092.
#include <bit>

#include "helper/dissect/proto/bgp/bgp.h"

namespace pr::dissect::bgp {
namespace {

constexpr std::uint8_t kNotTransitive = 0x40;
enum Kind : std::uint8_t { kAs2 = 0x00, kIp4 = 0x01, kAs4 = 0x02, kOpaque = 0x03, kEvpn = 0x06 };
constexpr std::uint8_t kLinkBandwidth = 4, kEncapsulation = 12;

void read_value(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  const bool transitive = (type & kNotTransitive) == 0;
  const Bytes where = in.peek(1);
  const std::uint8_t subtype = in.u8();
  if (!in.ok()) return;
  switch (type & ~kNotTransitive) {
    case kAs2:
      out.add(transitive ? kExtComStypeTrAs2 : kExtComStypeNtrAs2, subtype, where);
      out.u16(in, kExtComValueAs2);
      if (!transitive && subtype == kLinkBandwidth) {
        const Bytes rate = in.take(4);
        if (in.ok())
          add_double(kExtComValueLinkBw, std::bit_cast<float>(static_cast<std::uint32_t>(number_of(rate))), rate, out);
      } else {
        out.u32(in, kExtComValueAn4);
      }
      return;
    case kIp4:
      out.add(kExtComStypeTrIP4, subtype, where);
      read_pieces(in, out, {{kExtComValueIP4, 4}, {kExtComValueAn2, 2}});
      return;
    case kAs4:
      out.add(kExtComStypeTrAs4, subtype, where);
      read_pieces(in, out, {{kExtComValueAs4, 4}, {kExtComValueAn2, 2}});
      return;
    case kOpaque:
      out.add(transitive ? kExtComStypeTrOpaque : kExtComStypeNtrOpaque, subtype, where);
      if (transitive && subtype == kEncapsulation) {
        read_pieces(in, out, {{kSkipped, 4}, {kExtComTunnelType, 2}});
      } else {
        read_pieces(in, out, {{kExtComValueRaw, 6}});
      }
      return;
    case kEvpn:
      out.add(kExtComStypeTrEvpn, subtype, where);
      read_pieces(in, out, {{kExtComValueRaw, 6}});
      return;
    default: out.add(kExtComStypeUnknown, subtype, where);
  }
}

}  // namespace

void read_communities(Cursor& in, LayerBuilder& out, Update& update) {
  out.mark(kUpdatePathAttributeCommunities, in.rest());
  const LayerBuilder::Subtree below(out);
  while (in.left() >= 4) {
    const Bytes where = in.take(4);
    const std::uint64_t value = number_of(where);
    // 0xffff0000 to 0xffffffff are reserved for communities that everybody knows.
    if (value >> 16U == 0xffff) {
      out.add(kUpdatePathAttributeCommunityWellknown, value, where);
      continue;
    }
    out.mark(kUpdatePathAttributeCommunity, where);
    const LayerBuilder::Subtree deeper(out);
    out.add(kUpdatePathAttributeCommunityAs, value >> 16U, where.first(2));
    out.add(kUpdatePathAttributeCommunityValue, value & 0xffffU, where.subspan(2));
    update.event.item(kUpdatePathAttributeCommunityAs, value >> 16U);
    update.event.item(kUpdatePathAttributeCommunityValue, value & 0xffffU);
  }
}

void read_extended_communities(Cursor& in, LayerBuilder& out) {
  out.mark(kExtCommunities, in.rest());
  const LayerBuilder::Subtree below(out);
  while (in.left() >= 8) {
    Cursor one = in.sub(8);
    out.mark(kExtCommunity, one.rest());
    const LayerBuilder::Subtree deeper(out);
    const Bytes where = one.peek(1);
    const std::uint8_t type = out.u8(one, kExtComType);
    add_bits(type, where, out, {{kExtComTypeAuth, 7}, {kExtComTypeTran, 6}});
    read_value(type, one, out);
  }
}

void read_large_communities(Cursor& in, LayerBuilder& out) {
  while (in.left() >= 12)
    read_pieces(in, out, {{kLargeCommunitiesGa, 4}, {kLargeCommunitiesLdp1, 4}, {kLargeCommunitiesLdp2, 4}});
}

}  // namespace pr::dissect::bgp
