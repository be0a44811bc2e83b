// Parameters and error causes of SCTP chunks: RFC 9260 sections 3.3.2, 3.3.3 and 3.3.10; RFC 4895 (authentication),
// RFC 5061 (address changes).
#include "helper/dissect/proto/sctp/fields.h"

namespace pr::dissect::sctp {
namespace {

enum Parameter : std::uint16_t {
  kHeartbeat = 1,
  kIpv4 = 5,
  kIpv6 = 6,
  kCookie = 7,
  kUnrecognized = 8,
  kPreservative = 9,
  kHostname = 11,
  kAddressTypes = 12,
  kRandom = 0x8002,
  kChunkList = 0x8003,
  kHmacList = 0x8004,
  kExtensions = 0x8008,
  kAddAddress = 0xc001,
  kDeleteAddress = 0xc002,
  kErrorCauses = 0xc003,
  kSetPrimary = 0xc004,
  kSuccess = 0xc005,
  kAdaptation = 0xc006
};
enum Cause : std::uint16_t {
  kInvalidStream = 1,
  kStaleCookie = 3,
  kUnrecognizedChunk = 6,
  kUnrecognizedParameters = 8,
  kNoUserData = 9
};

// Ends with a zero octet.
void read_hostname(Cursor& in, LayerBuilder& out) {
  const Bytes whole = in.take(in.left());
  const std::string_view text = as_text(whole);
  out.add(kParameterHostname, whole.first(std::min(text.find('\0'), text.size())), whole);
}

void read_value(std::uint16_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kHeartbeat: out.bytes(in, kParameterHeartbeatInformation, in.left()); return;
    case kIpv4: out.ipv4(in, kParameterIpv4Address); return;
    case kIpv6: out.bytes(in, kParameterIpv6Address, 16); return;
    case kCookie: out.bytes(in, kParameterStateCookie, in.left()); return;
    case kUnrecognized: return read_parameters(in, out);
    case kPreservative: out.u32(in, kParameterCookiePreservativeIncr); return;
    case kHostname: return read_hostname(in, out);
    case kAddressTypes:
      while (in.left() >= 2) out.u16(in, kParameterSupportedAddressType);
      return;
    case kRandom: out.bytes(in, kRandomNumber, in.left()); return;
    case kChunkList:
      while (in.left() > 0) out.u8(in, kChunkTypeToAuth);
      return;
    case kHmacList:
      while (in.left() >= 2) out.u16(in, kHmacId);
      return;
    case kExtensions:
      while (in.left() > 0) out.u8(in, kSupportedChunkType);
      return;
    case kAddAddress:
    case kDeleteAddress:
    case kSetPrimary: out.u32(in, kCorrelationId); return read_parameters(in, out);
    case kErrorCauses: out.u32(in, kCorrelationId); return read_causes(in, out);
    case kSuccess: out.u32(in, kCorrelationId); return;
    case kAdaptation: out.u32(in, kAdaptationLayerIndication); return;
    default:
      if (in.left() > 0) out.bytes(in, kParameterValue, in.left());
      return;
  }
}

// A chunk that the peer did not know, from its header on. What it is made of stays closed: it may hold causes again.
void read_quoted_chunk(Cursor& in, LayerBuilder& out) {
  read_chunk_header(in, out);
  if (in.left() > 0) out.bytes(in, kChunkValue, in.left());
}

void read_cause(std::uint16_t code, Cursor& in, LayerBuilder& out) {
  switch (code) {
    case kInvalidStream:
      out.u16(in, kCauseStreamIdentifier);
      out.u16(in, kCauseReserved);
      return;
    case kStaleCookie: out.u32(in, kCauseMeasureOfStaleness); return;
    case kNoUserData: out.u32(in, kCauseTsn); return;
    case kUnrecognizedChunk: return read_quoted_chunk(in, out);
    case kUnrecognizedParameters: return read_parameters(in, out);
    default:
      if (in.left() > 0) out.bytes(in, kCauseInformation, in.left());
      return;
  }
}

void read_padding(std::uint16_t length, Cursor& in, LayerBuilder& out, std::size_t field) {
  const std::size_t padding = std::min<std::size_t>((4 - length % 4U) % 4U, in.left());
  if (padding > 0) out.bytes(in, field, padding);
}

}  // namespace

void read_parameters(Cursor& in, LayerBuilder& out) {
  while (in.left() >= 4) {
    const Bytes where = in.peek(2);
    const std::uint16_t type = out.u16(in, kParameterType);
    LayerBuilder::Subtree below(out);
    out.add(kParameterBit1, type >> 15U, where);
    out.add(kParameterBit2, type >> 14U & 1U, where);
    const std::uint16_t length = out.u16(in, kParameterLength);
    if (length < 4) return in.skip(in.left());
    // Parameters nest (RFC 5061), each within the one around it: the depth is bounded by the chunk's length, and
    // every level takes eight octets of it.
    Cursor value = in.sub(std::min<std::size_t>(length - 4U, in.left()));
    if (value.left() + 4U < length) return;
    read_value(type, value, out);
    read_padding(length, in, out, kParameterPadding);
  }
}

void read_causes(Cursor& in, LayerBuilder& out) {
  while (in.left() >= 4) {
    const std::uint16_t code = out.u16(in, kCauseCode);
    LayerBuilder::Subtree below(out);
    const std::uint16_t length = out.u16(in, kCauseLength);
    if (length < 4) return in.skip(in.left());
    Cursor value = in.sub(std::min<std::size_t>(length - 4U, in.left()));
    if (value.left() + 4U < length) return;
    read_cause(code, value, out);
    read_padding(length, in, out, kCausePadding);
  }
}

}  // namespace pr::dissect::sctp
