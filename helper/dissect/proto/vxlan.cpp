// VXLAN, RFC 7348, with the group policy extension, and the generic protocol extension (draft-ietf-nvo3-vxlan-gpe).
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/tunnel_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kNextNames[] = {{1, "IPv4"}, {2, "IPv6"}, {3, "Ethernet"}, {4, "NSH"}, {5, "MPLS"}};

enum Field : std::size_t {
  kFlags,
  kFlagG,
  kFlagI,
  kFlagD,
  kFlagA,
  kFlagsReserved,
  kGbp,
  kVni,
  kReserved8,
  kGpeVersion,
  kGpeI,
  kGpeP,
  kGpeO,
  kReserved16,
  kNextProto,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"vxlan.flags", "Flags", FieldType::kUint, Show::kHex, 16},
    {"vxlan.flag_g", "GBP Extension", FieldType::kBool},
    {"vxlan.flag_i", "VXLAN Network ID (VNI)", FieldType::kBool},
    {"vxlan.flag_d", "Don't Learn", FieldType::kBool},
    {"vxlan.flag_a", "Policy Applied", FieldType::kBool},
    {"vxlan.flags_reserved", "Reserved(R)", FieldType::kUint, Show::kHex, 16},
    {"vxlan.gbp", "Group Policy ID", FieldType::kUint},
    {"vxlan.vni", "VXLAN Network Identifier (VNI)", FieldType::kUint},
    {"vxlan.reserved8", "Reserved", FieldType::kUint},
    {"vxlan.ver", "Version", FieldType::kUint},
    {"vxlan.i_bit", "Instance", FieldType::kUint},
    {"vxlan.p_bit", "Next Protocol Bit", FieldType::kUint},
    {"vxlan.o_bit", "OAM bit", FieldType::kUint},
    {"vxlan.reserved_16", "Reserved", FieldType::kUint},
    {"vxlan.next_proto", "Next Protocol", FieldType::kUint, Show::kDec, 0, kNextNames},
};
static_assert(std::size(kFields) == kFieldCount);

// 8472 is what Linux used before there was a number.
constexpr Bind kBinds[] = {{"udp.tunnel", 4789}, {"udp.tunnel", 8472}, {"udp.tunnel", 4790}};
constexpr const char* kTables[] = {"vxlan.next_proto"};
constexpr std::size_t kHeader = 8;
constexpr std::uint8_t kInstance = 0x08;
constexpr std::uint8_t kNextEthernet = 3;
constexpr std::uint16_t kGpePort = 4790;

void add_header(Cursor in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t flags = in.u16();
  out.add(kFlags, flags, where);
  {
    LayerBuilder::Subtree below(out);
    out.add(kFlagG, flags >> 15U & 1U, where);
    out.add(kFlagI, flags >> 11U & 1U, where);
    out.add(kFlagD, flags >> 6U & 1U, where);
    out.add(kFlagA, flags >> 3U & 1U, where);
    out.add(kFlagsReserved, flags & 0x77b7U, where);
  }
  out.u16(in, kGbp);
  out.u24(in, kVni);
  out.u8(in, kReserved8);
}

void add_gpe_header(Cursor in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = in.u8();
  out.add(kFlags, flags, where);
  {
    LayerBuilder::Subtree below(out);
    out.add(kGpeVersion, flags >> 4U & 3U, where);
    out.add(kGpeI, flags >> 3U & 1U, where);
    out.add(kGpeP, flags >> 2U & 1U, where);
    out.add(kGpeO, flags & 1U, where);
  }
  out.u16(in, kReserved16);
  out.u8(in, kNextProto);
  out.u24(in, kVni);
  out.u8(in, kReserved8);
}

Outcome dissect_vxlan(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kHeader);
  if (head.size() < kHeader || (head[0] & kInstance) == 0) return Outcome::kNotMine;
  const bool gpe = out.frame().dst.port == kGpePort || out.frame().src.port == kGpePort;
  const bool names_next = gpe && head[3] != 0;
  const std::uint8_t next = names_next ? head[3] : kNextEthernet;
  const Bytes inside = in.rest().subspan(kHeader);
  // With all reserved bits zero anything may be inside; else it has to look like what it is said to be.
  const bool clean = head[0] == kInstance && head[1] == 0 && head[2] == 0 && head[3] == 0 && head[7] == 0;
  const bool known = names_next ? next >= 1 && next <= 5 : clean || looks_like_ethernet(inside);
  if (!known) return Outcome::kNotMine;
  const std::uint32_t vni = static_cast<std::uint32_t>(head[4] << 16U | head[5] << 8U | head[6]);
  if (out.wanted()) {
    gpe ? add_gpe_header(in, out) : add_header(in, out);
    out.info("VNI: " + std::to_string(vni));
  }
  in.skip(kHeader);
  if (in.left() == 0) return Outcome::kDone;
  if (!out.enter_tunnel({.name = "vxlan", .id = vni, .has_id = true}, in)) return Outcome::kDone;
  if (!out.next(0, next, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector vxlan_dissector{.name = "vxlan",
                                                 .title = "Virtual eXtensible Local Area Network",
                                                 .column = "VXLAN",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_vxlan};

}  // namespace pr::dissect
