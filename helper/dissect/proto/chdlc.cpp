// Cisco HDLC.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kAddressNames[] = {{0x0f, "Unicast"}, {0x8f, "Multicast"}};

enum Field : std::size_t { kAddress, kControl, kProtocol, kClnsPadding, kFieldCount };

constexpr FieldDef kFields[] = {
    {"chdlc.address", "Address", FieldType::kUint, Show::kHex, 8, kAddressNames},
    {"chdlc.control", "Control", FieldType::kUint, Show::kHex, 8},
    {"chdlc.protocol", "Protocol", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"chdlc.clns_padding", "CLNS Padding", FieldType::kUint, Show::kHex, 8},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 104}};
constexpr const char* kTables[] = {"chdlc.protocol"};
constexpr std::uint16_t kOsi = 0xfefe;

Outcome dissect_chdlc(Cursor& in, LayerBuilder& out) {
  out.u8(in, kAddress);
  out.u8(in, kControl);
  const std::uint16_t protocol = out.u16(in, kProtocol);
  if (protocol == kOsi) out.u8(in, kClnsPadding);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.next(0, protocol, in)) return Outcome::kDone;
  if (out.wanted()) {
    out.column("0x" + hex16(protocol));
    out.info("CHDLC");
  }
  out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector chdlc_dissector{.name = "chdlc",
                                                 .title = "Cisco HDLC",
                                                 .column = "CHDLC",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_chdlc};

}  // namespace pr::dissect
