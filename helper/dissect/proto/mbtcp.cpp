// Modbus/TCP: the MBAP header in front of each Modbus PDU (MODBUS Messaging on TCP/IP V1.0b, 3.1).
#include <array>
#include <cstdio>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/modbus/names.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

enum : std::size_t { kTransId, kProtId, kLen, kUnitId };

constexpr FieldDef kFields[] = {
    {"mbtcp.trans_id", "Transaction Identifier", FieldType::kUint},
    {"mbtcp.prot_id", "Protocol Identifier", FieldType::kUint},
    {"mbtcp.len", "Length", FieldType::kUint},
    {"mbtcp.unit_id", "Unit Identifier", FieldType::kUint},
};

constexpr std::uint16_t kPort = 502;
constexpr Bind kBinds[] = {{"tcp.port", kPort}};
constexpr std::size_t kBeforeLength = 6;  // octets in front of what the length counts
constexpr std::size_t kMaxLength = 260;   // unit, function, 252 octets; some devices send a little more
constexpr std::size_t kMinLength = 2;     // unit and function

// Which register or coil the last requests began at: responses do not say.
struct Asked {
  std::uint16_t transaction, first, count;
  std::uint8_t function, set;
};
struct Conversation {
  std::array<Asked, 7> asked;
  std::uint8_t next;
};

// Who asks cannot be told from a PDU. A capture may begin in the middle: the port decides before who spoke first.
bool is_request(const LayerBuilder& out, const Frame& frame) {
  if (frame.dst.port == kPort) return true;
  return frame.src.port != kPort && out.from_orig();
}

std::uint32_t asked_for(Conversation& talk, bool request, std::uint16_t transaction, Bytes pdu) {
  if (pdu.size() < 2) return 0;
  if (!request) {
    for (std::size_t i = 1; i <= talk.asked.size(); ++i) {
      const Asked& asked = talk.asked[(talk.next + 2 * talk.asked.size() - i) % talk.asked.size()];
      if (asked.set != 0 && asked.transaction == transaction && asked.function == pdu[0])
        return asked.first | std::uint32_t{asked.count} << 16U;
    }
    return 0;
  }
  talk.next = static_cast<std::uint8_t>(talk.next % talk.asked.size());
  Cursor in(pdu);
  const std::uint8_t function = in.u8();
  const std::uint16_t first = in.u16(), count = in.u16();
  talk.asked[talk.next] = {transaction, first, in.ok() ? count : std::uint16_t{0}, function, 1};
  talk.next = static_cast<std::uint8_t>((talk.next + 1U) % talk.asked.size());
  return 0;
}

// What the length must be for a PDU of this function; 0: any. data: from the function code on.
std::size_t expected(Bytes pdu, bool request) {
  const std::uint8_t code = pdu.empty() ? std::uint8_t{0} : pdu[0];
  const auto at = [&](std::size_t i) { return i < pdu.size() ? std::size_t{pdu[i]} : std::size_t{0}; };
  if ((code & modbus::kException) != 0) return request ? 1 : at(1) >= 1 && at(1) <= 11 ? 3 : 1;
  if (code >= 1 && code <= 4) return request ? 6 : 3 + at(1);
  if (code == 5 || code == 6) return 6;
  if (code == 15 || code == 16) return request ? 7 + at(5) : 6;
  if (code == 22) return 8;
  if (code == 23) return request ? 11 + at(9) : 3 + at(1);
  return 0;
}

// Unit and function make the expected length count from the unit on.
bool fits(Bytes pdu, std::size_t length, bool request) {
  const std::size_t want = expected(pdu, request);
  return want != 0 && want == length;
}

Outcome dissect_mbtcp(Cursor& in, LayerBuilder& out) {
  Cursor look(in.peek(kBeforeLength + kMinLength));
  look.skip(2);
  const std::uint16_t protocol = look.u16();
  const std::size_t length = look.u16();
  if (!look.ok()) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(kBeforeLength + kMinLength);
    return Outcome::kNeedMore;
  }
  if (protocol != 0 || length < kMinLength || length > kMaxLength) return Outcome::kNotMine;
  if (in.left() < kBeforeLength + length && !out.at_end()) {
    out.need(kBeforeLength + length);
    return Outcome::kNeedMore;
  }
  const std::uint16_t transaction = out.u16(in, kTransId);
  out.u16(in, kProtId);
  out.u16(in, kLen);
  const std::uint8_t unit = out.u8(in, kUnitId);
  Cursor pdu(in.peek(length - 1));
  in.skip(pdu.left());
  const std::uint8_t code = pdu.peek(1).empty() ? std::uint8_t{0} : pdu.peek(1)[0];
  const bool refused = (code & modbus::kException) != 0;
  const std::string_view name = value_name(modbus::kFunctions, code & 0x7fU);
  const bool request = is_request(out, out.frame());
  const Message::Item items[] = {{kTransId, Value::of(std::uint64_t{transaction})},
                                 {kUnitId, Value::of(std::uint64_t{unit})}};
  out.message({.role = request ? Message::Role::kRequest : Message::Role::kResponse,
               .id = 1ULL << 32U | std::uint64_t{unit} << 16U | transaction,
               .name = name,
               .status = request                     ? -1
                         : refused && pdu.left() > 1 ? pdu.peek(2)[1]
                                                     : 0,
               .items = items});
  if (out.wanted()) {
    std::array<char, 96> text{};
    const int size = std::snprintf(text.data(), text.size(),
                                   "%8s: Trans: %5u; Unit: %3u, Func: %3u: ", request ? "Query" : "Response",
                                   unsigned{transaction}, unsigned{unit}, code & 0x7fU);
    std::string line(text.data(), static_cast<std::size_t>(size));
    line += name.empty() ? "Unknown function" : name;
    if (refused) line += ". Exception returned ";
    out.info(std::move(line));
  }
  out.layer_length(kBeforeLength + 1);
  out.pass(asked_for(out.state<Conversation>(), request, transaction, pdu.rest()) | std::uint64_t{request} << 32U);
  out.next("modbus", pdu);
  return Outcome::kDone;
}

Likeness probe_mbtcp(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) return Likeness::kNo;
  Cursor in(start);
  in.skip(2);
  const std::uint16_t protocol = in.u16();
  const std::size_t length = in.u16();
  if (!in.ok() || protocol != 0 || length < kMinLength || length > kMaxLength) return Likeness::kNo;
  in.skip(1);
  const Bytes pdu = in.peek(length - 1);
  const bool whole = start.size() == kBeforeLength + length;
  const bool sure = whole && fits(pdu, length, hint.from_orig) && start[0] == 0;
  return sure ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector mbtcp_dissector{.name = "mbtcp",
                                                 .title = "Modbus/TCP",
                                                 .column = "Modbus/TCP",
                                                 .app = "modbus",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_mbtcp,
                                                 .probe = &probe_mbtcp,
                                                 .stream = true};

}  // namespace pr::dissect
