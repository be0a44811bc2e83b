// Columns of an index block: numbers of any size in as few octets as they need, and raw octets.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "shared/base/bytes.h"

namespace pr::store {

constexpr std::uint64_t zigzag(std::int64_t v) {
  return static_cast<std::uint64_t>(v) << 1U ^ static_cast<std::uint64_t>(v >> 63U);
}
constexpr std::int64_t unzigzag(std::uint64_t v) { return static_cast<std::int64_t>(v >> 1U ^ (~(v & 1U) + 1U)); }
// Differences are taken without sign, so that no input can overflow.
constexpr std::uint64_t difference(std::uint64_t value, std::uint64_t expected) {
  return zigzag(static_cast<std::int64_t>(value - expected));
}
constexpr std::uint64_t restored(std::uint64_t coded, std::uint64_t expected) {
  return expected + static_cast<std::uint64_t>(unzigzag(coded));
}

class ColumnSink {
 public:
  ColumnSink() : octets_(1024) {}
  void put(std::uint64_t v) {
    if (octets_.size() - size_ < 10) octets_.resize(octets_.size() * 2);
    std::uint8_t* at = octets_.data() + size_;
    while (v >= 0x80) {
      *at++ = static_cast<std::uint8_t>(v | 0x80U);
      v >>= 7U;
    }
    *at++ = static_cast<std::uint8_t>(v);
    size_ = static_cast<std::size_t>(at - octets_.data());
  }
  void raw(const void* data, std::size_t n) {
    while (octets_.size() - size_ < n) octets_.resize(octets_.size() * 2);
    std::memcpy(octets_.data() + size_, data, n);
    size_ += n;
  }
  [[nodiscard]] Bytes bytes() const { return {octets_.data(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  void clear() { size_ = 0; }

 private:
  std::vector<std::uint8_t> octets_;
  std::size_t size_ = 0;
};

// Reads one back. What is not there reads as 0, and ok() is false from then on.
class ColumnSource {
 public:
  ColumnSource() = default;
  explicit ColumnSource(Bytes bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  std::uint64_t get() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) break;
      const std::uint8_t octet = *at_++;
      v |= std::uint64_t{octet & 0x7fU} << shift;
      if (octet < 0x80) return v;
    }
    ok_ = false;
    return 0;
  }
  void raw(void* to, std::size_t n) {
    if (static_cast<std::size_t>(end_ - at_) < n) {
      ok_ = false;
      std::memset(to, 0, n);
      return;
    }
    std::memcpy(to, at_, n);
    at_ += n;
  }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] bool ok() const { return ok_; }
  void fail() { ok_ = false; }

 private:
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  bool ok_ = true;
};

}  // namespace pr::store
