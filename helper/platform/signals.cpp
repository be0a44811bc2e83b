#include "helper/platform/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "shared/base/log.h"

namespace pr::platform {
namespace {

// A signal handler is given nothing but a number, so what it needs has to stand at a fixed place. Lock-free atomics
// are what a handler may use.
struct HandlerState {
  std::atomic<int> pipe{-1};
  std::atomic<int> signals{0};
  std::atomic<int> running{0};
};
constinit HandlerState handler_state;
static_assert(std::atomic<int>::is_always_lock_free);

constexpr char kSignal = 's', kEnd = 'e';

extern "C" void on_stop_signal(int) {
  if (handler_state.signals.fetch_add(1) > 0) ::_exit(130);
  const int saved = errno;
  ++handler_state.running;
  const int pipe = handler_state.pipe;
  if (pipe >= 0 && ::write(pipe, &kSignal, 1) != 1) ::_exit(130);  // nobody would hear of it
  --handler_state.running;
  errno = saved;
}

}  // namespace

StopSignals::StopSignals(std::function<void()> on_first) : on_first_(std::move(on_first)) {
  if (::pipe(ends_) != 0) {
    log_warn("no pipe for signals: Ctrl-C will end the program at once");
    return;
  }
  for (const int end : ends_) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  handler_state.signals = 0;
  handler_state.pipe = ends_[1];
  waiter_ = std::jthread([this] { wait(); });
  struct sigaction action {};
  action.sa_handler = &on_stop_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    // nohup means it; a shell that ignores SIGINT for background jobs does not.
    if (signal == SIGHUP && before.sa_handler == SIG_IGN) continue;
    ::sigaction(signal, &action, nullptr);
    former_.push_back({signal, before});
  }
}

StopSignals::~StopSignals() {
  if (ends_[0] < 0) return;
  for (const Former& former : former_) ::sigaction(former.signal, &former.action, nullptr);
  handler_state.pipe = -1;
  // A handler on another thread may still hold the descriptor.
  while (handler_state.running > 0) std::this_thread::yield();
  while (::write(ends_[1], &kEnd, 1) < 0 && errno == EINTR) {
  }
  waiter_.join();
  for (const int end : ends_) ::close(end);
}

void StopSignals::wait() {
  char byte = 0;
  while (true) {
    const ssize_t n = ::read(ends_[0], &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n != 1 || byte == kEnd) return;
    stopped_.store(true, std::memory_order_release);
    on_first_();
  }
}

}  // namespace pr::platform
