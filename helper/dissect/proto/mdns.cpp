// Multicast DNS, RFC 6762: DNS messages among the hosts of a link. The form is DNS's own, so only the port tells.
#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect {
namespace {

constexpr std::uint16_t kPort = 5353, kDnsPort = 53;
constexpr Bind kBinds[] = {{"udp.port", kPort}};

Outcome dissect_mdns(Cursor& in, LayerBuilder& out) { return dns::dissect_message(in, out, dns::Flavour::kMdns); }

Likeness probe_mdns(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || hint.resp_port == kDnsPort || hint.orig_port == kDnsPort) return Likeness::kNo;
  return dns::counts_fit(start) ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector mdns_dissector{.name = "mdns",
                                                .title = "Multicast Domain Name System",
                                                .column = "MDNS",
                                                .fields = {dns::kFields, dns::kFieldCount},
                                                .binds = kBinds,
                                                .dissect = &dissect_mdns,
                                                .probe = &probe_mdns,
                                                .datagram = true};

}  // namespace pr::dissect
