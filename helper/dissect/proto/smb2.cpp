// SMB 2 and 3 (MS-SMB2): the headers of plain, encrypted and compressed messages, and compounds of several commands.
#include "helper/dissect/proto/smb2/smb2.h"

#include <algorithm>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

using namespace smb2;
using windows::add_bits;
using windows::Bit;

constexpr std::uint32_t kPlain = 0xfe534d42, kEncrypted = 0xfd534d42, kCompressed = 0xfc534d42;
constexpr std::size_t kHeader = 64;
constexpr unsigned kMaxCommands = 64;  // of one compound
constexpr std::uint32_t kResponseFlag = 1, kAsyncFlag = 2;

// The command's own part; the rest that nobody reads is left alone.
void read_body(Pdu& pdu, Cursor& in) {
  constexpr std::uint32_t kMoreProcessing = 0xc0000016, kOverflow = 0x80000005;
  if (in.left() < 2) return;
  const std::uint16_t size = Cursor(in.peek(2)).u16le();
  const bool error = pdu.response && size == 9 && (pdu.status & 0xc0000000U) != 0 && pdu.status != kMoreProcessing &&
                     !(pdu.status == kOverflow && (pdu.command == kReadFile || pdu.command == kGetInfo));
  if (error || (pdu.response && size == 9 && pdu.status == 0x103)) {
    buffer_code(pdu, in);
    pdu.out.u8(in, kErrorContextCount);
    pdu.out.u8(in, kErrorReserved);
    const std::uint32_t count = pdu.out.u32le(in, kErrorByteCount);
    if (in.left() > 0) {  // one octet stands there even if nothing is said
      pdu.out.bytes(in, kErrorData, std::min<std::size_t>(std::max(count, 1U), in.left()));
    } else {
      pdu.out.add(kErrorData, Bytes{}, {});
    }
    return;
  }
  if (!read_session_command(pdu, in)) read_file_command(pdu, in);
}

void tell(Pdu& pdu, std::uint64_t message_id, bool first) {
  LayerBuilder& out = pdu.out;
  const bool opens = pdu.command == kTreeConnect || pdu.command == kCreateFile || pdu.command == kSessionSetup;
  if (out.wanted()) {
    std::string line = command_name(pdu.command);
    line += pdu.response ? " Response" : " Request";
    if (pdu.response && pdu.status != 0) {
      const char* name = status_name(pdu.status);
      line += ", Error: ";
      line += name != nullptr ? name : "Unknown";
    }
    line += pdu.info;
    if (first) {
      out.info(std::move(line));
    } else {
      out.append_info(";" + line);
    }
  }
  if (!opens || (pdu.response && pdu.status == 0x103)) return;
  const Message::Item items[] = {
      {static_cast<std::uint16_t>(pdu.command == kTreeConnect ? kTree : kFilename), Value::of(as_bytes(pdu.name))}};
  out.message({.role = pdu.response ? Message::Role::kResponse : Message::Role::kRequest,
               .id = message_id + 1,
               .name = pdu.name,
               .summary = pdu.response ? std::string_view() : std::string_view(command_name(pdu.command)),
               .status = pdu.response ? std::int64_t{pdu.status} : -1,
               .items = std::span(items, pdu.name.empty() ? 0 : 1)});
}

// One command. next_offset: of the next one in a compound, 0 at the last.
bool read_command(Cursor& in, LayerBuilder& out, bool first, std::uint32_t* next_offset) {
  static constexpr Bit kFlagBits[] = {{kFlagsResponse, 1},       {kFlagsAsync, 2},           {kFlagsChained, 4},
                                      {kFlagsSignature, 8},      {kFlagsPriorityMask, 0x70}, {kFlagsDfs, 0x10000000},
                                      {kFlagsReplay, 0x20000000}};
  const Bytes all = in.rest();
  Cursor look(all);
  look.skip(16);
  const std::uint32_t flags = look.u32le(), next = look.u32le();
  if (!look.ok()) return false;
  *next_offset = next;
  Pdu pdu{
      .out = out, .bytes = next >= kHeader && next <= all.size() ? all.first(next) : all, .state = out.state<State>()};
  pdu.response = (flags & kResponseFlag) != 0;
  out.u32(in, kProtocolId);
  out.u16le(in, kHeaderLen);
  out.u16le(in, kCreditCharge);
  if (pdu.response) {
    pdu.status = out.u32le(in, kNtStatus);
  } else {
    out.u16le(in, kChannelSequence);
    out.bytes(in, kReserved, 2);
  }
  pdu.command = out.u16le(in, kCmd);
  out.u16le(in, pdu.response ? kCreditsGranted : kCreditsRequested);
  const Bytes where = in.peek(4);
  out.u32le(in, kFlags);
  add_bits(out, flags, where, kFlagBits);
  out.u32le(in, kChainOffset);
  const std::uint64_t message_id = out.u64le(in, kMsgId);
  if ((flags & kAsyncFlag) != 0) {
    out.u64le(in, kAid);
  } else {
    out.u32le(in, kPid);
    const Bytes tree_at = in.peek(4);
    pdu.tree = out.u32le(in, kTid);
    const std::uint8_t type = pdu.state.type_of(pdu.tree);
    LayerBuilder::Subtree below(out);
    if (out.wants(kTree)) {
      if (const std::string path = pdu.state.path_of(pdu.tree); !path.empty()) out.add_text(kTree, path, tree_at);
    }
    if (type != 0 && in.ok()) out.add(kShareType, type, tree_at);
  }
  out.u64le(in, kSesid);
  out.bytes(in, kSignature, 16);
  if (!in.ok()) return false;
  Cursor body(pdu.bytes.subspan(std::min(kHeader, pdu.bytes.size())));
  read_body(pdu, body);
  tell(pdu, message_id, first);
  return true;
}

Outcome plain(Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  std::size_t at = 0;
  for (unsigned i = 0; i < kMaxCommands; ++i) {
    Cursor command(all.subspan(at));
    std::uint32_t next = 0;
    if (!read_command(command, out, i == 0, &next)) return i == 0 ? Outcome::kTruncated : Outcome::kMalformed;
    if (next == 0) break;
    if (next < kHeader || next > all.size() - at) return Outcome::kMalformed;
    at += next;
  }
  in.skip(all.size());
  return Outcome::kDone;
}

Outcome encrypted(Cursor& in, LayerBuilder& out) {
  static constexpr Bit kTransformBits[] = {{kHeaderTransformFlagsEncrypted, 1}};
  out.u32(in, kProtocolId);
  out.bytes(in, kHeaderTransformSignature, 16);
  out.bytes(in, kHeaderTransformNonce, 16);
  out.u32le(in, kHeaderTransformMsgSize);
  out.bytes(in, kHeaderTransformReserved, 2);
  const Bytes where = in.peek(2);
  const std::uint16_t flags = out.u16le(in, kHeaderTransformFlags);
  add_bits(out, flags, where, kTransformBits);
  out.u64le(in, kSesid);
  if (!in.ok()) return Outcome::kTruncated;
  if (in.left() > 0) out.bytes(in, kHeaderTransformEncData, in.left());
  if (out.wanted()) out.info("Encrypted SMB3");
  return Outcome::kDone;
}

Outcome compressed(Cursor& in, LayerBuilder& out) {
  out.u32(in, kProtocolId);
  out.u32le(in, kHeaderCompTransformOriginalSize);
  out.u16le(in, kHeaderCompTransformCompAlg);
  out.u16le(in, kHeaderCompTransformFlags);
  out.u32le(in, kHeaderCompTransformOffset);
  if (!in.ok()) return Outcome::kTruncated;
  in.skip(in.left());
  if (out.wanted()) out.info("Compressed SMB3");
  return Outcome::kDone;
}

Outcome dissect_smb2(Cursor& in, LayerBuilder& out) {
  switch (Cursor(in.peek(4)).u32()) {
    case kPlain: return plain(in, out);
    case kEncrypted: return encrypted(in, out);
    case kCompressed: return compressed(in, out);
    default: return Outcome::kNotMine;
  }
}

}  // namespace

extern constinit const Dissector smb2_dissector{.name = "smb2",
                                                .title = "SMB2 (Server Message Block Protocol version 2)",
                                                .column = "SMB2",
                                                .fields = {smb2::kFields, smb2::kFieldCount},
                                                .dissect = &dissect_smb2};

}  // namespace pr::dissect
