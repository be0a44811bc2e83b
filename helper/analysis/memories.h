// What dissectors remember of streams while stored packets are shown (dissect::Memory): one a flow and direction, as it
// was behind some packet. Another packet's is made by reading again the packets that its state leads to. Bounded in
// number and in packets that are read again. One thread.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "helper/dissect/context.h"
#include "shared/base/bounded_map.h"

namespace pr::analysis {

class Memories {
 public:
  struct Source {
    // The link in the state that packet `number` was dissected with, 0: there is none.
    std::function<std::uint64_t(std::uint64_t number)> link;
    // Dissects the packet's messages with this memory.
    std::function<void(std::uint64_t number, std::unique_ptr<dissect::Memory>* memory)> replay;
  };

  // The memory that a message finds which is dissected with a state that names packet `link`. Valid until the next
  // call.
  std::unique_ptr<dissect::Memory>* recall(std::uint64_t flow, bool from_resp, std::uint64_t link,
                                           const Source& source);
  // It has been used: the state names packet `link` now.
  void used(std::uint64_t flow, bool from_resp, std::uint64_t link);
  void clear() { slots_.clear(); }

 private:
  static constexpr std::size_t kMaxSlots = 64;
  static constexpr std::size_t kMaxChain = 512;  // a usual table has room for 128 headers, one a packet at least

  struct Slot {
    std::uint64_t behind = 0;
    std::unique_ptr<dissect::Memory> memory;
  };
  BoundedMap<std::uint64_t, Slot> slots_{kMaxSlots};
};

}  // namespace pr::analysis
