// TFTP (RFC 1350) with options (RFC 2347, 2348, 7440). The answer to a request comes from another port: the request
// announces that flow.
#include <cstring>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"udp.port", 69}};

constexpr NamedValue kOpcodes[] = {
    {1, "Read Request"}, {2, "Write Request"},          {3, "Data Packet"},          {4, "Acknowledgement"},
    {5, "Error Code"},   {6, "Option Acknowledgement"}, {255, "Information (MSDP)"},
};
constexpr NamedValue kErrors[] = {
    {0, "Not defined"},
    {1, "File not found"},
    {2, "Access violation"},
    {3, "Disk full or allocation exceeded"},
    {4, "Illegal TFTP Operation"},
    {5, "Unknown transfer ID"},
    {6, "File already exists"},
    {7, "No such user"},
    {8, "Option negotiation failed"},
};

enum Field : std::uint16_t {
  kOpcode,
  kSourceFile,
  kDestinationFile,
  kRequestFrame,
  kType,
  kBlock,
  kBlockFull,
  kErrorCode,
  kErrorMessage,
  kOptionName,
  kOptionValue,
};

constexpr FieldDef kFields[] = {
    {"tftp.opcode", "Opcode", FieldType::kUint, Show::kDec, 0, kOpcodes},
    {"tftp.source_file", "Source File", FieldType::kText},
    {"tftp.destination_file", "Destination File", FieldType::kText},
    {"tftp.request_frame", "Request frame", FieldType::kUint},
    {"tftp.type", "Type", FieldType::kText},
    {"tftp.block", "Block", FieldType::kUint},
    {"tftp.block.full", "Full Block Number", FieldType::kUint},
    {"tftp.error.code", "Error code", FieldType::kUint, Show::kDec, 0, kErrors},
    {"tftp.error.message", "Error message", FieldType::kText},
    {"tftp.option.name", "Option name", FieldType::kText},
    {"tftp.option.value", "Option value", FieldType::kText},
};

enum Opcode : std::uint16_t { kRead = 1, kWrite, kDataPacket, kAck, kErrorPacket, kOptionAck };

// What a transfer knows of the request that began it.
struct State {
  std::uint64_t request_frame;  // 0: not seen
  char file[41];                // empty: longer than this
  bool write;
  bool asked_here;     // the request was in this very flow
  std::uint16_t last;  // block number
  std::uint16_t wraps;
};

// Text up to a NUL.
Bytes take_string(Cursor& in) {
  const Bytes rest = in.rest();
  const auto end = std::ranges::find(rest, 0);
  const Bytes text = in.take(static_cast<std::size_t>(end - rest.begin()));
  if (in.left() == 0) {
    in.fail();
  } else {
    in.skip(1);
  }
  return text;
}

std::string printable(Bytes text) { return std::string(as_text(text)); }

std::string options(Cursor& in, LayerBuilder& out) {
  constexpr int kMaxOptions = 32;
  std::string shown;
  for (int n = 0; n < kMaxOptions && in.left() > 0; ++n) {
    const Bytes name = take_string(in);
    const Bytes value = take_string(in);
    if (!in.ok()) break;
    if (!out.wanted()) continue;
    out.add(kOptionName, name, name);
    out.add(kOptionValue, value, value);
    shown += ", " + printable(name) + "=" + printable(value);
  }
  return shown;
}

Outcome request(std::uint16_t opcode, Cursor& in, LayerBuilder& out) {
  auto& state = out.state<State>();
  const bool write = opcode == kWrite;
  const Bytes file = take_string(in);
  const Bytes mode = take_string(in);
  if (!in.ok()) return Outcome::kMalformed;
  state = {};
  state.request_frame = out.packet().number;
  state.write = write;
  state.asked_here = true;
  if (file.size() < sizeof state.file) std::memcpy(state.file, file.data(), file.size());
  ExpectedFlow flow{.endpoint = out.frame().src, .tcp = false, .protocol = "tftp", .state = {}};
  State next = state;
  next.asked_here = false;
  std::memcpy(flow.state.raw.data(), &next, sizeof next);
  out.observer().expect(flow);
  const Message::Item items[] = {{static_cast<std::uint16_t>(write ? kDestinationFile : kSourceFile), Value::of(file)},
                                 {kType, Value::of(mode)}};
  out.message({.role = Message::Role::kEvent,
               .name = as_text(file),
               .summary = write ? "Write Request" : "Read Request",
               .items = items});
  out.add(write ? kDestinationFile : kSourceFile, file, file);
  out.add(kType, mode, mode);
  const std::string more = options(in, out);
  if (out.wanted()) {
    out.info(std::string(write ? "Write Request" : "Read Request") + ", File: " + printable(file) +
             ", Transfer type: " + printable(mode) + more);
  }
  return Outcome::kDone;
}

// A transfer's packets name the file: of a read request it is the client's, whose name for it is the same.
void transfer(const State& state, LayerBuilder& out) {
  if (state.request_frame == 0 || !out.wanted()) return;
  if (state.file[0] != 0) out.add_text(kDestinationFile, state.file, {});
  out.add(kRequestFrame, state.request_frame, {});
}

std::uint64_t block(Cursor& in, State& state, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t number = out.u16(in, kBlock);
  if (!in.ok()) return 0;
  if (number < 0x1000 && state.last > 0xf000) ++state.wraps;
  state.last = number;
  out.add(kBlockFull, std::uint64_t{state.wraps} << 16U | number, where);
  return number;
}

Outcome dissect_tftp(Cursor& in, LayerBuilder& out) {
  auto& state = out.state<State>();
  const std::uint16_t opcode = Cursor(in.peek(2)).u16();
  if (in.left() < 4 || opcode < kRead || opcode > kOptionAck) return Outcome::kNotMine;
  out.u16(in, kOpcode);
  if (opcode <= kWrite) return request(opcode, in, out);
  transfer(state, out);
  std::string info;
  switch (opcode) {
    case kDataPacket: {
      info = "Data Packet, Block: " + std::to_string(block(in, state, out));
      break;
    }
    case kAck: info = "Acknowledgement, Block: " + std::to_string(block(in, state, out)); break;
    case kErrorPacket: {
      const std::uint16_t code = out.u16(in, kErrorCode);
      const Bytes text = take_string(in);
      out.add(kErrorMessage, text, text);
      info = "Error Code, Code: " + std::to_string(code) + ", Message: " + printable(text);
      break;
    }
    default: info = "Option Acknowledgement" + options(in, out); break;
  }
  if (out.wanted()) out.info(std::move(info));
  if (opcode != kDataPacket || in.left() == 0) return Outcome::kDone;
  out.layer_length(in.at());
  out.data(in);
  return Outcome::kDone;
}

Likeness probe_tftp(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.size() < 4) return Likeness::kNo;
  Cursor in(start);
  const std::uint16_t opcode = in.u16();
  if (opcode < kRead || opcode > kOptionAck) return Likeness::kNo;
  if (opcode > kWrite) return Likeness::kMaybe;
  const Bytes file = take_string(in);
  const Bytes mode = take_string(in);
  if (!in.ok() || !looks_like_text(file)) return Likeness::kNo;
  const bool known = is_word(mode, "OCTET") || is_word(mode, "NETASCII") || is_word(mode, "MAIL");
  return known && !file.empty() ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector tftp_dissector{.name = "tftp",
                                                .title = "Trivial File Transfer Protocol",
                                                .column = "TFTP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_tftp,
                                                .probe = &probe_tftp,
                                                .datagram = true};

}  // namespace pr::dissect
