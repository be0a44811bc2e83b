// Time as the whole project counts it: nanoseconds since 1970-01-01 UTC. Packet time drives analysis;
// the wall clock is asked only through Clock, so that tests can turn it.
#pragma once

#include <chrono>
#include <cstdint>

namespace pr {

using Duration = std::chrono::nanoseconds;
using Timestamp = std::chrono::sys_time<Duration>;

inline std::int64_t to_ns(Timestamp t) { return t.time_since_epoch().count(); }
inline Timestamp from_ns(std::int64_t ns) { return Timestamp(Duration(ns)); }

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

}  // namespace pr
