#include "helper/store/space.h"

#include <algorithm>

namespace pr::store {
namespace {

constexpr std::uint64_t kMiB = 1U << 20U;

}  // namespace

Space::Space(const Layout& layout) : layout_(layout) {
  const std::uint64_t all = file_system_bytes(layout.folder);
  reserve_ = std::clamp(all / 64, kMiB / 2, 16 * kMiB);
  margin_ = std::clamp(all / 16, kMiB, 32 * kMiB);
}

bool Space::room_for(std::uint64_t octets) const {
  const std::uint64_t room = free_bytes(layout_.folder);
  return room >= margin_ && room - margin_ >= octets;
}

void Space::keep_reserve() {
  if (held_ || !room_for(reserve_)) return;
  remove_file(layout_.reserve);
  const absl::StatusOr<Fd> fd = create_new(layout_.reserve);
  held_ = fd.ok() && set_aside(*fd, reserve_);
  if (!held_) remove_file(layout_.reserve);
}

bool Space::release() {
  held_ = false;
  const bool was = file_size(layout_.reserve) != 0;
  remove_file(layout_.reserve);
  return was;
}

}  // namespace pr::store
