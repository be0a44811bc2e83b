// Community IDs as the 20 octets they are, and back.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"

namespace pr::store {

// "1:" and base64 of 20 octets; false: another form.
bool community_digest(std::string_view text, std::array<std::uint8_t, 20>& digest);
// "" unless there are 20 octets.
std::string community_text(Bytes digest);

}  // namespace pr::store
