// What tags between an Ethernet header and its payload share: behind them stands a type, or a length with LLC.
#pragma once

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {

struct TagFields {
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::size_t type;
  std::size_t length;  // kNone: the tag knows no lengths
  std::size_t padding, trailer;
};

// in: at the type. ethertypes: the number of that table among the dissector's.
inline Outcome dissect_tagged(Cursor& in, LayerBuilder& out, std::size_t ethertypes, const TagFields& fields) {
  constexpr std::uint16_t kMaxLength = 1500;
  const TrailerFields trailers{fields.padding, fields.trailer, 0, 0, false};
  const Bytes where = in.peek(2);
  const std::uint16_t type = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  if (type <= kMaxLength && fields.length != TagFields::kNone) {
    out.add(fields.length, type, where);
    if (out.wanted()) add_trailer(in, out, type, trailers);
    Cursor inner = in.sub(std::min<std::size_t>(type, in.left()));
    if (!out.next("llc", inner)) out.data(inner);
    return Outcome::kDone;
  }
  out.add(fields.type, type, where);
  if (out.wanted()) {
    const auto stated = stated_length(type, in.rest());
    if (stated.has_value()) add_trailer(in, out, *stated, trailers);
  }
  if (!out.next(ethertypes, type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace pr::dissect
