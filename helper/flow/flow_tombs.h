// What stays of flows that timed out, in case their conversation goes on: the numbers, and for TCP what sequence
// numbers count from. Bounded; a newer one takes an older one's place.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "helper/flow/tcp_track.h"

namespace pr::flow {

struct Tomb {
  std::uint64_t hash = 0;  // 0: empty
  std::uint64_t id = 0;
  FlowKey key;
  std::uint32_t stream = 0;
  Timestamp stream_start{}, last_seen{};
  std::unique_ptr<TcpTrack> tcp;
};

class FlowTombs {
 public:
  void add(std::size_t bucket, Tomb tomb) {
    std::vector<Tomb>& places = buckets_[bucket];
    if (places.empty()) places.resize(kPlaces);
    places[tomb.hash % kPlaces] = std::move(tomb);
  }
  // Null: none. To be taken out by setting its hash to 0.
  Tomb* find(std::size_t bucket, std::uint64_t hash) {
    std::vector<Tomb>& places = buckets_[bucket];
    if (places.empty() || hash == 0 || places[hash % kPlaces].hash != hash) return nullptr;
    return &places[hash % kPlaces];
  }

 private:
  static constexpr std::size_t kPlaces = 1024;  // a bucket
  std::array<std::vector<Tomb>, kBuckets> buckets_;
};

}  // namespace pr::flow
