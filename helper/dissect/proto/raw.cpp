// Packets without a link layer: the first half octet tells which IP it is.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

// DLT_RAW was given three numbers by three systems.
constexpr Bind kBinds[] = {{"link", 101}, {"link", 12}, {"link", 14}};
constexpr const char* kTables[] = {"ip.version"};

Outcome dissect_raw(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  if (first.empty()) return Outcome::kTruncated;
  if (!out.next(0, first[0] >> 4U, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector raw_dissector{
    .name = "raw", .title = "Raw packet data", .binds = kBinds, .tables = kTables, .dissect = &dissect_raw};

}  // namespace pr::dissect
