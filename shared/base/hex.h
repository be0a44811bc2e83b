// Bytes as hexadecimal text, and back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"

namespace pr {

// "0a1bff"; with a separator "0a:1b:ff".
std::string hex_text(Bytes bytes);
std::string hex_text(Bytes bytes, char separator);
// Digits of either case; blanks are skipped. Nothing: another character, or half an octet.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

// Value of a hexadecimal digit, -1 for anything else.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Dump lines of 16 octets as `tshark -x` prints them: offset, octets, ASCII with dots for the rest.
// "0000  47 45 54 20 ...   GET ..."; each line starts with indent and ends with a newline.
std::string hex_dump(Bytes bytes, std::string_view indent = "");

}  // namespace pr
