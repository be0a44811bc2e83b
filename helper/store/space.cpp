#include "helper/store/space.h"

#include <algorithm>
#include <vector>

namespace pr::store {
namespace {

constexpr std::uint64_t kMiB = 1U << 20U;

}  // namespace

Space::Space(const Layout& layout) : layout_(layout) {
  const std::uint64_t all = file_system_bytes(layout.folder);
  reserve_ = std::clamp(all / 64, kMiB / 2, 64 * kMiB);
  margin_ = std::clamp(all / 16, kMiB, 32 * kMiB);
}

bool Space::room_for(std::uint64_t octets) const {
  const std::uint64_t room = free_bytes(layout_.folder);
  return room >= margin_ && room - margin_ >= octets;
}

void Space::keep_reserve() {
  if (held_ || !room_for(reserve_)) return;
  if (file_size(layout_.reserve) == reserve_) {
    held_ = true;
    return;
  }
  remove_file(layout_.reserve);
  absl::StatusOr<Fd> fd = create_new(layout_.reserve);
  if (!fd.ok()) return;
  // Written, not only sized: a file with holes reserves nothing.
  const std::vector<std::uint8_t> zeros(kMiB / 2);
  for (std::uint64_t at = 0; at < reserve_; at += zeros.size()) {
    const std::uint64_t size = std::min<std::uint64_t>(zeros.size(), reserve_ - at);
    if (!write_at(*fd, at, Bytes(zeros).first(size), layout_.reserve).ok()) {
      remove_file(layout_.reserve);
      return;
    }
  }
  held_ = true;
}

bool Space::release() {
  held_ = false;
  const bool was = file_size(layout_.reserve) != 0;
  remove_file(layout_.reserve);
  return was;
}

}  // namespace pr::store
