// E-Tag of bridge port extenders, IEEE 802.1BR clause 7.5.
#include "helper/dissect/proto/tag_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kGroupNames[] = {{0, "Point-to-point"}};

enum Field : std::size_t {
  kPriority,
  kDropEligible,
  kIngressBase,
  kReserved,
  kGroup,
  kBase,
  kIngressExtension,
  kExtension,
  kType,
  kTrailer,
  kEthPadding,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"etag.pcp", "E-PCP", FieldType::kUint},
    {"etag.dei", "E-DEI", FieldType::kUint},
    {"etag.iecid_base", "Ingress_E-CID_base", FieldType::kUint, Show::kHex, 16},
    {"etag.resv", "Reserved", FieldType::kUint},
    {"etag.group", "GRP", FieldType::kUint, Show::kDec, 0, kGroupNames},
    {"etag.ecid_base", "E-CID_base", FieldType::kUint, Show::kHex, 16},
    {"etag.iecid_ext", "Ingress_E-CID_ext", FieldType::kUint, Show::kHex, 8},
    {"etag.ecid_ext", "E-CID_ext", FieldType::kUint, Show::kHex, 8},
    {"etag.etype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"etag.trailer", "Trailer", FieldType::kBytes},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x893f}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TagFields kTag{.type = kType, .length = TagFields::kNone, .padding = kEthPadding, .trailer = kTrailer};

Outcome dissect_etag(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(6);
  const std::uint16_t first = in.u16();
  const std::uint16_t second = in.u16();
  const std::uint8_t ingress_extension = in.u8();
  const std::uint8_t extension = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.add(kPriority, first >> 13U, where.first(2));
    out.add(kDropEligible, first >> 12U & 1U, where.first(2));
    out.add(kIngressBase, first & 0xfffU, where.first(2));
    out.add(kReserved, second >> 14U, where.subspan(2, 2));
    out.add(kGroup, second >> 12U & 3U, where.subspan(2, 2));
    out.add(kBase, second & 0xfffU, where.subspan(2, 2));
    out.add(kIngressExtension, ingress_extension, where.subspan(4, 1));
    out.add(kExtension, extension, where.subspan(5, 1));
    const unsigned ingress = static_cast<unsigned>(ingress_extension) << 12U | (first & 0xfffU);
    const unsigned port = static_cast<unsigned>(extension) << 12U | (second & 0xfffU);
    out.info("Ingress E-CID: " + std::to_string(ingress) + "  E-CID: " + std::to_string(port));
  }
  return dissect_tagged(in, out, 0, kTag);
}

}  // namespace

extern constinit const Dissector etag_dissector{.name = "etag",
                                                .title = "802.1BR E-Tag",
                                                .column = "ETAG",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_etag};

}  // namespace pr::dissect
