// SMB 1 (MS-CIFS): the header and chains of AndX commands.
#include "helper/dissect/proto/smb/smb.h"

#include <algorithm>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

using namespace smb;
using windows::add_bits;
using windows::Bit;

constexpr std::uint32_t kMagic = 0xff534d42;  // "\xffSMB"
constexpr std::size_t kHeader = 32;
constexpr std::uint8_t kNoFurther = 0xff, kResponseFlag = 0x80;
constexpr std::uint16_t kUnicodeFlag = 0x8000, kNtStatusFlag = 0x4000;
constexpr unsigned kMaxChain = 8;

bool is_andx(std::uint8_t command) {
  static constexpr std::uint8_t kAndX[] = {0x24, 0x2d, 0x2e, 0x2f, 0x73, 0x74, 0x75, 0xa2};
  return std::ranges::find(kAndX, command) != std::end(kAndX);
}

void flags(Cursor& in, LayerBuilder& out, std::uint16_t* wide) {
  static constexpr Bit kFlagBits[] = {{kFlagsLock, 1},       {kFlagsReceiveBuffer, 2}, {kFlagsCaseless, 8},
                                      {kFlagsCanon, 0x10},   {kFlagsOplock, 0x20},     {kFlagsNotify, 0x40},
                                      {kFlagsResponse, 0x80}};
  static constexpr Bit kFlags2Bits[] = {{kFlags2LongNamesAllowed, 1},
                                        {kFlags2Ea, 2},
                                        {kFlags2SecSig, 4},
                                        {kFlags2Compressed, 8},
                                        {kFlags2SecSigRequired, 0x10},
                                        {kFlags2LongNamesUsed, 0x40},
                                        {kFlags2ReparsePath, 0x400},
                                        {kFlags2Esn, 0x800},
                                        {kFlags2Dfs, 0x1000},
                                        {kFlags2Roe, 0x2000},
                                        {kFlags2NtError, 0x4000},
                                        {kFlags2String, 0x8000}};
  Bytes where = in.peek(1);
  const std::uint8_t narrow = out.u8(in, kFlags);
  if (in.ok()) add_bits(out, narrow, where, kFlagBits);
  where = in.peek(2);
  *wide = out.u16le(in, kFlags2);
  if (in.ok()) add_bits(out, *wide, where, kFlags2Bits);
}

// One command: word count, words, byte count, bytes. next: the AndX command behind it and where it lies.
bool command(Command& now, Cursor& in, std::uint8_t* next, std::uint16_t* next_at) {
  LayerBuilder& out = now.out;
  *next = kNoFurther;
  if (now.response) answers(now);
  now.words = out.u8(in, kWct);
  // Windows gives the longer answer to a create with the count of the shorter one.
  constexpr std::uint8_t kCreate = 0xa2, kCounted = 42, kMeant = 50;
  const bool longer = now.code == kCreate && now.response && now.words == kCounted;
  Cursor words = in.sub(2 * std::size_t{longer ? kMeant : now.words});
  if (!in.ok()) return false;
  if (is_andx(now.code) && now.words >= 2) {
    *next = out.u8(words, kCmd);
    out.bytes(words, kReserved, 1);
    *next_at = out.u16le(words, kAndxoffset);
  }
  const std::uint16_t count = out.u16le(in, kBcc);
  if (!in.ok()) return false;
  Cursor bytes = in.sub(std::min<std::size_t>(count, in.left()));
  read_command(now, words, bytes);
  return true;
}

void tell(const Command& now, std::uint16_t mid) {
  constexpr std::uint8_t kTree = 0x75, kCreate = 0xa2, kSession = 0x73;
  if (now.code != kTree && now.code != kCreate && now.code != kSession) return;
  const Message::Item items[] = {{static_cast<std::uint16_t>(now.code == kTree     ? kPath
                                                             : now.code == kCreate ? kFile
                                                                                   : kAccount),
                                  Value::of(as_bytes(now.name))}};
  now.out.message({.role = now.response ? Message::Role::kResponse : Message::Role::kRequest,
                   .id = std::uint64_t{mid} << 8U | now.code,
                   .name = now.name,
                   .summary = now.response ? std::string_view() : std::string_view(command_name(now.code)),
                   .status = now.response ? std::int64_t{now.status} : -1,
                   .items = std::span(items, now.name.empty() ? 0 : 1)});
}

Outcome dissect_smb(Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  if (Cursor(in.peek(4)).u32() != kMagic) return Outcome::kNotMine;
  Cursor look(all);
  look.skip(10);
  const std::uint16_t look_flags2 = look.u16le();
  out.u32le(in, kServerComponent);
  const std::uint8_t code = out.u8(in, kCmd);
  std::uint32_t status = 0;
  if ((look_flags2 & kNtStatusFlag) != 0) {
    status = out.u32le(in, kNtStatus);
  } else {
    status = out.u8(in, kErrorClass);
    out.bytes(in, kReserved, 1);
    status |= std::uint32_t{out.u16le(in, kErrorCode)} << 16U;
  }
  const std::uint8_t first_flags = Cursor(in.peek(1)).u8();
  std::uint16_t flags2 = 0;
  flags(in, out, &flags2);
  out.u16le(in, kPidHigh);
  out.bytes(in, kSignature, 8);
  out.bytes(in, kReserved, 2);
  const bool response = (first_flags & kResponseFlag) != 0;
  const std::uint16_t tid = out.u16le(in, kTid);
  Cursor ids = in;
  ids.skip(4);
  if (const std::uint16_t id = ids.u16le(); ids.ok()) show_tree(out, tid, id, response);
  out.u16le(in, kPid);
  out.u16le(in, kUid);
  const std::uint16_t mid = out.u16le(in, kMid);
  if (!in.ok()) return Outcome::kTruncated;
  std::uint8_t next = code;
  for (unsigned i = 0; i < kMaxChain && next != kNoFurther; ++i) {
    Command now{.out = out, .message = all, .code = next};
    now.response = response;
    now.message_id = mid;
    now.unicode = (flags2 & kUnicodeFlag) != 0;
    now.status = status;
    std::uint16_t next_at = 0;
    if (!command(now, in, &next, &next_at)) return Outcome::kTruncated;
    tell(now, mid);
    if (out.wanted()) {
      const std::string line = std::string(command_name(now.code)) + (now.response ? " Response" : " Request");
      i == 0 ? out.info(line + now.info) : out.append_info("; " + line + now.info);
    }
    if (next == kNoFurther || next_at < kHeader || next_at <= all.size() - in.left() - 1 || next_at >= all.size())
      break;
    in = Cursor(all);
    in.skip(next_at);
  }
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector smb_dissector{.name = "smb",
                                               .title = "SMB (Server Message Block Protocol)",
                                               .column = "SMB",
                                               .fields = {smb::kFields, smb::kFieldCount},
                                               .dissect = &dissect_smb};

}  // namespace pr::dissect
