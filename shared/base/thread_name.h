// A name for the calling thread, as top, ps -L and profilers show it: at most 15 characters.
#pragma once

namespace pr {

void name_thread(const char* name);

}  // namespace pr
