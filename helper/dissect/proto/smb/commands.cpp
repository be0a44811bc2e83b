// The commands that say who talks to what: negotiation, sessions, trees, files, transactions.
#include <algorithm>

#include "helper/dissect/proto/smb/smb.h"
#include "shared/base/hex.h"

namespace pr::dissect::smb {
namespace {

using windows::add_bits;
using windows::Bit;

enum Code : std::uint8_t {
  kCreateDirectory = 0x00,
  kDeleteDirectory = 0x01,
  kClose = 0x04,
  kFlush = 0x05,
  kDelete = 0x06,
  kQueryInformation = 0x08,
  kCheckDirectory = 0x10,
  kTrans = 0x25,
  kEcho = 0x2b,
  kReadAndX = 0x2e,
  kWriteAndX = 0x2f,
  kTrans2 = 0x32,
  kNegotiate = 0x72,
  kSessionSetup = 0x73,
  kTreeConnect = 0x75,
  kNtCreate = 0xa2,
};

// Text of the message's bytes, up to its terminator. Unicode text starts at an even offset of the message.
struct Text {
  std::string text;
  Bytes where;
};
Text take_text(const Command& command, Cursor& in, bool unicode) {
  if (unicode && in.left() > 0 && (in.rest().data() - command.message.data()) % 2 != 0) in.skip(1);
  const Bytes rest = in.rest();
  std::size_t n = 0;
  if (unicode) {
    while (n + 1 < rest.size() && (rest[n] | rest[n + 1U]) != 0) n += 2;
    in.skip(std::min(n + 2, rest.size()));
    return {windows::utf16_text(rest.first(n)), rest.first(n)};
  }
  while (n < rest.size() && rest[n] != 0) ++n;
  in.skip(std::min(n + 1, rest.size()));
  return {std::string(as_text(rest.first(std::min<std::size_t>(n, 1024)))), rest.first(n)};
}
std::string show_text(Command& command, Cursor& in, Field field) {
  if (in.left() == 0) return {};
  Text text = take_text(command, in, command.unicode);
  command.out.add_text(field, text.text, text.where);
  return std::move(text.text);
}

void security_blob(Command& command, Bytes blob) {
  if (blob.empty()) return;
  command.out.add(kSecurityBlob, blob, blob);
  if (!command.out.wanted()) return;
  Cursor in(blob);
  command.out.next(as_text(blob).starts_with("NTLMSSP") ? "ntlmssp" : "gss-api", in);
}

void capabilities(Command& command, Cursor& in) {
  static constexpr Bit kBits[] = {{kServerCapRawMode, 1},
                                  {kServerCapMpxMode, 2},
                                  {kServerCapUnicode, 4},
                                  {kServerCapLargeFiles, 8},
                                  {kServerCapNtSmbs, 0x10},
                                  {kServerCapRpcRemoteApis, 0x20},
                                  {kServerCapNtStatus, 0x40},
                                  {kServerCapLevel2Oplocks, 0x80},
                                  {kServerCapLockAndRead, 0x100},
                                  {kServerCapNtFind, 0x200},
                                  {kServerCapDfs, 0x1000},
                                  {kServerCapInfolevelPassthru, 0x2000},
                                  {kServerCapLargeReadx, 0x4000},
                                  {kServerCapLargeWritex, 0x8000},
                                  {kServerCapLwio, 0x10000},
                                  {kServerCapUnix, 0x800000},
                                  {kServerCapCompressedData, 0x2000000},
                                  {kServerCapDynamicReauth, 0x20000000},
                                  {kServerCapExtendedSecurity, 0x80000000}};
  const Bytes where = in.peek(4);
  const std::uint32_t value = command.out.u32le(in, kServerCap);
  if (in.ok()) add_bits(command.out, value, where, kBits);
}

void negotiate_request(Command& command, Cursor& bytes) {
  LayerBuilder& out = command.out;
  for (unsigned i = 0; i < 64 && bytes.left() > 1; ++i) {
    Cursor name(bytes.rest().subspan(1));
    const Text text = take_text(command, name, false);
    const Bytes whole = bytes.peek(1 + text.where.size() + 1);
    out.add_text(kDialect, text.text, whole);
    LayerBuilder::Subtree below(out);
    out.u8(bytes, kBufferFormat);
    out.add_text(kDialectName, text.text, text.where);
    bytes.skip(whole.size() - 1);
  }
}

// Its numbers are in network order here.
std::string plain_guid(Bytes guid) {
  std::string text = hex_text(guid);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
  return text;
}

void negotiate_response(Command& command, Cursor& words, Cursor& bytes) {
  static constexpr Bit kModeBits[] = {{kSmMode, 1}, {kSmPassword, 2}, {kSmSignatures, 4}, {kSmSigRequired, 8}};
  constexpr std::uint8_t kWords = 17;
  LayerBuilder& out = command.out;
  out.u16le(words, kDialectIndex);
  if (command.words != kWords) return;
  Bytes where = words.peek(1);
  const std::uint8_t mode = out.u8(words, kSm);
  add_bits(out, mode, where, kModeBits);
  out.u16le(words, kMaxMpxCount);
  out.u16le(words, kMaxVcs);
  out.u32le(words, kMaxBufsize);
  out.u32le(words, kMaxRaw);
  out.u32le(words, kSessionKey);
  const bool extended = (Cursor(words.peek(4)).u32le() & 0x80000000U) != 0;
  capabilities(command, words);
  where = words.peek(8);
  const std::uint64_t time = words.u64le();
  if (words.ok()) out.add(kSystemTime, windows::filetime_ns(time), where);
  where = words.peek(2);
  const auto zone = static_cast<std::int16_t>(words.u16le());
  if (words.ok()) out.add(kServerTimezone, static_cast<std::uint64_t>(std::int64_t{zone}), where);
  const std::uint8_t challenge = out.u8(words, kChallengeLength);
  if (extended) {
    const Bytes guid = bytes.take(16);
    if (guid.size() == 16 && out.wants(kServerGuid)) out.add_text(kServerGuid, plain_guid(guid), guid);
    security_blob(command, bytes.take(bytes.left()));
    return;
  }
  if (challenge > 0) out.bytes(bytes, kChallenge, challenge);
  show_text(command, bytes, kPrimaryDomain);
}

void session_setup_request(Command& command, Cursor& words, Cursor& bytes) {
  constexpr std::uint8_t kExtended = 12, kPlain = 13;
  LayerBuilder& out = command.out;
  out.u16le(words, kMaxBuf);
  out.u16le(words, kMaxMpxCount);
  out.u16le(words, kVc);
  out.u32le(words, kSessionKey);
  if (command.words == kExtended) {
    const std::uint16_t length = out.u16le(words, kSecurityBlobLen);
    out.bytes(words, kReserved, 4);
    capabilities(command, words);
    security_blob(command, bytes.take(std::min<std::size_t>(length, bytes.left())));
    show_text(command, bytes, kNativeOs);
    show_text(command, bytes, kNativeLanman);
    show_text(command, bytes, kPrimaryDomain);
  } else if (command.words == kPlain) {
    const std::uint16_t ansi = out.u16le(words, kAnsiPwlen), wide = out.u16le(words, kUnicodePwlen);
    out.bytes(words, kReserved, 4);
    capabilities(command, words);
    if (ansi > 0) out.bytes(bytes, kAnsiPassword, std::min<std::size_t>(ansi, bytes.left()));
    if (wide > 0) out.bytes(bytes, kUnicodePassword, std::min<std::size_t>(wide, bytes.left()));
    command.name = show_text(command, bytes, kAccount);
    const std::string domain = show_text(command, bytes, kPrimaryDomain);
    show_text(command, bytes, kNativeOs);
    show_text(command, bytes, kNativeLanman);
    if (out.wanted()) command.info = ", User: " + domain + "\\" + command.name;
  }
}

void session_setup_response(Command& command, Cursor& words, Cursor& bytes) {
  static constexpr Bit kBits[] = {{kSetupActionGuest, 1}};
  LayerBuilder& out = command.out;
  const Bytes where = words.peek(2);
  const std::uint16_t action = out.u16le(words, kSetupAction);
  if (words.ok()) add_bits(out, action, where, kBits);
  if (command.words == 4) {
    const std::uint16_t length = out.u16le(words, kSecurityBlobLen);
    security_blob(command, bytes.take(std::min<std::size_t>(length, bytes.left())));
  }
  show_text(command, bytes, kNativeOs);
  show_text(command, bytes, kNativeLanman);
  if (command.words == 3) show_text(command, bytes, kPrimaryDomain);
}

void rights(Cursor& words, LayerBuilder& out) {
  const Bytes where = words.peek(4);
  const std::uint32_t mask = words.u32le();
  if (words.ok()) access_mask(out, mask, where);
}

void tree_connect(Command& command, Cursor& words, Cursor& bytes) {
  static constexpr Bit kFlagBits[] = {{kConnectFlagsDtid, 1}};
  static constexpr Bit kSupportBits[] = {{kConnectSupportSearch, 1},
                                         {kConnectSupportDfs, 2},
                                         {kConnectSupportCscmask, 0xc},
                                         {kConnectSupportUniqfilename, 0x10},
                                         {kConnectSupportExtendedsig, 0x20}};
  LayerBuilder& out = command.out;
  const Bytes where = words.peek(2);
  if (command.response) {
    if (command.words >= 3) {
      const std::uint16_t support = out.u16le(words, kConnectSupport);
      add_bits(out, support, where, kSupportBits);
    }
    if (command.words == 7) {
      rights(words, out);
      rights(words, out);
    }
    const Text service = take_text(command, bytes, false);
    out.add_text(kService, service.text, service.where);
    if (command.words != 0) show_text(command, bytes, kNativeFs);
    return;
  }
  const std::uint16_t flags = out.u16le(words, kConnectFlags);
  add_bits(out, flags, where, kFlagBits);
  const std::uint16_t length = out.u16le(words, kPwlen);
  out.bytes(bytes, kPassword, std::min<std::size_t>(length, bytes.left()));
  command.name = show_text(command, bytes, kPath);
  connects(command);
  const Text service = take_text(command, bytes, false);
  out.add_text(kService, service.text, service.where);
  if (out.wanted()) command.info = ", Path: " + command.name;
}

void nt_create_response(Command& command, Cursor& words) {
  constexpr std::uint8_t kExtended = 42;
  LayerBuilder& out = command.out;
  out.u8(words, kOplockLevel);
  const std::uint16_t file = out.u16le(words, kFid);
  if (words.ok()) opened(command, file);
  out.u32le(words, kCreateAction);
  words.skip(4 * 8 + 4);
  out.u64le(words, kAllocSize64);
  out.u64le(words, kEndOfFile);
  out.u16le(words, kFileType);
  if (command.words != kExtended) return;
  words.skip(2 + 1 + 16 + 8);
  rights(words, out);
  rights(words, out);
}

void nt_create(Command& command, Cursor& words, Cursor& bytes) {
  LayerBuilder& out = command.out;
  if (command.response) return nt_create_response(command, words);
  Opening opening;
  out.bytes(words, kReserved, 1);
  out.u16le(words, kFileNameLen);
  words.skip(4);
  out.u32le(words, kRfid);
  Bytes where = words.peek(4);
  opening.access = words.u32le();
  if (words.ok()) access_mask(out, opening.access, where);
  out.u64le(words, kAllocSize64);
  words.skip(4);
  where = words.peek(4);
  opening.share = words.u32le();
  if (words.ok()) share_access(out, opening.share, where);
  words.skip(4);
  where = words.peek(4);
  opening.options = words.u32le();
  if (words.ok()) create_options(out, opening.options, where);
  out.u32le(words, kImpersonationLevel);
  command.name = show_text(command, bytes, kFile);
  opens(command, opening);
  if (out.wanted()) command.info = ", Path: " + command.name;
}

// What both kinds of transaction tell of their parts; a request tells the limits too.
void transaction(Command& command, Cursor& words, Cursor& bytes) {
  static constexpr Bit kFlagBits[] = {{kTransactionFlagsOwt, 2}, {kTransactionFlagsDtid, 1}};
  LayerBuilder& out = command.out;
  if (command.words == 0) return;
  out.u16le(words, kTpc);
  out.u16le(words, kTdc);
  if (!command.response) {
    out.u16le(words, kMpc);
    out.u16le(words, kMdc);
    out.u8(words, kMsc);
    out.bytes(words, kReserved, 1);
    const Bytes where = words.peek(2);
    const std::uint16_t flags = out.u16le(words, kTransactionFlags);
    add_bits(out, flags, where, kFlagBits);
    out.u32le(words, kTimeout);
  }
  out.bytes(words, kReserved, 2);
  out.u16le(words, kPc);
  out.u16le(words, kPo);
  if (command.response) out.u16le(words, kPd);
  const std::uint16_t length = out.u16le(words, kDc), offset = out.u16le(words, kDataOffset);
  if (command.response) out.u16le(words, kDataDisp);
  const std::uint8_t setup = out.u8(words, kSc);
  out.bytes(words, kReserved, 1);
  if (!words.ok()) return;
  bool pipe = command.response;
  if (command.code == kTrans2 && setup > 0 && !command.response) out.u16le(words, kTrans2Cmd);
  if (command.code == kTrans && setup >= 2 && !command.response) {
    words.skip(2);
    if (const std::uint16_t file = out.u16le(words, kFid); words.ok()) asks(command, file, true);
  }
  if (command.code == kTrans && !command.response) {
    command.name = show_text(command, bytes, kTransName);
    pipe = command.name.starts_with("\\PIPE");
    if (out.wanted()) command.info = ", " + command.name;
  }
  const Bytes message = command.message;
  if (!out.wanted() || command.code != kTrans || !pipe || offset > message.size() || length == 0) return;
  Cursor data(message.subspan(offset, std::min<std::size_t>(length, message.size() - offset)));
  out.next("dcerpc", data);
}

void read_write(Command& command, Cursor& words) {
  LayerBuilder& out = command.out;
  if (command.response) {
    if (command.code == kReadAndX) return;
    out.u16le(words, kCountLow);
    words.skip(2);
    out.u16le(words, kCountHigh);
    return;
  }
  const std::uint16_t file = out.u16le(words, kFid);
  if (words.ok()) asks(command, file);
  out.u32le(words, kOffset);
  if (command.code == kReadAndX) {
    out.u16le(words, kMaxcountLow);
    out.u16le(words, kMincount);
    return;
  }
  words.skip(4 + 2 + 2);
  out.u16le(words, kDataLenHigh);
  const std::uint16_t length = out.u16le(words, kDataLenLow), offset = out.u16le(words, kDataOffset);
  const Bytes message = command.message;
  if (!words.ok() || !out.wanted() || offset > message.size() || length == 0) return;
  Cursor data(message.subspan(offset, std::min<std::size_t>(length, message.size() - offset)));
  out.next("dcerpc", data);
}

void read_response_data(Command& command, Cursor& words) {
  words.skip(6);
  const std::uint16_t length = command.out.u16le(words, kDataLenLow);
  const std::uint16_t offset = command.out.u16le(words, kDataOffset);
  const Bytes message = command.message;
  if (!words.ok() || !command.out.wanted() || offset > message.size()) return;
  Cursor data(message.subspan(offset, std::min<std::size_t>(length, message.size() - offset)));
  command.out.next("dcerpc", data);
}

// Requests whose bytes are one name behind its format.
void named(Command& command, Cursor& bytes, Field field) {
  if (command.response || bytes.left() == 0) return;
  command.out.u8(bytes, kBufferFormat);
  command.name = show_text(command, bytes, field);
  if (command.out.wanted()) command.info = ", Path: " + command.name;
}

}  // namespace

void read_command(Command& command, Cursor& words, Cursor& bytes) {
  if (command.response && command.words == 0) return;
  switch (command.code) {
    case kNegotiate:
      command.response ? negotiate_response(command, words, bytes) : negotiate_request(command, bytes);
      break;
    case kSessionSetup:
      command.response ? session_setup_response(command, words, bytes) : session_setup_request(command, words, bytes);
      break;
    case kTreeConnect: tree_connect(command, words, bytes); break;
    case kNtCreate: nt_create(command, words, bytes); break;
    case kTrans:
    case kTrans2: transaction(command, words, bytes); break;
    case kReadAndX: command.response ? read_response_data(command, words) : read_write(command, words); break;
    case kWriteAndX: read_write(command, words); break;
    case kClose:
    case kFlush:
      if (command.response) break;
      if (const std::uint16_t file = command.out.u16le(words, kFid); words.ok()) asks(command, file);
      break;
    case kEcho:
      command.out.u16le(words, command.response ? kEchoSeqNum : kEchoCount);
      if (bytes.left() > 0) command.out.bytes(bytes, kEchoData, bytes.left());
      break;
    case kDelete:
      if (!command.response) words.skip(2);
      named(command, bytes, kFile);
      break;
    case kQueryInformation: named(command, bytes, kFile); break;
    case kCreateDirectory:
    case kDeleteDirectory:
    case kCheckDirectory: named(command, bytes, kDirName); break;
    default: break;
  }
}

}  // namespace pr::dissect::smb
