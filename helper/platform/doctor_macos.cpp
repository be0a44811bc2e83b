#include "helper/platform/doctor.h"

namespace pr::platform {

// The system trades memory between caches and programs without a number that could be compared.
std::uint64_t available_memory() { return 0; }

}  // namespace pr::platform
