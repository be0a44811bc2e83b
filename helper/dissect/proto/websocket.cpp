// WebSocket (RFC 6455): frames after an HTTP upgrade, unmasked and, where each stands alone, decompressed (RFC 7692).
#include <algorithm>
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/http/http.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kOpcodes[] = {
    {0, "Continuation"}, {1, "Text"}, {2, "Binary"}, {8, "Connection Close"}, {9, "Ping"}, {10, "Pong"},
};
constexpr NamedValue kStatusCodes[] = {
    {1000, "Normal Closure"},   {1001, "Going Away"},
    {1002, "Protocol error"},   {1003, "Unsupported Data"},
    {1004, "---Reserved----"},  {1005, "No Status Rcvd"},
    {1006, "Abnormal Closure"}, {1007, "Invalid frame payload data"},
    {1008, "Policy Violation"}, {1009, "Message Too Big"},
    {1010, "Mandatory Ext."},   {1011, "Internal Server"},
    {1015, "TLS handshake"},
};

enum Field : std::uint16_t {
  kFin,
  kRsv,
  kPmc,
  kOpcode,
  kMask,
  kPayloadLength,
  kPayloadLengthExt16,
  kPayloadLengthExt64,
  kMaskingKey,
  kMaskedPayload,
  kPayload,
  kPayloadContinue,
  kPayloadText,
  kPayloadClose,
  kPayloadCloseStatusCode,
  kPayloadCloseReason,
  kPayloadPing,
  kPayloadPong,
  kPayloadUnknown,
};

constexpr FieldDef kFields[] = {
    {"websocket.fin", "Fin", FieldType::kBool},
    {"websocket.rsv", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"websocket.pmc", "Per-Message Compressed", FieldType::kBool},
    {"websocket.opcode", "Opcode", FieldType::kUint, Show::kDec, 0, kOpcodes},
    {"websocket.mask", "Mask", FieldType::kBool},
    {"websocket.payload_length", "Payload length", FieldType::kUint},
    {"websocket.payload_length_ext_16", "Extended Payload length (16 bits)", FieldType::kUint},
    {"websocket.payload_length_ext_64", "Extended Payload length (64 bits)", FieldType::kUint},
    {"websocket.masking_key", "Masking-Key", FieldType::kBytes},
    {"websocket.masked_payload", "Masked payload", FieldType::kNone},
    {"websocket.payload", "Payload", FieldType::kNone},
    {"websocket.payload.continue", "Continue", FieldType::kBytes},
    {"websocket.payload.text", "Text", FieldType::kText},
    {"websocket.payload.close", "Close", FieldType::kNone},
    {"websocket.payload.close.status_code", "Status code", FieldType::kUint, Show::kDec, 0, kStatusCodes},
    {"websocket.payload.close.reason", "Reason", FieldType::kText},
    {"websocket.payload.ping", "Ping", FieldType::kBytes},
    {"websocket.payload.pong", "Pong", FieldType::kBytes},
    {"websocket.payload.unknown", "Unknown", FieldType::kBytes},
};

enum OpcodeValue : std::uint8_t { kContinuation, kTextFrame, kBinaryFrame, kCloseFrame = 8, kPingFrame, kPongFrame };

struct Header {
  bool fin = false, masked = false, compressed = false;
  std::uint8_t opcode = 0;
  std::uint64_t length = 0;  // of the payload
  std::array<std::uint8_t, 4> key{};
};

std::size_t header_size(Bytes start) {
  if (start.size() < 2) return 2;
  const unsigned length = start[1] & 0x7fU;
  return 2U + (length == 126 ? 2U : length == 127 ? 8U : 0U) + ((start[1] & 0x80U) != 0 ? 4U : 0U);
}

Header read_header(Cursor& in, LayerBuilder& out) {
  Header header;
  const Bytes first = in.peek(1);
  const std::uint8_t bits = in.u8();
  header.fin = (bits & 0x80U) != 0;
  header.compressed = (bits & 0x40U) != 0;
  header.opcode = bits & 0x0fU;
  out.add(kFin, header.fin ? 1 : 0, first);
  out.add(kRsv, bits >> 4U & 7U, first);
  if (header.compressed) out.add(kPmc, 1, first);
  out.add(kOpcode, header.opcode, first);
  const Bytes second = in.peek(1);
  const std::uint8_t size = in.u8();
  header.masked = (size & 0x80U) != 0;
  header.length = size & 0x7fU;
  out.add(kMask, header.masked ? 1 : 0, second);
  out.add(kPayloadLength, header.length, second);
  if (header.length == 126) {
    header.length = out.u16(in, kPayloadLengthExt16);
  } else if (header.length == 127) {
    header.length = out.u64(in, kPayloadLengthExt64);
  }
  if (header.masked) {
    const Bytes key = out.bytes(in, kMaskingKey, 4);
    if (in.ok()) std::ranges::copy(key, header.key.begin());
  }
  return header;
}

std::string_view name_of(std::uint8_t opcode) {
  switch (opcode) {
    case kContinuation: return "Continuation";
    case kTextFrame: return "Text";
    case kBinaryFrame: return "Binary";
    case kCloseFrame: return "Connection Close";
    case kPingFrame: return "Ping";
    case kPongFrame: return "Pong";
    default: return "Unknown";
  }
}

void show_info(const Header& header, LayerBuilder& out) {
  const Frame& frame = out.frame();
  const std::uint8_t n = frame.layer_count;
  const bool further = n > 1 && frame.layers[n - 1U] == frame.layers[n - 2U];
  std::string text = further ? " WebSocket " : "WebSocket ";
  text += name_of(header.opcode);
  text += header.fin ? " [FIN] " : " ";
  if (header.masked) text += "[MASKED]";
  further ? out.append_info(text) : out.info(std::move(text));
}

// Messages that need what came before them stay compressed.
Bytes inflated(Bytes data, LayerBuilder& out) {
  std::vector<std::uint8_t> input(data.begin(), data.end());
  constexpr std::uint8_t kTail[] = {0, 0, 0xff, 0xff};
  input.insert(input.end(), std::begin(kTail), std::end(kTail));
  http::Decoded made = http::decompress("deflate", input);
  if (made.failed || made.bytes.empty()) return {};
  return out.source("Decompressed payload", std::move(made.bytes)).all();
}

void close_frame(Bytes data, LayerBuilder& out) {
  out.mark(kPayloadClose, data);
  if (data.size() < 2) return;
  const LayerBuilder::Subtree tree(out);
  Cursor in(data);
  out.u16(in, kPayloadCloseStatusCode);
  if (in.left() > 0) out.bytes(in, kPayloadCloseReason, in.left());
}

void payload(const Header& header, Bytes raw, LayerBuilder& out) {
  if (raw.empty()) return;
  Bytes data = raw;
  if (header.masked) {
    out.mark(kMaskedPayload, raw);
    std::vector<std::uint8_t> clear(raw.begin(), raw.end());
    for (std::size_t i = 0; i < clear.size(); ++i) clear[i] ^= header.key[i % header.key.size()];
    data = out.source("Unmasked data", std::move(clear)).all();
  }
  out.mark(kPayload, data);
  const LayerBuilder::Subtree tree(out);
  if (header.compressed && header.fin && header.opcode != kContinuation) {
    data = inflated(data, out);
    if (data.empty()) return;
  }
  switch (header.opcode) {
    case kContinuation: out.add(kPayloadContinue, data, data); break;
    case kTextFrame: out.add(kPayloadText, data, data); break;
    case kBinaryFrame: {
      Cursor rest(data);
      out.data(rest);
      break;
    }
    case kCloseFrame: close_frame(data, out); break;
    case kPingFrame: out.add(kPayloadPing, data, data); break;
    case kPongFrame: out.add(kPayloadPong, data, data); break;
    default: out.add(kPayloadUnknown, data, data); break;
  }
}

bool known(std::uint8_t opcode) { return opcode <= kBinaryFrame || (opcode >= kCloseFrame && opcode <= kPongFrame); }

Outcome dissect_websocket(Cursor& in, LayerBuilder& out) {
  const std::size_t head = header_size(in.rest());
  if (in.left() < head) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(head);
    return Outcome::kNeedMore;
  }
  const std::uint8_t opcode = in.peek(1)[0] & 0x0fU;
  if (!known(opcode)) return Outcome::kNotMine;
  const Header header = read_header(in, out);
  constexpr std::uint64_t kLongest = std::uint64_t{1} << 62U;
  if (header.length > kLongest) return Outcome::kMalformed;
  out.message_length(head + header.length);
  const Bytes data = in.take(static_cast<std::size_t>(std::min<std::uint64_t>(in.left(), header.length)));
  if (!out.wanted()) return Outcome::kDone;
  show_info(header, out);
  payload(header, data, out);
  return Outcome::kDone;
}

}  // namespace

// Found by the upgrade that led to it, never by content.
extern constinit const Dissector websocket_dissector{.name = "websocket",
                                                     .title = "WebSocket",
                                                     .column = "WebSocket",
                                                     .fields = kFields,
                                                     .dissect = &dissect_websocket,
                                                     .stream = true};

}  // namespace pr::dissect
