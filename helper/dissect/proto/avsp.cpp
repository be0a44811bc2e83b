// Arista's time stamps between the addresses of a frame and its type.
#include "helper/dissect/proto/tag_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kSubTypeNames[] = {{1, "timestamp"}};
constexpr NamedValue kVersionNames[] = {
    {0x0010, "Version 1"}, {0x0110, "Version 11"}, {0x0020, "Version 2"}, {0x0120, "Version 12"}};

enum Field : std::size_t {
  kSubType,
  kVersion,
  kStamp64,
  kSeconds64,
  kNanoseconds64,
  kStamp48,
  kSeconds48,
  kNanoseconds48,
  kType,
  kTrailer,
  kUnknownVersion,
  kEthPadding,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"avsp.sub_type", "Sub Type", FieldType::kUint, Show::kDec, 0, kSubTypeNames},
    {"avsp.ver", "Version", FieldType::kUint, Show::kHex, 16, kVersionNames},
    {"avsp.64ts", "Timestamp", FieldType::kNone},
    {"avsp.64sec", "Seconds", FieldType::kUint},
    {"avsp.64ns", "Nanoseconds", FieldType::kUint},
    {"avsp.48ts", "Timestamp", FieldType::kNone},
    {"avsp.48sec", "Seconds", FieldType::kUint},
    {"avsp.48ns", "Nanoseconds", FieldType::kUint},
    {"avsp.etype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"avsp.trailer", "Trailer", FieldType::kBytes},
    {"avsp.ts.unknown_version", "Unknown timestamp version", FieldType::kNone},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0xd28b}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TagFields kTag{.type = kType, .length = TagFields::kNone, .padding = kEthPadding, .trailer = kTrailer};
constexpr std::uint16_t kTimeStamp = 1;

// The low octet tells the width, the high one the time scale.
bool read_stamp(Cursor& in, LayerBuilder& out, std::uint16_t version) {
  const bool wide = version == 0x0010 || version == 0x0110;
  if (!wide && version != 0x0020 && version != 0x0120) return false;
  out.mark(wide ? kStamp64 : kStamp48, in.peek(wide ? 8 : 6));
  LayerBuilder::Subtree below(out);
  wide ? out.u32(in, kSeconds64) : out.u16(in, kSeconds48);
  out.u32(in, wide ? kNanoseconds64 : kNanoseconds48);
  return true;
}

Outcome dissect_avsp(Cursor& in, LayerBuilder& out) {
  const std::uint16_t sub_type = out.u16(in, kSubType);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("Arista Vendor Specific Protocol");
  if (sub_type != kTimeStamp) {
    out.data(in);
    return Outcome::kDone;
  }
  const Bytes where = in.peek(2);
  const std::uint16_t version = out.u16(in, kVersion);
  if (!in.ok()) return Outcome::kTruncated;
  if (!read_stamp(in, out, version)) {
    out.mark(kUnknownVersion, where);
    return Outcome::kDone;
  }
  return dissect_tagged(in, out, 0, kTag);
}

}  // namespace

extern constinit const Dissector avsp_dissector{.name = "avsp",
                                                .title = "Arista Vendor Specific Protocol",
                                                .column = "avsp",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_avsp};

}  // namespace pr::dissect
