// The memory with which RTP and RTCP flows begin that a session description announced.
#pragma once

#include <cstdint>

namespace pr::dissect::rtp {

struct Setup {
  struct Side {
    std::uint32_t extended;  // the last sequence number, rounds included
    std::uint32_t seen;      // 0: none yet
  };
  std::uint64_t frame;  // number of the packet with the description, 0: none
  Side sides[2];
};

}  // namespace pr::dissect::rtp
