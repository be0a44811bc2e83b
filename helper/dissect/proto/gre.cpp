// Generic Routing Encapsulation, RFC 2784 and 2890; version 1 is PPTP's, RFC 2637; NVGRE is RFC 7637.
#include "helper/dissect/checksum.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0x0800, "IP"},
                                     {0x2001, "NHRP"},
                                     {0x22eb, "ERSPAN III"},
                                     {0x6558, "Transparent Ethernet bridging"},
                                     {0x86dd, "IPv6"},
                                     {0x880b, "PPP"},
                                     {0x883e, "Web Cache Communication Protocol"},
                                     {0x8847, "MPLS label switched packet"},
                                     {0x88be, "ERSPAN"}};
constexpr NamedValue kVersionNames[] = {{0, "GRE"}, {1, "Enhanced GRE"}};
constexpr NamedValue kStatusNames[] = {{0, "Bad"}, {1, "Good"}, {2, "Unverified"}, {3, "Not present"}};

enum Field : std::size_t {
  kFlagsAndVersion,
  kFlagChecksum,
  kFlagRouting,
  kFlagKey,
  kFlagSequence,
  kFlagStrict,
  kRecursion,
  kFlagAck,
  kReserved,
  kVersion,
  kProto,
  kChecksum,
  kChecksumStatus,
  kOffset,
  kKey,
  kKeyPayloadLength,
  kKeyCallId,
  kSequence,
  kAck,
  kRouting,
  kRoutingFamily,
  kRoutingOffset,
  kRoutingLength,
  kRoutingInformation,
  kRedirectHeader,
  kRedirectDynamic,
  kRedirectAlternativeUsed,
  kRedirectValid,
  kRedirectService,
  kRedirectAlternative,
  kRedirectPrimary,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"gre.flags_and_version", "Flags and Version", FieldType::kUint, Show::kHex, 16},
    {"gre.flags.checksum", "Checksum Bit", FieldType::kBool},
    {"gre.flags.routing", "Routing Bit", FieldType::kBool},
    {"gre.flags.key", "Key Bit", FieldType::kBool},
    {"gre.flags.sequence_number", "Sequence Number Bit", FieldType::kBool},
    {"gre.flags.strict_source_route", "Strict Source Route Bit", FieldType::kBool},
    {"gre.flags.recursion_control", "Recursion control", FieldType::kUint},
    {"gre.flags.ack", "Acknowledgment", FieldType::kBool},
    {"gre.flags.reserved", "Flags (Reserved)", FieldType::kUint},
    {"gre.flags.version", "Version", FieldType::kUint, Show::kDec, 0, kVersionNames},
    {"gre.proto", "Protocol Type", FieldType::kUint, Show::kHex, 16, kTypeNames},
    {"gre.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"gre.checksum.status", "Checksum Status", FieldType::kUint, Show::kDec, 0, kStatusNames},
    {"gre.offset", "Offset", FieldType::kUint},
    {"gre.key", "Key", FieldType::kUint, Show::kHex, 32},
    {"gre.key.payload_length", "Payload Length", FieldType::kUint},
    {"gre.key.call_id", "Call ID", FieldType::kUint},
    {"gre.sequence_number", "Sequence Number", FieldType::kUint},
    {"gre.ack_number", "Acknowledgment Number", FieldType::kUint},
    {"gre.routing", "Routing", FieldType::kNone},
    {"gre.routing.address_family", "Address Family", FieldType::kUint},
    {"gre.routing.sre_offset", "SRE Offset", FieldType::kUint},
    {"gre.routing.src_length", "SRE Length", FieldType::kUint},
    {"gre.routing.information", "Routing Information", FieldType::kBytes},
    {"gre.wccp.redirect_header", "Redirect Header", FieldType::kNone},
    {"gre.wccp.dynamic_service", "Dynamic Service", FieldType::kBool},
    {"gre.wccp.alternative_bucket_used", "Alternative bucket used", FieldType::kBool},
    {"gre.wccp.redirect_header_valid", "WCCP Redirect header is valid", FieldType::kBool},
    {"gre.wccp.service_id", "Service ID", FieldType::kUint},
    {"gre.wccp.alternative_bucket", "Alternative Bucket", FieldType::kUint},
    {"gre.wccp.primary_bucket", "Primary Bucket", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

// RFC 8086: over UDP, with the same header.
constexpr Bind kBinds[] = {{"ip.proto", 47}, {"udp.tunnel", 4754}};
enum Table : std::size_t { kTableProto, kTableEtherType };
constexpr const char* kTables[] = {"gre.proto", "ethertype"};

constexpr std::uint16_t kHasChecksum = 0x8000, kHasRouting = 0x4000, kHasKey = 0x2000, kHasSequence = 0x1000,
                        kHasAck = 0x0080, kVersionMask = 7;
constexpr std::uint16_t kTypeEthernet = 0x6558, kTypePpp = 0x880b, kTypeErspan = 0x88be, kTypeWccp = 0x883e;
constexpr std::uint16_t kTypeAruba = 0x8200, kTypeArubaEnd = 0x8270;

void add_flags(std::uint16_t flags, Bytes where, LayerBuilder& out) {
  out.add(kFlagsAndVersion, flags, where);
  LayerBuilder::Subtree below(out);
  out.add(kFlagChecksum, flags >> 15U & 1U, where);
  out.add(kFlagRouting, flags >> 14U & 1U, where);
  out.add(kFlagKey, flags >> 13U & 1U, where);
  out.add(kFlagSequence, flags >> 12U & 1U, where);
  out.add(kFlagStrict, flags >> 11U & 1U, where);
  out.add(kRecursion, flags >> 8U & 7U, where);
  if ((flags & kVersionMask) == 1) {
    out.add(kFlagAck, flags >> 7U & 1U, where);
    out.add(kReserved, flags >> 3U & 15U, where);
  } else {
    out.add(kReserved, flags >> 3U & 31U, where);
  }
  out.add(kVersion, flags & kVersionMask, where);
}

// Source route entries, RFC 1701; one without family and length is the last.
void add_routing(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const Bytes where = in.peek(4);
    if (where.size() < 4) return in.fail();
    out.mark(kRouting, where);
    LayerBuilder::Subtree below(out);
    const std::uint16_t family = out.u16(in, kRoutingFamily);
    out.u8(in, kRoutingOffset);
    const std::uint8_t length = out.u8(in, kRoutingLength);
    out.bytes(in, kRoutingInformation, length);
    if (family == 0 && length == 0) return;
  }
}

struct Key {
  bool present = false;
  std::uint32_t value = 0;
};

Key read_key(Cursor& in, LayerBuilder& out, std::uint16_t flags, std::uint16_t type) {
  if ((flags & kHasKey) == 0) return {};
  const Bytes where = in.peek(4);
  const std::uint32_t key = in.u32();
  if (!in.ok()) return {};
  if ((flags & kVersionMask) == 1 && type == kTypePpp) {
    out.add(kKeyPayloadLength, key >> 16U, where.first(2));
    out.add(kKeyCallId, key & 0xffffU, where.subspan(2));
  } else {
    out.add(kKey, key, where);
  }
  return {true, key};
}

void read_optional(Cursor& in, LayerBuilder& out, std::uint16_t flags) {
  if ((flags & (kHasChecksum | kHasRouting)) == 0) return;
  const Bytes whole = in.all();
  out.u16(in, kChecksum);
  if (in.ok() && out.wanted()) {
    const bool checked = (flags & kHasChecksum) != 0 && wire_left(in, out) == in.left();
    out.add(kChecksumStatus, checked ? (internet_checksum({whole}) == 0 ? 1 : 0) : 2, Bytes{});
  }
  out.u16(in, kOffset);
}

// A redirected packet may begin with four octets of WCCP; an IP header begins with a version.
void read_redirect(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(4);
  if (head.size() < 4 || head[0] >> 4U == 4) return;
  out.mark(kRedirectHeader, head);
  LayerBuilder::Subtree below(out);
  out.add(kRedirectDynamic, head[0] & 1U, head.first(1));
  out.add(kRedirectAlternativeUsed, head[0] >> 1U & 1U, head.first(1));
  out.add(kRedirectValid, head[0] >> 2U & 1U, head.first(1));
  in.skip(1);
  out.u8(in, kRedirectService);
  if ((head[0] >> 1U & 1U) != 0) {
    out.u8(in, kRedirectAlternative);
  } else {
    in.skip(1);
  }
  out.u8(in, kRedirectPrimary);
}

Tunnel tunnel_of(std::uint16_t type, const Key& key) {
  if (type == kTypeEthernet && key.present) return {.name = "nvgre", .id = key.value >> 8U, .has_id = true};
  return {.name = "gre", .id = key.value, .has_id = key.present};
}

// Over UDP a port alone says little: no reserved bits, version 0 and a type that somebody knows.
bool is_gre(Bytes head) {
  if (head.size() < 4 || (head[0] & 0x4fU) != 0 || head[1] != 0) return false;
  const auto type = static_cast<std::uint16_t>(head[2] << 8U | head[3]);
  return std::ranges::any_of(kTypeNames, [type](const NamedValue& known) { return known.value == type; });
}

Outcome dissect_gre(Cursor& in, LayerBuilder& out) {
  if (out.frame().ip_proto == kIpProtoUdp && !out.quoted() && !is_gre(in.peek(4))) return Outcome::kNotMine;
  const Bytes where = in.peek(2);
  const std::uint16_t flags = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) add_flags(flags, where, out);
  const std::uint16_t type = out.u16(in, kProto);
  read_optional(in, out, flags);
  const Key key = read_key(in, out, flags, type);
  if ((flags & kHasSequence) != 0) out.u32(in, kSequence);
  const bool version1 = (flags & kVersionMask) == 1;
  if (version1 && (flags & kHasAck) != 0) out.u32(in, kAck);
  if ((flags & kHasRouting) != 0) add_routing(in, out);
  if (type == kTypeWccp) read_redirect(in, out);
  if (out.wanted()) out.info("Encapsulated " + std::string(name_of(kTypeNames, type, "0x" + hex16(type))));
  if (!in.ok()) return Outcome::kTruncated;
  // An acknowledgment alone, or a keepalive.
  if (in.left() == 0 || (flags & kVersionMask) > 1) return Outcome::kDone;
  if (!out.enter_tunnel(tunnel_of(type, key), in)) return Outcome::kDone;
  if (type == kTypeErspan && (flags & kHasSequence) == 0) {  // ERSPAN type I has no header of its own
    if (!out.next("eth", in)) out.data(in);
    return Outcome::kDone;
  }
  const bool aruba = type >= kTypeAruba && type < kTypeArubaEnd;
  if (aruba ? !out.next("wlan", in) : !out.next(kTableProto, type, in) && !out.next(kTableEtherType, type, in)) {
    out.data(in);
  }
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector gre_dissector{.name = "gre",
                                               .title = "Generic Routing Encapsulation",
                                               .column = "GRE",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_gre};

}  // namespace pr::dissect
