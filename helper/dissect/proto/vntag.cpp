// VN-Tag, what Cisco's fabric extenders use as IEEE 802.1BR uses E-Tags.
#include "helper/dissect/proto/tag_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kDirection,
  kPointer,
  kDst,
  kLooped,
  kReserved,
  kVersion,
  kSrc,
  kType,
  kLength,
  kTrailer,
  kEthPadding,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"vntag.dir", "Direction", FieldType::kBool},
    {"vntag.ptr", "Pointer", FieldType::kBool},
    {"vntag.dst", "Destination", FieldType::kUint},
    {"vntag.looped", "Looped", FieldType::kBool},
    {"vntag.r", "Reserved", FieldType::kUint},
    {"vntag.version", "Version", FieldType::kUint},
    {"vntag.src", "Source", FieldType::kUint},
    {"vntag.etype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"vntag.len", "Length", FieldType::kUint},
    {"vntag.trailer", "Trailer", FieldType::kBytes},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x8926}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TagFields kTag{.type = kType, .length = kLength, .padding = kEthPadding, .trailer = kTrailer};

Outcome dissect_vntag(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t tag = in.u32();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.add(kDirection, tag >> 31U, where);
    out.add(kPointer, tag >> 30U & 1U, where);
    out.add(kDst, tag >> 16U & 0x3fffU, where);
    out.add(kLooped, tag >> 15U & 1U, where);
    out.add(kReserved, tag >> 14U & 1U, where);
    out.add(kVersion, tag >> 12U & 3U, where);
    out.add(kSrc, tag & 0xfffU, where);
    out.info("VN-Tag");
  }
  return dissect_tagged(in, out, 0, kTag);
}

}  // namespace

extern constinit const Dissector vntag_dissector{.name = "vntag",
                                                 .title = "VN-Tag",
                                                 .column = "VNTAG",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_vntag};

}  // namespace pr::dissect
