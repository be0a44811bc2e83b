// How the process asks the system for memory.
#pragma once

namespace pr::platform {

// To be called before threads start: a recorder's memory comes and goes in waves, and giving every wave back to the
// system only to fetch it again costs page faults.
void tune_allocator();

}  // namespace pr::platform
