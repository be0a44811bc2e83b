// Ethernet pseudo-wires over MPLS, RFC 4448: with a control word or without, which only the octets behind can tell.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/tunnel_common.h"

namespace pr::dissect {
namespace {

constexpr std::size_t kControlWord = 4;

Outcome dissect_pwethheuristic(Cursor& in, LayerBuilder& out) {
  const Bytes data = in.rest();
  if (data.size() > kControlWord && data[0] >> 4U == 0 && looks_like_ethernet(data.subspan(kControlWord))) {
    return out.next("pwethcw", in) ? Outcome::kDone : Outcome::kNotMine;
  }
  if (!looks_like_ethernet(data)) return Outcome::kNotMine;
  return out.next("eth", in) ? Outcome::kDone : Outcome::kNotMine;
}

}  // namespace

extern constinit const Dissector pwethheuristic_dissector{
    .name = "pwethheuristic", .title = "Ethernet PW (CW is heuristic)", .dissect = &dissect_pwethheuristic};

}  // namespace pr::dissect
