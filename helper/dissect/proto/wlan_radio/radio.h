// What the headers in front of an 802.11 frame say of its reception: radiotap (radiotap.org) and PPI.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/model/packet.h"

namespace pr::dissect {

struct RadioInfo {
  std::size_t header_length = 0;  // 0: there is no such header
  bool has_fcs = false;           // the frame ends in its frame check sequence
  bool data_pad = false;          // padding between the 802.11 header and the payload, up to 32 bits
  std::optional<bool> short_preamble;
  std::optional<unsigned> half_megabits;  // data rate
  std::uint16_t frequency = 0;            // MHz
  std::uint16_t channel_flags = 0;
  std::optional<std::int8_t> signal_dbm, noise_dbm;
  std::optional<std::uint8_t> signal_db, noise_db;
  std::optional<std::uint64_t> timestamp;

  // 0: no channel of 802.11.
  [[nodiscard]] unsigned channel() const;
};

// By the packet's link type. Bounded: the header's own length, and the packet's.
RadioInfo radio_info(const Packet& packet);

// Radiotap's fields in the order in which they come: alignment and size by bit of the presence word.
struct RadiotapSize {
  std::uint8_t align, size;
};
inline constexpr RadiotapSize kRadiotapSizes[] = {{8, 8}, {1, 1}, {1, 1}, {2, 4}, {2, 2}, {1, 1},  {1, 1}, {2, 2},
                                                  {2, 2}, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {1, 1},  {2, 2}, {2, 2},
                                                  {1, 1}, {1, 1}, {4, 8}, {1, 3}, {4, 8}, {2, 12}, {8, 12}};

}  // namespace pr::dissect
