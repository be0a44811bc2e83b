#include "helper/flow/stream.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pr::flow {
namespace {

constexpr std::uint64_t kOrigin = std::uint64_t{1} << 32U;
constexpr std::size_t kKeepCapacity = 16U << 10U;  // more is given back when a message is done
constexpr std::size_t kKeepParts = 64;

std::uint32_t as_u32(std::uint64_t value) { return static_cast<std::uint32_t>(value); }

}  // namespace

Stream::~Stream() { budget_.used -= charged_; }

// ---------------------------------------------------------------- segments into order

std::uint64_t Stream::position(std::uint32_t seq) const {
  const auto distance = static_cast<std::int32_t>(seq - as_u32(next_));
  return next_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

void Stream::start(const Segment& segment) {
  started_ = true;
  next_ = kOrigin + segment.seq;
}

bool Stream::add(const Segment& segment) {
  if (stopped_) return false;
  if (!started_) start(segment);
  if (at_end() && held_.empty() && skip_left_ == 0) return false;
  looked_ = false;
  settle_loss();
  std::uint64_t from = position(segment.seq);
  if (!data_seen_ && segment.payload_len > 0) {
    // A keep-alive in front, one octet behind, is no beginning.
    if (from == next_ + 1) next_ = from;
    data_seen_ = true;
  }
  if (segment.fin && !fin_known_) {
    fin_known_ = true;
    fin_ = from + segment.payload_len;
    if (fin_ < next_) fin_ = next_;
  }
  const std::uint64_t before = next_;
  if (segment.payload_len > 0) place(segment, from);
  if (at_end() && skip_left_ == kAll) {
    skip_left_ = 0;
    completed_ = true;
    message_at_ = recorded_;
  }
  if (!worth_a_look() && available() > limits_.message_bytes) need(need_);
  return next_ != before || at_end() || completed_ || !ready().empty();
}

// Cuts off what was there before; in between the pieces that are new there may be pieces held already.
void Stream::place(const Segment& segment, std::uint64_t from) {
  std::uint64_t to = from + segment.payload_len;
  if (fin_known_) to = std::min(to, fin_);
  std::uint64_t at = std::max(from, next_);
  if (early_.empty() && at == next_) {  // nearly always
    if (at >= to) return;
    const std::uint64_t captured = std::min(to, from + segment.payload.size());
    if (captured > at) {
      const Part part{.packet = segment.packet, .offset = as_u32(at - from), .length = as_u32(captured - at)};
      next_ = captured;
      deliver(part, segment.payload.subspan(part.offset, part.length), true);
    }
    lost_after_ += to - next_;
    return;
  }
  auto held = early_.upper_bound(at);
  if (held != early_.begin()) {
    const auto before = std::prev(held);
    at = std::max(at, before->first + before->second.length());
  }
  while (at < to) {
    const std::uint64_t end = held == early_.end() ? to : std::min(to, held->first);
    if (end > at) hold(segment, from, {.from = at, .to = end});
    if (held == early_.end()) break;
    at = std::max(end, held->first + held->second.length());
    ++held;
  }
  drain();
  if (early_.size() <= limits_.out_of_order_segments && early_bytes_ <= limits_.out_of_order_bytes) return;
  ++budget_.over_out_of_order;
  pass_hole();
}

// One new piece of the packet at hand: delivered if it is its turn, else kept.
void Stream::hold(const Segment& segment, std::uint64_t from, Piece piece) {
  const std::uint64_t captured = std::clamp(from + segment.payload.size(), piece.from, piece.to);
  const Part part{
      .packet = segment.packet, .offset = as_u32(piece.from - from), .length = as_u32(captured - piece.from)};
  const Bytes bytes = segment.payload.subspan(std::min<std::size_t>(part.offset, segment.payload.size()), part.length);
  if (piece.from == next_ && lost_after_ == 0) {
    next_ = captured;
    if (!bytes.empty()) deliver(part, bytes, true);
    lost_after_ = piece.to - captured;
    return;
  }
  early_bytes_ += bytes.size();
  early_.emplace(piece.from, Early{.packet = part.packet,
                                   .offset = part.offset,
                                   .missing = as_u32(piece.to - captured),
                                   .bytes = {bytes.begin(), bytes.end()}});
}

// Pieces whose turn has come.
void Stream::drain() {
  while (!early_.empty() && lost_after_ == 0 && early_.begin()->first <= next_) {
    auto piece = early_.extract(early_.begin());
    const Early& early = piece.mapped();
    early_bytes_ -= early.bytes.size();
    if (piece.key() < next_) continue;  // cannot be: pieces do not overlap
    next_ += early.bytes.size();
    const Part part{.packet = early.packet, .offset = early.offset, .length = as_u32(early.bytes.size())};
    if (part.length > 0) deliver(part, early.bytes, false);
    lost_after_ = early.missing;
  }
}

// Nobody will fill the hole before the first piece that is held.
void Stream::pass_hole() {
  if (early_.empty() || early_.begin()->first <= next_) return;
  lose(early_.begin()->first - next_);
  drain();
}

bool Stream::acknowledged(std::uint32_t ack) {
  if (stopped_ || early_.empty()) return false;
  const std::uint64_t acked = position(ack);
  if (early_.begin()->first > acked) return false;
  settle_pending();
  while (!early_.empty() && early_.begin()->first <= acked) {
    settle_loss();
    pass_hole();
  }
  charge();
  return completed_ || !ready().empty();
}

// Octets that were on the wire and not captured.
void Stream::settle_loss() {
  while (lost_after_ > 0) {
    lose(std::exchange(lost_after_, 0));
    drain();
  }
}

// The next octets of the stream will never come.
void Stream::lose(std::uint64_t octets) {
  ++budget_.gaps;
  next_ += octets;
  need_ = 1;
  if (skip_left_ > octets) {  // inside of what nobody reads: still in step
    if (skip_left_ != kAll) skip_left_ -= octets;
    keep_head_only();
    return;
  }
  const bool in_step = skip_left_ == octets;
  drop_message();
  if (in_step) resumed_ = false;
}

// ---------------------------------------------------------------- messages

void Stream::deliver(const Part& part, Bytes bytes, bool borrowed) {
  Part rest = part;
  if (skip_left_ > 0) {
    const std::uint64_t n = std::min<std::uint64_t>(skip_left_, bytes.size());
    record({.packet = part.packet, .offset = part.offset, .length = as_u32(n)});
    if (skip_left_ != kAll) skip_left_ -= n;
    if (skip_left_ > 0) return;
    completed_ = true;
    if (head_only_) {
      in_tail_ = true;
      recorded_ = 0;
    }
    message_at_ = recorded_;
    bytes = bytes.subspan(n);
    rest.offset += as_u32(n);
    rest.length -= as_u32(n);
    if (rest.length == 0) return;
  }
  const bool empty = available() == 0;
  if (borrowed && empty && parts_.empty() && !lone_ && !head_only_) {
    lone_ = true;
    lone_part_ = rest;
    recorded_ = rest.length;
    now_ = bytes;
    return;
  }
  record(rest);
  if (borrowed && empty) {
    now_ = bytes;
    return;
  }
  held_.insert(held_.end(), now_.begin(), now_.end());
  now_ = {};
  held_.insert(held_.end(), bytes.begin(), bytes.end());
}

void Stream::record(const Part& part) {
  if (part.length == 0) return;
  if (lone_) {
    lone_ = false;
    parts_.push_back(lone_part_);
  }
  if (in_tail_ ? tail_full_ : head_only_) return;
  std::vector<Part>& list = in_tail_ ? tail_ : parts_;
  // Beyond the limits only what a message begins with is remembered; the packet at hand may exceed them by itself.
  if (recorded_ - message_at_ > limits_.message_bytes || list.size() >= limits_.message_parts) {
    ++budget_.over_message;
    (in_tail_ ? tail_full_ : head_only_) = true;
    return;
  }
  list.push_back(part);
  recorded_ += part.length;
}

void Stream::keep_head_only() {
  if (lone_) {
    lone_ = false;
    parts_.push_back(lone_part_);
  }
  (in_tail_ ? tail_full_ : head_only_) = true;
}

bool Stream::worth_a_look() const {
  return !stopped_ && !looked_ && skip_left_ == 0 && available() > 0 && (available() >= need_ || at_end());
}

Bytes Stream::ready() const {
  if (!worth_a_look()) return {};
  return held_.empty() ? now_ : Bytes(held_).subspan(held_from_);
}

void Stream::consume(std::uint64_t n) {
  const std::uint64_t there = available();
  resumed_ = false;
  looked_ = false;
  need_ = 1;
  if (n > there) {
    skip_left_ = n == kAll ? kAll : n - there;
  } else {
    completed_ = true;
    message_at_ += n;
  }
  if (!now_.empty()) {
    now_ = now_.subspan(std::min<std::size_t>(n, now_.size()));
    return;
  }
  held_from_ += std::min(n, there);
  if (held_from_ == held_.size()) {
    held_.clear();
    held_from_ = 0;
  }
}

void Stream::discard() {
  if (skip_left_ != 0 || available() == 0) return;
  consume(available());
  finish();
}

void Stream::need(std::uint64_t n) {
  looked_ = true;
  need_ = n == kAll ? kAll : std::max(n, available() + 1);
  if (available() <= limits_.message_bytes && (n == kAll || n <= limits_.message_bytes)) return;
  ++budget_.over_message;
  if (n > available()) {
    const bool after_loss = resumed_;
    consume(n);
    resumed_ = after_loss;
  } else {
    drop_message();
  }
}

void Stream::drop_message() {
  release();
  skip_left_ = 0;
  need_ = 1;
  resumed_ = true;
  if (lone_) {
    lone_ = false;
    parts_.push_back(lone_part_);
  }
  truncate_parts();
  if (!completed_) head_only_ = in_tail_ = tail_full_ = false;
}

// The parts of the current message go; those of messages that ended in this packet stay.
void Stream::truncate_parts() {
  std::vector<Part>& list = in_tail_ ? tail_ : parts_;
  std::uint64_t left = message_at_;
  auto keep = list.begin();
  for (; keep != list.end() && left > 0; ++keep) {
    keep->length = static_cast<std::uint32_t>(std::min<std::uint64_t>(keep->length, left));
    left -= keep->length;
  }
  list.erase(keep, list.end());
  recorded_ = message_at_;
  if (!in_tail_) head_only_ = false;
}

void Stream::release() {
  held_.clear();
  held_from_ = 0;
  now_ = {};
}

// ---------------------------------------------------------------- between packets

// What lies in the packet's payload and is pending moves into our own memory.
void Stream::settle_pending() {
  if (now_.empty()) return;
  held_.assign(now_.begin(), now_.end());
  held_from_ = 0;
  now_ = {};
}

// Keeps the parts from the current message's start on.
void Stream::trim_parts() {
  if (lone_) {
    lone_ = false;
    const bool pending = recorded_ > message_at_ && (available() > 0 || skip_left_ > 0);
    if (pending) parts_.push_back(lone_part_);
  }
  if (in_tail_) {
    parts_.swap(tail_);
    tail_.clear();
    head_only_ = std::exchange(tail_full_, false);
    in_tail_ = false;
  } else if (head_only_ && completed_ && skip_left_ == 0) {
    parts_.clear();  // where the pending message began is not known: it stays without parts
    recorded_ = message_at_ = 0;
  }
  if (available() == 0 && skip_left_ == 0) {
    parts_.clear();
    head_only_ = false;
    recorded_ = message_at_ = 0;
    if (parts_.capacity() > kKeepParts) parts_ = {};
    return;
  }
  std::uint64_t gone = message_at_;
  auto keep = parts_.begin();
  for (; keep != parts_.end() && gone >= keep->length; ++keep) gone -= keep->length;
  if (keep != parts_.end()) {
    keep->offset += as_u32(gone);
    keep->length -= as_u32(gone);
  }
  parts_.erase(parts_.begin(), keep);
  recorded_ -= std::min(recorded_, message_at_);
  message_at_ = 0;
}

void Stream::charge() {
  const std::uint64_t holds =
      held_.size() + early_bytes_ + early_.size() * sizeof(Early) + parts_.size() * sizeof(Part);
  budget_.used += holds - charged_;
  charged_ = holds;
  if (holds == 0 || budget_.used <= budget_.limit) return;
  ++budget_.over_total;
  early_.clear();
  early_bytes_ = 0;
  const std::uint64_t skipping = skip_left_;
  completed_ = false;
  drop_message();
  held_ = {};
  parts_ = {};
  if (skipping > 0) {  // nothing but parts was held of it: still in step
    skip_left_ = skipping;
    resumed_ = false;
    head_only_ = true;
  }
  budget_.used -= charged_;
  charged_ = 0;
}

void Stream::finish() {
  if (stopped_) return;
  if (completed_ || lone_) trim_parts();
  settle_pending();
  completed_ = false;
  looked_ = false;
  settle_loss();
  if (at_end()) {
    release();
    skip_left_ = 0;
    parts_ = {};
    early_.clear();
    early_bytes_ = 0;
    recorded_ = message_at_ = 0;
    head_only_ = in_tail_ = tail_full_ = false;
  }
  if (held_.empty() && held_.capacity() > kKeepCapacity) held_ = {};
  if (held_from_ * 2 > held_.size()) {
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(held_from_));
    held_from_ = 0;
  }
  charge();
}

void Stream::stop() {
  release();
  held_ = {};
  parts_ = {};
  tail_ = {};
  early_.clear();
  early_bytes_ = 0;
  lone_ = completed_ = resumed_ = false;
  skip_left_ = lost_after_ = 0;
  stopped_ = true;
  budget_.used -= charged_;
  charged_ = 0;
}

}  // namespace pr::flow
