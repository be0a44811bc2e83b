#include "helper/platform/memory.h"

namespace pr::platform {

void tune_allocator() {}  // the system's zones keep what they had

}  // namespace pr::platform
