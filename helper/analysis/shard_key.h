// Which unordered address pair a packet belongs to, found without dissecting it. Fragments and related ports stay
// together; ICMP errors go by the pair that they quote.
#pragma once

#include <optional>
#include <utility>

#include "shared/model/address.h"
#include "shared/model/packet.h"

namespace pr::analysis {

// nullopt: no IP in a place that this looks at; such packets go to shard 0.
std::optional<std::pair<IpAddress, IpAddress>> address_pair(const Packet& packet);

}  // namespace pr::analysis
