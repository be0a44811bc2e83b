// Encapsulated Remote Switch Port Analysis, types II and III (draft-foschiano-erspan): frames that a switch mirrors.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kVersionNames[] = {{0, "Type I"}, {1, "Type II"}, {2, "Type III"}};
constexpr NamedValue kEncapNames[] = {
    {0, "Originally without VLAN tag"}, {1, "ISL encapsulated"}, {2, "802.1Q encapsulated"}, {3, "VLAN tag preserved"}};
constexpr NamedValue kDamageNames[] = {{0, "Good or unknown"}, {1, "Bad"}, {2, "Short"}, {3, "Oversized"}};
constexpr NamedValue kFrameTypeNames[] = {{0, "Ethernet"}, {2, "IP"}};
constexpr NamedValue kGranularityNames[] = {
    {0, "100 microseconds"}, {1, "100 nanoseconds"}, {2, "IEEE 1588"}, {3, "User configurable"}};

enum Field : std::size_t {
  kVersion,
  kVlan,
  kCos,
  kEncap,
  kBso,
  kTruncated,
  kSpanId,
  kReserved,
  kIndex,
  kTimestamp,
  kSgt,
  kHasPdu,
  kFrameType,
  kHardware,
  kDirection,
  kGranularity,
  kHasSubheader,
  kPlatform,
  kSwitchId,
  kPort5,
  kSeconds,
  kPort3,
  kUpper3,
  kUnknownVersion,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"erspan.version", "Version", FieldType::kUint, Show::kDec, 0, kVersionNames},
    {"erspan.vlan", "Vlan", FieldType::kUint},
    {"erspan.cos", "COS", FieldType::kUint},
    {"erspan.encap", "Encap", FieldType::kUint, Show::kDec, 0, kEncapNames},
    {"erspan.bso", "Bad/Short/Oversized", FieldType::kUint, Show::kDec, 0, kDamageNames},
    {"erspan.truncated", "Truncated", FieldType::kUint},
    {"erspan.spanid", "SpanID", FieldType::kUint},
    {"erspan.reserved", "Reserved", FieldType::kUint},
    {"erspan.index", "Index", FieldType::kUint},
    {"erspan.timestamp", "Timestamp", FieldType::kUint},
    {"erspan.sgt", "Security Group Tag", FieldType::kUint},
    {"erspan.p", "Has Ethernet PDU", FieldType::kUint},
    {"erspan.ft", "Frame Type", FieldType::kUint, Show::kDec, 0, kFrameTypeNames},
    {"erspan.hw", "Hardware ID", FieldType::kUint},
    {"erspan.direction", "Direction", FieldType::kBool},
    {"erspan.gra", "Timestamp granularity", FieldType::kUint, Show::kDec, 0, kGranularityNames},
    {"erspan.o", "Optional Sub headers", FieldType::kUint},
    {"erspan.platid", "Platform ID", FieldType::kUint},
    {"erspan.pid5.switchid", "Switch ID", FieldType::kUint},
    {"erspan.pid5.port_index", "Port ID/Index", FieldType::kUint},
    {"erspan.pid5.timestamp", "Timestamp (seconds)", FieldType::kUint},
    {"erspan.pid3.port_index", "Port ID/Index", FieldType::kUint},
    {"erspan.pid3.timestamp", "Upper 32-bit Timestamp", FieldType::kUint},
    {"erspan.version.unknown", "Unknown version", FieldType::kNone},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"gre.proto", 0x88be}, {"gre.proto", 0x22eb}};
constexpr unsigned kTypeII = 1, kTypeIII = 2;

// Eight octets whose meaning depends on the hardware that mirrored.
void add_subheader(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(8);
  const std::uint32_t word = in.u32();
  const std::uint32_t second = in.u32();
  if (!in.ok() || !out.wanted()) return;
  const unsigned platform = word >> 26U;
  out.add(kPlatform, platform, where.first(4));
  if (platform == 3) {
    out.add(kPort3, word & 0x3fffU, where.first(4));
    out.add(kUpper3, second, where.subspan(4));
  } else if (platform == 5 || platform == 6) {
    out.add(kSwitchId, word >> 16U & 0x3ffU, where.first(4));
    out.add(kPort5, word & 0xffffU, where.first(4));
    out.add(kSeconds, second, where.subspan(4));
  }
}

struct Header {
  unsigned version = 0;
  std::uint16_t session = 0;
  unsigned frame_type = 0;
};

Header read_header(Cursor& in, LayerBuilder& out) {
  Header header;
  const Bytes first = in.peek(2);
  const std::uint16_t version_vlan = in.u16();
  const Bytes second = in.peek(2);
  const std::uint16_t word = in.u16();
  if (!in.ok()) return header;
  header.version = version_vlan >> 12U;
  header.session = word & 0x3ffU;
  out.add(kVersion, header.version, first);
  if (header.version != kTypeII && header.version != kTypeIII) return header;
  out.add(kVlan, version_vlan & 0xfffU, first);
  out.add(kCos, word >> 13U, second);
  out.add(header.version == kTypeII ? kEncap : kBso, word >> 11U & 3U, second);
  out.add(kTruncated, word >> 10U & 1U, second);
  out.add(kSpanId, header.session, second);
  if (header.version == kTypeII) {
    const Bytes where = in.peek(4);
    const std::uint32_t index = in.u32();
    if (!in.ok()) return header;
    out.add(kReserved, index >> 20U, where);
    out.add(kIndex, index & 0xfffffU, where);
    return header;
  }
  out.u32(in, kTimestamp);
  out.u16(in, kSgt);
  const Bytes where = in.peek(2);
  const std::uint16_t bits = in.u16();
  if (!in.ok()) return header;
  header.frame_type = bits >> 10U & 31U;
  out.add(kHasPdu, bits >> 15U, where);
  out.add(kFrameType, header.frame_type, where);
  out.add(kHardware, bits >> 4U & 63U, where);
  out.add(kDirection, bits >> 3U & 1U, where);
  out.add(kGranularity, bits >> 1U & 3U, where);
  out.add(kHasSubheader, bits & 1U, where);
  if ((bits & 1U) != 0) add_subheader(in, out);
  return header;
}

Outcome dissect_erspan(Cursor& in, LayerBuilder& out) {
  const Header header = read_header(in, out);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("ERSPAN " + std::string(name_of(kVersionNames, header.version, "of unknown version")));
  if (header.version != kTypeII && header.version != kTypeIII) {
    out.mark(kUnknownVersion, Bytes{});
    in.skip(in.left());
    return Outcome::kDone;
  }
  if (in.left() == 0) return Outcome::kDone;
  if (!out.enter_tunnel({.name = "erspan", .id = header.session, .has_id = true}, in)) return Outcome::kDone;
  if (header.frame_type != 0 || !out.next("eth", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector erspan_dissector{.name = "erspan",
                                                  .title = "Encapsulated Remote Switch Packet ANalysis",
                                                  .column = "ERSPAN",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_erspan};

}  // namespace pr::dissect
