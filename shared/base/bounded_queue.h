// A queue between two stages that never holds more than its capacity: the producer waits (push) or is told to drop
// (try_push). Any number of threads on either side. After close() nothing goes in, and what is in still comes out.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace pr {

template <typename T>
class BoundedQueue {
 public:
  // REQUIRES: capacity > 0.
  explicit BoundedQueue(std::size_t capacity) : slots_(capacity) {}
  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  // Waits for room. False: closed, and the value is lost.
  bool push(T value) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || count_ < slots_.size(); });
    return put(std::move(value), lock);
  }

  // False: full or closed; the value stays with the caller.
  bool try_push(T& value) {
    std::unique_lock lock(mutex_);
    if (count_ == slots_.size()) return false;
    return put(std::move(value), lock);
  }
  bool try_push(T&& value) { return try_push(value); }

  // Waits for a value. Nothing: closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    items_.wait(lock, [this] { return closed_ || count_ > 0; });
    return take(lock);
  }

  // Waits at most that long. Nothing: still empty, or closed and empty.
  template <typename Rep, typename Period>
  std::optional<T> pop(std::chrono::duration<Rep, Period> timeout) {
    std::unique_lock lock(mutex_);
    items_.wait_for(lock, timeout, [this] { return closed_ || count_ > 0; });
    return take(lock);
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    room_.notify_all();
    items_.notify_all();
  }

  [[nodiscard]] bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

 private:
  bool put(T&& value, std::unique_lock<std::mutex>& lock) {
    if (closed_) return false;
    slots_[(first_ + count_) % slots_.size()].emplace(std::move(value));
    ++count_;
    lock.unlock();
    items_.notify_one();
    return true;
  }

  std::optional<T> take(std::unique_lock<std::mutex>& lock) {
    if (count_ == 0) return std::nullopt;
    std::optional<T> value = std::exchange(slots_[first_], std::nullopt);
    first_ = (first_ + 1) % slots_.size();
    --count_;
    lock.unlock();
    room_.notify_one();
    return value;
  }

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable room_, items_;
  std::vector<std::optional<T>> slots_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool closed_ = false;
};

}  // namespace pr
