#include <fcntl.h>
#include <unistd.h>

#include "helper/store/files.h"

namespace pr::store {

bool set_aside(const Fd& fd, std::uint64_t size) {
  fstore_t room{};
  room.fst_flags = F_ALLOCATEALL;
  room.fst_posmode = F_PEOFPOSMODE;
  room.fst_length = static_cast<off_t>(size);
  return ::fcntl(fd.get(), F_PREALLOCATE, &room) == 0 && ::ftruncate(fd.get(), static_cast<off_t>(size)) == 0;
}

// The system writes pages out on its own, soon enough.
void start_writeback(const Fd& /*fd*/, std::uint64_t /*from*/, std::uint64_t /*length*/) {}

}  // namespace pr::store
