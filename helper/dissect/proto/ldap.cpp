// LDAP (RFC 4511) over TCP, also within the buffers of a SASL security layer (RFC 4422 3.7).
#include <algorithm>

#include "helper/dissect/ber.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ldap/ldap.h"

namespace pr::dissect {
namespace {

using namespace ldap;

constexpr Bind kBinds[] = {{"tcp.port", 389}, {"tcp.port", 3268}};
constexpr std::size_t kMaxMessage = 16U << 20U;

// After a bind that agreed on signing or sealing: a length and a token of the mechanism.
Outcome wrapped(Cursor& in, LayerBuilder& out, bool bound) {
  Cursor look(in);
  const std::uint32_t length = look.u32();
  if (!look.ok()) {
    out.need(4);
    return Outcome::kNeedMore;
  }
  if (!bound || length < 16 || length > kMaxMessage) return Outcome::kNotMine;
  if (look.left() < length && !out.at_end()) {
    out.need(4 + std::uint64_t{length});
    return Outcome::kNeedMore;
  }
  out.u32(in, kSaslBufferLength);
  Cursor token = in.sub(std::min<std::size_t>(length, in.left()));
  if (out.wanted()) {
    out.info("SASL GSS-API");
    out.next("gss-api", token);
  }
  return Outcome::kDone;
}

Outcome dissect_ldap(Cursor& in, LayerBuilder& out) {
  State& state = out.state<State>();
  if (in.left() == 0) return Outcome::kNotMine;
  if (in.peek(1)[0] != ber::kSequence) return wrapped(in, out, state.wrapped);
  ber::Header head;
  const ber::Sight sight = ber::look(in.rest(), &head);
  if (sight == ber::Sight::kBad || head.length > kMaxMessage) return Outcome::kNotMine;
  if (sight == ber::Sight::kShort || head.total() > in.left()) {
    if (out.at_end()) return Outcome::kNotMine;
    constexpr std::size_t kLooked = 24;
    if (in.left() >= kLooked && !is_message(in.rest())) return Outcome::kNotMine;
    out.need(sight == ber::Sight::kShort ? 0 : head.total());
    return Outcome::kNeedMore;
  }
  if (!is_message(in.rest())) return Outcome::kNotMine;
  state.confirmed = true;
  return read_message(in, out, state) ? Outcome::kDone : Outcome::kMalformed;
}

Likeness probe_ldap(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.empty() || start[0] != ber::kSequence) return Likeness::kNo;
  return is_message(start) ? Likeness::kYes : start.size() < 12 ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector ldap_dissector{.name = "ldap",
                                                .title = "Lightweight Directory Access Protocol",
                                                .column = "LDAP",
                                                .fields = {ldap::kFields, ldap::kFieldCount},
                                                .binds = kBinds,
                                                .dissect = &dissect_ldap,
                                                .probe = &probe_ldap,
                                                .stream = true};

}  // namespace pr::dissect
