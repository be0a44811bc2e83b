// Text of bounded length, made without the heap: Info lines and what transactions are called. What does not fit is
// left out.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pr::dissect {

class Line {
 public:
  Line& operator<<(std::string_view text) {
    for (const char c : text.substr(0, text_.size() - used_)) text_[used_++] = c;
    return *this;
  }
  Line& operator<<(std::uint64_t number) {
    std::array<char, 20> digits;
    std::size_t at = digits.size();
    do {
      digits[--at] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    return *this << std::string_view(digits.data() + at, digits.size() - at);
  }
  Line& hex(std::uint64_t number, unsigned digits = 4) {  // 0x0abc
    *this << "0x";
    while (digits-- > 0) *this << std::string_view(&"0123456789abcdef"[number >> 4U * digits & 15U], 1);
    return *this;
  }
  Line& ipv4(std::uint32_t address) {
    return *this << (address >> 24U) << "." << (address >> 16U & 255U) << "." << (address >> 8U & 255U) << "."
                 << (address & 255U);
  }
  void clear() { used_ = 0; }
  [[nodiscard]] std::string_view text() const { return {text_.data(), used_}; }

 private:
  std::array<char, 2048> text_;
  std::size_t used_ = 0;
};

}  // namespace pr::dissect
