#include "helper/flow/tcp_unacked.h"

#include <algorithm>

namespace pr::flow {
namespace {

bool after(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

}  // namespace

void UnackedSegments::add(const Segment& segment) {
  if (count_ >= kMax) return;
  if (count_ == ring_.size()) {
    std::vector<Segment> larger(std::max<std::size_t>(4, ring_.size() * 2));
    for (std::uint32_t i = 0; i < count_; ++i) larger[i] = at(i);
    ring_ = std::move(larger);
    head_ = 0;
  }
  if (count_ == 0) {
    sorted_ = true;
  } else if (after(at(count_ - 1U).next_seq, segment.seq)) {
    sorted_ = false;
  }
  at(count_++) = segment;
}

void UnackedSegments::acknowledge(std::uint32_t ack, Segment* exact) {
  if (count_ == 0) return;
  std::uint32_t gone = 0;  // in front
  while (gone < count_ && !after(at(gone).next_seq, ack)) {
    if (at(gone).next_seq == ack && exact->frame == 0) *exact = at(gone);
    ++gone;
  }
  head_ = static_cast<std::uint16_t>((head_ + gone) & (ring_.size() - 1));
  count_ = static_cast<std::uint16_t>(count_ - gone);
  if (count_ == 0) return;
  if (after(ack, at(0).seq)) at(0).seq = ack;
  if (!sorted_) sweep(ack, exact);
}

// The same for segments that stand behind younger ones; finds out whether the rest is in order again.
void UnackedSegments::sweep(std::uint32_t ack, Segment* exact) {
  std::uint32_t kept = 1;
  sorted_ = true;
  for (std::uint32_t i = 1; i < count_; ++i) {
    Segment segment = at(i);
    if (!after(segment.next_seq, ack)) {
      if (segment.next_seq == ack && exact->frame == 0) *exact = segment;
      continue;
    }
    if (after(ack, segment.seq)) segment.seq = ack;
    if (after(at(kept - 1).next_seq, segment.seq)) sorted_ = false;
    at(kept++) = segment;
  }
  count_ = static_cast<std::uint16_t>(kept);
}

std::uint32_t UnackedSegments::span(std::uint32_t base) const {
  if (count_ == 0) return 0;
  if (sorted_) return at(count_ - 1U).next_seq - at(0).seq;
  std::uint32_t low = at(count_ - 1U).seq - base;
  std::uint32_t high = at(count_ - 1U).next_seq - base;
  for (std::uint32_t i = 0; i < count_; ++i) {
    low = std::min(low, at(i).seq - base);
    high = std::max(high, at(i).next_seq - base);
  }
  return high - low;
}

const UnackedSegments::Segment* UnackedSegments::oldest_until(std::uint32_t seq) const {
  for (std::uint32_t i = 0; i < count_; ++i) {
    if (!after(at(i).seq, seq)) return &at(i);
  }
  return nullptr;
}

}  // namespace pr::flow
