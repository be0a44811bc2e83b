// One direction of a TCP connection as a sequence of messages. Puts segments in order (overlap: the first copy
// wins; wrap-around; midstream pick-up), keeps the bytes of the message that is not complete yet, and knows which
// stretches of which packets they came from, so that a stored packet can be dissected alone later.
//
// A packet goes: add() -> while ready(): dissect -> consume() or need() -> finish(). Where a dissector knows a
// message's length and needs no more of it, consume() with that length drops the rest as it arrives.
// Belongs to one thread. The common case, an in-order segment with nothing pending, copies nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/model/facts.h"

namespace pr::flow {

struct StreamLimits {
  std::size_t message_bytes = 1U << 20U;   // buffered of one message; beyond: given up
  std::size_t message_parts = 4096;
  std::size_t out_of_order_segments = 4096;
  std::size_t out_of_order_bytes = 1U << 20U;
};

// Memory of all streams of a process, shared by them; at its limit streams give up what they hold.
// Thread rule: one per shard (limit / 64 per bucket would be exact; a shard's share is shared out by the owner).
struct StreamBudget {
  std::uint64_t limit = 256U << 20U;
  std::uint64_t used = 0;
  std::uint64_t over_message = 0, over_out_of_order = 0, over_total = 0, gaps = 0;  // how often each limit struck
};

class Stream {
 public:
  explicit Stream(StreamBudget& budget, const StreamLimits& limits);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  struct Segment {
    std::uint64_t packet = 0;
    std::uint32_t seq = 0;         // of the first payload octet (a SYN's payload: seq + 1)
    Bytes payload;                 // as captured; valid until finish()
    std::uint32_t payload_len = 0; // by the headers: what was not captured is a gap
    bool fin = false;
  };
  // True when the packet brought bytes in order, or ended the stream: call the loop below, then finish().
  // The first segment sets where the stream begins.
  bool add(const Segment& segment);
  // The other side acknowledged up to ack: a hole before it will not be filled any more. True as for add().
  bool acknowledged(std::uint32_t ack);

  // Octets in order from the current message's start; empty: nothing to dissect (a message is being skipped, or
  // need() is not reached). Valid until the next call of a non-const method.
  [[nodiscard]] Bytes ready() const;
  // The message at ready() is n octets long, counted from its start; n may lie beyond ready().
  void consume(std::uint64_t n);
  // The message at ready() needs n octets (0: any more; ~0: all until the end) before it is worth another look.
  void need(std::uint64_t n);
  // The direction ended in order (FIN seen and everything before it): what is pending is all there will be.
  [[nodiscard]] bool at_end() const;
  // Bytes were lost right before ready(): the dissector has to find a message start.
  [[nodiscard]] bool resumed() const;

  // For this packet: did a message end in it? Then parts() is the stretch that begins with the first message that
  // ended here; empty when it lies in this packet's payload alone (skip() and use() say where).
  [[nodiscard]] bool completed() const;
  [[nodiscard]] const std::vector<Part>& parts() const;
  [[nodiscard]] std::uint32_t skip() const;
  [[nodiscard]] std::uint32_t use() const;
  // The packet is done with: keeps what is pending, copies if it must.
  void finish();
  // Forget what is held; later segments are ignored. For streams that nobody dissects.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::flow
