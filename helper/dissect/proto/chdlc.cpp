// Cisco HDLC: address, control, and an Ethernet type.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kAddress, kControl, kProtocol };

constexpr NamedValue kAddresses[] = {{0x0f, "Unicast"}, {0x8f, "Multicast"}};
constexpr FieldDef kFields[] = {{"chdlc.address", "Address", FieldType::kUint, Show::kHex, 8, kAddresses},
                                {"chdlc.control", "Control", FieldType::kUint, Show::kHex, 8},
                                {"chdlc.protocol", "Protocol", FieldType::kUint, Show::kHex, 16, kEtherTypeNames}};
constexpr Bind kBinds[] = {{"link", 104}};
constexpr const char* kTables[] = {"chdlc.protocol", "ethertype"};

Outcome dissect_chdlc(Cursor& in, LayerBuilder& out) {
  out.u8(in, kAddress);
  out.u8(in, kControl);
  const std::uint16_t protocol = out.u16(in, kProtocol);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.next(0, protocol, in) && !out.next(1, protocol, in)) out.data(in);
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
