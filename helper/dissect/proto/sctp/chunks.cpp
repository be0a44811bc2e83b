// Chunks of SCTP, RFC 9260 section 3.3; RFC 3758 (forward TSN), RFC 4895 (AUTH), RFC 8260 (I-DATA).
#include "helper/dissect/proto/sctp/fields.h"

namespace pr::dissect::sctp {
namespace {

enum Type : std::uint8_t {
  kTypeData = 0,
  kTypeInit = 1,
  kTypeInitAck = 2,
  kTypeSack = 3,
  kTypeHeartbeat = 4,
  kTypeHeartbeatAck = 5,
  kTypeAbort = 6,
  kTypeShutdown = 7,
  kTypeShutdownAck = 8,
  kTypeError = 9,
  kTypeCookieEcho = 10,
  kTypeCookieAck = 11,
  kTypeEcne = 12,
  kTypeCwr = 13,
  kTypeShutdownComplete = 14,
  kTypeAuth = 15,
  kTypeIData = 64,
  kTypeAsconfAck = 128,
  kTypePad = 132,
  kTypeForwardTsn = 192,
  kTypeAsconf = 193
};
enum DataFlag : std::uint8_t { kEnd = 1, kBegin = 2, kUnordered = 4, kImmediate = 8 };

void read_data(bool interleaved, std::uint8_t flags, Bytes flags_at, Cursor& in, LayerBuilder& out, Walk* walk) {
  {
    LayerBuilder::Subtree below(out);
    out.add(kDataIBit, flags >> 3U & 1U, flags_at);
    out.add(kDataUBit, flags >> 2U & 1U, flags_at);
    out.add(kDataBBit, flags >> 1U & 1U, flags_at);
    out.add(kDataEBit, flags & 1U, flags_at);
  }
  const std::uint32_t tsn = out.u32(in, kDataTsnRaw);
  out.u16(in, kDataSid);
  if (interleaved) {
    out.u16(in, kDataReserved);
    out.u32(in, kDataMid);
  } else {
    out.u16(in, kDataSsn);
  }
  const bool begin = (flags & kBegin) != 0;
  const std::uint32_t ppid = out.u32(in, interleaved && !begin ? kDataFsn : kDataPayloadProtoId);
  if (!in.ok()) return;
  const bool whole = begin && (flags & kEnd) != 0;
  if (out.wanted()) {
    walk->info += "(TSN=" + std::to_string(tsn) + ") ";
    if (!whole) walk->info += "(Message Fragment) ";
  }
  const Bytes payload = in.take(in.left());
  if (whole && walk->count < Walk::kMaxCarried) walk->carried[walk->count++] = {ppid, payload};
}

void read_init(bool ack, Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t tag = out.u32(in, kInitiateTag);
  if (in.ok()) out.add(ack ? kInitackInitiateTag : kInitInitiateTag, tag, where);
  out.u32(in, ack ? kInitackCredit : kInitCredit);
  out.u16(in, ack ? kInitackNrOutStreams : kInitNrOutStreams);
  out.u16(in, ack ? kInitackNrInStreams : kInitNrInStreams);
  out.u32(in, ack ? kInitackInitialTsn : kInitInitialTsn);
  read_parameters(in, out);
}

void read_sack(std::uint8_t flags, Bytes flags_at, Cursor& in, LayerBuilder& out, Walk* walk) {
  out.add(kSackNounceSum, flags & 1U, flags_at);
  const std::uint32_t ack = out.u32(in, kSackCumulativeTsnAckRaw);
  const std::uint32_t window = out.u32(in, kSackARwnd);
  const std::uint16_t gaps = out.u16(in, kSackNumberOfGapBlocks);
  const std::uint16_t duplicates = out.u16(in, kSackNumberOfDuplicatedTsns);
  for (unsigned i = 0; i < gaps && in.left() >= 4; ++i) {
    out.u16(in, kSackGapBlockStart);
    out.u16(in, kSackGapBlockEnd);
  }
  for (unsigned i = 0; i < duplicates && in.left() >= 4; ++i) out.u32(in, kSackDuplicateTsn);
  if (out.wanted()) walk->info += "(Ack=" + std::to_string(ack) + ", Arwnd=" + std::to_string(window) + ") ";
}

void read_forward_tsn(Cursor& in, LayerBuilder& out) {
  out.u32(in, kForwardTsnTsn);
  while (in.left() >= 4) {
    out.u16(in, kForwardTsnSid);
    out.u16(in, kForwardTsnSsn);
  }
}

void read_auth(Cursor& in, LayerBuilder& out) {
  out.u16(in, kSharedKeyId);
  out.u16(in, kHmacId);
  if (in.left() > 0) out.bytes(in, kHmac, in.left());
}

}  // namespace

ChunkHeader read_chunk_header(Cursor& in, LayerBuilder& out) {
  ChunkHeader header;
  const Bytes where = in.peek(1);
  header.type = out.u8(in, kChunkType);
  if (in.ok()) {
    LayerBuilder::Subtree below(out);
    out.add(kChunkBit1, header.type >> 7U, where);
    out.add(kChunkBit2, header.type >> 6U & 1U, where);
  }
  header.flags = out.u8(in, kChunkFlags);
  header.length = out.u16(in, kChunkLength);
  return header;
}

void read_chunk(std::uint8_t type, std::uint8_t flags, Bytes flags_at, Cursor& in, LayerBuilder& out, Walk* walk) {
  switch (type) {
    case kTypeData:
    case kTypeIData: return read_data(type == kTypeIData, flags, flags_at, in, out, walk);
    case kTypeInit:
    case kTypeInitAck: return read_init(type == kTypeInitAck, in, out);
    case kTypeSack: return read_sack(flags, flags_at, in, out, walk);
    case kTypeHeartbeat:
    case kTypeHeartbeatAck: return read_parameters(in, out);
    case kTypeAbort: out.add(kAbortTBit, flags & 1U, flags_at); return read_causes(in, out);
    case kTypeError: return read_causes(in, out);
    case kTypeShutdown: out.u32(in, kShutdownCumulativeTsnAck); return;
    case kTypeShutdownComplete: out.add(kShutdownCompleteTBit, flags & 1U, flags_at); return;
    case kTypeCookieEcho:
      if (in.left() > 0) out.bytes(in, kCookie, in.left());
      return;
    case kTypeEcne: out.u32(in, kEcneLowestTsn); return;
    case kTypeCwr: out.u32(in, kCwrLowestTsn); return;
    case kTypeAuth: return read_auth(in, out);
    case kTypeForwardTsn: return read_forward_tsn(in, out);
    case kTypeAsconf: out.u32(in, kAsconfSeqNrNumber); return read_parameters(in, out);
    case kTypeAsconfAck: out.u32(in, kAsconfAckSeqNrNumber); return read_parameters(in, out);
    case kTypePad:
      if (in.left() > 0) out.bytes(in, kPaddingData, in.left());
      return;
    case kTypeShutdownAck:
    case kTypeCookieAck: return;
    default:
      if (in.left() > 0) out.bytes(in, kChunkValue, in.left());
      return;
  }
}

}  // namespace pr::dissect::sctp
