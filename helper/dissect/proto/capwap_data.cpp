// CAPWAP's data channel, RFC 5415: frames between an access point and its controller.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kBindingNames[] = {{0, "Reserved"}, {1, "IEEE 802.11"}, {2, "Reserved"}, {3, "EPCGlobal"}};

enum Field : std::size_t {
  kPreamble,
  kVersion,
  kType,
  kHeader,
  kLength,
  kRadio,
  kBinding,
  kFlags,
  kFlagT,
  kFlagF,
  kFlagL,
  kFlagW,
  kFlagM,
  kFlagK,
  kFlagR,
  kFragmentId,
  kFragmentOffset,
  kFragmentReserved,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"capwap.preamble", "Preamble", FieldType::kNone},
    {"capwap.preamble.version", "Version", FieldType::kUint},
    {"capwap.preamble.type", "Type", FieldType::kUint},
    {"capwap.header", "Header", FieldType::kNone},
    {"capwap.header.length", "Header Length", FieldType::kUint},
    {"capwap.header.rid", "Radio ID", FieldType::kUint},
    {"capwap.header.wbid", "Wireless Binding ID", FieldType::kUint, Show::kDec, 0, kBindingNames},
    {"capwap.header.flags", "Header Flags", FieldType::kUint, Show::kHex, 24},
    {"capwap.header.flags.t", "Payload Type", FieldType::kBool},
    {"capwap.header.flags.f", "Fragment", FieldType::kBool},
    {"capwap.header.flags.l", "Last Fragment", FieldType::kBool},
    {"capwap.header.flags.w", "Wireless header", FieldType::kBool},
    {"capwap.header.flags.m", "Radio MAC header", FieldType::kBool},
    {"capwap.header.flags.k", "Keep-Alive", FieldType::kBool},
    {"capwap.header.flags.r", "Reserved", FieldType::kUint, Show::kHex, 24},
    {"capwap.header.fragment.id", "Fragment ID", FieldType::kUint},
    {"capwap.header.fragment.offset", "Fragment Offset", FieldType::kUint},
    {"capwap.header.fragment.reserved", "Reserved", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.tunnel", 5247}};
constexpr std::size_t kFixed = 8;
constexpr std::uint32_t kNative = 0x100, kFragment = 0x80, kKeepAlive = 0x08;
constexpr unsigned kBinding80211 = 1;

void add_header(Cursor in, std::uint32_t word, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  out.mark(kPreamble, first);
  {
    LayerBuilder::Subtree below(out);
    out.add(kVersion, first[0] >> 4U, first);
    out.add(kType, first[0] & 15U, first);
  }
  in.skip(1);
  out.mark(kHeader, in.peek(kFixed - 1));
  LayerBuilder::Subtree below(out);
  const Bytes where = in.take(3);
  out.add(kLength, word >> 19U, where);
  out.add(kRadio, word >> 14U & 31U, where);
  out.add(kBinding, word >> 9U & 31U, where);
  out.add(kFlags, word & 0x1ffU, where);
  {
    LayerBuilder::Subtree inside(out);
    for (std::size_t i = 0; i < 6; ++i) out.add(kFlagT + i, word >> (8U - i) & 1U, where);
    out.add(kFlagR, word & 7U, where);
  }
  out.u16(in, kFragmentId);
  const Bytes last = in.peek(2);
  const std::uint16_t offset = in.u16();
  out.add(kFragmentOffset, offset >> 3U, last);
  out.add(kFragmentReserved, offset & 7U, last);
}

Outcome dissect_capwap_data(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kFixed);
  if (head.size() < kFixed || head[0] != 0) return Outcome::kNotMine;  // version 0, not DTLS
  const auto word = static_cast<std::uint32_t>(head[1] << 16U | head[2] << 8U | head[3]);
  const std::size_t length = (word >> 19U) * std::size_t{4};
  const unsigned binding = word >> 9U & 31U;
  if (length < kFixed || length > in.left() || (word & 7U) != 0 || binding > 3) return Outcome::kNotMine;
  if (out.wanted()) {
    add_header(in, word, out);
    out.info("CAPWAP-Data");
  }
  in.skip(length);
  if (in.left() == 0 || (word & (kFragment | kKeepAlive)) != 0) {
    out.data(in);
    return Outcome::kDone;
  }
  if (!out.enter_tunnel({.name = "capwap"}, in)) return Outcome::kDone;
  const bool native = (word & kNative) != 0;
  if (native ? binding != kBinding80211 || !out.next("wlan", in) : !out.next("eth", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector capwap_data_dissector{
    .name = "capwap.data",
    .title = "Control And Provisioning of Wireless Access Points - Data",
    .column = "CAPWAP-Data",
    .fields = kFields,
    .binds = kBinds,
    .dissect = &dissect_capwap_data};

}  // namespace pr::dissect
