// IEC 60870-5-104: APDUs over TCP: a start octet, a length, control information, and an ASDU in those of type I.
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypes[] = {{0, "I"}, {1, "S"}, {3, "U"}};
constexpr NamedValue kFunctions[] = {{0x01, "STARTDT act"}, {0x02, "STARTDT con"}, {0x04, "STOPDT act"},
                                     {0x08, "STOPDT con"},  {0x10, "TESTFR act"},  {0x20, "TESTFR con"}};

enum : std::size_t { kStart, kApdulen, kTypeField, kTx, kRx, kUtype };

constexpr FieldDef kFields[] = {
    {"iec60870_asdu.start", "START", FieldType::kUint, Show::kHex, 8},
    {"iec60870_104.apdulen", "ApduLen", FieldType::kUint},
    {"iec60870_104.type", "Type", FieldType::kUint, Show::kHex, 32, kTypes},
    {"iec60870_104.tx", "Tx", FieldType::kUint},
    {"iec60870_104.rx", "Rx", FieldType::kUint},
    {"iec60870_104.utype", "UType", FieldType::kUint, Show::kHex, 32, kFunctions},
};

constexpr Bind kBinds[] = {{"tcp.port", 2404}};
constexpr std::uint8_t kStartOctet = 0x68;
constexpr std::size_t kHead = 2, kControl = 4, kMaxLength = 253;

bool is_head(Bytes at) {
  if (at.size() < kHead + kControl || at[0] != kStartOctet || at[1] < kControl || at[1] > kMaxLength) return false;
  const bool information = (at[2] & 1U) == 0;
  if (information) return at[1] >= kControl + 6 && (at[4] & 1U) == 0;
  if (at[1] != kControl) return false;
  if ((at[2] & 3U) == 1) return at[2] == 1 && at[3] == 0 && (at[4] & 1U) == 0;
  const unsigned function = at[2] >> 2U;
  return at[3] == 0 && at[4] == 0 && at[5] == 0 && function != 0 && (function & (function - 1U)) == 0;
}

void show(LayerBuilder& out, const std::string& line) {
  const Frame& frame = out.frame();
  const ProtocolId own = frame.layer_count > 0 ? frame.layers[frame.layer_count - 1U] : ProtocolId{0};
  bool again = false;
  for (std::size_t i = 0; i + 1 < frame.layer_count; ++i) again = again || frame.layers[i] == own;
  if (again) {
    out.append_info(" | " + line);
  } else {
    out.info(line);
  }
}

Outcome dissect_iec60870_104(Cursor& in, LayerBuilder& out) {
  const Bytes look = in.peek(kHead + kControl);
  if (look.size() < kHead + kControl) {
    if (out.at_end() || (!look.empty() && look[0] != kStartOctet)) return Outcome::kNotMine;
    out.need(kHead + kControl);
    return Outcome::kNeedMore;
  }
  if (look[0] != kStartOctet || look[1] < kControl) return Outcome::kNotMine;
  const std::size_t length = look[1];
  if (in.left() < kHead + length) {
    if (out.at_end()) return Outcome::kTruncated;
    out.need(kHead + length);
    return Outcome::kNeedMore;
  }
  out.u8(in, kStart);
  out.u8(in, kApdulen);
  const Bytes control = in.peek(kControl);
  const std::uint16_t first = in.u16le(), second = in.u16le();
  const unsigned type = (first & 1U) == 0 ? 0 : first & 3U;
  out.add(kTypeField, type, control);
  std::string line = out.from_orig() ? "<- " : "-> ";
  if (type == 0) {
    out.add(kTx, first >> 1U, control.first(2));
    out.add(kRx, second >> 1U, control.last(2));
    if (out.wanted()) line += "I (" + std::to_string(first >> 1U) + "," + std::to_string(second >> 1U) + ") ";
  } else if (type == 1) {
    out.add(kRx, second >> 1U, control.last(2));
    if (out.wanted()) line += "S (" + std::to_string(second >> 1U) + ") ";
  } else {
    const unsigned function = control[0] >> 2U;
    out.add(kUtype, function, control);
    for (const NamedValue& known : kFunctions) {
      if (known.value == function) line += std::string("U (") + known.name + ") ";
    }
  }
  if (out.wanted()) show(out, line);
  Cursor asdu = in.sub(length - kControl);
  out.layer_length(kHead + kControl);
  if (type == 0) out.next("iec60870_asdu", asdu);
  return Outcome::kDone;
}

// Start, lengths and control octets of the first APDU, and the start of the next where there is one.
Likeness probe_iec60870_104(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || !is_head(start)) return Likeness::kNo;
  std::size_t count = 0;
  Bytes left = start;
  while (left.size() >= kHead + kControl) {
    if (!is_head(left)) return Likeness::kNo;
    ++count;
    const std::size_t size = kHead + left[1];
    if (left.size() < size) return Likeness::kMaybe;
    left = left.subspan(size);
  }
  const bool function = (start[2] & 3U) == 3;  // STARTDT or TESTFR: four known octets, the whole segment
  return left.empty() && (function || count > 1) ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector iec60870_104_dissector{.name = "iec60870_104",
                                                        .title = "IEC 60870-5-104",
                                                        .column = "IEC 60870-5-104",
                                                        .fields = kFields,
                                                        .binds = kBinds,
                                                        .dissect = &dissect_iec60870_104,
                                                        .probe = &probe_iec60870_104,
                                                        .stream = true};

}  // namespace pr::dissect
