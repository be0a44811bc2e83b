// Apple's IP over IEEE 1394: two addresses of eight octets and an Ethernet type.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kDst, kSrc, kType, kFieldCount };

constexpr FieldDef kFields[] = {
    {"ap1394.dst", "Destination", FieldType::kBytes},
    {"ap1394.src", "Source", FieldType::kBytes},
    {"ap1394.type", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 138}};
// Ethernet types; what is found in this table stands directly below.
constexpr const char* kTables[] = {"llc.type"};

Outcome dissect_ap1394(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kDst, 8);
  out.bytes(in, kSrc, 8);
  const std::uint16_t type = out.u16(in, kType);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("IP-over-IEEE 1394");
  if (!out.next(0, type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ap1394_dissector{.name = "ap1394",
                                                  .title = "Apple IP-over-IEEE 1394",
                                                  .column = "IP/IEEE1394",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .tables = kTables,
                                                  .dissect = &dissect_ap1394};

}  // namespace pr::dissect
