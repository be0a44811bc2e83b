// Generic Network Virtualization Encapsulation, RFC 8926.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/tunnel_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kProtoNames[] = {{0x0800, "IPv4"},
                                      {0x6558, "Transparent Ethernet bridging"},
                                      {0x86dd, "IPv6"},
                                      {0x8847, "MPLS label switched packet"}};
constexpr NamedValue kClassNames[] = {{0x0000, "Standard"},
                                      {0x0100, "Linux"},
                                      {0x0101, "Open vSwitch"},
                                      {0x0102, "Open Virtual Networking (OVN)"},
                                      {0x0103, "In-band Network Telemetry (INT)"},
                                      {0x0104, "VMware"},
                                      {0x0108, "Amazon.com, Inc."},
                                      {0x0132, "Google Cloud Platform"},
                                      {0x013c, "Cilium"}};

enum Field : std::size_t {
  kVersion,
  kFlags,
  kFlagOam,
  kFlagCritical,
  kFlagReserved,
  kProtoType,
  kVni,
  kReserved,
  kOptions,
  kOption,
  kOptionClass,
  kOptionType,
  kOptionCritical,
  kOptionFlags,
  kOptionFlagsReserved,
  kOptionLength,
  kUnknownData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"geneve.version", "Version", FieldType::kUint},
    {"geneve.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"geneve.flags.oam", "Operations, Administration and Management Frame", FieldType::kBool},
    {"geneve.flags.critical", "Critical Options Present", FieldType::kBool},
    {"geneve.flags.reserved", "Reserved", FieldType::kBool},
    {"geneve.proto_type", "Protocol Type", FieldType::kUint, Show::kHex, 16, kProtoNames},
    {"geneve.vni", "Virtual Network Identifier (VNI)", FieldType::kUint, Show::kHex, 24},
    {"geneve.reserved", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"geneve.options", "Geneve Options", FieldType::kBytes},
    {"geneve.option", "Option", FieldType::kBytes},
    {"geneve.option.class", "Class", FieldType::kUint, Show::kHex, 16, kClassNames},
    {"geneve.option.type", "Type", FieldType::kUint, Show::kHex, 8},
    {"geneve.option.type.critical", "Critical Option", FieldType::kBool},
    {"geneve.option.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"geneve.option.flags.reserved", "Reserved", FieldType::kBool},
    {"geneve.option.length", "Length", FieldType::kUint},
    {"geneve.option.unknown.data", "Unknown Option Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.tunnel", 6081}};
enum Table : std::size_t { kTableEtherType };
// The types of GRE: those of Ethernet, found directly.
constexpr const char* kTables[] = {"gre.proto"};
constexpr std::size_t kHeader = 8;

void add_options(Cursor in, LayerBuilder& out) {
  if (in.left() == 0) return;
  out.add(kOptions, in.rest(), in.rest());
  LayerBuilder::Subtree below(out);
  while (in.left() >= 4) {
    const std::size_t length = 4 + (in.peek(4)[3] & 0x1fU) * std::size_t{4};
    Cursor option = in.sub(length);
    if (!in.ok()) return;
    out.add(kOption, option.rest(), option.rest());
    LayerBuilder::Subtree inside(out);
    out.u16(option, kOptionClass);
    const Bytes where = option.peek(1);
    const std::uint8_t type = out.u8(option, kOptionType);
    {
      LayerBuilder::Subtree critical(out);
      out.add(kOptionCritical, type >> 7U, where);
    }
    const Bytes last = option.peek(1);
    const std::uint8_t flags = option.u8();
    out.add(kOptionFlags, flags & 0xe0U, last);
    {
      LayerBuilder::Subtree reserved(out);
      out.add(kOptionFlagsReserved, flags >> 5U != 0 ? 1 : 0, last);
    }
    out.add(kOptionLength, length, last);
    if (option.left() > 0) out.bytes(option, kUnknownData, option.left());
  }
}

Outcome dissect_geneve(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kHeader);
  // Version 0, and bits that have no meaning yet.
  if (head.size() < kHeader || head[0] >> 6U != 0 || (head[1] & 0x3fU) != 0 || head[7] != 0) return Outcome::kNotMine;
  const std::size_t options = (head[0] & 0x3fU) * std::size_t{4};
  const auto type = static_cast<std::uint16_t>(head[2] << 8U | head[3]);
  if (type < 0x0600 || kHeader + options > wire_left(in, out)) return Outcome::kNotMine;
  const std::uint32_t vni = static_cast<std::uint32_t>(head[4] << 16U | head[5] << 8U | head[6]);
  in.skip(kHeader);
  Cursor list = in.sub(std::min(options, in.left()));
  if (out.wanted()) {
    out.add(kVersion, head[0] >> 6U, head.first(1));
    out.add(kOptionLength, options, head.first(1));  // of all
    out.add(kFlags, head[1], head.subspan(1, 1));
    {
      LayerBuilder::Subtree below(out);
      out.add(kFlagOam, head[1] >> 7U, head.subspan(1, 1));
      out.add(kFlagCritical, head[1] >> 6U & 1U, head.subspan(1, 1));
      out.add(kFlagReserved, (head[1] & 0x3fU) != 0 ? 1 : 0, head.subspan(1, 1));
    }
    out.add(kProtoType, type, head.subspan(2, 2));
    out.add(kVni, vni, head.subspan(4, 3));
    out.add(kReserved, head[7], head.subspan(7, 1));
    add_options(list, out);
    out.info("Encapsulated " + std::string(name_of(kProtoNames, type, "0x" + hex16(type))) +
             ", VNI: " + std::to_string(vni));
  }
  if (in.left() == 0) return Outcome::kDone;
  if (!out.enter_tunnel({.name = "geneve", .id = vni, .has_id = true}, in)) return Outcome::kDone;
  if (!out.next(kTableEtherType, type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector geneve_dissector{.name = "geneve",
                                                  .title = "Generic Network Virtualization Encapsulation",
                                                  .column = "Geneve",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .tables = kTables,
                                                  .dissect = &dissect_geneve};

}  // namespace pr::dissect
