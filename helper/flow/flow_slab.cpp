#include "helper/flow/flow_slab.h"

#include "helper/flow/tcp_track.h"

namespace pr::flow {

std::uint32_t FlowSlab::take() {
  if (free_ == kNoNode) {
    const auto first = static_cast<std::uint32_t>(chunks_.size()) * kChunk;
    chunks_.push_back(std::make_unique<FlowNode[]>(kChunk));
    for (std::uint32_t i = kChunk; i-- > 0;) {
      (*this)[first + i].by_time.next = free_;
      free_ = first + i;
    }
  }
  const std::uint32_t node = free_;
  FlowNode& taken = (*this)[node];
  free_ = taken.by_time.next;
  taken.used = true;
  return node;
}

void FlowSlab::give_back(std::uint32_t node) {
  FlowNode& gone = (*this)[node];
  gone = FlowNode{};
  gone.by_time.next = free_;
  free_ = node;
}

void FlowIndex::place(Slot slot) {
  std::size_t at = slot.tag & mask();
  while (slots_[at].node != kNoNode) at = (at + 1) & mask();
  slots_[at] = slot;
}

void FlowIndex::insert(std::uint64_t hash, std::uint32_t node) {
  if ((size_ + 1) * 4 > slots_.size() * 3) {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.node != kNoNode) place(slot);
    }
  }
  place({.tag = static_cast<std::uint32_t>(hash), .node = node});
  ++size_;
}

void FlowIndex::erase(std::uint64_t hash, std::uint32_t node) {
  std::size_t hole = static_cast<std::uint32_t>(hash) & mask();
  while (slots_[hole].node != node) {
    if (slots_[hole].node == kNoNode) return;
    hole = (hole + 1) & mask();
  }
  // Whoever stands behind the hole and could stand in it moves up.
  for (std::size_t at = (hole + 1) & mask(); slots_[at].node != kNoNode; at = (at + 1) & mask()) {
    const std::size_t home = slots_[at].tag & mask();
    if (((at - home) & mask()) < ((at - hole) & mask())) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole].node = kNoNode;
  --size_;
}

}  // namespace pr::flow
