// Cisco FabricPath: an Ethernet frame with hierarchical addresses around another one, its check sequence last.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kDst,
  kDstMulticast,
  kSrc,
  kEndNode,
  kLocal,
  kGroup,
  kOutOfOrder,
  kSwitch,
  kSubSwitch,
  kLocalId,
  kType,
  kTree,
  kTtl,
  kFcs,
  kFcsStatus,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"cfp.d_hmac", "Destination HMAC", FieldType::kNone},
    {"cfp.d_hmac_mc", "MC Destination", FieldType::kEther},
    {"cfp.s_hmac", "Source HMAC", FieldType::kNone},
    {"cfp.eid", "End Node ID", FieldType::kUint},
    {"cfp.ul", "U/L bit", FieldType::kBool},
    {"cfp.ig", "I/G bit", FieldType::kBool},
    {"cfp.ooodl", "OOO/DL Bit", FieldType::kBool},
    {"cfp.swid", "switch-id", FieldType::kUint},
    {"cfp.sswid", "sub-switch-id", FieldType::kUint},
    {"cfp.lid", "Source LID", FieldType::kUint},
    {"cfp.etype", "FP Ethertype", FieldType::kUint, Show::kHex, 16},
    {"cfp.ftag", "FTAG", FieldType::kUint},
    {"cfp.ttl", "TTL", FieldType::kUint},
    {"cfp.fcs", "Frame check sequence", FieldType::kUint, Show::kHex, 32},
    {"cfp.fcs.status", "FCS status", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint16_t kEtherType = 0x8903;
constexpr std::size_t kHeader = 16, kFcsLength = 4;
constexpr std::size_t kInnerHeader = 14;

// The end node's number is spread: six bits, the two bits of every Ethernet address, two bits.
void add_address(std::size_t field, Bytes address, LayerBuilder& out) {
  const auto first = static_cast<std::uint32_t>(address[0] << 16U | address[1] << 8U | address[2]);
  const Bytes where = address.first(3);
  out.mark(field, address);
  LayerBuilder::Subtree below(out);
  out.add(kEndNode, first >> 18U << 2U | (first >> 14U & 3U), where);
  out.add(kLocal, first >> 17U & 1U, where);
  out.add(kGroup, first >> 16U & 1U, where);
  out.add(kOutOfOrder, first >> 12U & 1U, where);
  out.add(kSwitch, first & 0xfffU, where);
  out.add(kSubSwitch, address[3], address.subspan(3, 1));
  out.add(kLocalId, static_cast<std::uint64_t>(address[4] << 8U | address[5]), address.subspan(4));
}

void add_header(Bytes head, LayerBuilder& out) {
  const Bytes dst = head.first(6);
  if ((dst[0] & 1U) != 0) {
    out.add(kDstMulticast, dst, dst);
  } else {
    add_address(kDst, dst, out);
  }
  add_address(kSrc, head.subspan(6, 6), out);
  out.add(kType, kEtherType, head.subspan(12, 2));
  const auto tag = static_cast<std::uint16_t>(head[14] << 8U | head[15]);
  out.add(kTree, tag >> 6U, head.subspan(14, 2));
  out.add(kTtl, tag & 0x3fU, head.subspan(14, 2));
}

Outcome dissect_cfp(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kHeader);
  if (head.size() < kHeader || (head[12] << 8U | head[13]) != kEtherType) return Outcome::kNotMine;
  if (out.wanted()) {
    add_header(head, out);
    out.info("Cisco FabricPath");
  }
  in.skip(kHeader);
  const bool has_fcs = wire_left(in, out) == in.left() && in.left() >= kInnerHeader + kFcsLength;
  Cursor inner = in.sub(has_fcs ? in.left() - kFcsLength : in.left());
  if (has_fcs) {
    out.u32(in, kFcs);
    out.add(kFcsStatus, 2, Bytes{});
  }
  const std::uint32_t tree = static_cast<std::uint32_t>(head[14] << 8U | head[15]) >> 6U;
  if (!out.enter_tunnel({.name = "fabricpath", .id = tree, .has_id = true}, inner)) return Outcome::kDone;
  if (!out.next("eth", inner)) out.data(inner);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector cfp_dissector{
    .name = "cfp", .title = "Cisco FabricPath", .column = "CFP", .fields = kFields, .dissect = &dissect_cfp};

}  // namespace pr::dissect
