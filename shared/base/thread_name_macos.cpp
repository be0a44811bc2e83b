#include <pthread.h>

#include "shared/base/thread_name.h"

namespace pr {

void name_thread(const char* name) { (void)pthread_setname_np(name); }

}  // namespace pr
