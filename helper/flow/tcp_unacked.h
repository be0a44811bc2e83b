// Segments of one direction that are not acknowledged yet, newest last. A ring of at most 1000: beyond that new ones
// are not kept, as nobody seems to see the ACKs.
#pragma once

#include <cstdint>
#include <vector>

namespace pr::flow {

class UnackedSegments {
 public:
  static constexpr std::uint32_t kMax = 1000;

  struct Segment {
    std::uint64_t frame = 0;
    std::int64_t ns = 0;
    std::uint32_t seq = 0, next_seq = 0;
  };

  void add(const Segment& segment);
  void clear() { head_ = count_ = 0; }
  // Takes out what ack acknowledges. The oldest segment that ends exactly there is copied to *exact (frame 0: none).
  void acknowledge(std::uint32_t ack, Segment* exact);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  // Distance from the lowest to the highest sequence number held, counted from base.
  [[nodiscard]] std::uint32_t span(std::uint32_t base) const;
  // The oldest segment that does not begin after seq; null: none.
  [[nodiscard]] const Segment* oldest_until(std::uint32_t seq) const;

 private:
  void sweep(std::uint32_t ack, Segment* exact);
  [[nodiscard]] Segment& at(std::uint32_t i) { return ring_[(head_ + i) & (ring_.size() - 1)]; }
  [[nodiscard]] const Segment& at(std::uint32_t i) const { return ring_[(head_ + i) & (ring_.size() - 1)]; }

  std::vector<Segment> ring_;  // a power of two, or empty
  std::uint16_t head_ = 0, count_ = 0;
  bool sorted_ = true;  // each segment begins where the one before ends, or later
};

}  // namespace pr::flow
