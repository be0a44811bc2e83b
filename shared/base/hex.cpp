#include "shared/base/hex.h"

#include <algorithm>

namespace pr {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::size_t kDumpWidth = 16;

void append_octet(std::string& out, std::uint8_t octet) {
  out.push_back(kHex[octet >> 4U]);
  out.push_back(kHex[octet & 15U]);
}

void append_offset(std::string& out, std::size_t offset, bool wide) {
  for (unsigned shift = wide ? 32U : 16U; shift != 0; shift -= 4) out.push_back(kHex[offset >> (shift - 4U) & 15U]);
}

}  // namespace

std::string hex_text(Bytes bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t octet : bytes) append_octet(out, octet);
  return out;
}

std::string hex_text(Bytes bytes, char separator) {
  std::string out;
  out.reserve(bytes.size() * 3);
  for (const std::uint8_t octet : bytes) {
    if (!out.empty()) out.push_back(separator);
    append_octet(out, octet);
  }
  return out;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  std::vector<std::uint8_t> out;
  out.reserve(text.size() / 2);
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
    const int digit = hex_digit(c);
    if (digit < 0) return std::nullopt;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  if (high >= 0) return std::nullopt;
  return out;
}

std::string hex_dump(Bytes bytes, std::string_view indent) {
  std::string out;
  const std::size_t lines = (bytes.size() + kDumpWidth - 1) / kDumpWidth;
  out.reserve(lines * (indent.size() + 76));
  const bool wide = bytes.size() > 0x10000;
  for (std::size_t at = 0; at < bytes.size(); at += kDumpWidth) {
    const Bytes line = bytes.subspan(at, std::min(kDumpWidth, bytes.size() - at));
    out.append(indent);
    append_offset(out, at, wide);
    out.append("  ");
    for (const std::uint8_t octet : line) {
      append_octet(out, octet);
      out.push_back(' ');
    }
    out.append((kDumpWidth - line.size()) * 3 + 2, ' ');
    for (const std::uint8_t octet : line) out.push_back(octet >= 0x20 && octet < 0x7f ? static_cast<char>(octet) : '.');
    out.push_back('\n');
  }
  return out;
}

}  // namespace pr
