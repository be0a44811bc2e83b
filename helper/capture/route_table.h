// The default route in the tables that Linux shows below /proc/net.
#pragma once

#include <string>
#include <string_view>

namespace pr::capture {

// The interface of the usable default route with the lowest metric in the text of /proc/net/route; empty: none.
std::string default_route_v4(std::string_view table);
// The same of /proc/net/ipv6_route. Loopback routes, which stand for "unreachable", do not count.
std::string default_route_v6(std::string_view table);

}  // namespace pr::capture
