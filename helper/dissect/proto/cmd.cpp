// Cisco MetaData: a security group tag (SGT) in front of the payload's type.
#include "helper/dissect/proto/tag_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kVersion, kLength, kOptions, kSgt, kType, kTrailer, kEthPadding, kFieldCount };

constexpr FieldDef kFields[] = {
    {"cmd.version", "Version", FieldType::kUint},
    {"cmd.length", "Length", FieldType::kUint},
    {"cmd.options", "Options", FieldType::kUint, Show::kHex, 16},
    {"cmd.sgt", "SGT", FieldType::kUint},
    {"cmd.type", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"cmd.trailer", "Trailer", FieldType::kBytes},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x8909}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TagFields kTag{.type = kType, .length = TagFields::kNone, .padding = kEthPadding, .trailer = kTrailer};

Outcome dissect_cmd(Cursor& in, LayerBuilder& out) {
  out.u8(in, kVersion);
  out.u8(in, kLength);
  out.u16(in, kOptions);
  const std::uint16_t sgt = out.u16(in, kSgt);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("SGT " + std::to_string(sgt));
  return dissect_tagged(in, out, 0, kTag);
}

}  // namespace

extern constinit const Dissector cmd_dissector{.name = "cmd",
                                               .title = "Cisco MetaData",
                                               .column = "Cisco MetaData",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_cmd};

}  // namespace pr::dissect
