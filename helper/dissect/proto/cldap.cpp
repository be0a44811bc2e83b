// LDAP in datagrams (MS-ADTS 6.3): how Windows finds a domain controller.
#include "helper/dissect/ber.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ldap/ldap.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"udp.port", 389}};

Outcome dissect_cldap(Cursor& in, LayerBuilder& out) {
  if (!ldap::is_message(in.rest())) return Outcome::kNotMine;
  while (in.left() > 0 && ldap::is_message(in.rest())) {
    if (!ldap::read_message(in, out, out.state<ldap::State>())) return Outcome::kMalformed;
  }
  return Outcome::kDone;
}

// All of the datagram is messages.
Likeness probe_cldap(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || !ldap::is_message(start)) return Likeness::kNo;
  ber::Header head;
  return ber::look(start, &head) == ber::Sight::kWhole && head.total() <= start.size() ? Likeness::kYes
                                                                                       : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector cldap_dissector{.name = "cldap",
                                                 .title = "Connectionless Lightweight Directory Access Protocol",
                                                 .column = "CLDAP",
                                                 .fields = {ldap::kFields, ldap::kFieldCount},
                                                 .binds = kBinds,
                                                 .dissect = &dissect_cldap,
                                                 .probe = &probe_cldap,
                                                 .datagram = true};

}  // namespace pr::dissect
