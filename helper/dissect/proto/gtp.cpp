// GPRS Tunnelling Protocol, versions 0 and 1 (3GPP TS 29.060, 29.281): user packets, and the headers and simple
// elements of control messages.
#include "helper/dissect/proto/gtp/gtp.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"udp.tunnel", 2152}, {"udp.tunnel", 2123}};

}  // namespace

extern constinit const Dissector gtp_dissector{.name = "gtp",
                                               .title = "GPRS Tunneling Protocol",
                                               .column = "GTP",
                                               .fields = gtp::kFields,
                                               .binds = kBinds,
                                               .tables = gtp::kTables,
                                               .dissect = &gtp::dissect};

}  // namespace pr::dissect
