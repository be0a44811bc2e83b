// GTP' (3GPP TS 32.295), which carries charging records, on the port that GTP version 0 had, too.
#include "helper/dissect/proto/gtp/gtp.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"udp.tunnel", 3386}};

}  // namespace

extern constinit const Dissector gtpprime_dissector{.name = "gtpprime",
                                                    .title = "GPRS Tunneling Protocol Prime",
                                                    .column = "GTP Prime",
                                                    .fields = gtp::kFields,
                                                    .binds = kBinds,
                                                    .tables = gtp::kTables,
                                                    .dissect = &gtp::dissect};

}  // namespace pr::dissect
