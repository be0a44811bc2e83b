// Puts packets of several interfaces in the order of their times. Each interface delivers in order, but a block at a
// time, so a packet waits until every interface has shown a later one, at most 100 ms.
#pragma once

#include <chrono>
#include <vector>

#include "shared/model/batch.h"

namespace pr::capture {

class MergeBuffer {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kLongestWait{100};

  // Copies the packet's bytes. lane: the interface's place, small numbers from 0 on.
  void add(std::size_t lane, const Packet& packet, Instant arrived);
  // Moves what is due into the batch, in order, as far as it has room (kBatchPackets, the arena's capacity): packets
  // up to `shown`, whatever has waited for 100 ms with all that is older, and everything if the buffer is over its
  // limit or `all`. False: something that is due stays for the next batch.
  bool release(Batch& batch, Timestamp shown, Instant now, bool all);
  [[nodiscard]] bool empty() const { return packets_ == 0; }

 private:
  struct Held {
    Packet packet;                   // without its bytes
    std::size_t at = 0, length = 0;  // in Lane::bytes
    Instant arrived;
  };
  // First in, first out.
  struct Lane {
    std::vector<Held> held;           // from `first` on; before it is what was released
    std::vector<std::uint8_t> bytes;  // of what is held; the first `used` are of what was released
    std::size_t first = 0, used = 0;

    [[nodiscard]] bool empty() const { return first == held.size(); }
    void drop_first();
  };
  static constexpr std::size_t kMostPackets = 131072;
  static constexpr std::size_t kMostBytes = std::size_t{64} * 1024 * 1024;

  // The lane with the oldest packet; null: nothing is held.
  Lane* oldest();
  // The latest time of those that wait in front and have waited long enough.
  [[nodiscard]] Timestamp overdue(Instant now) const;

  std::vector<Lane> lanes_;
  std::size_t packets_ = 0, bytes_ = 0;  // held
};

// True if the batch can take a packet of that many bytes without moving its arena.
inline bool has_room(const Batch& batch, std::size_t bytes) {
  return batch.packets.size() < kBatchPackets && batch.arena.capacity() - batch.arena.size() >= bytes;
}
// REQUIRES: has_room(batch, bytes.size()).
void append(Batch& batch, Packet packet, Bytes bytes);

}  // namespace pr::capture
