// Address Resolution Protocol, RFC 826, and RARP, RFC 903.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"
#include "shared/model/address.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kHardwareNames[] = {{1, "Ethernet"},        {6, "IEEE 802"},   {7, "ARCNET"},
                                         {15, "Frame Relay"},    {16, "ATM"},       {17, "HDLC"},
                                         {18, "Fibre Channel"},  {19, "ATM"},       {20, "Serial Line"},
                                         {24, "IEEE 1394.1995"}, {32, "InfiniBand"}};
constexpr NamedValue kOpcodeNames[] = {
    {1, "request"},     {2, "reply"},       {3, "reverse request"}, {4, "reverse reply"}, {5, "drarp request"},
    {6, "drarp reply"}, {7, "drarp error"}, {8, "inverse request"}, {9, "inverse reply"}, {10, "nak reply"}};

enum Field : std::size_t {
  kHwType,
  kProtoType,
  kHwSize,
  kProtoSize,
  kOpcode,
  kIsgratuitous,
  kIsprobe,
  kIsannouncement,
  kSrcHw,
  kSrcHwMac,
  kSrcProto,
  kSrcProtoIpv4,
  kDstHw,
  kDstHwMac,
  kDstProto,
  kDstProtoIpv4,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"arp.hw.type", "Hardware type", FieldType::kUint, Show::kDec, 0, kHardwareNames},
    {"arp.proto.type", "Protocol type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"arp.hw.size", "Hardware size", FieldType::kUint},
    {"arp.proto.size", "Protocol size", FieldType::kUint},
    {"arp.opcode", "Opcode", FieldType::kUint, Show::kDec, 0, kOpcodeNames},
    {"arp.isgratuitous", "Is gratuitous", FieldType::kBool},
    {"arp.isprobe", "Is probe", FieldType::kBool},
    {"arp.isannouncement", "Is announcement", FieldType::kBool},
    {"arp.src.hw", "Sender hardware address", FieldType::kBytes},
    {"arp.src.hw_mac", "Sender MAC address", FieldType::kEther},
    {"arp.src.proto", "Sender protocol address", FieldType::kBytes},
    {"arp.src.proto_ipv4", "Sender IP address", FieldType::kIpv4},
    {"arp.dst.hw", "Target hardware address", FieldType::kBytes},
    {"arp.dst.hw_mac", "Target MAC address", FieldType::kEther},
    {"arp.dst.proto", "Target protocol address", FieldType::kBytes},
    {"arp.dst.proto_ipv4", "Target IP address", FieldType::kIpv4},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", kEtherTypeArp}, {"ethertype", 0x8035},       {"llc.type", kEtherTypeArp},
                           {"llc.type", 0x8035},         {"llc.dsap", 0x98},          {"arcnet.protocol_id", 0xd5},
                           {"arcnet.protocol_id", 0xd6}, {"arcnet.protocol_id", 0xf1}};

enum Opcode : std::uint16_t {
  kRequest = 1,
  kReply = 2,
  kReverseRequest = 3,
  kReverseReply = 4,
  kInverseRequest = 8,
  kInverseReply = 9
};

struct Message {
  std::uint16_t hardware = 0, protocol = 0, opcode = 0;
  Bytes src_hw, src_proto, dst_hw, dst_proto;

  [[nodiscard]] bool ethernet() const { return (hardware == 1 || hardware == 6) && src_hw.size() == 6; }
  [[nodiscard]] bool ipv4() const { return protocol == kEtherTypeIpv4 && src_proto.size() == 4; }
};

bool zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t octet) { return octet == 0; });
}

std::string protocol_text(const Message& arp, Bytes address) {
  return arp.ipv4() ? IpAddress::from(address).text() : mac_text(address);
}

std::string info_of(const Message& arp) {
  const std::string src = protocol_text(arp, arp.src_proto), dst = protocol_text(arp, arp.dst_proto);
  switch (arp.opcode) {
    case kRequest:
      if (!arp.ipv4()) break;
      if (arp.src_proto.size() == 4 && std::ranges::equal(arp.src_proto, arp.dst_proto)) {
        return zero(arp.dst_hw) ? "ARP Announcement for " + dst : "Gratuitous ARP for " + dst + " (Request)";
      }
      if (zero(arp.src_proto)) return "Who has " + dst + "? (ARP Probe)";
      break;
    case kReply:
      if (arp.ipv4() && std::ranges::equal(arp.src_proto, arp.dst_proto)) {
        return "Gratuitous ARP for " + src + " (Reply)";
      }
      return src + " is at " + mac_text(arp.src_hw);
    case kReverseRequest: return "Who is " + mac_text(arp.dst_hw) + "? Tell " + mac_text(arp.src_hw);
    case kReverseReply: return mac_text(arp.dst_hw) + " is at " + dst;
    case kInverseRequest: return "Who is " + mac_text(arp.dst_hw) + "? Tell " + mac_text(arp.src_hw);
    case kInverseReply: return mac_text(arp.src_hw) + " is at " + src;
    default: return "Unknown ARP opcode 0x" + hex16(arp.opcode);
  }
  return "Who has " + dst + "? Tell " + src;
}

// What an address announces of itself, RFC 5227.
void add_purpose(const Message& arp, LayerBuilder& out) {
  if (!arp.ipv4() || arp.opcode > kReply) return;
  if (std::ranges::equal(arp.src_proto, arp.dst_proto)) {
    out.add(kIsgratuitous, 1, Bytes{});
    if (arp.opcode == kRequest && zero(arp.dst_hw)) out.add(kIsannouncement, 1, Bytes{});
  } else if (arp.opcode == kRequest && zero(arp.src_proto)) {
    out.add(kIsprobe, 1, Bytes{});
  }
}

void add_hardware(const Message& arp, LayerBuilder& out, Bytes address, std::size_t field) {
  if (!address.empty()) out.add(arp.ethernet() ? field + 1 : field, address, address);
}

void add_protocol(const Message& arp, LayerBuilder& out, Bytes address, std::size_t field) {
  if (address.empty()) return;
  if (arp.ipv4()) {
    out.add(field + 1, IpAddress::from(address).v4_value(), address);
  } else {
    out.add(field, address, address);
  }
}

Outcome dissect_arp(Cursor& in, LayerBuilder& out) {
  Message arp;
  arp.hardware = out.u16(in, kHwType);
  arp.protocol = out.u16(in, kProtoType);
  const std::uint8_t hardware_size = out.u8(in, kHwSize);
  const std::uint8_t protocol_size = out.u8(in, kProtoSize);
  arp.opcode = out.u16(in, kOpcode);
  arp.src_hw = in.take(hardware_size);
  arp.src_proto = in.take(protocol_size);
  arp.dst_hw = in.take(hardware_size);
  arp.dst_proto = in.take(protocol_size);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.wanted()) return Outcome::kDone;
  add_purpose(arp, out);
  add_hardware(arp, out, arp.src_hw, kSrcHw);
  add_protocol(arp, out, arp.src_proto, kSrcProto);
  add_hardware(arp, out, arp.dst_hw, kDstHw);
  add_protocol(arp, out, arp.dst_proto, kDstProto);
  out.info(info_of(arp));
  if (arp.opcode == kReverseRequest || arp.opcode == kReverseReply) out.column("RARP");
  if (arp.opcode == kInverseRequest || arp.opcode == kInverseReply) out.column("Inverse ARP");
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector arp_dissector{.name = "arp",
                                               .title = "Address Resolution Protocol",
                                               .column = "ARP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_arp};

}  // namespace pr::dissect
