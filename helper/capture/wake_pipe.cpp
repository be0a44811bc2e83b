#include "helper/capture/wake_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace pr::capture {

WakePipe::WakePipe() {
  // pipe2 would do it in one step, but macOS has none.
  if (::pipe(ends_) != 0) {
    ends_[0] = ends_[1] = -1;
    return;
  }
  for (const int end : ends_) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
}

WakePipe::~WakePipe() {
  for (const int end : ends_) {
    if (end >= 0) ::close(end);
  }
}

void WakePipe::wake() {
  const int saved = errno;
  woken_.store(true, std::memory_order_release);
  const char byte = 1;
  // A full pipe is a readable pipe, so a failed write loses nothing.
  if (ends_[1] >= 0 && ::write(ends_[1], &byte, 1) < 0) errno = saved;
  errno = saved;
}

}  // namespace pr::capture
