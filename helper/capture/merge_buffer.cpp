#include "helper/capture/merge_buffer.h"

#include <algorithm>

namespace pr::capture {

void append(Batch& batch, Packet packet, Bytes bytes) {
  const std::size_t at = batch.arena.size();
  batch.arena.insert(batch.arena.end(), bytes.begin(), bytes.end());
  packet.bytes = Bytes(batch.arena).subspan(at, bytes.size());
  batch.packets.push_back(packet);
}

void MergeBuffer::add(std::size_t lane, const Packet& packet, Instant arrived) {
  if (lane >= lanes_.size()) lanes_.resize(lane + 1);
  Lane& to = lanes_[lane];
  to.held.push_back({.packet = packet, .at = to.bytes.size(), .length = packet.bytes.size(), .arrived = arrived});
  to.held.back().packet.bytes = {};
  to.bytes.insert(to.bytes.end(), packet.bytes.begin(), packet.bytes.end());
  ++packets_;
  bytes_ += packet.bytes.size();
}

bool MergeBuffer::release(Batch& batch, Timestamp shown, Instant now, bool all) {
  while (Lane* const lane = oldest()) {
    const Held& next = lane->held[lane->first];
    const bool due = all || packets_ > kMostPackets || bytes_ > kMostBytes || next.packet.ts <= shown;
    if (!due) {
      // By arrival and not by the clock: the clock may be set while packets wait.
      shown = std::max(shown, overdue(now));
      if (next.packet.ts > shown) return true;
    }
    if (!has_room(batch, next.length)) return false;
    append(batch, next.packet, Bytes(lane->bytes).subspan(next.at, next.length));
    --packets_;
    bytes_ -= next.length;
    lane->drop_first();
  }
  return true;
}

MergeBuffer::Lane* MergeBuffer::oldest() {
  Lane* found = nullptr;
  for (Lane& lane : lanes_) {
    if (lane.empty()) continue;
    if (found == nullptr || lane.held[lane.first].packet.ts < found->held[found->first].packet.ts) found = &lane;
  }
  return found;
}

Timestamp MergeBuffer::overdue(Instant now) const {
  Timestamp latest = Timestamp::min();
  for (const Lane& lane : lanes_) {
    if (lane.empty() || now - lane.held[lane.first].arrived < kLongestWait) continue;
    latest = std::max(latest, lane.held[lane.first].packet.ts);
  }
  return latest;
}

// Once most of it was released, the rest moves to the front: each packet moves about once.
void MergeBuffer::Lane::drop_first() {
  used = held[first].at + held[first].length;
  ++first;
  if (first < held.size() - first) return;
  held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(first));
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
  for (Held& each : held) each.at -= used;
  first = used = 0;
}

}  // namespace pr::capture
