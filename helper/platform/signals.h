// Ends a long command cleanly when somebody asks for it.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>
#include <vector>

namespace pr::platform {

// While it lives, the first SIGINT, SIGTERM or SIGHUP (unless ignored: nohup) calls a function, on a thread of its
// own, so the function may do anything that is thread-safe. The second ends the process at once with status 130.
// At most one at a time. Threads of all kinds may be running already.
//
// SIGPIPE is not its business: commands ignore it and end quietly when a write fails, because a capture whose output
// is piped into `head` must not die in the middle of a session.
class StopSignals {
 public:
  explicit StopSignals(std::function<void()> on_first);
  // Gives the signals back to whoever had them.
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_acquire); }

 private:
  struct Former {
    int signal;
    struct sigaction action;
  };

  void wait();

  std::function<void()> on_first_;
  std::atomic<bool> stopped_ = false;
  int ends_[2] = {-1, -1};
  std::vector<Former> former_;
  std::jthread waiter_;
};

}  // namespace pr::platform
