#include "helper/dissect/windows.h"

#include <algorithm>

namespace pr::dissect::windows {

std::string guid_text(Bytes guid, bool little_endian) {
  static constexpr char kHex[] = "0123456789abcdef";
  static constexpr std::uint8_t kOrder[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    const std::uint8_t octet = guid[little_endian ? kOrder[i] : i];
    out += kHex[octet >> 4U];
    out += kHex[octet & 15U];
  }
  return out;
}

std::uint64_t filetime_ns(std::uint64_t filetime) {
  constexpr std::uint64_t kEpoch = 116'444'736'000'000'000U;  // of 1970 in FILETIME
  if (filetime == 0 || filetime == ~0ULL) return 0;
  const auto ticks = static_cast<std::int64_t>(filetime - kEpoch);
  constexpr std::int64_t kMost = INT64_MAX / 100;
  return static_cast<std::uint64_t>(std::clamp(ticks, -kMost, kMost) * 100);
}

std::string utf16_text(Bytes text, std::size_t max_octets) {
  std::string out;
  const auto put = [&out](std::uint32_t c) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xc0U | c >> 6U);
      out += static_cast<char>(0x80U | (c & 0x3fU));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xe0U | c >> 12U);
      out += static_cast<char>(0x80U | (c >> 6U & 0x3fU));
      out += static_cast<char>(0x80U | (c & 0x3fU));
    } else {
      out += static_cast<char>(0xf0U | c >> 18U);
      out += static_cast<char>(0x80U | (c >> 12U & 0x3fU));
      out += static_cast<char>(0x80U | (c >> 6U & 0x3fU));
      out += static_cast<char>(0x80U | (c & 0x3fU));
    }
  };
  Cursor in(text.first(std::min(text.size(), max_octets)));
  constexpr std::uint32_t kReplacement = 0xfffd;
  while (in.left() >= 2) {
    const std::uint32_t unit = in.u16le();
    if (unit == 0) break;
    if (unit < 0xd800 || unit > 0xdfff) {
      put(unit);
      continue;
    }
    const std::uint32_t low = Cursor(in.peek(2)).u16le();
    if (unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
      put(0x10000 + ((unit & 0x3ffU) << 10U) + (low & 0x3ffU));
      in.skip(2);
    } else {
      put(kReplacement);
    }
  }
  return out;
}

Bytes until_zero(Bytes text) {
  return text.first(static_cast<std::size_t>(std::ranges::find(text, std::uint8_t{0}) - text.begin()));
}

}  // namespace pr::dissect::windows
