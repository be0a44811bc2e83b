// Provider bridge (service) tags, IEEE 802.1ad.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kPriority, kDei, kId, kEtype, kTrailer, kEthPadding, kFieldCount };

constexpr FieldDef kFields[] = {
    {"ieee8021ad.priority", "Priority", FieldType::kUint},
    {"ieee8021ad.dei", "DEI", FieldType::kUint},
    {"ieee8021ad.id", "ID", FieldType::kUint},
    {"ieee8021ah.etype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"ieee8021ah.trailer", "Trailer", FieldType::kBytes},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x88a8}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TrailerFields kTrailers{kEthPadding, kTrailer, 0, 0, false};

Outcome dissect_ieee8021ad(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint16_t tci = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kPriority, tci >> 13U, where.first(2));
  out.add(kDei, tci >> 12U & 1U, where.first(2));
  out.add(kId, tci & 0xfffU, where.first(2));
  Frame& frame = out.frame();
  if (frame.vlan == 0 && !out.quoted()) frame.vlan = tci & 0xfffU;
  const std::uint16_t type = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kEtype, type, where.subspan(2));
  if (out.wanted()) {
    out.info("PRI: " + std::to_string(tci >> 13U) + "  DROP: " + std::to_string(tci >> 12U & 1U) +
             "  ID: " + std::to_string(tci & 0xfffU));
    const auto stated = stated_length(type, in.rest());
    if (stated.has_value()) add_trailer(in, out, *stated, kTrailers);
  }
  if (!out.next(0, type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ieee8021ad_dissector{.name = "ieee8021ad",
                                                      .title = "IEEE 802.1ad",
                                                      .column = "802.1ad",
                                                      .fields = kFields,
                                                      .binds = kBinds,
                                                      .tables = kTables,
                                                      .dissect = &dissect_ieee8021ad};

}  // namespace pr::dissect
