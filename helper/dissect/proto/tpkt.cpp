// TPKT (RFC 1006): ISO transport over TCP; RDP, S7comm and MMS use it.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t { kVersion, kReserved, kLength, kFieldCount };
constexpr FieldDef kFields[kFieldCount] = {
    {"tpkt.version", "Version", FieldType::kUint},
    {"tpkt.reserved", "Reserved", FieldType::kUint},
    {"tpkt.length", "Length", FieldType::kUint},
};
constexpr Bind kBinds[] = {{"tcp.port", 102}, {"tcp.port", 3389}};
constexpr std::size_t kHeader = 4, kLeast = 7;

Outcome dissect_tpkt(Cursor& in, LayerBuilder& out) {
  Cursor look(in);
  const std::uint8_t version = look.u8(), reserved = look.u8();
  const std::size_t length = look.u16();
  if (!look.ok()) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(kHeader);
    return Outcome::kNeedMore;
  }
  if (version != 3 || reserved != 0 || length < kLeast) return Outcome::kNotMine;
  if (in.left() < length) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(length);
    return Outcome::kNeedMore;
  }
  out.u8(in, kVersion);
  out.u8(in, kReserved);
  out.u16(in, kLength);
  Cursor body = in.sub(length - kHeader);
  if (!out.next("cotp", body)) out.data(body);
  return Outcome::kDone;
}

// Version, length, and behind them the length and the type of an ISO transport unit.
Likeness probe_tpkt(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) return Likeness::kNo;
  Cursor in(start);
  const std::uint8_t version = in.u8(), reserved = in.u8();
  const std::size_t length = in.u16();
  if (!in.ok()) return start.empty() || start[0] == 3 ? Likeness::kMaybe : Likeness::kNo;
  if (version != 3 || reserved != 0 || length < kLeast) return Likeness::kNo;
  const std::uint8_t header = in.u8(), type = in.u8();
  if (!in.ok()) return Likeness::kMaybe;
  if (header + kHeader + 1U > length) return Likeness::kNo;
  switch (type & 0xf0U) {
    case 0xe0:
    case 0xd0: {  // connection request and confirm: references, class
      const std::uint16_t destination = in.u16();
      in.skip(2);
      const std::uint8_t options = in.u8();
      if (!in.ok() || (type & 0x0fU) > 1 || header < 6) return Likeness::kNo;
      if ((type & 0xf0U) == 0xe0 && destination != 0) return Likeness::kNo;
      return (options & 0x0cU) == 0 && header + kHeader + 1U == length ? Likeness::kYes : Likeness::kMaybe;
    }
    case 0xf0: return header == 2 && (in.u8() & 0x7fU) == 0 ? Likeness::kYes : Likeness::kMaybe;
    default: return Likeness::kNo;
  }
}

}  // namespace

extern constinit const Dissector tpkt_dissector{.name = "tpkt",
                                                .title = "TPKT - ISO on TCP - RFC1006",
                                                .column = "TPKT",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_tpkt,
                                                .probe = &probe_tpkt,
                                                .stream = true,
                                                .carrier = true};

}  // namespace pr::dissect
