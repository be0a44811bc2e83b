// Endace's Extensible Record Format as a link type: a head of 16 octets, extensions of eight, and what was captured.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{1, "HDLC_POS"},        {2, "ETH"},   {11, "COLOR_ETH"}, {16, "DSM_COLOR_ETH"},
                                     {20, "COLOR_HASH_ETH"}, {22, "IPV4"}, {23, "IPV6"}};

enum Field : std::size_t {
  kTimestamp,
  kTypes,
  kType,
  kHasExtension,
  kFlags,
  kInterface,
  kVaryingLength,
  kTruncated,
  kRxError,
  kDsError,
  kReserved,
  kRecordLength,
  kLost,
  kWireLength,
  kEthernet,
  kOffset,
  kPad,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"erf.ts", "Timestamp", FieldType::kUint, Show::kHex, 64},
    {"erf.types", "Record type", FieldType::kUint, Show::kHex, 8},
    {"erf.types.type", "Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"erf.types.ext_header", "Extension header present", FieldType::kUint},
    {"erf.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"erf.flags.cap", "Capture interface", FieldType::kUint},
    {"erf.flags.vlen", "Varying record length", FieldType::kUint},
    {"erf.flags.trunc", "Truncated", FieldType::kUint},
    {"erf.flags.rxe", "RX error", FieldType::kUint},
    {"erf.flags.dse", "DS error", FieldType::kUint},
    {"erf.flags.res", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"erf.rlen", "Record length", FieldType::kUint},
    {"erf.lctr", "Loss counter", FieldType::kUint},
    {"erf.wlen", "Wire length", FieldType::kUint},
    {"erf.eth", "Ethernet pad", FieldType::kNone},
    {"erf.eth.off", "Offset", FieldType::kUint},
    {"erf.eth.pad", "Padding", FieldType::kUint, Show::kHex, 8},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 197}};
enum RecordType : std::uint8_t {
  kPos = 1,
  kEth = 2,
  kColorEth = 11,
  kDsmEth = 16,
  kHashEth = 20,
  kIpv4 = 22,
  kIpv6 = 23
};
constexpr std::uint8_t kMore = 0x80, kTypeMask = 0x7f;
constexpr std::size_t kMaxExtensions = 16;

bool is_ethernet(std::uint8_t type) { return type == kEth || type == kColorEth || type == kDsmEth || type == kHashEth; }

void add_types(std::uint8_t types, Bytes where, LayerBuilder& out) {
  out.add(kTypes, types, where);
  LayerBuilder::Subtree below(out);
  out.add(kType, types & kTypeMask, where);
  out.add(kHasExtension, types >> 7U, where);
}

void add_flags(std::uint8_t flags, Bytes where, LayerBuilder& out) {
  out.add(kFlags, flags, where);
  LayerBuilder::Subtree below(out);
  out.add(kInterface, flags & 3U, where);
  out.add(kVaryingLength, flags >> 2U & 1U, where);
  out.add(kTruncated, flags >> 3U & 1U, where);
  out.add(kRxError, flags >> 4U & 1U, where);
  out.add(kDsError, flags >> 5U & 1U, where);
  out.add(kReserved, flags >> 6U, where);
}

std::uint8_t read_head(Cursor& in, LayerBuilder& out) {
  out.u64le(in, kTimestamp);
  const Bytes types_where = in.peek(1);
  const std::uint8_t types = in.u8();
  const Bytes flags_where = in.peek(1);
  const std::uint8_t flags = in.u8();
  if (in.ok() && out.wanted()) {
    add_types(types, types_where, out);
    add_flags(flags, flags_where, out);
  }
  out.u16(in, kRecordLength);
  out.u16(in, kLost);
  out.u16(in, kWireLength);
  return types;
}

bool hand_over(Cursor& in, LayerBuilder& out, std::uint8_t type) {
  if (is_ethernet(type)) return out.next("eth", in);
  if (type == kIpv4) return out.next("ip", in);
  if (type == kIpv6) return out.next("ipv6", in);
  if (type != kPos) return false;
  const Bytes first = in.peek(1);
  const bool cisco = !first.empty() && (first[0] == 0x0f || first[0] == 0x8f);
  return out.next(cisco ? "chdlc" : "ppp", in);
}

Outcome dissect_erf(Cursor& in, LayerBuilder& out) {
  const std::uint8_t types = read_head(in, out);
  bool more = (types & kMore) != 0;
  for (std::size_t i = 0; more && i < kMaxExtensions && in.ok(); ++i) {
    const Bytes extension = in.take(8);
    more = in.ok() && (extension[0] & kMore) != 0;
  }
  const std::uint8_t type = types & kTypeMask;
  if (is_ethernet(type)) {
    const Bytes where = in.peek(2);
    if (where.size() == 2) out.mark(kEthernet, where);
    LayerBuilder::Subtree below(out);
    out.u8(in, kOffset);
    out.u8(in, kPad);
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("ERF type " + std::to_string(type));
  if (!hand_over(in, out, type)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector erf_dissector{.name = "erf",
                                               .title = "Extensible Record Format",
                                               .column = "ERF",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_erf};

}  // namespace pr::dissect
