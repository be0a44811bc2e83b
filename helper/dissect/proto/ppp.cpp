// PPP, RFC 1661, with HDLC-like framing (RFC 1662) where the link has it. The protocol field may be one octet.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kAddress, kControl, kDirection, kProtocol };

constexpr NamedValue kProtocols[] = {{0x0021, "Internet Protocol version 4"}, {0x0057, "Internet Protocol version 6"},
                                     {0x0281, "MPLS Unicast"}, {0x8021, "Internet Protocol Control Protocol"},
                                     {0x8057, "IPv6 Control Protocol"}, {0xc021, "Link Control Protocol"},
                                     {0xc023, "Password Authentication Protocol"},
                                     {0xc223, "Challenge Handshake Authentication Protocol"},
                                     {0xc227, "Extensible Authentication Protocol"}};
constexpr FieldDef kFields[] = {{"ppp.address", "Address", FieldType::kUint, Show::kHex, 8},
                                {"ppp.control", "Control", FieldType::kUint, Show::kHex, 8},
                                {"ppp.direction", "Direction", FieldType::kUint},
                                {"ppp.protocol", "Protocol", FieldType::kUint, Show::kHex, 16, kProtocols}};
constexpr Bind kBinds[] = {{"link", 9}, {"link", 50}, {"ethertype", 0x880b}};
constexpr const char* kTables[] = {"ppp.protocol"};

enum : std::uint16_t { kIpv4 = 0x0021, kIpv6 = 0x0057 };

Outcome dissect_ppp(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(2);
  if (head.size() == 2 && head[0] == 0xff && head[1] == 0x03) {
    out.u8(in, kAddress);
    out.u8(in, kControl);
  }
  // Protocol numbers are odd in their last octet and even in the one before: an odd first octet stands alone.
  const Bytes first = in.peek(1);
  if (first.empty()) return Outcome::kTruncated;
  const std::uint16_t protocol = (first[0] & 1U) != 0 ? out.u8(in, kProtocol) : out.u16(in, kProtocol);
  if (!in.ok()) return Outcome::kTruncated;
  bool taken = out.next(0, protocol, in);
  if (!taken && protocol == kIpv4) taken = out.next("ip", in);
  if (!taken && protocol == kIpv6) taken = out.next("ipv6", in);
  if (!taken) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ppp_dissector{.name = "ppp",
                                               .title = "Point-to-Point Protocol",
                                               .column = "PPP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_ppp};

}  // namespace pr::dissect
