// What Juniper's routers put in front of packets that they capture: a magic number, flags, extensions, and for some
// interface cards a cookie. Then comes the link layer, or without one the number of a protocol.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kPayloadNames[] = {{0, "Unknown"}, {2, "IPv4"},          {3, "MPLS"},
                                        {6, "IPv6"},    {200, "PPP"},         {204, "Ethernet"},
                                        {206, "NLPID"}, {207, "Frame-Relay"}, {208, "C-HDLC"}};

enum Field : std::size_t {
  kMagic,
  kDirection,
  kL2Header,
  kExtensions,
  kDeviceIndex,
  kLogicalIndex,
  kUnit,
  kMedia,
  kEncapsulation,
  kAtm2Cookie,
  kAtm1Cookie,
  kProtocol,
  kVlan,
  kPayloadType,
  kNoMagic,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"juniper.magic-number", "Magic Number", FieldType::kUint, Show::kHex, 24},
    {"juniper.direction", "Direction", FieldType::kUint, Show::kHex, 8},
    {"juniper.l2hdr", "L2 header presence", FieldType::kUint, Show::kHex, 8},
    {"juniper.ext_total_len", "Extension(s) Total length", FieldType::kUint},
    {"juniper.ext.ifd", "Device Interface Index", FieldType::kUint},
    {"juniper.ext.ifl", "Logical Interface Index", FieldType::kUint},
    {"juniper.ext.unit", "Logical Unit Number", FieldType::kUint},
    {"juniper.ext.ifmt", "Device Media Type", FieldType::kUint},
    {"juniper.ext.ifle", "Logical Interface Encapsulation", FieldType::kUint},
    {"juniper.atm2.cookie", "Cookie", FieldType::kUint, Show::kHex, 64},
    {"juniper.atm1.cookie", "Cookie", FieldType::kUint, Show::kHex, 32},
    {"juniper.proto", "Protocol", FieldType::kUint, Show::kDec, 0, kPayloadNames},
    {"juniper.vlan", "VLan ID", FieldType::kUint},
    {"juniper.payload_type", "Payload Type", FieldType::kUint, Show::kDec, 0, kPayloadNames},
    {"juniper.magic-number.none", "No Magic-Number found!", FieldType::kNone},
};
static_assert(std::size(kFields) == kFieldCount);

enum LinkType : std::uint16_t {
  kMlppp = 130,
  kMlfr = 131,
  kGgsn = 133,
  kAtm2 = 135,
  kAtm1 = 137,
  kPppoe = 167,
  kEther = 178,
  kPpp = 179,
  kFrameRelay = 180,
  kChdlc = 181,
  kVoice = 183,
  kSecureTunnel = 200
};
constexpr Bind kBinds[] = {{"link", kMlppp}, {"link", kMlfr},  {"link", kGgsn},       {"link", kAtm2},
                           {"link", kAtm1},  {"link", kPppoe}, {"link", kEther},      {"link", kPpp},
                           {"link", kChdlc}, {"link", kVoice}, {"link", kFrameRelay}, {"link", kSecureTunnel}};

enum Payload : std::uint16_t {
  kPayloadUnknown = 0,
  kPayloadIpv4 = 2,
  kPayloadMpls = 3,
  kPayloadIpv6 = 6,
  kPayloadPpp = 200,
  kPayloadEther = 204,
  kPayloadLlc = 205,
  kPayloadFrameRelay = 207,
  kPayloadChdlc = 208
};
constexpr std::uint32_t kMagicValue = 0x4d4743;
constexpr std::uint8_t kNoL2 = 0x02, kExtended = 0x80;
constexpr std::size_t kVoiceHeader = 18;

void add_extensions(Cursor in, LayerBuilder& out) {
  constexpr std::size_t kFieldOf[] = {0, kDeviceIndex, 0, kMedia, kLogicalIndex, kUnit, kEncapsulation};
  while (in.left() >= 2) {
    const std::uint8_t type = in.u8();
    const std::uint8_t length = in.u8();
    const Bytes value = in.take(length);
    if (!in.ok() || type >= std::size(kFieldOf) || kFieldOf[type] == 0 || length == 0 || length > 4) continue;
    std::uint64_t number = 0;  // little-endian whatever the router
    for (std::size_t i = length; i-- > 0;) number = number << 8U | value[i];
    out.add(kFieldOf[type], number, value);
  }
}

struct Header {
  std::uint8_t flags = 0;
  bool has_magic = false;
};

Header read_header(Cursor& in, LayerBuilder& out) {
  Header header;
  const Bytes where = in.peek(4);
  if (where.size() < 4) {
    in.fail();
    return header;
  }
  const auto magic = static_cast<std::uint32_t>(where[0] << 16U | where[1] << 8U | where[2]);
  out.add(kMagic, magic, where.first(3));
  header.has_magic = magic == kMagicValue;
  if (!header.has_magic) {
    out.mark(kNoMagic, Bytes{});
    return header;
  }
  in.skip(3);
  header.flags = in.u8();
  out.add(kDirection, header.flags & 1U, where.subspan(3));
  out.add(kL2Header, header.flags >> 1U & 1U, where.subspan(3));
  if ((header.flags & kExtended) != 0) {
    const std::uint16_t length = out.u16(in, kExtensions);
    const Cursor extensions = in.sub(length);
    LayerBuilder::Subtree below(out);
    if (in.ok() && out.wanted()) add_extensions(extensions, out);
  }
  return header;
}

// ATM cards do not say what follows; LLC, PPP and IP can be told by how they begin.
Payload guess(Bytes data) {
  if (data.size() < 4) return kPayloadUnknown;
  const auto start = static_cast<std::uint32_t>(data[0] << 16U | data[1] << 8U | data[2]);
  if (start == 0xaaaa03 || start == 0xfefe03) return kPayloadLlc;
  if (start >> 8U == 0xff03) return kPayloadPpp;
  if (data[0] == 0x45) return kPayloadIpv4;
  return data[0] >> 4U == 6 ? kPayloadIpv6 : kPayloadUnknown;
}

Payload read_payload_type(Cursor& in, LayerBuilder& out, std::uint16_t link) {
  switch (link) {
    case kEther:
    case kPppoe: return kPayloadEther;
    case kPpp: in.skip(2); return kPayloadPpp;  // address and control, never left out
    case kFrameRelay: return kPayloadFrameRelay;
    case kChdlc: return kPayloadChdlc;
    case kVoice: in.skip(kVoiceHeader); return kPayloadIpv4;
    case kGgsn: {
      const std::uint16_t type = out.u16le(in, kProtocol);
      out.u16le(in, kVlan);
      return static_cast<Payload>(type);
    }
    case kAtm2: out.u64(in, kAtm2Cookie); return guess(in.rest());
    case kAtm1: out.u32(in, kAtm1Cookie); return guess(in.rest());
    default: return guess(in.rest());
  }
}

bool hand_over(Cursor& in, LayerBuilder& out, Payload type) {
  switch (type) {
    case kPayloadIpv4: return out.next("ip", in);
    case kPayloadIpv6: return out.next("ipv6", in);
    case kPayloadMpls: return out.next("mpls", in);
    case kPayloadPpp: return out.next("ppp", in);
    case kPayloadEther: return out.next("eth", in);
    case kPayloadLlc: return out.next("llc", in);
    case kPayloadFrameRelay: return out.next("fr", in);
    case kPayloadChdlc: return out.next("chdlc", in);
    default: return false;
  }
}

Outcome dissect_juniper(Cursor& in, LayerBuilder& out) {
  const Header header = read_header(in, out);
  Payload type = kPayloadUnknown;
  if ((header.flags & kNoL2) != 0) {
    const Bytes number = in.take(4);
    if (in.ok()) type = static_cast<Payload>(number[0]);
  } else {
    type = read_payload_type(in, out, out.packet().link_type);
  }
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kPayloadType, type, Bytes{});
  if (out.wanted()) out.info("Juniper");
  if (!hand_over(in, out, type)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector juniper_dissector{.name = "juniper",
                                                   .title = "Juniper",
                                                   .column = "Juniper",
                                                   .fields = kFields,
                                                   .binds = kBinds,
                                                   .dissect = &dissect_juniper};

}  // namespace pr::dissect
