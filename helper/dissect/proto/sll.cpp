// Linux "cooked" captures: LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 (libpcap's pcap-linktype pages).
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kPktType, kHaType, kHaLen, kSrcEth, kSrcIpv4, kSrcOther, kUnused, kEtype, kLtype, kIfIndex };

constexpr NamedValue kPktTypes[] = {{0, "Unicast to us"}, {1, "Broadcast"}, {2, "Multicast"},
                                    {3, "Unicast to another host"}, {4, "Sent by us"}};
constexpr NamedValue kHaTypes[] = {{1, "Ethernet"}, {512, "PPP"}, {768, "IPIP"}, {772, "Loopback"}, {778, "IPGRE"}};
constexpr FieldDef kFields[] = {
    {"sll.pkttype", "Packet type", FieldType::kUint, Show::kDec, 0, kPktTypes},
    {"sll.hatype", "Link-layer address type", FieldType::kUint, Show::kDec, 0, kHaTypes},
    {"sll.halen", "Link-layer address length", FieldType::kUint},
    {"sll.src.eth", "Source", FieldType::kEther},
    {"sll.src.ipv4", "Source", FieldType::kIpv4},
    {"sll.src.other", "Source", FieldType::kBytes},
    {"sll.unused", "Unused", FieldType::kBytes},
    {"sll.etype", "Protocol", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"sll.ltype", "Protocol", FieldType::kUint, Show::kHex, 16},
    {"sll.ifindex", "Interface index", FieldType::kUint},
};
constexpr Bind kBinds[] = {{"link", 113}, {"link", 276}};
constexpr const char* kTables[] = {"ethertype"};

enum : std::uint16_t { kLink1 = 113 };
constexpr std::uint16_t kMinEtherType = 1536;
constexpr std::uint16_t kNovellRaw = 1, kLlc = 4;  // protocols below 1536 are Linux's own ETH_P_ numbers

// The address field always takes eight octets, whatever the length says.
void address(Cursor& in, LayerBuilder& out, std::uint16_t length) {
  Cursor field = in.sub(8);
  if (length == 6) {
    out.bytes(field, kSrcEth, 6);
  } else if (length == 4) {
    out.ipv4(field, kSrcIpv4);
  } else if (length > 0 && length <= 8) {
    out.bytes(field, kSrcOther, length);
  }
  if (field.left() > 0) out.bytes(field, kUnused, field.left());
}

std::uint16_t protocol(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t type = in.u16();
  if (in.ok()) out.add(type >= kMinEtherType ? kEtype : kLtype, type, where);
  return type;
}

Outcome dissect_sll(Cursor& in, LayerBuilder& out) {
  std::uint16_t type = 0;
  if (out.packet().link_type == kLink1) {
    out.u16(in, kPktType);
    out.u16(in, kHaType);
    const std::uint16_t length = out.u16(in, kHaLen);
    address(in, out, length);
    type = protocol(in, out);
  } else {
    type = protocol(in, out);
    in.skip(2);  // reserved
    out.u32(in, kIfIndex);
    out.u16(in, kHaType);
    out.u8(in, kPktType);
    const std::uint8_t length = out.u8(in, kHaLen);
    address(in, out, length);
  }
  if (!in.ok()) return Outcome::kTruncated;
  const bool taken = type >= kMinEtherType ? out.next(0, type, in)
                     : type == kLlc        ? out.next("llc", in)
                                           : type == kNovellRaw && out.next("ipx", in);
  if (!taken) out.data(in);
  return Outcome::kDone;
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
