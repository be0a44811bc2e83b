// Wakes a thread that waits in poll(2), from any thread or a signal handler.
#pragma once

#include <atomic>

namespace pr::capture {

class WakePipe {
 public:
  WakePipe();
  ~WakePipe();
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;

  // Async-signal-safe. The pipe stays readable: what is woken once stays awake.
  void wake();
  [[nodiscard]] bool woken() const { return woken_.load(std::memory_order_acquire); }
  // To poll for POLLIN; -1 if the system had no descriptor left, in which case waits have to be short.
  [[nodiscard]] int fd() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
  std::atomic<bool> woken_ = false;
};

}  // namespace pr::capture
