// What the packets of IS-IS share: identifiers and the walk over their elements.
#pragma once

#include <algorithm>
#include <string>

#include "helper/dissect/proto/layout.h"
#include "shared/base/hex.h"

namespace pr::dissect::isis {

inline constexpr std::size_t kSystemId = 6, kHeader = 8;  // octets; the header stands before each packet's own

// "1921.6800.1001", "1921.6800.1001.02" with a pseudonode's number, "1921.6800.1001.00-01" with a fragment's.
inline std::string id_text(Bytes id) {
  std::string text;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 2 || i == 4 || i == 6) text += '.';
    if (i == 7) text += '-';
    text += hex_text(id.subspan(i, 1));
  }
  return text;
}

inline Bytes read_id(std::size_t field, std::size_t octets, Cursor& in, LayerBuilder& out) {
  const Bytes where = in.take(octets);
  if (in.ok() && out.wants(field)) out.add_text(field, id_text(where), where);
  return where;
}

// Area addresses, each with its length in front.
inline void read_areas(std::size_t field, Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const Bytes length = in.peek(1);
    const Bytes area = in.take(length[0] + std::size_t{1});
    if (!in.ok()) return;
    out.add(field, area, area);
  }
}

// Calls read(type, value) for each element. False: one of them does not fit.
template <typename Read>
bool read_elements(std::size_t type_field, std::size_t length_field, Cursor& in, LayerBuilder& out, Read read) {
  while (in.left() > 0) {
    const std::uint8_t type = out.u8(in, type_field);
    const std::uint8_t length = out.u8(in, length_field);
    Cursor value = in.sub(length);
    if (!in.ok()) return false;
    read(type, value);
    if (!value.ok()) return false;
  }
  return in.ok();
}

// Each packet's dissector gets the common header once more: its type, and lengths that count from it. Returns the type.
inline std::uint8_t skip_header(Cursor& in) {
  const Bytes header = in.take(kHeader);
  return in.ok() ? static_cast<std::uint8_t>(header[4] & 0x1fU) : std::uint8_t{0};
}

// A packet's own length counts from the header's start; what follows is padding of the link.
inline Cursor whole_packet(std::uint16_t length, Cursor& in) {
  const std::size_t rest = length - std::min<std::size_t>(length, in.at());
  return in.sub(std::min(rest, in.left()));
}

}  // namespace pr::dissect::isis
