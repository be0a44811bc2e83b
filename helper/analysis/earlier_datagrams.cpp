#include "helper/analysis/earlier_datagrams.h"

namespace pr::analysis {

bool EarlierDatagrams::keep(std::uint64_t packet, Bytes payload) {
  const bool too_many = kept_.size() >= kMax || bytes_ + payload.size() > kMaxBytes;
  const bool no_room = budget_.used + payload.size() > budget_.limit;
  if (too_many || no_room) {
    ++(no_room ? budget_.over_total : budget_.over_datagrams);
    clear();
    return false;
  }
  const auto& copy = kept_.emplace_back(payload.begin(), payload.end());
  payloads_.emplace_back(copy);  // moving a vector does not move what it holds
  packets_.push_back(packet);
  bytes_ += payload.size();
  budget_.used += payload.size();
  return true;
}

void EarlierDatagrams::clear() {
  budget_.used -= bytes_;
  bytes_ = 0;
  packets_.clear();
  payloads_.clear();
  kept_.clear();
}

std::vector<Part> EarlierDatagrams::parts() const {
  std::vector<Part> parts;
  parts.reserve(packets_.size() + 1);
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    parts.push_back({.packet = packets_[i], .offset = 0, .length = static_cast<std::uint32_t>(payloads_[i].size())});
  }
  return parts;
}

}  // namespace pr::analysis
