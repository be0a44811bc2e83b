// Opening files and pipes, with the contexts that go with it.
#include <algorithm>

#include "helper/dissect/proto/smb2/smb2.h"

namespace pr::dissect::smb2 {
namespace {

using windows::add_bits;
using windows::Bit;

constexpr unsigned kMaxContexts = 32;

// What the server says to a request for access rights or for the file's number.
void answered(Pdu& pdu, std::string_view tag, Cursor in) {
  LayerBuilder::Subtree below(pdu.out);
  if (tag == "MxAc" && in.left() == 8) {
    pdu.out.u32le(in, kMxacStatus);
    access_mask(pdu, in);
  } else if (tag == "QFid" && in.left() == 32) {
    pdu.out.bytes(in, kQfidFid, 32);
  }
}

// A chain of create contexts: next, name, data.
void create_contexts(Pdu& pdu, Bytes chain) {
  LayerBuilder& out = pdu.out;
  if (!out.wanted()) return;
  out.mark(kCreateExtrainfo, chain);
  LayerBuilder::Subtree below(out);
  for (unsigned i = 0; i < kMaxContexts && chain.size() >= 16; ++i) {
    Cursor in(chain);
    const std::uint32_t next = out.u32le(in, kCreateChainOffset);
    Cursor name(in), data(in);
    const std::uint16_t name_at = name.u16le(), name_length = name.u16le();
    data.skip(4);
    const Bytes tag = name_at <= chain.size() && name_length <= chain.size() - name_at
                          ? chain.subspan(name_at, name_length)
                          : Bytes{};
    out.add(kTag, tag, tag);
    {
      LayerBuilder::Subtree inner(out);
      read_span(pdu, in, 2, 2);
    }
    data.skip(2);
    const Span value = read_span(pdu, data, 2, 4);
    out.mark(kCreateChainData, chain);
    if (pdu.response && value.offset <= chain.size() && value.length <= chain.size() - value.offset)
      answered(pdu, as_text(tag), Cursor(chain.subspan(value.offset, value.length)));
    if (next < 16 || next > chain.size()) break;
    chain = chain.subspan(next);
  }
}

}  // namespace

void read_create_request(Pdu& pdu, Cursor& in) {
  static constexpr Bit kShareBits[] = {{kSmbShareAccessRead, 1}, {kSmbShareAccessWrite, 2}, {kSmbShareAccessDelete, 4}};
  static constexpr Bit kOptionBits[] = {{kSmbNtCreateOptionsDirectory, 1},
                                        {kSmbNtCreateOptionsWriteThrough, 2},
                                        {kSmbNtCreateOptionsSequentialOnly, 4},
                                        {kSmbNtCreateOptionsIntermediateBuffering, 8},
                                        {kSmbNtCreateOptionsSyncIoAlert, 0x10},
                                        {kSmbNtCreateOptionsSyncIoNonalert, 0x20},
                                        {kSmbNtCreateOptionsNonDirectory, 0x40},
                                        {kSmbNtCreateOptionsCreateTreeConnection, 0x80},
                                        {kSmbNtCreateOptionsCompleteIfOplocked, 0x100},
                                        {kSmbNtCreateOptionsNoEaKnowledge, 0x200},
                                        {kSmbNtCreateOptionsEightDotThreeOnly, 0x400},
                                        {kSmbNtCreateOptionsRandomAccess, 0x800},
                                        {kSmbNtCreateOptionsDeleteOnClose, 0x1000},
                                        {kSmbNtCreateOptionsOpenByFileid, 0x2000},
                                        {kSmbNtCreateOptionsBackupIntent, 0x4000},
                                        {kSmbNtCreateOptionsNoCompression, 0x8000},
                                        {kSmbNtCreateOptionsReserveOpfilter, 0x100000},
                                        {kSmbNtCreateOptionsOpenReparsePoint, 0x200000},
                                        {kSmbNtCreateOptionsOpenNoRecall, 0x400000},
                                        {kSmbNtCreateOptionsOpenForFreeSpaceQuery, 0x800000}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  in.skip(1);
  out.u8(in, kCreateOplock);
  out.u32le(in, kImpersonationLevel);
  out.u64le(in, kCreateFlags);
  out.bytes(in, kReserved, 8);
  access_mask(pdu, in);
  file_attributes(pdu, in);
  Bytes where = in.peek(4);
  const std::uint32_t share = out.u32le(in, kSmbShareAccess);
  add_bits(out, share, where, kShareBits);
  out.u32le(in, kCreateDisposition);
  where = in.peek(4);
  const std::uint32_t options = out.u32le(in, kSmbCreateOptions);
  add_bits(out, options, where, kOptionBits);
  Cursor look(in);
  const std::uint16_t name_at = look.u16le(), name_length = look.u16le();
  if (!look.ok()) return;
  const Bytes name = pdu.part(name_at, name_length);
  pdu.name = windows::utf16_text(name);
  out.add_text(kFilename, pdu.name, name);
  {
    LayerBuilder::Subtree below(out);
    read_span(pdu, in, 2, 2);
  }
  const Span chain = read_span(pdu, in, 4, 4);
  create_contexts(pdu, pdu.part(chain.offset, chain.length));
  if (out.wanted()) pdu.info = " File: " + pdu.name;
}

void read_create_response(Pdu& pdu, Cursor& in) {
  static constexpr Bit kFlagBits[] = {{kCreateRepFlagsReparsePoint, 1}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  out.u8(in, kCreateOplock);
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kCreateRepFlags);
  add_bits(out, flags, where, kFlagBits);
  out.u32le(in, kCreateAction);
  for (const Field field : {kCreateTime, kLastAccessTime, kLastWriteTime, kLastChangeTime}) filetime(pdu, in, field);
  out.u64le(in, kAllocationSize);
  out.u64le(in, kEof);
  file_attributes(pdu, in);
  out.bytes(in, kReserved, 4);
  file_id(pdu, in);
  const Span chain = read_span(pdu, in, 4, 4);
  create_contexts(pdu, pdu.part(chain.offset, chain.length));
}

}  // namespace pr::dissect::smb2
