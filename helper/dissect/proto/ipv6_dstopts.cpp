// The destination options header of IPv6, RFC 8200 section 4.6.
#include "helper/dissect/proto/ipv6/options.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoDestOptions}};
constexpr const char* kTables[] = {"ip.proto"};

}  // namespace

extern constinit const Dissector ipv6_dstopts_dissector{.name = "ipv6.dstopts",
                                                        .title = "Destination Options for IPv6",
                                                        .fields = ipv6::kDestinationFields,
                                                        .binds = kBinds,
                                                        .tables = kTables,
                                                        .dissect = &ipv6::dissect_options};

}  // namespace pr::dissect
