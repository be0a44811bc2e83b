// Packet time as timeouts and windows count it: it never goes back, and a jump of more than an hour is believed only
// when ten packets agree, so that one packet with a broken timestamp ends no flows.
#pragma once

#include "shared/base/clock.h"

namespace pr::analysis {

class EngineClock {
 public:
  // The time after a packet of that timestamp.
  Timestamp advance(Timestamp ts) {
    if (!started_) {
      started_ = true;
      now_ = ts;
    } else if (ts > now_ && ts - now_ <= kJump) {
      now_ = ts;
      agreeing_ = 0;
    } else if (ts > now_) {
      const bool agrees = agreeing_ > 0 && ts - candidate_ <= kJump && candidate_ - ts <= kJump;
      agreeing_ = agrees ? agreeing_ + 1 : 1;
      candidate_ = ts;
      if (agreeing_ >= kAgree) {
        now_ = ts;
        agreeing_ = 0;
      }
    }
    return now_;
  }

 private:
  static constexpr Duration kJump = std::chrono::hours(1);
  static constexpr int kAgree = 10;
  Timestamp now_{}, candidate_{};
  int agreeing_ = 0;
  bool started_ = false;
};

}  // namespace pr::analysis
