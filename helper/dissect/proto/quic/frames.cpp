// Frames that Initial packets may hold: RFC 9000 12.4, 19.
#include "helper/dissect/proto/quic/quic.h"

namespace pr::dissect::quic {
namespace {

enum FrameType : std::uint8_t {
  kPadding = 0,
  kPing = 1,
  kAck = 2,
  kAckEcn = 3,
  kCrypto = 6,
  kGoogleCrypto = 8,
  kClose = 0x1c,
  kCloseApp = 0x1d
};

std::uint64_t number(Cursor& in, LayerBuilder* out, Field f) {
  const std::size_t start = in.at();
  const std::uint64_t value = varint(in);
  if (out != nullptr && in.ok()) out->add(f, value, in.since(start));
  return value;
}

void acknowledgement(Cursor& in, LayerBuilder* out, bool with_counts) {
  number(in, out, kAckLargestAcknowledged);
  number(in, out, kAckDelay);
  const std::uint64_t ranges = number(in, out, kAckRangeCount);
  number(in, out, kAckFirstRange);
  for (std::uint64_t i = 0; i < ranges && in.left() > 0; ++i) {
    number(in, out, kAckGap);
    number(in, out, kAckRange);
  }
  if (!with_counts) return;
  for (const Field f : {kAckEct0, kAckEct1, kAckCe}) number(in, out, f);
}

void crypto(Cursor& in, LayerBuilder* out, std::vector<CryptoPiece>& pieces) {
  constexpr std::size_t kMaxPieces = 1024;
  const std::uint64_t offset = number(in, out, kCryptoOffset);
  const Bytes bytes = in.take(number(in, out, kCryptoLength));
  if (!in.ok()) return;
  if (out != nullptr) out->mark(kCryptoData, bytes);
  if (pieces.size() < kMaxPieces) pieces.push_back({offset, bytes});
}

void close(Cursor& in, LayerBuilder* out, bool by_application) {
  constexpr std::uint64_t kCryptoError = 0x100;
  const std::size_t start = in.at();
  const std::uint64_t code = number(in, out, kCcErrorCode);
  if (out != nullptr && in.ok() && (code & ~0xffULL) == kCryptoError)
    out->add(kCcTlsAlert, code & 0xffU, in.since(start));
  if (!by_application) number(in, out, kCcFrameType);
  const std::uint64_t length = number(in, out, kCcReasonLength);
  const Bytes reason = in.take(length);
  if (out != nullptr && in.ok() && length > 0) out->add(kCcReason, reason, reason);
}

void padding(Cursor& in, LayerBuilder* out, std::size_t start) {
  while (in.left() > 0 && in.peek(1)[0] == 0) in.skip(1);
  if (out != nullptr) out->add(kPaddingLength, in.at() - start, in.since(start).first(0));
}

const char* name_of(std::uint64_t type) {
  switch (type) {
    case kPadding: return "PADDING";
    case kPing: return "PING";
    case kAck:
    case kAckEcn: return "ACK";
    case kCrypto:
    case kGoogleCrypto: return "CRYPTO";
    case kClose:
    case kCloseApp: return "CC";
    default: return "Unknown";
  }
}

}  // namespace

void read_frames(Cursor in, bool google, LayerBuilder* out, std::vector<CryptoPiece>& pieces, std::string& names) {
  while (in.left() > 0) {
    const std::size_t start = in.at();
    Cursor look = in;
    const std::uint64_t type = varint(look);
    if (out != nullptr) {
      out->mark(kFrame, in.rest());
      names.append(", ").append(name_of(type));
    }
    std::optional<LayerBuilder::Subtree> below;
    if (out != nullptr) below.emplace(*out);
    number(in, out, kFrameType);
    // Google's versions before the IETF's have frames of their own; what counts is the hello.
    if (google && type != kGoogleCrypto && type != kPadding) return;
    switch (type) {
      case kPadding: padding(in, out, start); break;
      case kPing: break;
      case kAck:
      case kAckEcn: acknowledgement(in, out, type == kAckEcn); break;
      case kGoogleCrypto:
        if (!google) return;
        [[fallthrough]];
      case kCrypto: crypto(in, out, pieces); break;
      case kClose:
      case kCloseApp: close(in, out, type == kCloseApp); break;
      default:
        if (out != nullptr) out->mark(kUnknownFrame, in.rest());
        return;
    }
  }
}

}  // namespace pr::dissect::quic
