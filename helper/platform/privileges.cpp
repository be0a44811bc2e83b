#include "helper/platform/privileges.h"

#include <absl/strings/numbers.h>
#include <sys/resource.h>

#include <cstdint>
#include <limits>

namespace pr::platform {
namespace {

// Not root, and not the -1 that system calls take for "as it is".
std::optional<std::uint32_t> id(const char* text) {
  std::uint32_t value = 0;
  if (text == nullptr || !absl::SimpleAtoi(text, &value)) return std::nullopt;
  if (value == std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Identity> sudo_identity(const char* uid, const char* gid) {
  const auto user = id(uid);
  const auto group = id(gid);
  if (!user || !group || *user == 0) return std::nullopt;
  return Identity{.uid = *user, .gid = *group};
}

void forbid_core_dumps() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace pr::platform
