// IPsec in UDP, RFC 3948: IKE behind a marker, ESP, keep-alives.
#include "helper/dissect/proto/isakmp/isakmp.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kNatKeepalive, kNonEspMarker, kFieldCount };
constexpr FieldDef kFields[] = {
    {"udpencap.nat_keepalive", "NAT-keepalive packet", FieldType::kNone},
    {"udpencap.non_esp_marker", "Non-ESP Marker", FieldType::kNone},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 4500}};
constexpr std::size_t kMarker = 4, kMinEsp = 16;

bool is_marker(Bytes start) { return start.size() >= kMarker && (start[0] | start[1] | start[2] | start[3]) == 0; }

Outcome dissect_udpencap(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.rest();
  if (start.size() == 1 && start[0] == 0xff) {
    out.mark(kNatKeepalive, in.take(1));
    out.info("NAT-keepalive");
    return Outcome::kDone;
  }
  if (is_marker(start)) {
    out.mark(kNonEspMarker, in.take(kMarker));
    out.next("isakmp", in);
    return Outcome::kDone;
  }
  if (start.size() < 8) return Outcome::kNotMine;
  out.next("esp", in);
  return Outcome::kDone;
}

Likeness probe_udpencap(Bytes start, const ProbeHint& hint) {
  if (hint.tcp) return Likeness::kNo;
  if (is_marker(start)) return isakmp::is_message(start.subspan(kMarker)) ? Likeness::kYes : Likeness::kNo;
  return start.size() >= kMinEsp || (start.size() == 1 && start[0] == 0xff) ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector udpencap_dissector{.name = "udpencap",
                                                    .title = "UDP Encapsulation of IPsec Packets",
                                                    .column = "UDPENCAP",
                                                    .fields = kFields,
                                                    .binds = kBinds,
                                                    .dissect = &dissect_udpencap,
                                                    .probe = &probe_udpencap,
                                                    .datagram = true,
                                                    .carrier = true};

}  // namespace pr::dissect
