// Point-to-Point Protocol, RFC 1661, with or without the address and control octets of RFC 1662.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kProtocolNames[] = {{0x0021, "Internet Protocol version 4"},
                                         {0x002d, "Van Jacobson Compressed TCP/IP"},
                                         {0x003d, "Multi-Link"},
                                         {0x0057, "Internet Protocol version 6"},
                                         {0x00fd, "Compressed Datagram"},
                                         {0x0281, "MPLS Unicast"},
                                         {0x8021, "Internet Protocol Control Protocol"},
                                         {0x8057, "IPv6 Control Protocol"},
                                         {0x80fd, "Compression Control Protocol"},
                                         {0xc021, "Link Control Protocol"},
                                         {0xc023, "Password Authentication Protocol"},
                                         {0xc223, "Challenge Handshake Authentication Protocol"},
                                         {0xc227, "Extensible Authentication Protocol"}};

enum Field : std::size_t { kAddress, kControl, kProtocol, kFieldCount };

constexpr FieldDef kFields[] = {
    {"ppp.address", "Address", FieldType::kUint, Show::kHex, 8},
    {"ppp.control", "Control", FieldType::kUint, Show::kHex, 8},
    {"ppp.protocol", "Protocol", FieldType::kUint, Show::kHex, 16, kProtocolNames},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint16_t kWithDirection = 204;
constexpr Bind kBinds[] = {{"link", 9},           {"link", 50},          {"link", kWithDirection},
                           {"ethertype", 0x880b}, {"gre.proto", 0x880b}, {"fr.nlpid", 0xcf}};
constexpr const char* kTables[] = {"ppp.protocol"};

Outcome dissect_ppp(Cursor& in, LayerBuilder& out) {
  // An octet in front says which way the packet went.
  const bool outermost = in.all().data() == out.packet().bytes.data();
  if (outermost && out.packet().link_type == kWithDirection) in.skip(1);
  const Bytes first = in.peek(1);
  if (first.empty()) return Outcome::kTruncated;
  // Cisco HDLC on a link that was captured as PPP.
  if ((first[0] == 0x0f || first[0] == 0x8f) && out.next("chdlc", in)) return Outcome::kDone;
  if (first[0] == 0xff) {
    out.u8(in, kAddress);
    out.u8(in, kControl);
  }
  // Protocol numbers are odd in their last octet and even in their first: an odd first octet is all there is.
  const Bytes head = in.peek(2);
  if (head.empty()) return Outcome::kTruncated;
  const bool compressed = (head[0] & 1U) != 0;
  const std::uint16_t protocol = compressed ? in.u8() : in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kProtocol, protocol, head.first(compressed ? 1 : 2));
  if (out.next(0, protocol, in)) return Outcome::kDone;
  if (out.wanted()) {
    out.column("0x" + hex16(protocol));
    out.info("PPP " + std::string(name_of(kProtocolNames, protocol, "Unknown")) + " (0x" + hex16(protocol) + ")");
  }
  out.data(in);
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
