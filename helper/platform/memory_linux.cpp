#include <malloc.h>

#include "helper/platform/memory.h"

namespace pr::platform {

void tune_allocator() {
#ifdef M_TRIM_THRESHOLD  // glibc
  constexpr int kKeep = 128 << 20, kStep = 4 << 20;
  mallopt(M_TRIM_THRESHOLD, kKeep);
  mallopt(M_TOP_PAD, kStep);
#endif
}

}  // namespace pr::platform
