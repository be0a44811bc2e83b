// I-Tag of provider backbone bridges (MAC in MAC), IEEE 802.1Q clause 9.7 (formerly 802.1ah).
#include "helper/dissect/proto/tag_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kPriority,
  kDrop,
  kNca,
  kReserved1,
  kReserved2,
  kIsid,
  kDst,
  kSrc,
  kType,
  kTrailer,
  kEthPadding,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ieee8021ah.priority", "Priority", FieldType::kUint},
    {"ieee8021ah.drop", "DROP", FieldType::kUint},
    {"ieee8021ah.nca", "NCA", FieldType::kUint},
    {"ieee8021ah.res1", "RES1", FieldType::kUint},
    {"ieee8021ah.res2", "RES2", FieldType::kUint},
    {"ieee8021ah.isid", "I-SID", FieldType::kUint},
    {"ieee8021ah.cdst", "C-Destination", FieldType::kEther},
    {"ieee8021ah.csrc", "C-Source", FieldType::kEther},
    {"ieee8021ah.etype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"ieee8021ah.trailer", "Trailer", FieldType::kBytes},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x88e7}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TagFields kTag{.type = kType, .length = TagFields::kNone, .padding = kEthPadding, .trailer = kTrailer};

Outcome dissect_ieee8021ah(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t tag = in.u32();
  if (!in.ok()) return Outcome::kTruncated;
  const std::uint32_t isid = tag & 0xffffffU;
  if (out.wanted()) {
    out.add(kPriority, tag >> 29U, where.first(1));
    out.add(kDrop, tag >> 28U & 1U, where.first(1));
    out.add(kNca, tag >> 27U & 1U, where.first(1));
    out.add(kReserved1, tag >> 26U & 1U, where.first(1));
    out.add(kReserved2, tag >> 24U & 3U, where.first(1));
    out.add(kIsid, isid, where.subspan(1));
    out.info("I-SID: " + std::to_string(isid));
  }
  out.bytes(in, kDst, 6);
  out.bytes(in, kSrc, 6);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.enter_tunnel({.name = "pbb", .id = isid, .has_id = true}, in)) return Outcome::kDone;
  return dissect_tagged(in, out, 0, kTag);
}

}  // namespace

extern constinit const Dissector ieee8021ah_dissector{.name = "ieee8021ah",
                                                      .title = "IEEE 802.1ah",
                                                      .column = "IEEE 802.1AH",
                                                      .fields = kFields,
                                                      .binds = kBinds,
                                                      .tables = kTables,
                                                      .dissect = &dissect_ieee8021ah};

}  // namespace pr::dissect
