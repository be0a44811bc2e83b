// RTP (RFC 3550) over UDP, where a session description announced it.
#include <algorithm>
#include <string>

#include "helper/dissect/bits.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/rtp/setup.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kVersions[] = {{0, "Old VAT Version"}, {1, "First Draft Version"}, {2, "RFC 1889 Version"}};
constexpr NamedValue kPayloadTypes[] = {
    {0, "ITU-T G.711 PCMU"},
    {3, "GSM 06.10"},
    {4, "ITU-T G.723"},
    {5, "DVI4 8000 samples/s"},
    {6, "DVI4 16000 samples/s"},
    {8, "ITU-T G.711 PCMA"},
    {9, "ITU-T G.722"},
    {10, "16-bit uncompressed audio, stereo"},
    {11, "16-bit uncompressed audio, monaural"},
    {13, "Comfort noise"},
    {14, "MPEG-I/II Audio"},
    {15, "ITU-T G.728"},
    {18, "ITU-T G.729"},
    {26, "JPEG-compressed video"},
    {31, "ITU-T H.261"},
    {32, "MPEG-I/II Video"},
    {33, "MPEG-II transport streams"},
    {34, "ITU-T H.263"},
};

enum : std::size_t {
  kSetupFrame,
  kSetupMethod,
  kVersion,
  kPadding,
  kExt,
  kCc,
  kMarker,
  kPType,
  kSeq,
  kExtseq,
  kTimestamp,
  kSsrc,
  kCsrcItem,
  kExtProfile,
  kExtLen,
  kPayload,
  kPaddingData,
  kPaddingCount
};

constexpr FieldDef kFields[] = {
    {"rtp.setup-frame", "Setup frame", FieldType::kUint},
    {"rtp.setup-method", "Setup Method", FieldType::kText},
    {"rtp.version", "Version", FieldType::kUint, Show::kDec, 0, kVersions},
    {"rtp.padding", "Padding", FieldType::kBool},
    {"rtp.ext", "Extension", FieldType::kBool},
    {"rtp.cc", "Contributing source identifiers count", FieldType::kUint},
    {"rtp.marker", "Marker", FieldType::kBool},
    {"rtp.p_type", "Payload type", FieldType::kUint, Show::kDec, 0, kPayloadTypes},
    {"rtp.seq", "Sequence number", FieldType::kUint},
    {"rtp.extseq", "Extended sequence number", FieldType::kUint},
    {"rtp.timestamp", "Timestamp", FieldType::kUint},
    {"rtp.ssrc", "Synchronization Source identifier", FieldType::kUint, Show::kHex, 32},
    {"rtp.csrc.item", "CSRC item", FieldType::kUint, Show::kHex, 32},
    {"rtp.ext.profile", "Defined by profile", FieldType::kUint, Show::kHex, 16},
    {"rtp.ext.len", "Extension length", FieldType::kUint},
    {"rtp.payload", "Payload", FieldType::kBytes},
    {"rtp.padding.data", "Padding data", FieldType::kBytes},
    {"rtp.padding.count", "Padding count", FieldType::kUint},
};

constexpr std::size_t kHeader = 12;

// Sequence numbers with the rounds that they made. The first is taken to be near the beginning of the second round, so
// that what was sent before it stays positive; Wireshark counts so.
std::uint32_t extend(rtp::Setup::Side& side, std::uint16_t sequence) {
  constexpr std::uint32_t kRound = 0x10000, kHalf = 0x8000;
  const std::uint32_t before = side.seen == 0 ? kRound : side.extended;
  std::uint32_t extended = (before & ~(kRound - 1)) | sequence;
  if (extended + kHalf < before) {
    extended += kRound;
  } else if (before + kHalf < extended && extended >= kRound) {
    extended -= kRound;
  }
  side = {.extended = extended, .seen = 1};
  return extended;
}

Outcome dissect_rtp(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  const std::uint8_t flags = in.u8();
  const Bytes second = in.peek(1);
  const std::uint8_t type = in.u8();
  if (!in.ok() || flags >> 6U != 2 || in.left() < kHeader - 2) return Outcome::kNotMine;
  auto& setup = out.state<rtp::Setup>();
  if (setup.frame != 0) {
    out.add(kSetupFrame, setup.frame, {});
    out.add_text(kSetupMethod, "SDP", {});
  }
  add_bits(out, flags, first, {{kVersion, 6, 2}, {kPadding, 5}, {kExt, 4}, {kCc, 0, 4}});
  add_bits(out, type, second, {{kMarker, 7}, {kPType, 0, 7}});
  const Bytes at = in.peek(2);
  const std::uint16_t sequence = out.u16(in, kSeq);
  out.add(kExtseq, extend(setup.sides[out.from_orig() ? 0 : 1], sequence), at);
  const std::uint32_t time = out.u32(in, kTimestamp);
  const std::uint32_t source = out.u32(in, kSsrc);
  for (unsigned i = 0; i < (flags & 15U) && in.ok(); ++i) out.u32(in, kCsrcItem);
  if ((flags & 0x10U) != 0) {
    out.u16(in, kExtProfile);
    in.skip(std::size_t{out.u16(in, kExtLen)} * 4);
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    const std::string_view name = value_name(kPayloadTypes, type & 0x7fU);
    std::string line = "PT=" + (name.empty() ? "DynamicRTP-Type-" + std::to_string(type & 0x7fU) : std::string(name));
    std::string ssrc;
    append_value_text(ssrc, ValueFormat::of(kFields[kSsrc]), Value::of(std::uint64_t{source}));
    for (char& c : ssrc) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    line += ", SSRC=" + ssrc + ", Seq=" + std::to_string(sequence) + ", Time=" + std::to_string(time);
    if ((type & 0x80U) != 0) line += ", Mark";
    out.info(std::move(line));
  }
  std::size_t padding = 0;
  if ((flags & 0x20U) != 0 && in.left() > 0) padding = std::min<std::size_t>(in.all().back(), in.left());
  if (in.left() > padding) out.bytes(in, kPayload, in.left() - padding);
  if (padding > 1) out.bytes(in, kPaddingData, padding - 1);
  if (padding > 0) out.u8(in, kPaddingCount);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector rtp_dissector{.name = "rtp",
                                               .title = "Real-Time Transport Protocol",
                                               .column = "RTP",
                                               .fields = kFields,
                                               .dissect = &dissect_rtp,
                                               .datagram = true};

}  // namespace pr::dissect
