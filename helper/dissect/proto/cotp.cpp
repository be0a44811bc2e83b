// ISO transport, classes 0 and 1 (ISO 8073, X.224): connections and data.
#include <algorithm>
#include <string>
#include <utility>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kLi,
  kType,
  kDestref,
  kSrcref,
  kClass,
  kExtendedFormats,
  kNoExplicitFlowControl,
  kParameterCode,
  kParameterLength,
  kParameterValue,
  kTpduSize,
  kSrcTsap,
  kSrcTsapBytes,
  kDstTsap,
  kDstTsapBytes,
  kTpduNumber,
  kEot,
  kSegmentData,
  kFieldCount
};
enum Type : std::uint8_t { kConnectionRequest = 0xe, kConnectionConfirm = 0xd, kDisconnect = 0x8, kData = 0xf };
constexpr NamedValue kTypes[] = {{0x5, "RJ Reject"},
                                 {0x6, "AK Data Acknowledgement"},
                                 {0x7, "ER TPDU Error"},
                                 {0x8, "DR Disconnect Request"},
                                 {0xc, "DC Disconnect Confirm"},
                                 {0xd, "CC Connect Confirm"},
                                 {0xe, "CR Connect Request"},
                                 {0xf, "DT Data"}};
constexpr NamedValue kParameters[] = {{0xc0, "tpdu-size"}, {0xc1, "src-tsap"}, {0xc2, "dst-tsap"}};
constexpr FieldDef kFields[kFieldCount] = {
    {"cotp.li", "Length", FieldType::kUint},
    {"cotp.type", "PDU Type", FieldType::kUint, Show::kHex, 8, kTypes},
    {"cotp.destref", "Destination reference", FieldType::kUint, Show::kHex, 16},
    {"cotp.srcref", "Source reference", FieldType::kUint, Show::kHex, 16},
    {"cotp.class", "Class", FieldType::kUint},
    {"cotp.opts.extended_formats", "Extended formats", FieldType::kBool},
    {"cotp.opts.no_explicit_flow_control", "No explicit flow control", FieldType::kBool},
    {"cotp.parameter_code", "Parameter code", FieldType::kUint, Show::kHex, 8, kParameters},
    {"cotp.parameter_length", "Parameter length", FieldType::kUint},
    {"cotp.parameter_value", "Parameter value", FieldType::kBytes},
    {"cotp.tpdu_size", "TPDU size", FieldType::kUint},
    {"cotp.src-tsap", "Source TSAP", FieldType::kText},
    {"cotp.src-tsap-bytes", "Source TSAP", FieldType::kBytes},
    {"cotp.dst-tsap", "Destination TSAP", FieldType::kText},
    {"cotp.dst-tsap-bytes", "Destination TSAP", FieldType::kBytes},
    {"cotp.tpdu-number", "TPDU number", FieldType::kUint, Show::kHex, 8},
    {"cotp.eot", "Last data unit", FieldType::kBool},
    {"cotp.segment_data", "COTP segment data", FieldType::kBytes},
};
constexpr unsigned kMaxParameters = 16;

// Which sides have sent units of a message that goes on. What is carried keeps nothing.
struct State {
  bool pending[2];
};

// A selector is text where all of it can be read, else a number.
void selector(LayerBuilder& out, Bytes value, Field text, Field bytes) {
  if (!out.wanted()) return;
  const bool readable =
      !value.empty() && std::ranges::all_of(value, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
  if (readable) {
    out.add(text, value, value);
  } else {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string made = "0x";
    for (const std::uint8_t octet : value) {
      made += kHex[octet >> 4U];
      made += kHex[octet & 15U];
    }
    out.add_text(text, made, value);
  }
  out.add(bytes, value, value);
}

void parameters(Cursor in, LayerBuilder& out) {
  for (unsigned i = 0; i < kMaxParameters && in.left() >= 2; ++i) {
    const std::uint8_t code = out.u8(in, kParameterCode);
    LayerBuilder::Subtree below(out);
    const std::uint8_t length = out.u8(in, kParameterLength);
    const Bytes value = in.take(length);
    if (!in.ok()) return;
    switch (code) {
      case 0xc0:
        if (length == 1 && value[0] < 32) out.add(kTpduSize, std::uint64_t{1} << value[0], value);
        break;
      case 0xc1: selector(out, value, kSrcTsap, kSrcTsapBytes); break;
      case 0xc2: selector(out, value, kDstTsap, kDstTsapBytes); break;
      default: out.add(kParameterValue, value, value); break;
    }
  }
}

// "Cookie: mstshash=..." or a negotiation request: RDP puts them where parameters would be.
bool is_rdp(Bytes variable) {
  const std::string_view text = as_text(variable);
  if (text.starts_with("Cookie: ")) return true;
  Cursor in(variable);
  const std::uint8_t type = in.u8();
  in.skip(1);
  return type >= 1 && type <= 6 && in.u16le() == 8 && variable.size() >= 8;
}

Outcome connection(std::uint8_t type, Cursor header, Cursor& in, LayerBuilder& out) {
  const std::uint16_t destination = out.u16(header, kDestref);
  const std::uint16_t source = out.u16(header, kSrcref);
  if (type == kDisconnect) {
    header.skip(1);
  } else {
    const Bytes where = header.peek(1);
    const std::uint8_t options = header.u8();
    if (header.ok()) {
      out.add(kClass, options >> 4U, where);
      out.add(kExtendedFormats, options >> 1U & 1U, where);
      out.add(kNoExplicitFlowControl, options & 1U, where);
    }
  }
  if (!header.ok()) return Outcome::kMalformed;
  if (out.wanted()) {
    const auto found = std::ranges::find(kTypes, std::uint64_t{type}, &NamedValue::value);
    static constexpr char kHex[] = "0123456789abcdef";
    std::string line = found != std::end(kTypes) ? found->name : "Unknown";
    for (const auto& [name, value] : {std::pair{" src-ref: 0x", source}, std::pair{" dst-ref: 0x", destination}}) {
      line += name;
      for (unsigned shift = 16; shift != 0; shift -= 4) line += kHex[value >> (shift - 4U) & 15U];
    }
    out.info(std::move(line));
  }
  const Bytes variable = header.rest();
  if (is_rdp(variable)) {
    out.next("rdp", header);
  } else {
    parameters(header, out);
  }
  in.skip(in.left());
  return Outcome::kDone;
}

Outcome data_unit(Cursor header, Cursor& in, LayerBuilder& out) {
  out.add(kDestref, 0, {});
  const Bytes where = header.peek(1);
  const std::uint8_t number = header.u8();
  if (!header.ok()) return Outcome::kMalformed;
  out.add(kTpduNumber, number & 0x7fU, where);
  const bool last = (number & 0x80U) != 0;
  out.add(kEot, last ? 1 : 0, where);
  if (out.wanted()) out.info("DT TPDU (" + std::to_string(number & 0x7fU) + ")" + (last ? " EOT" : ""));
  bool& pending = out.state<State>().pending[out.from_orig() ? 0 : 1];
  const bool continued = std::exchange(pending, !last);
  if (in.left() == 0) return Outcome::kDone;
  const std::uint8_t first = in.peek(1)[0];
  if (continued || !last) out.add(kSegmentData, in.rest(), in.rest());
  if (!last) {
    in.skip(in.left());
    return Outcome::kDone;
  }
  if (first == 0x32 && out.next("s7comm", in)) return Outcome::kDone;
  if (out.next("ses", in) || out.next("mms", in)) return Outcome::kDone;
  out.data(in);
  return Outcome::kDone;
}

Outcome dissect_cotp(Cursor& in, LayerBuilder& out) {
  const Bytes li_at = in.peek(1), type_at = in.peek(2);
  const std::uint8_t length = in.u8();
  Cursor header = in.sub(length);
  if (!in.ok() || length < 2) return Outcome::kNotMine;
  const auto type = static_cast<std::uint8_t>(header.u8() >> 4U);
  out.add(kLi, length, li_at);
  out.add(kType, type, type_at.last(1));
  switch (type) {
    case kConnectionRequest:
    case kConnectionConfirm:
    case kDisconnect: return connection(type, header, in, out);
    case kData: return data_unit(header, in, out);
    default: in.skip(in.left()); return Outcome::kDone;
  }
}

}  // namespace

extern constinit const Dissector cotp_dissector{.name = "cotp",
                                                .title = "ISO 8073/X.224 COTP Connection-Oriented Transport Protocol",
                                                .column = "COTP",
                                                .fields = kFields,
                                                .dissect = &dissect_cotp,
                                                .carrier = true};

}  // namespace pr::dissect
