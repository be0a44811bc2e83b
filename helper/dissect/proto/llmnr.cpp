// Link-Local Multicast Name Resolution, RFC 4795: DNS messages with other flags, among the hosts of a link.
#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect {
namespace {

constexpr std::uint16_t kPort = 5355, kDnsPort = 53;
constexpr Bind kBinds[] = {{"udp.port", kPort}};

Outcome dissect_llmnr(Cursor& in, LayerBuilder& out) { return dns::dissect_message(in, out, dns::Flavour::kLlmnr); }

Likeness probe_llmnr(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || hint.resp_port == kDnsPort || hint.orig_port == kDnsPort) return Likeness::kNo;
  return dns::counts_fit(start) ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector llmnr_dissector{.name = "llmnr",
                                                 .title = "Link-local Multicast Name Resolution",
                                                 .column = "LLMNR",
                                                 .fields = {dns::kFields, dns::kFieldCount},
                                                 .binds = kBinds,
                                                 .dissect = &dissect_llmnr,
                                                 .probe = &probe_llmnr,
                                                 .datagram = true};

}  // namespace pr::dissect
