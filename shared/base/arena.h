// A vector of octets that does not zero what it grows by: for room that is read into right away.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace pr {

template <typename T>
struct Uninitialized : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = Uninitialized<U>;
  };
  template <typename U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <typename U, typename... Args>
  void construct(U* at, Args&&... args) {
    std::construct_at(at, std::forward<Args>(args)...);
  }
};

using Arena = std::vector<std::uint8_t, Uninitialized<std::uint8_t>>;

}  // namespace pr
