// Link state advertisements: RFC 2328 appendix A.4 (version 2), RFC 5340 appendix A.4 (version 3), RFC 3101 (NSSA),
// RFC 5250 (opaque).
#include "helper/dissect/proto/ospf/ospf.h"

namespace pr::dissect::ospf {
namespace {

// Version 2 types; version 3 functions, the low bits of the type.
enum Type : std::uint16_t {
  kRouter = 1,
  kNetwork,
  kSummary,
  kSummaryAsbr,
  kAsExternal,
  kGroup,
  kNssa,
  kExternalAttributes,
  kOpaqueLink,
  kOpaqueArea,
  kOpaqueAs
};
enum Function : std::uint16_t {
  kRouter3 = 1,
  kNetwork3,
  kInterPrefix,
  kInterRouter,
  kAsExternal3,
  kGroup3,
  kNssa3,
  kLink,
  kIntraPrefix
};

// The marker field of each type.
std::size_t marker2(std::uint16_t type) {
  switch (type) {
    case kRouter: return kLsaRouter;
    case kNetwork: return kLsaNetwork;
    case kSummary: return kLsaSummary;
    case kSummaryAsbr: return kLsaAsbr;
    case kAsExternal: return kLsaAsext;
    case kNssa: return kLsaNssa;
    case kOpaqueLink:
    case kOpaqueArea:
    case kOpaqueAs: return kLsaOpaque;
    default: return kFieldCount;
  }
}

std::size_t marker3(std::uint16_t function) {
  switch (function) {
    case kRouter3: return kV3LsaRouter;
    case kNetwork3: return kV3LsaNetwork;
    case kInterPrefix: return kV3LsaInterprefix;
    case kInterRouter: return kV3LsaInterrouter;
    case kAsExternal3: return kV3LsaAsext;
    case kNssa3: return kV3LsaNssa;
    case kLink: return kV3LsaLink;
    case kIntraPrefix: return kV3LsaIntraprefix;
    default: return kFieldCount;
  }
}

void read_router2(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kV2RouterLsaFlags);
  if (!in.ok()) return;
  add_bits(flags, where, out,
           {{kV2RouterLsaFlagsH, 7},
            {kV2RouterLsaFlagsN, 4},
            {kV2RouterLsaFlagsW, 3},
            {kV2RouterLsaFlagsV, 2},
            {kV2RouterLsaFlagsE, 1},
            {kV2RouterLsaFlagsB, 0}});
  in.skip(1);
  const std::uint16_t links = out.u16(in, kLsaNumberOfLinks);
  for (unsigned i = 0; i < links && in.left() > 0; ++i) {
    read_pieces(in, out, {{kLsaRouterLinkid, 4}, {kLsaRouterLinkdata, 4}, {kLsaRouterLinktype, 1}});
    const std::uint8_t more = out.u8(in, kLsaRouterNummetrics);
    out.u16(in, kLsaRouterMetric0);
    in.skip(std::min<std::size_t>(more * std::size_t{4}, in.left()));
  }
}

void read_attached(std::size_t field, Cursor& in, LayerBuilder& out) {
  while (in.left() >= 4) out.ipv4(in, field);
}

void read_external2(Cursor& in, LayerBuilder& out) {
  out.ipv4(in, kLsaAsextNetmask);
  while (in.left() >= 12) {
    const Bytes where = in.take(1);
    out.add(kLsaAsextType, where[0] >> 7U, where);
    out.add(kLsaTos, where[0] & 0x7fU, where);
    read_pieces(in, out, {{kMetric, 3}, {kLsaAsextFwdaddr, 4}, {kLsaAsextExtrttag, 4}});
  }
}

void read_summary2(Cursor& in, LayerBuilder& out) {
  out.ipv4(in, kLsaAsbrNetmask);
  while (in.left() >= 4) read_pieces(in, out, {{kLsaTos, 1}, {kMetric, 3}});
}

void read_prefix_options(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t options = out.u8(in, kV3PrefixOptions);
  if (!in.ok()) return;
  add_bits(options, where, out,
           {{kV3PrefixOptionsP, 3}, {kV3PrefixOptionsMc, 2}, {kV3PrefixOptionsLa, 1}, {kV3PrefixOptionsNu, 0}});
}

// Whole words, as many as the length needs.
void read_address(std::uint8_t bits, Cursor& in, LayerBuilder& out) {
  const std::size_t octets = (bits + 31U) / 32U * 4U;
  const Bytes where = in.take(octets);
  if (!in.ok() || octets > 16) return in.fail();
  std::array<std::uint8_t, 16> whole{};
  std::ranges::copy(where, whole.begin());
  out.add_text(kV3AddressPrefixIpv6, as_text(whole), where);
}

// middle: the field of the two octets between options and address.
void read_prefix(std::size_t middle, Cursor& in, LayerBuilder& out) {
  const std::uint8_t bits = out.u8(in, kPrefixLength);
  read_prefix_options(in, out);
  read_pieces(in, out, {{middle, 2, middle == kReserved}});
  read_address(bits, in, out);
}

void read_router3(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kV3RouterLsaFlags);
  if (!in.ok()) return;
  add_bits(flags, where, out,
           {{kV3RouterLsaFlagsW, 3}, {kV3RouterLsaFlagsV, 2}, {kV3RouterLsaFlagsE, 1}, {kV3RouterLsaFlagsB, 0}});
  read_options3(in, out);
  while (in.left() >= 16) {
    read_pieces(in, out,
                {{kV3LsaType, 1},
                 {kReserved, 1, true},
                 {kMetric, 2},
                 {kV3LsaInterfaceId, 4},
                 {kV3LsaNeighborInterfaceId, 4},
                 {kV3LsaNeighborRouterId, 4}});
  }
}

void read_external3(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kV3AsExternalFlags);
  if (!in.ok()) return;
  add_bits(flags, where, out, {{kV3AsExternalFlagsE, 2}, {kV3AsExternalFlagsF, 1}, {kV3AsExternalFlagsT, 0}});
  out.u24(in, kMetric);
  const std::uint8_t bits = out.u8(in, kPrefixLength);
  read_prefix_options(in, out);
  const std::uint16_t referenced = out.u16(in, kV3LsaReferencedLsType);
  read_address(bits, in, out);
  if ((flags & 2U) != 0) out.bytes(in, kV3LsaForwardingAddressIpv6, 16);
  if ((flags & 1U) != 0) out.u32(in, kV3LsaExternalRouteTag);
  if (referenced != 0) out.ipv4(in, kV3LsaReferencedLinkStateId);
}

void read_link3(Cursor& in, LayerBuilder& out) {
  out.u8(in, kV3LsaRouterPriority);
  read_options3(in, out);
  out.bytes(in, kV3LsaLinkLocalInterfaceAddressIpv6, 16);
  const std::uint32_t count = out.u32(in, kV3LsaNumPrefixes);
  for (std::uint32_t i = 0; i < count && in.left() > 0; ++i) read_prefix(kReserved, in, out);
}

void read_intra_prefix(Cursor& in, LayerBuilder& out) {
  const std::uint16_t count = out.u16(in, kV3LsaNumPrefixes);
  read_pieces(in, out,
              {{kV3LsaReferencedLsType, 2}, {kV3LsaReferencedLinkStateId, 4}, {kV3LsaReferencedAdvertisingRouter, 4}});
  for (unsigned i = 0; i < count && in.left() > 0; ++i) read_prefix(kMetric, in, out);
}

void read_body3(std::uint16_t function, Cursor& in, LayerBuilder& out) {
  switch (function) {
    case kRouter3: return read_router3(in, out);
    case kNetwork3:
      read_pieces(in, out, {{kReserved, 1, true}});
      read_options3(in, out);
      return read_attached(kV3LsaAttachedRouter, in, out);
    case kInterPrefix:
      read_pieces(in, out, {{kReserved, 1, true}, {kMetric, 3}});
      return read_prefix(kReserved, in, out);
    case kInterRouter:
      read_pieces(in, out, {{kReserved, 1, true}});
      read_options3(in, out);
      read_pieces(in, out, {{kReserved, 1, true}, {kMetric, 3}, {kV3LsaDestinationRouterId, 4}});
      return;
    case kAsExternal3:
    case kNssa3: return read_external3(in, out);
    case kLink: return read_link3(in, out);
    case kIntraPrefix: return read_intra_prefix(in, out);
    default: return;
  }
}

void read_body2(std::uint16_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kRouter: return read_router2(in, out);
    case kNetwork: out.ipv4(in, kLsaNetworkNetmask); return read_attached(kLsaNetworkAttchrtr, in, out);
    case kSummary:
    case kSummaryAsbr: return read_summary2(in, out);
    case kAsExternal:
    case kNssa: return read_external2(in, out);
    default: return;
  }
}

}  // namespace

std::string_view lsa_name(std::uint8_t version, std::uint16_t type) {
  return version == 2 ? name_of(kLsaNames, type, "Unknown LSA") : name_of(kLsa3Names, type & 0x1fffU, "Unknown LSA");
}

void read_options2(Cursor& in, LayerBuilder& out, bool nssa) {
  const Bytes where = in.peek(1);
  const std::uint8_t options = out.u8(in, kV2Options);
  if (!in.ok()) return;
  add_bits(options, where, out,
           {{kV2OptionsDn, 7},
            {kV2OptionsO, 6},
            {kV2OptionsDc, 5},
            {kV2OptionsL, 4},
            {nssa ? kV2OptionsP : kV2OptionsN, 3},
            {kV2OptionsMc, 2},
            {kV2OptionsE, 1},
            {kV2OptionsMt, 0}});
}

void read_options3(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(3);
  const std::uint32_t options = out.u24(in, kV3Options);
  if (!in.ok()) return;
  add_bits(options, where, out,
           {{kV3OptionsAt, 10},
            {kV3OptionsL, 9},
            {kV3OptionsAf, 8},
            {kV3OptionsDc, 5},
            {kV3OptionsR, 4},
            {kV3OptionsN, 3},
            {kV3OptionsMc, 2},
            {kV3OptionsE, 1},
            {kV3OptionsV6, 0}});
}

std::uint16_t read_lsa3_type(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t type = out.u16(in, kV3Lsa);
  if (!in.ok()) return 0;
  add_bits(type, where, out, {{kV3LsaU, 15}, {kV3LsaS12, 13, 3}, {kV3LsaFc, 0, 0x1fff}});
  if (const std::size_t marker = marker3(type & 0x1fffU); marker != kFieldCount) out.add(marker, 1, where);
  return type;
}

Advertisement read_lsa_header(std::uint8_t version, Cursor& in, LayerBuilder& out) {
  Advertisement lsa;
  const Bytes age = in.peek(2);
  lsa.age = in.u16();
  if (!in.ok()) return lsa;
  out.add(version == 2 ? kLsaDonotage : kV3LsaDoNotAge, lsa.age >> 15U, age);
  lsa.age &= 0x7fffU;
  out.add(kLsaAge, lsa.age, age);
  if (version == 2) {
    const Bytes both = in.peek(2);
    read_options2(in, out, both.size() == 2 && both[1] == kNssa);
    const Bytes where = in.peek(1);
    lsa.type = out.u8(in, kLsa);
    if (const std::size_t marker = marker2(lsa.type); in.ok() && marker != kFieldCount) out.add(marker, 1, where);
    const Bytes id = in.peek(4);
    lsa.id = in.u32();
    if (in.ok() && lsa.type >= kOpaqueLink && lsa.type <= kOpaqueAs) {
      out.add(kLsidOpaqueType, lsa.id >> 24U, id.first(1));
      out.add(kLsidOpaqueId, lsa.id & 0xffffffU, id.subspan(1));
    } else if (in.ok()) {
      out.add(kLsaId, lsa.id, id);
    }
  } else {
    lsa.type = read_lsa3_type(in, out);
    lsa.id = out.ipv4(in, kLinkStateId);
  }
  lsa.router = out.ipv4(in, kAdvrouter);
  out.u32(in, kLsaSeqnum);
  out.u16(in, kLsaChksum);
  lsa.length = out.u16(in, kLsaLength);
  return lsa;
}

void read_lsa_body(std::uint8_t version, const Advertisement& lsa, Cursor in, LayerBuilder& out) {
  version == 2 ? read_body2(lsa.type, in, out) : read_body3(lsa.type & 0x1fffU, in, out);
}

}  // namespace pr::dissect::ospf
