// IEEE 802.1Q tags. A stack of tags is one layer each; the outermost identifier belongs to the flow.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kPriority, kDei, kId, kEtype, kLen, kTrailer, kEthPadding, kFieldCount };

constexpr FieldDef kFields[] = {
    {"vlan.priority", "Priority", FieldType::kUint},
    {"vlan.dei", "DEI", FieldType::kBool},
    {"vlan.id", "ID", FieldType::kUint},
    {"vlan.etype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"vlan.len", "Length", FieldType::kUint},
    {"vlan.trailer", "Trailer", FieldType::kBytes},
    {"eth.padding", "Padding", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x8100}, {"ethertype", 0x9100}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TrailerFields kTrailers{kEthPadding, kTrailer, 0, 0, false};

constexpr std::uint16_t kMaxLength = 1500;

void add_info(LayerBuilder& out, std::uint16_t tci) {
  out.info("PRI: " + std::to_string(tci >> 13U) + "  DEI: " + std::to_string(tci >> 12U & 1U) +
           "  ID: " + std::to_string(tci & 0xfffU));
}

Outcome dissect_vlan(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint16_t tci = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.add(kPriority, tci >> 13U, where.first(2));
    out.add(kDei, tci >> 12U & 1U, where.first(2));
    out.add(kId, tci & 0xfffU, where.first(2));
    add_info(out, tci);
  }
  Frame& frame = out.frame();
  if (frame.vlan == 0 && !out.quoted()) frame.vlan = tci & 0xfffU;
  const std::uint16_t type = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  if (type <= kMaxLength) {
    out.add(kLen, type, where.subspan(2));
    if (out.wanted()) add_trailer(in, out, type, kTrailers);
    Cursor inner = in.sub(std::min<std::size_t>(type, in.left()));
    if (!out.next("llc", inner)) out.data(inner);
    return Outcome::kDone;
  }
  out.add(kEtype, type, where.subspan(2));
  if (out.wanted()) {
    const auto stated = stated_length(type, in.rest());
    if (stated.has_value()) add_trailer(in, out, *stated, kTrailers);
  }
  if (!out.next(0, type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector vlan_dissector{.name = "vlan",
                                                .title = "802.1Q Virtual LAN",
                                                .column = "VLAN",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_vlan};

}  // namespace pr::dissect
