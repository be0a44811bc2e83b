// Kerberos V5 (RFC 4120) over UDP, a message a datagram, and over TCP, each after its length in four octets (7.2.2).
#include "helper/dissect/proto/kerberos/kerberos.h"
#include "helper/dissect/ber.h"
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

using namespace kerberos;

constexpr Bind kBinds[] = {{"tcp.port", 88}, {"udp.port", 88}, {"tcp.port", 750}, {"udp.port", 750}};
constexpr std::size_t kMark = 4;
constexpr std::size_t kLooked = 24;               // octets that tell whether a message starts
constexpr std::uint32_t kMaxMessage = 1U << 20U;  // of those that are read; RFC 4120 sets none

Outcome over_tcp(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  const std::uint32_t mark = look.u32();
  if (!look.ok()) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(kMark);
    return Outcome::kNeedMore;
  }
  if (mark > kMaxMessage || mark < kLooked / 2) return Outcome::kNotMine;
  if (look.left() < mark) {
    if (look.left() >= kLooked && !is_message(look.rest())) return Outcome::kNotMine;
    if (out.at_end()) return Outcome::kNotMine;
    out.need(kMark + std::uint64_t{mark});
    return Outcome::kNeedMore;
  }
  if (!is_message(look.rest())) return Outcome::kNotMine;
  const Bytes where = in.take(kMark);
  out.add(kRmReserved, mark >> 31U, where);
  out.add(kRmLength, mark & 0x7fffffffU, where);
  Cursor message = in.sub(mark);
  return read_message(message, out, true) ? Outcome::kDone : Outcome::kMalformed;
}

Outcome dissect_kerberos(Cursor& in, LayerBuilder& out) {
  if (out.frame().transport == Transport::kTcp) return over_tcp(in, out);
  if (!is_message(in.rest())) return Outcome::kNotMine;
  return read_message(in, out, true) ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_kerberos(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  std::size_t length = start.size();
  if (hint.tcp) {
    length = in.u32();
    if (!in.ok() || length > kMaxMessage) return Likeness::kNo;
    if (in.left() < kLooked) return in.left() < length ? Likeness::kMaybe : Likeness::kNo;
  }
  ber::Header outer;
  if (!is_message(in.rest()) || ber::look(in.rest(), &outer) != ber::Sight::kWhole) return Likeness::kNo;
  if (outer.total() == length) return Likeness::kYes;
  return outer.total() > length && !hint.tcp ? Likeness::kMaybe : Likeness::kNo;  // cut short by the capture
}

}  // namespace

extern constinit const Dissector kerberos_dissector{.name = "kerberos",
                                                    .title = "Kerberos",
                                                    .column = "KRB5",
                                                    .fields = {kerberos::kFields, kerberos::kFieldCount},
                                                    .binds = kBinds,
                                                    .dissect = &dissect_kerberos,
                                                    .probe = &probe_kerberos,
                                                    .stream = true,
                                                    .datagram = true};

}  // namespace pr::dissect
