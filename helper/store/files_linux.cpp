#include <fcntl.h>

#include "helper/store/files.h"

namespace pr::store {

bool set_aside(const Fd& fd, std::uint64_t size) { return ::fallocate(fd.get(), 0, 0, static_cast<off_t>(size)) == 0; }

void start_writeback(const Fd& fd, std::uint64_t from, std::uint64_t length) {
  ::sync_file_range(fd.get(), static_cast<off_t>(from), static_cast<off_t>(length), SYNC_FILE_RANGE_WRITE);
}

}  // namespace pr::store
