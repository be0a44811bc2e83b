#include "helper/analysis/memories.h"

#include <ranges>
#include <vector>

namespace pr::analysis {
namespace {

std::uint64_t key(std::uint64_t flow, bool from_resp) { return flow << 1U | (from_resp ? 1U : 0U); }

}  // namespace

std::unique_ptr<dissect::Memory>* Memories::recall(std::uint64_t flow, bool from_resp, std::uint64_t link,
                                                   const Source& source) {
  Slot& slot = slots_[key(flow, from_resp)];
  std::vector<std::uint64_t> chain;
  std::uint64_t at = link;
  while (at != 0 && at != slot.behind && chain.size() < kMaxChain) {
    chain.push_back(at);
    const std::uint64_t before = source.link(at);
    at = before < at ? before : 0;  // a damaged index may lead in circles
  }
  if (at == 0 || at != slot.behind) slot.memory.reset();
  for (const std::uint64_t number : chain | std::views::reverse) source.replay(number, &slot.memory);
  slot.behind = link;
  return &slot.memory;
}

void Memories::used(std::uint64_t flow, bool from_resp, std::uint64_t link) {
  if (Slot* slot = slots_.find(key(flow, from_resp)); slot != nullptr) slot->behind = link;
}

}  // namespace pr::analysis
