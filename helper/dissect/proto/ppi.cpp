// Per-Packet Information, a header in front of frames of another link type.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {
    {2, "802.11-Common"}, {3, "802.11n MAC Extensions"}, {4, "802.11n MAC+PHY Extensions"}};

enum Field : std::size_t {
  kVersion,
  kFlags,
  kAlignment,
  kReserved,
  kLength,
  kDlt,
  kType,
  kTypeLength,
  kTsft,
  kCommonFlags,
  kFrequency,
  kChannelFlags,
  kSignal,
  kNoise,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ppi.version", "Version", FieldType::kUint},
    {"ppi.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"ppi.flags.alignment", "Alignment", FieldType::kBool},
    {"ppi.flags.reserved", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"ppi.length", "Header length", FieldType::kUint},
    {"ppi.dlt", "DLT", FieldType::kUint},
    {"ppi.field_type", "Field type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"ppi.field_len", "Field length", FieldType::kUint},
    {"ppi.80211-common.tsft", "TSFT", FieldType::kUint},
    {"ppi.80211-common.flags", "Flags", FieldType::kUint, Show::kHex, 16},
    {"ppi.80211-common.chan.freq", "Channel frequency", FieldType::kUint},
    {"ppi.80211-common.chan.flags", "Channel flags", FieldType::kUint, Show::kHex, 16},
    {"ppi.80211-common.dbm.antsignal", "dBm antenna signal", FieldType::kInt},
    {"ppi.80211-common.dbm.antnoise", "dBm antenna noise", FieldType::kInt},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 192}};
constexpr const char* kTables[] = {"link"};
constexpr std::uint32_t kLinkWlan = 105, kLinkPpi = 192;
constexpr std::uint16_t kCommon = 2;

void add_common(Cursor in, LayerBuilder& out) {
  out.u64le(in, kTsft);
  out.u16le(in, kCommonFlags);
  in.skip(2);
  out.u16le(in, kFrequency);
  out.u16le(in, kChannelFlags);
  in.skip(2);
  for (const std::size_t field : {kSignal, kNoise}) {
    const Bytes where = in.peek(1);
    const auto value = static_cast<std::int8_t>(in.u8());
    if (in.ok()) out.add(field, static_cast<std::uint64_t>(std::int64_t{value}), where);
  }
}

void add_fields(Cursor in, LayerBuilder& out) {
  while (in.left() >= 4) {
    const std::uint16_t type = out.u16le(in, kType);
    const std::uint16_t length = out.u16le(in, kTypeLength);
    const Cursor field = in.sub(length);
    LayerBuilder::Subtree below(out);
    if (in.ok() && type == kCommon) add_common(field, out);
  }
}

Outcome dissect_ppi(Cursor& in, LayerBuilder& out) {
  out.u8(in, kVersion);
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kFlags);
  if (in.ok()) {
    out.add(kAlignment, flags & 1U, where);
    out.add(kReserved, flags >> 1U, where);
  }
  const std::uint16_t length = out.u16le(in, kLength);
  const std::uint32_t link = out.u32le(in, kDlt);
  constexpr std::uint16_t kHeader = 8;
  if (!in.ok() || length < kHeader || length > kHeader + in.left()) return Outcome::kTruncated;
  const Cursor fields = in.sub(length - std::size_t{kHeader});
  if (out.wanted()) add_fields(fields, out);
  const bool handed = link == kLinkWlan ? out.next("wlan_radio", in) : link != kLinkPpi && out.next(0, link, in);
  if (!handed) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ppi_dissector{.name = "ppi",
                                               .title = "PPI Packet Header",
                                               .column = "PPI",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_ppi};

}  // namespace pr::dissect
