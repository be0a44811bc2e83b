// Room on the disk: tells early that it runs out, and keeps a reserve file to finish with what was promised.
#pragma once

#include <cstdint>

#include "helper/store/files.h"

namespace pr::store {

class Space {
 public:
  explicit Space(const Layout& layout);

  // There is room for that many octets and some more.
  [[nodiscard]] bool room_for(std::uint64_t octets) const;
  // Sets the reserve aside if it is not and there is room; never fails loudly.
  void keep_reserve();
  // Gives the reserve to whoever writes next. False: there was none.
  bool release();

 private:
  const Layout layout_;
  std::uint64_t reserve_ = 0;
  std::uint64_t margin_ = 0;
  bool held_ = false;
};

}  // namespace pr::store
