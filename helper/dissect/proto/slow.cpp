// IEEE 802.3 Slow Protocols, annex 57A: one Ethernet type for several, told apart by an octet that belongs to them.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kSubtypeNames[] = {
    {1, "LACP"}, {2, "Marker Protocol"}, {3, "OAM"}, {10, "Organization Specific Slow Protocol"}};

enum Field : std::size_t { kSubtype, kFieldCount };

constexpr FieldDef kFields[] = {
    {"slow.subtype", "Slow Protocols subtype", FieldType::kUint, Show::kHex, 8, kSubtypeNames},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x8809}};
constexpr const char* kTables[] = {"slow.subtype"};

Outcome dissect_slow(Cursor& in, LayerBuilder& out) {
  const std::uint8_t subtype = out.u8(in, kSubtype);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.next(0, subtype, in)) {
    if (out.wanted())
      out.info("Subtype = " + std::to_string(subtype) + " (" + std::string(name_of(kSubtypeNames, subtype, "Unknown")) +
               ")");
    out.data(in);
  }
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector slow_dissector{.name = "slow",
                                                .title = "Slow Protocols",
                                                .column = "Slow Protocols",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_slow};

}  // namespace pr::dissect
