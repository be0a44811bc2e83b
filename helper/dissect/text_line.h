// Lines of text protocols (SMTP, FTP, IRC, ...): found, cut into words, and recognised.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "helper/dissect/layer_builder.h"
#include "shared/base/bytes.h"
#include "shared/base/cursor.h"

namespace pr::dissect {

struct TextLine {
  Bytes text;   // without its end
  Bytes whole;  // with it
  [[nodiscard]] std::string_view view() const { return as_text(text); }
};

// Takes a line that ends with LF or CR LF, or, at the end of a stream, with the stream. nullopt: there is none yet.
inline std::optional<TextLine> take_line(Cursor& in, bool at_end = false) {
  const Bytes rest = in.rest();
  if (rest.empty()) return std::nullopt;
  const void* feed = std::memchr(rest.data(), '\n', rest.size());
  if (feed == nullptr && !at_end) return std::nullopt;
  std::size_t n = rest.size();
  if (feed != nullptr) n = static_cast<std::size_t>(static_cast<const std::uint8_t*>(feed) - rest.data()) + 1;
  TextLine line{rest.first(n), in.take(n)};
  if (feed != nullptr) line.text = line.text.first(n - 1);
  if (!line.text.empty() && line.text.back() == '\r') line.text = line.text.first(line.text.size() - 1);
  return line;
}

// Octets of whole lines in front of `bytes`: what can be read now.
inline std::size_t whole_lines(Bytes bytes, bool at_end) {
  if (at_end) return bytes.size();
  const std::size_t feed = as_text(bytes).rfind('\n');
  return feed == std::string_view::npos ? 0 : feed + 1;
}

// Cuts the next word off, up to a space; further spaces are skipped.
inline Bytes take_word(Bytes& text) {
  const auto end = std::ranges::find(text, ' ');
  const Bytes word = text.first(static_cast<std::size_t>(end - text.begin()));
  text = text.subspan(word.size());
  while (!text.empty() && text[0] == ' ') text = text.subspan(1);
  return word;
}

inline bool begins_printable(Bytes bytes) { return !bytes.empty() && bytes[0] >= 0x20 && bytes[0] < 0x7f; }

inline char ascii_upper(std::uint8_t c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); }

// Equal but for the case of ASCII letters; word: upper case.
inline bool is_word(Bytes text, std::string_view word) {
  return text.size() == word.size() &&
         std::ranges::equal(text, word, [](std::uint8_t a, char b) { return ascii_upper(a) == b; });
}
inline bool begins_with_word(Bytes text, std::string_view word) {
  return text.size() >= word.size() && is_word(text.first(word.size()), word);
}

// "250 text" or "250-text": the code; 0: no reply line of three digits.
inline unsigned reply_code(Bytes text) {
  if (text.size() < 3) return 0;
  unsigned code = 0;
  for (const std::uint8_t c : text.first(3)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + (c - '0');
  }
  const bool ends = text.size() == 3 || text[3] == ' ' || text[3] == '-' || text[3] == '\r' || text[3] == '\n';
  return ends && code >= 100 && code < 700 ? code : 0;
}

// ASCII as Wireshark makes it of arbitrary octets: each of those above 127 becomes U+FFFD.
inline void add_ascii(LayerBuilder& out, std::size_t field, Bytes text) {
  if (!out.wants(field)) return;
  if (std::ranges::all_of(text, [](std::uint8_t c) { return c < 0x80; })) return out.add(field, text, text);
  std::string made;
  for (const std::uint8_t c : text) {
    if (c < 0x80) {
      made.push_back(static_cast<char>(c));
    } else {
      made += "\xef\xbf\xbd";
    }
  }
  out.add_text(field, made, text);
}

// Octets that text protocols are made of; UTF-8 and Latin-1 pass.
inline bool looks_like_text(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t c) { return (c >= 0x20 && c != 0x7f) || (c >= 9 && c <= 13); });
}

// A line cannot be longer than this: what goes on without an end is no text protocol.
inline constexpr std::size_t kMaxTextLine = 16384;

}  // namespace pr::dissect
