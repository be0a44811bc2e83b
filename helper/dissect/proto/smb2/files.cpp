// Commands about files: open, close, read, write, search, control.
#include <algorithm>

#include "helper/dissect/proto/smb2/smb2.h"

namespace pr::dissect::smb2 {
namespace {

using windows::add_bits;
using windows::Bit;

void close_file(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kClosePqAttrib, 1}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  const Bytes where = in.peek(2);
  const std::uint16_t flags = out.u16le(in, kCloseFlags);
  add_bits(out, flags, where, kBits);
  if (!pdu.response) {
    in.skip(4);
    file_id(pdu, in);
    return;
  }
  out.bytes(in, kReserved, 4);
  for (const Field field : {kCreateTime, kLastAccessTime, kLastWriteTime, kLastChangeTime}) filetime(pdu, in, field);
  out.u64le(in, kAllocationSize);
  out.u64le(in, kEof);
  file_attributes(pdu, in);
}

void read_file(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kReadFlagsUnbuffered, 1}, {kReadFlagsCompressed, 2}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  if (!pdu.response) {
    out.u8(in, kReadPadding);
    const Bytes where = in.peek(1);
    const std::uint8_t flags = out.u8(in, kReadFlags);
    add_bits(out, flags, where, kBits);
    const std::uint32_t length = out.u32le(in, kReadLength);
    const std::uint64_t offset = out.u64le(in, kFileOffset);
    file_id(pdu, in);
    out.u32le(in, kMinCount);
    out.u32le(in, kChannel);
    out.u32le(in, kRemainingBytes);
    read_span(pdu, in, 2, 2);
    out.mark(kChannelInfoBlob, in.peek(1));
    if (out.wanted()) pdu.info = " Len:" + std::to_string(length) + " Off:" + std::to_string(offset);
    return;
  }
  Cursor look(in);
  const std::uint8_t offset = look.u8();
  look.skip(1);
  const std::uint32_t length = look.u32le();
  out.add(kOlbOffset, offset, in.peek(1));
  in.skip(1);
  out.bytes(in, kReserved, 1);
  out.u32le(in, kOlbLength);
  out.u32le(in, kReadRemaining);
  out.bytes(in, kReserved, 4);
  const Bytes data = pdu.bytes.subspan(std::min<std::size_t>(offset, pdu.bytes.size()));
  file_data(pdu, data.first(std::min<std::size_t>(length, data.size())));
}

void write_file(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kWriteFlagsWriteThrough, 1}, {kWriteFlagsUnbuffered, 2}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  if (pdu.response) {
    out.bytes(in, kReserved, 2);
    out.u32le(in, kWriteCount);
    out.u32le(in, kWriteRemaining);
    out.u16le(in, kChannelInfoOffset);
    out.u16le(in, kChannelInfoLength);
    return;
  }
  const std::uint16_t at = out.u16le(in, kDataOffset);
  const std::uint32_t length = out.u32le(in, kWriteLength);
  const std::uint64_t offset = out.u64le(in, kFileOffset);
  file_id(pdu, in);
  out.u32le(in, kChannel);
  out.u32le(in, kRemainingBytes);
  Cursor span(in);
  in.skip(4);
  const Bytes where = in.peek(4);
  const std::uint32_t flags = out.u32le(in, kWriteFlags);
  add_bits(out, flags, where, kBits);
  read_span(pdu, span, 2, 2);
  out.mark(kChannelInfoBlob, in.peek(1));
  if (out.wanted()) pdu.info = " Len:" + std::to_string(length) + " Off:" + std::to_string(offset);
  const Bytes data = pdu.bytes.subspan(std::min<std::size_t>(at, pdu.bytes.size()));
  file_data(pdu, data.first(std::min<std::size_t>(length, data.size())));
}

void ioctl(Pdu& pdu, Cursor& in) {
  static constexpr Bit kCodeBits[] = {{kIoctlFunctionDevice, 0xffff0000},
                                      {kIoctlFunctionAccess, 0xc000},
                                      {kIoctlFunctionFunction, 0x3ffc},
                                      {kIoctlFunctionMethod, 3}};
  static constexpr Bit kFlagBits[] = {{kIoctlIsFsctl, 1}};
  constexpr std::uint32_t kPipeTransceive = 0x0011c017;
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  out.bytes(in, kReserved, 2);
  const Bytes code_at = in.peek(4);
  const std::uint32_t code = out.u32le(in, kIoctlFunction);
  add_bits(out, code, code_at, kCodeBits);
  file_id(pdu, in);
  // The lengths' limits are in between where they lie and behind them where they are shown.
  Cursor first(in.peek(8));
  in.skip(8);
  Span input, output;
  if (pdu.response) {
    Cursor second(in.peek(8));
    in.skip(8);
    out.u32le(in, kFlags);
    out.bytes(in, kReserved, 4);
    input = read_span(pdu, first, 4, 4);
    out.mark(kIoctlIn, in.peek(1));
    output = read_span(pdu, second, 4, 4);
    out.mark(kIoctlOut, in.peek(1));
  } else {
    out.u32le(in, kMaxIoctlInSize);
    Cursor second(in.peek(8));
    in.skip(8);
    out.u32le(in, kMaxIoctlOutSize);
    const Bytes where = in.peek(4);
    const std::uint32_t flags = out.u32le(in, kIoctlFlags);
    add_bits(out, flags, where, kFlagBits);
    out.bytes(in, kReserved, 4);
    input = read_span(pdu, first, 4, 4);
    out.mark(kIoctlIn, in.peek(1));
    output = read_span(pdu, second, 4, 4);
    out.mark(kIoctlOut, in.peek(1));
  }
  if (code != kPipeTransceive) return;
  const Span data = pdu.response ? output : input;
  file_data(pdu, pdu.part(data.offset, data.length));
}

// The files of a directory in the form that was asked for.
void read_directory(Pdu& pdu, Bytes data) {
  enum : std::uint8_t { kBoth = 3, kIdBoth = 37, kIdFull = 38 };
  constexpr unsigned kMaxEntries = 4096;
  LayerBuilder& out = pdu.out;
  const std::uint8_t level = pdu.state.find_level;
  if (!out.wanted() || (level != kBoth && level != kIdBoth && level != kIdFull)) return;
  LayerBuilder::Subtree below(out);
  for (unsigned i = 0; i < kMaxEntries && data.size() >= 64; ++i) {
    Cursor in(data);
    out.mark(level == kIdFull || level == kIdBoth ? kFindIdBothDirectoryInfo : kFindBothDirectoryInfo, data);
    LayerBuilder::Subtree inner(out);
    const std::uint32_t next = out.u32le(in, kNextOffset);
    out.u32le(in, kFileIndex);
    for (const Field field : {kCreateTime, kLastAccessTime, kLastWriteTime, kLastChangeTime}) filetime(pdu, in, field);
    out.u64le(in, kEof);
    out.u64le(in, kAllocationSize);
    file_attributes(pdu, in);
    const std::uint32_t length = out.u32le(in, kFilenameLen);
    out.u32le(in, kEaSize);
    if (level != kIdFull) {
      const std::uint8_t short_length = out.u8(in, kShortNameLen);
      in.skip(1);
      const Bytes name = in.take(24);
      if (short_length > 0 && short_length <= name.size() && out.wants(kShortname))
        out.add_text(kShortname, windows::utf16_text(name.first(short_length)), name.first(short_length));
    }
    if (level != kBoth) {
      out.bytes(in, kReserved, level == kIdFull ? 4 : 2);
      out.u64le(in, kFileId);
    }
    const Bytes name = in.take(std::min<std::size_t>(length, in.left()));
    if (in.ok()) out.add_text(kFilename, windows::utf16_text(name), name);
    if (next < 64 || next > data.size()) break;
    data = data.subspan(next);
  }
}

void find_files(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {
      {kFindRestartScans, 1}, {kFindSingleEntry, 2}, {kFindIndexSpecified, 4}, {kFindReopen, 0x10}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  if (pdu.response) {
    const Span blob = read_span(pdu, in, 2, 4);
    const Bytes data = pdu.part(blob.offset, blob.length);
    if (!data.empty()) out.add(kFindInfoBlob, data, data);
    read_directory(pdu, data);
    return;
  }
  pdu.state.find_level = out.u8(in, kFindInfolevel);
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kFindFlags);
  add_bits(out, flags, where, kBits);
  out.u32le(in, kFileIndex);
  file_id(pdu, in);
  Cursor span(in.peek(4));
  in.skip(4);
  out.u32le(in, kOutputBufferLen);
  const std::uint16_t offset = Cursor(span.peek(2)).u16le();
  Cursor tail(span);
  tail.skip(2);
  const Bytes pattern = pdu.part(offset, tail.u16le());
  if (out.wanted()) {
    const std::string text = windows::utf16_text(pattern);
    out.add_text(kFindPattern, text, pattern);
    pdu.info = " Pattern: " + text;
  }
  LayerBuilder::Subtree below(out);
  read_span(pdu, span, 2, 2);
}

void notify(Pdu& pdu, Cursor& in) {
  static constexpr Bit kFlagBits[] = {{kNotifyWatchTree, 1}};
  static constexpr Bit kFilterBits[] = {
      {kSmbNtNotifyFileName, 1},       {kSmbNtNotifyDirName, 2},        {kSmbNtNotifyAttributes, 4},
      {kSmbNtNotifySize, 8},           {kSmbNtNotifyLastWrite, 0x10},   {kSmbNtNotifyLastAccess, 0x20},
      {kSmbNtNotifyCreation, 0x40},    {kSmbNtNotifyEa, 0x80},          {kSmbNtNotifySecurity, 0x100},
      {kSmbNtNotifyStreamName, 0x200}, {kSmbNtNotifyStreamSize, 0x400}, {kSmbNtNotifyStreamWrite, 0x800}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  if (pdu.response) {
    read_span(pdu, in, 2, 4);
    return;
  }
  Bytes where = in.peek(2);
  const std::uint16_t flags = out.u16le(in, kNotifyFlags);
  add_bits(out, flags, where, kFlagBits);
  out.u32le(in, kOutputBufferLen);
  file_id(pdu, in);
  where = in.peek(4);
  const std::uint32_t filter = out.u32le(in, kSmbNtNotifyCompletionFilter);
  add_bits(out, filter, where, kFilterBits);
  out.bytes(in, kReserved, 4);
}

// The level has a field of its own for each class of information.
void show_level(Pdu& pdu, Bytes kind_at, Bytes level_at) {
  const State& state = pdu.state;
  pdu.out.add(kClass, state.info_class, kind_at);
  switch (state.info_class) {
    case 1: pdu.out.add(kFileInfoInfolevel, state.info_level, level_at); break;
    case 2: pdu.out.add(kFsInfoInfolevel, state.info_level, level_at); break;
    case 3: pdu.out.add(kSecInfoInfolevel, state.info_level, level_at); break;
    default: break;
  }
}
void info_level(Pdu& pdu, Cursor& in) {
  const Bytes kind_at = in.peek(1);
  pdu.state.info_class = in.u8();
  const Bytes level_at = in.peek(1);
  pdu.state.info_level = in.u8();
  if (in.ok()) show_level(pdu, kind_at, level_at);
}
void additional(Pdu& pdu, Cursor& in) {
  constexpr std::uint8_t kSecurity = 3;
  pdu.out.u32le(in, pdu.state.info_class == kSecurity ? kGetsetinfoAdditionals : kGetsetinfoAdditional);
}

void get_info(Pdu& pdu, Cursor& in) {
  LayerBuilder& out = pdu.out;
  if (pdu.response) {
    if (pdu.state.info_class != 0) show_level(pdu, {}, {});
    buffer_code(pdu, in);
    read_span(pdu, in, 2, 4);
    return;
  }
  buffer_code(pdu, in);
  info_level(pdu, in);
  out.u32le(in, kMaxResponseSize);
  out.u16le(in, kGetinfoInputOffset);
  out.bytes(in, kReserved, 2);
  out.u32le(in, kGetinfoInputSize);
  additional(pdu, in);
  out.u32le(in, kGetinfoFlags);
  file_id(pdu, in);
}

void set_info(Pdu& pdu, Cursor& in) {
  LayerBuilder& out = pdu.out;
  if (pdu.response) {
    if (pdu.state.info_class != 0) show_level(pdu, {}, {});
    buffer_code(pdu, in);
    return;
  }
  buffer_code(pdu, in);
  info_level(pdu, in);
  out.u32le(in, kSetinfoSize);
  out.u16le(in, kSetinfoOffset);
  out.u16le(in, kSetinfoReserved);
  additional(pdu, in);
  file_id(pdu, in);
}

void flush(Pdu& pdu, Cursor& in) {
  buffer_code(pdu, in);
  pdu.out.bytes(in, kUnknown, pdu.response ? 2 : 6);
  if (!pdu.response) file_id(pdu, in);
}

}  // namespace

bool read_file_command(Pdu& pdu, Cursor& in) {
  switch (pdu.command) {
    case kCreateFile: pdu.response ? read_create_response(pdu, in) : read_create_request(pdu, in); return true;
    case kCloseFile: close_file(pdu, in); return true;
    case kFlush: flush(pdu, in); return true;
    case kReadFile: read_file(pdu, in); return true;
    case kWriteFile: write_file(pdu, in); return true;
    case kIoctl: ioctl(pdu, in); return true;
    case kFindFile: find_files(pdu, in); return true;
    case kNotify: notify(pdu, in); return true;
    case kGetInfo: get_info(pdu, in); return true;
    case kSetInfo: set_info(pdu, in); return true;
    default: buffer_code(pdu, in); return false;
  }
}

std::uint16_t buffer_code(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kBufferCodeLength, 0xfffe}, {kBufferCodeDynamic, 1}};
  const Bytes where = in.peek(2);
  const std::uint16_t code = pdu.out.u16le(in, kBufferCode);
  if (in.ok()) add_bits(pdu.out, code, where, kBits);
  return code;
}

Span read_span(Pdu& pdu, Cursor& in, std::size_t offset_octets, std::size_t length_octets) {
  Span span;
  span.offset = offset_octets == 2 ? pdu.out.u16le(in, kOlbOffset) : pdu.out.u32le(in, kOlbOffset);
  span.length = length_octets == 2 ? pdu.out.u16le(in, kOlbLength) : pdu.out.u32le(in, kOlbLength);
  return in.ok() ? span : Span{};
}

void file_id(Pdu& pdu, Cursor& in) {
  const Bytes octets = in.take(16);
  if (octets.size() == 16 && pdu.out.wants(kFid)) pdu.out.add_text(kFid, windows::guid_text(octets), octets);
}

void filetime(Pdu& pdu, Cursor& in, Field field) {
  const Bytes where = in.peek(8);
  const std::uint64_t time = in.u64le();
  if (in.ok()) pdu.out.add(field, windows::filetime_ns(time), where);
}

void file_attributes(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kFileAttributeReadOnly, 1},         {kFileAttributeHidden, 2},
                                  {kFileAttributeSystem, 4},           {kFileAttributeDirectory, 0x10},
                                  {kFileAttributeArchive, 0x20},       {kFileAttributeNormal, 0x80},
                                  {kFileAttributeTemporary, 0x100},    {kFileAttributeSparse, 0x200},
                                  {kFileAttributeReparse, 0x400},      {kFileAttributeCompressed, 0x800},
                                  {kFileAttributeOffline, 0x1000},     {kFileAttributeNotContentIndexed, 0x2000},
                                  {kFileAttributeEncrypted, 0x4000},   {kFileAttributeIntegrityStream, 0x8000},
                                  {kFileAttributeNoScrubData, 0x20000}};
  const Bytes where = in.peek(4);
  const std::uint32_t value = pdu.out.u32le(in, kFileAttribute);
  if (in.ok()) add_bits(pdu.out, value, where, kBits);
}

void access_mask(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kSmbAccessRead, 1},
                                  {kSmbAccessWrite, 2},
                                  {kSmbAccessAppend, 4},
                                  {kSmbAccessReadEa, 8},
                                  {kSmbAccessWriteEa, 0x10},
                                  {kSmbAccessExecute, 0x20},
                                  {kSmbAccessDeleteChild, 0x40},
                                  {kSmbAccessReadAttributes, 0x80},
                                  {kSmbAccessWriteAttributes, 0x100},
                                  {kSmbAccessDelete, 0x10000},
                                  {kSmbAccessReadControl, 0x20000},
                                  {kSmbAccessWriteDac, 0x40000},
                                  {kSmbAccessWriteOwner, 0x80000},
                                  {kSmbAccessSynchronize, 0x100000},
                                  {kSmbAccessSystemSecurity, 0x1000000},
                                  {kSmbAccessMaximumAllowed, 0x2000000},
                                  {kSmbAccessGenericAll, 0x10000000},
                                  {kSmbAccessGenericExecute, 0x20000000},
                                  {kSmbAccessGenericWrite, 0x40000000},
                                  {kSmbAccessGenericRead, 0x80000000}};
  const Bytes where = in.peek(4);
  const std::uint32_t value = pdu.out.u32le(in, kSmbAccessMask);
  if (in.ok()) add_bits(pdu.out, value, where, kBits);
}

void file_data(Pdu& pdu, Bytes data) {
  if (data.empty() || !pdu.out.wanted()) return;
  Cursor in(data);
  if (!pdu.out.next("dcerpc", in)) pdu.out.data(in);
}

}  // namespace pr::dissect::smb2
