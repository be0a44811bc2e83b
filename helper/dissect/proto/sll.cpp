// Linux cooked-mode capture, what the "any" device gives: version 1 (LINKTYPE_LINUX_SLL) and version 2
// (LINKTYPE_LINUX_SLL2). Wireshark has one filter name for both, and so they are one protocol here.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kPacketTypeNames[] = {
    {0, "Unicast to us"}, {1, "Broadcast"}, {2, "Multicast"}, {3, "Unicast to another host"}, {4, "Sent by us"}};
constexpr NamedValue kLinkProtocolNames[] = {
    {1, "Raw 802.3"}, {3, "Ethernet"}, {4, "802.2 LLC"}, {7, "PPP"}, {12, "CAN"}};

enum Field : std::size_t {
  kPkttype,
  kHatype,
  kHalen,
  kSrcEth,
  kSrcIpv4,
  kSrcOther,
  kUnused,
  kLtype,
  kGretype,
  kEtype,
  kTrailer,
  kIfindex,
  kEthPadding,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"sll.pkttype", "Packet type", FieldType::kUint, Show::kDec, 0, kPacketTypeNames},
    {"sll.hatype", "Link-layer address type", FieldType::kUint},
    {"sll.halen", "Link-layer address length", FieldType::kUint},
    {"sll.src.eth", "Source", FieldType::kEther},
    {"sll.src.ipv4", "Source", FieldType::kIpv4},
    {"sll.src.other", "Source", FieldType::kBytes},
    {"sll.unused", "Unused", FieldType::kBytes},
    {"sll.ltype", "Protocol", FieldType::kUint, Show::kHex, 16, kLinkProtocolNames},
    {"sll.gretype", "Protocol", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"sll.etype", "Protocol", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"sll.trailer", "Trailer", FieldType::kBytes},
    {"sll.ifindex", "Interface index", FieldType::kUint},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 113}, {"link", 276}};
constexpr const char* kTables[] = {"ethertype", "sll.ltype"};
constexpr TrailerFields kTrailers{kEthPadding, kTrailer, 0, 0, false};
constexpr std::uint16_t kHardwareGre = 778;  // ARPHRD_IPGRE: protocol numbers are GRE's
constexpr std::uint16_t kMinEtherType = 1536;

// The sender's address field is eight octets wide; halen of them count.
void add_address(Cursor& in, LayerBuilder& out, std::uint16_t halen) {
  const Bytes field = in.take(8);
  if (!in.ok() || !out.wanted()) return;
  const std::size_t used = std::min<std::size_t>(halen, field.size());
  const Bytes address = field.first(used);
  if (used == 6) {
    out.add(kSrcEth, address, address);
  } else if (used == 4) {
    out.add(kSrcIpv4, static_cast<std::uint32_t>(address[0] << 24U | address[1] << 16U | address[2] << 8U | address[3]),
            address);
  } else if (used > 0) {
    out.add(kSrcOther, address, address);
  }
  if (used < field.size()) out.add(kUnused, field.subspan(used), field.subspan(used));
}

// Ethernet types, and below them small numbers of Linux.
Outcome dissect_payload(Cursor& in, LayerBuilder& out, std::uint16_t protocol, std::uint16_t hatype, Bytes where) {
  if (hatype == kHardwareGre) {
    out.add(kGretype, protocol, where);
    if (!out.next(0, protocol, in)) out.data(in);
    return Outcome::kDone;
  }
  if (protocol < kMinEtherType) {
    out.add(kLtype, protocol, where);
    if (!out.next(1, protocol, in)) out.data(in);
    return Outcome::kDone;
  }
  out.add(kEtype, protocol, where);
  if (out.wanted()) {
    const auto stated = stated_length(protocol, in.rest());
    if (stated.has_value()) add_trailer(in, out, *stated, kTrailers);
  }
  if (!out.next(0, protocol, in)) out.data(in);
  return Outcome::kDone;
}

Outcome dissect_version1(Cursor& in, LayerBuilder& out) {
  const std::uint16_t packet_type = out.u16(in, kPkttype);
  const std::uint16_t hatype = out.u16(in, kHatype);
  const std::uint16_t halen = out.u16(in, kHalen);
  add_address(in, out, halen);
  const Bytes where = in.peek(2);
  const std::uint16_t protocol = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info(std::string(name_of(kPacketTypeNames, packet_type, "Unknown")));
  return dissect_payload(in, out, protocol, hatype, where);
}

Outcome dissect_version2(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t protocol = in.u16();
  in.skip(2);  // reserved
  out.u32(in, kIfindex);
  const std::uint16_t hatype = out.u16(in, kHatype);
  const std::uint8_t packet_type = out.u8(in, kPkttype);
  const std::uint8_t halen = out.u8(in, kHalen);
  add_address(in, out, halen);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info(std::string(name_of(kPacketTypeNames, packet_type, "Unknown")));
  return dissect_payload(in, out, protocol, hatype, where);
}

Outcome dissect_sll(Cursor& in, LayerBuilder& out) {
  constexpr std::uint16_t kVersion1 = 113;
  return out.packet().link_type == kVersion1 ? dissect_version1(in, out) : dissect_version2(in, out);
}

}  // namespace

extern constinit const Dissector sll_dissector{.name = "sll",
                                               .title = "Linux cooked-mode capture",
                                               .column = "SLL",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_sll};

}  // namespace pr::dissect
