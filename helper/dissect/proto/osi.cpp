// The network layer of ISO, ISO/IEC TR 9577: an octet says which protocol it is, and belongs to it.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

// Over Ethernet's type 0xfefe (RFC 4970's kind) and over LLC alike.
constexpr Bind kBinds[] = {
    {"llc.dsap", 0xfe}, {"chdlc.protocol", 0xfefe}, {"ethertype", 0xfefe}, {"ppp.protocol", 0x0023}};
constexpr const char* kTables[] = {"osinl"};

Outcome dissect_osi(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(2);
  if (first.empty()) return Outcome::kTruncated;
  // Cisco's HDLC pads in front: no protocol has the number zero there with a protocol behind it.
  if (first[0] == 0 && first.size() == 2 && first[1] != 0) in.skip(1);
  const std::uint8_t protocol = in.peek(1)[0];
  if (!out.next(0, protocol, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector osi_dissector{.name = "osi",
                                               .title = "OSI Network Layer",
                                               .column = "OSI",
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_osi};

}  // namespace pr::dissect
