// The hop-by-hop options header of IPv6, RFC 8200 section 4.3.
#include "helper/dissect/proto/ipv6/options.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoHopByHop}};
constexpr const char* kTables[] = {"ip.proto"};

}  // namespace

extern constinit const Dissector ipv6_hopopts_dissector{.name = "ipv6.hopopts",
                                                        .title = "IPv6 Hop-by-Hop Option",
                                                        .fields = ipv6::kHopByHopFields,
                                                        .binds = kBinds,
                                                        .tables = kTables,
                                                        .dissect = &ipv6::dissect_options};

}  // namespace pr::dissect
