// LINKTYPE_RAW: an IPv4 or IPv6 packet without a link layer; the version tells which.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"link", 101}, {"link", 12}, {"link", 14}};

Outcome dissect_raw(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  const unsigned version = first.empty() ? 0 : first[0] >> 4U;
  out.layer_length(in.left());
  if (version == 4 && out.next("ip", in)) return Outcome::kDone;
  if (version == 6 && out.next("ipv6", in)) return Outcome::kDone;
  out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector raw_dissector{
    .name = "raw", .title = "Raw packet data", .binds = kBinds, .dissect = &dissect_raw};

}  // namespace pr::dissect
