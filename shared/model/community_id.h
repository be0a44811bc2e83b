// Community ID v1 (corelight/community-id-spec): a hash of the 5-tuple that tools agree on.
#pragma once

#include <cstdint>
#include <string>

#include "shared/model/flow.h"

namespace pr {

// The same for both directions. ICMP ports are type and code. seed: as configured, 0 by default.
CommunityDigest community_digest(const FlowKey& key, std::uint16_t seed = 0);
// "1:..." as people know it.
std::string community_id(const FlowKey& key, std::uint16_t seed = 0);

}  // namespace pr
