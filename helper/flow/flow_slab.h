// Where a table keeps its flows: nodes in chunks that never move and are used again, an index by hash, and lists
// through the nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "helper/flow/flow_table.h"

namespace pr::flow {

inline constexpr std::uint32_t kNoNode = 0xffffffffU;

// Position in one list.
struct Link {
  std::uint32_t prev = kNoNode, next = kNoNode;
};

struct alignas(64) FlowNode {
  Flow flow;
  Link by_time, by_change;
  std::int64_t active = 0;  // table time of the last packet, ns
  std::int64_t listed = 0;  // when by_time put it where it stands: at most kListNs before active
  std::uint8_t bucket = 0;
  std::uint8_t timeout = 0;  // class
  std::uint8_t level = 0;    // of snapshots: visited at each 2^level-th
  bool changed = false;      // since the last snapshot that visited it
  bool used = false;
};

class FlowSlab {
 public:
  std::uint32_t take();
  void give_back(std::uint32_t node);
  FlowNode& operator[](std::uint32_t node) { return chunks_[node / kChunk][node % kChunk]; }

 private:
  static constexpr std::uint32_t kChunk = 1024;

  std::vector<std::unique_ptr<FlowNode[]>> chunks_;
  std::uint32_t free_ = kNoNode;  // linked by by_time.next
};

// Nodes through one of their links, in the order in which they were put in.
template <Link FlowNode::*kLink>
class NodeList {
 public:
  [[nodiscard]] std::uint32_t front() const { return ends_.next; }
  [[nodiscard]] bool empty() const { return ends_.next == kNoNode; }

  void push_back(FlowSlab& slab, std::uint32_t node) {
    slab[node].*kLink = {.prev = ends_.prev, .next = kNoNode};
    (ends_.prev == kNoNode ? ends_ : slab[ends_.prev].*kLink).next = node;
    ends_.prev = node;
  }
  void remove(FlowSlab& slab, std::uint32_t node) {
    const Link link = slab[node].*kLink;
    (link.prev == kNoNode ? ends_ : slab[link.prev].*kLink).next = link.next;
    (link.next == kNoNode ? ends_ : slab[link.next].*kLink).prev = link.prev;
  }
  void move_to_back(FlowSlab& slab, std::uint32_t node) {
    if (ends_.prev == node) return;
    remove(slab, node);
    push_back(slab, node);
  }

 private:
  Link ends_;  // next: first, prev: last
};

// Hash -> node: open addressing, linear probing, no tombstones. The full key stands in the node.
class FlowIndex {
 public:
  FlowIndex() : slots_(1024) {}

  // The node with this hash for which `same` holds, else kNoNode.
  template <typename Same>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, const Same& same) const {
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t at = tag & mask();; at = (at + 1) & mask()) {
      const Slot& slot = slots_[at];
      if (slot.node == kNoNode) return kNoNode;
      if (slot.tag == tag && same(slot.node)) return slot.node;
    }
  }
  void insert(std::uint64_t hash, std::uint32_t node);
  void erase(std::uint64_t hash, std::uint32_t node);
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t node = kNoNode;
  };

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  void place(Slot slot);

  std::vector<Slot> slots_;  // a power of two, at most three quarters full
  std::size_t size_ = 0;
};

}  // namespace pr::flow
