// Reads values from a borrowed buffer. A read past the end returns zero and makes the cursor fail for
// good; callers read a whole header and test ok() once. Values read after a failure are zero and must
// not be published. Loops test `in.left() > 0` (which is zero after a failure), and every body consumes.
#pragma once

#include <bit>
#include <concepts>
#include <cstring>
#include <utility>

#include "shared/base/bytes.h"

namespace pr {

class Cursor {
 public:
  explicit Cursor(Bytes data) : data_(data) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return ok_ ? data_.size() - at_ : 0; }
  // Bytes consumed so far, counted from the buffer's start; stays put after a failure.
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] Bytes rest() const { return ok_ ? data_.subspan(at_) : Bytes{}; }
  // The whole buffer, read or not: for offsets that count from a message's start (DNS names).
  [[nodiscard]] Bytes all() const { return data_; }
  // The next n bytes (fewer at the end) without consuming them.
  [[nodiscard]] Bytes peek(std::size_t n) const { return rest().first(n < left() ? n : left()); }

  // What was consumed from `start` (an earlier at()) on.
  [[nodiscard]] Bytes since(std::size_t start) const { return data_.subspan(start, at_ - start); }

  std::uint8_t u8() { return be<std::uint8_t>(); }
  std::uint16_t u16() { return be<std::uint16_t>(); }
  std::uint32_t u24() {
    const std::uint32_t high = u8();
    return high << 16U | u16();
  }
  std::uint32_t u32() { return be<std::uint32_t>(); }
  std::uint64_t u64() { return be<std::uint64_t>(); }
  std::uint16_t u16le() { return le<std::uint16_t>(); }
  std::uint32_t u32le() { return le<std::uint32_t>(); }
  std::uint64_t u64le() { return le<std::uint64_t>(); }

  Bytes take(std::size_t n) {
    if (!ok_ || n > data_.size() - at_) {
      ok_ = false;
      return {};
    }
    return data_.subspan(std::exchange(at_, at_ + n), n);
  }
  void skip(std::size_t n) { (void)take(n); }
  // A part with a length of its own: reads in it cannot leave it.
  Cursor sub(std::size_t n) {
    const Bytes part = take(n);
    return Cursor(part, ok_);
  }
  void fail() { ok_ = false; }

 private:
  Cursor(Bytes data, bool ok) : data_(data), ok_(ok) {}

  template <std::unsigned_integral T>
  T be() {
    T value = le<T>();
    if constexpr (sizeof(T) == 2) value = __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) value = __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) value = __builtin_bswap64(value);
    return value;
  }
  template <std::unsigned_integral T>
  T le() {
    static_assert(std::endian::native == std::endian::little);
    const Bytes part = take(sizeof(T));
    T value = 0;
    if (ok_) std::memcpy(&value, part.data(), sizeof(T));
    return value;
  }

  Bytes data_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace pr
