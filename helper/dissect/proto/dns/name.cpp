#include <algorithm>
#include <cstring>

#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect::dns {
namespace {

constexpr unsigned kMaxPointers = 128;
constexpr std::size_t kMaxBeyond = 1024;  // octets of labels that are walked over after a name has become too long
constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// Length of the UTF-8 sequence at the start of text, 0 if there is none.
std::size_t utf8_length(Bytes text) {
  const std::uint8_t lead = text[0];
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((text[i] & 0xc0U) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xe0 && text[1] < 0xa0) || (lead == 0xf0 && text[1] < 0x90);
  const bool beyond = (lead == 0xed && text[1] >= 0xa0) || (lead == 0xf4 && text[1] >= 0x90);
  return overlong || beyond ? 0 : length;
}

}  // namespace

bool Name::read(Cursor& in, Bytes message) {
  length_ = used_ = labels_ = 0;
  if (!walk(in, message)) return false;
  if (used_ == 0) {
    if (length_ == 0) {
      say("<Root>");
    } else {
      escape();
    }
  }
  labels_ = static_cast<std::size_t>(std::ranges::count(text(), '.')) + 1;
  return true;
}

bool Name::walk(Cursor& in, Bytes message) {
  Cursor* at = &in;
  Cursor elsewhere({});
  bool too_long = false;
  std::size_t beyond = 0;
  for (unsigned pointers = 0;;) {
    const std::uint8_t octet = at->u8();
    if (!at->ok()) break;
    if (octet == 0) {
      if (too_long) say("<Name too long>");
      return true;
    }
    if (octet >= 0xc0) {
      const std::size_t target = (octet & 0x3fU) << 8U | at->u8();
      if (!at->ok()) break;
      if (++pointers > kMaxPointers) {
        say("<Name contains a pointer that loops>");
        return true;
      }
      elsewhere = Cursor(message);
      elsewhere.skip(target);
      at = &elsewhere;
    } else if (octet >= 0x80) {
      return false;
    } else if (octet >= 0x40) {
      say("<Unknown extended label>");
      return true;
    } else {
      const Bytes label = at->take(octet);
      if (!at->ok()) break;
      too_long = too_long || !put_label(label);
      // What lies behind a pointer is not consumed from `in`: after a while nothing is left to find out there.
      if (too_long && at != &in && (beyond += label.size() + 1) > kMaxBeyond) {
        say("<Name too long>");
        return true;
      }
    }
  }
  in.fail();
  return false;
}

bool Name::put_label(Bytes label) {
  const std::size_t dot = length_ > 0 ? 1 : 0;
  if (length_ + dot + label.size() > kMaxOctets) return false;
  if (dot != 0) raw_[length_++] = '.';
  std::ranges::copy(label, raw_.begin() + static_cast<std::ptrdiff_t>(length_));
  length_ += label.size();
  return true;
}

void Name::say(std::string_view text) {
  std::ranges::copy(text, text_.begin());
  used_ = length_ = text.size();
}

void Name::escape() {
  const auto put = [this](std::string_view text) {
    std::ranges::copy(text, text_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += text.size();
  };
  for (std::size_t i = 0; i < length_;) {
    const Bytes rest = Bytes(raw_).subspan(i, length_ - i);
    const std::uint8_t c = rest[0];
    if (c >= 0x20 && c < 0x7f) {
      text_[used_++] = static_cast<char>(c);
      ++i;
    } else if (c >= 7 && c <= 13) {
      const char escaped[2] = {'\\', "abtnvfr"[c - 7]};
      put({escaped, 2});
      ++i;
    } else if (c < 0x20 || c == 0x7f) {
      const char octal[4] = {'\\', static_cast<char>('0' + (c >> 6U)), static_cast<char>('0' + (c >> 3U & 7U)),
                             static_cast<char>('0' + (c & 7U))};
      put({octal, 4});
      ++i;
    } else if (const std::size_t length = utf8_length(rest); length > 0) {
      put(as_text(rest.first(length)));
      i += length;
    } else {
      put(kReplacement);
      ++i;
    }
  }
}

bool add_name(std::size_t f, Bytes message, Cursor& in, LayerBuilder& out, Name* name) {
  const std::size_t start = in.at();
  if (!name->read(in, message)) return false;
  out.add_text(f, name->text(), in.since(start));
  return true;
}

}  // namespace pr::dissect::dns
