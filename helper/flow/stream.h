// One direction of a TCP connection as a sequence of messages. Puts segments in order (overlap: the first copy
// wins; wrap-around; midstream pick-up), keeps the bytes of the message that is not complete yet, and knows which
// stretches of which packets they came from, so that a stored packet can be dissected alone later.
//
// A packet goes: add() -> while ready(): dissect -> consume() or need() -> finish(). Where a dissector knows a
// message's length and needs no more of it, consume() with that length drops the rest as it arrives.
// Belongs to one thread. The common case, an in-order segment with nothing pending, copies nothing.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/model/facts.h"

namespace pr::flow {

struct StreamLimits {
  std::size_t message_bytes = 1U << 20U;  // buffered of one message; beyond: given up
  std::size_t message_parts = 4096;
  std::size_t out_of_order_segments = 4096;
  std::size_t out_of_order_bytes = 1U << 20U;
};

// Memory of all streams of a process, shared by them; at its limit streams give up what they hold.
// Thread rule: one per shard (limit / 64 per bucket would be exact; a shard's share is shared out by the owner).
struct StreamBudget {
  std::uint64_t limit = 256U << 20U;
  std::uint64_t used = 0;
  std::uint64_t over_message = 0, over_out_of_order = 0, over_datagrams = 0, over_total = 0,
                gaps = 0;  // how often each limit struck
};

class Stream {
 public:
  explicit Stream(StreamBudget& budget, const StreamLimits& limits) : budget_(budget), limits_(limits) {}
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  struct Segment {
    std::uint64_t packet = 0;
    std::uint32_t seq = 0;          // of the first payload octet (a SYN's payload: seq + 1)
    Bytes payload;                  // as captured; valid until finish()
    std::uint32_t payload_len = 0;  // by the headers: what was not captured is a gap
    bool fin = false;
  };
  // True when the packet brought bytes in order, or ended the stream: call the loop below, then finish().
  // The first segment sets where the stream begins.
  bool add(const Segment& segment);
  // The other side acknowledged up to ack: a hole before it will not be filled any more. True when bytes behind the
  // hole can be dissected now; they can as well wait for the next add(), which counts them to its packet.
  bool acknowledged(std::uint32_t ack);

  // Octets in order from the current message's start; empty: nothing to dissect (a message is being skipped, or
  // need() is not reached). Valid until the next call of a non-const method.
  [[nodiscard]] Bytes ready() const;
  // The message at ready() is n octets long, counted from its start; n may lie beyond ready().
  void consume(std::uint64_t n);
  // The message at ready() needs n octets (0: any more; ~0: all until the end) before it is worth another look.
  // One that needs more than may be kept is skipped: its end is found, but nobody reads it.
  void need(std::uint64_t n);
  // The direction ended in order (FIN seen and everything before it): what is pending is all there will be.
  [[nodiscard]] bool at_end() const { return started_ && fin_known_ && next_ == fin_; }
  // Bytes were lost right before ready(): the dissector has to find a message start. Holds until consume().
  [[nodiscard]] bool resumed() const { return resumed_; }

  // For this packet: did a message end in it? Then parts() is the stretch that begins with the first message that
  // ended here; empty when it lies in this packet's payload alone (skip() and use() say where). Of a message beyond
  // the limits only the beginning stands in parts().
  [[nodiscard]] bool completed() const { return completed_; }
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] std::uint32_t skip() const { return lone_ ? lone_part_.offset : 0; }
  [[nodiscard]] std::uint32_t use() const { return lone_ ? lone_part_.length : 0; }
  // Between packets: what is pending is no message of anybody's; the next one begins with the next octet.
  void discard();
  // The packet is done with: keeps what is pending, copies if it must.
  void finish();
  // Forget what is held; later segments are ignored. For streams that nobody dissects.
  void stop();

 private:
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};

  // A piece that came before its turn.
  struct Early {
    std::uint64_t packet = 0;
    std::uint32_t offset = 0;   // in that packet's payload
    std::uint32_t missing = 0;  // octets behind it that were not captured
    std::vector<std::uint8_t> bytes;
    [[nodiscard]] std::uint64_t length() const { return bytes.size() + missing; }
  };
  // A piece of the packet at hand: positions in the stream.
  struct Piece {
    std::uint64_t from = 0, to = 0;
  };

  [[nodiscard]] std::uint64_t position(std::uint32_t seq) const;
  void start(const Segment& segment);
  void place(const Segment& segment, std::uint64_t from);
  void hold(const Segment& segment, std::uint64_t from, Piece piece);
  void drain();
  void pass_hole();
  void settle_loss();
  void deliver(const Part& part, Bytes bytes, bool borrowed);
  void record(const Part& part);
  void lose(std::uint64_t octets);
  void drop_message();
  void truncate_parts();
  void keep_head_only();
  void release();
  void settle_pending();
  void trim_parts();
  void charge();
  [[nodiscard]] std::uint64_t available() const { return now_.size() + held_.size() - held_from_; }
  [[nodiscard]] bool worth_a_look() const;

  StreamBudget& budget_;
  const StreamLimits limits_;

  // Positions count from the first octet, 2^32 added so that what lies before it is positive too.
  std::uint64_t next_ = 0;  // end of what came in order
  std::uint64_t fin_ = 0;   // where the stream ends
  bool started_ = false, data_seen_ = false, fin_known_ = false, stopped_ = false;
  std::map<std::uint64_t, Early> early_;
  std::uint64_t early_bytes_ = 0;

  // The message at hand: held_ from held_from_ on, then now_ (in the packet's own payload); never both.
  std::vector<std::uint8_t> held_;
  std::size_t held_from_ = 0;
  Bytes now_;
  std::uint64_t need_ = 1;
  std::uint64_t skip_left_ = 0;   // of a message that nobody reads; kAll: until the end
  std::uint64_t lost_after_ = 0;  // octets behind what is available that will never come
  bool resumed_ = false;
  bool looked_ = false;  // need() was called: wait for more

  // Where the stretch from the first unfinished message on came from.
  std::vector<Part> parts_;
  std::vector<Part> tail_;        // of what follows a message of which only the head is in parts_
  std::uint64_t recorded_ = 0;    // octets in parts_ (in tail_, when that is in use)
  std::uint64_t message_at_ = 0;  // the current message starts there
  Part lone_part_;                // all of the stretch, while it lies in the packet's own payload
  bool lone_ = false;
  bool head_only_ = false;  // parts_ has only the head of its first message
  bool in_tail_ = false, tail_full_ = false;
  bool completed_ = false;

  std::uint64_t charged_ = 0;  // to the budget
};

}  // namespace pr::flow
