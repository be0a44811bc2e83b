#include "shared/base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace pr {
namespace {

constexpr char kHex[] = "0123456789abcdef";

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

// First continuation octet's range depends on the lead (RFC 3629 section 4); the others are 80..BF.
bool good_second(std::uint8_t lead, std::uint8_t second) {
  switch (lead) {
    case 0xe0: return second >= 0xa0 && second <= 0xbf;
    case 0xed: return second >= 0x80 && second <= 0x9f;
    case 0xf0: return second >= 0x90 && second <= 0xbf;
    case 0xf4: return second >= 0x80 && second <= 0x8f;
    default: return second >= 0x80 && second <= 0xbf;
  }
}

}  // namespace

std::size_t ascii_prefix(std::string_view text) {
  constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
  std::size_t at = 0;
  for (std::uint64_t word = 0; text.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHigh) != 0) break;
  }
  while (at < text.size() && static_cast<std::uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

std::size_t utf8_character(std::string_view text, char32_t* code) {
  if (text.empty()) return 0;
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = octet(0);
  std::size_t length = 1;
  char32_t value = lead;
  if (lead >= 0x80) {
    if (lead < 0xc2 || lead > 0xf4) return 0;
    length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size() < length || !good_second(lead, octet(1))) return 0;
    value = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      if ((octet(i) & 0xc0U) != 0x80) return 0;
      value = value << 6U | (octet(i) & 0x3fU);
    }
  }
  if (code != nullptr) *code = value;
  return length;
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    char32_t code = 0;
    const std::size_t length = utf8_character(text, &code);
    const std::size_t take = length == 0 ? 1 : length;
    if (length != 0 && !is_control(code)) {
      out.append(text.substr(0, take));
    } else {
      for (const char c : text.substr(0, take)) {
        const auto octet = static_cast<std::uint8_t>(c);
        out.append({'\\', 'x', kHex[octet >> 4U], kHex[octet & 15U]});
      }
    }
    text.remove_prefix(take);
  }
}

std::string escape_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_escaped(out, text);
  return out;
}

bool is_valid_utf8(std::string_view text) {
  for (;;) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return true;
    const std::size_t length = utf8_character(text, nullptr);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_character(text, nullptr);
    if (length == 0) {
      out.append("\xef\xbf\xbd");
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string csv_field(std::string_view text) {
  std::string safe = escape_controls(text);
  const bool edge_space = !safe.empty() && (safe.front() == ' ' || safe.back() == ' ');
  if (!edge_space && safe.find_first_of(",\"") == std::string::npos) return safe;
  std::string out = "\"";
  out.reserve(safe.size() + 8);
  for (const char c : safe) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace pr
