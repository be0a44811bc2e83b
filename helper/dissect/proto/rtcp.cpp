// RTCP (RFC 3550) over UDP: the packets of a compound, each in a layer of its own as a message would be.
#include <algorithm>
#include <string>

#include "helper/dissect/bits.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/rtp/setup.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

enum Type : std::uint8_t {
  kSender = 200,
  kReceiver,
  kDescription,
  kGoodbye,
  kApplication,
  kFeedback,
  kPayloadFeedback,
  kExtended
};

constexpr NamedValue kVersions[] = {{2, "RFC 1889 Version"}};
constexpr NamedValue kTypes[] = {{200, "Sender Report"},        {201, "Receiver Report"},
                                 {202, "Source description"},   {203, "Goodbye"},
                                 {204, "Application specific"}, {205, "Generic RTP Feedback"},
                                 {206, "Payload-specific"},     {207, "Extended report (RFC 3611)"}};
constexpr NamedValue kItems[] = {{0, "END"},
                                 {1, "CNAME (user and domain)"},
                                 {2, "NAME (common name)"},
                                 {3, "EMAIL (e-mail address)"},
                                 {4, "PHONE (phone number)"},
                                 {5, "LOC (geographic location)"},
                                 {6, "TOOL (name/version of source app)"},
                                 {7, "NOTE (note about source)"},
                                 {8, "PRIV (private extensions)"}};
constexpr NamedValue kTransportFormats[] = {{1, "Generic negative acknowledgement (NACK)"},
                                            {3, "Temporary Maximum Media Stream Bit Rate Request (TMMBR)"},
                                            {4, "Temporary Maximum Media Stream Bit Rate Notification (TMMBN)"},
                                            {15, "Transport-wide Congestion Control (Transport-cc)"}};
constexpr NamedValue kPayloadFormats[] = {{1, "Picture Loss Indication"},
                                          {2, "Slice Loss Indication"},
                                          {3, "Reference Picture Selection Indication"},
                                          {4, "Full Intra Request (FIR) Command"},
                                          {15, "Application Layer Feedback"}};

enum : std::size_t {
  kSetupFrame,
  kSetupMethod,
  kVersion,
  kPadding,
  kRc,
  kSc,
  kRtpfbFmt,
  kPsfbFmt,
  kPt,
  kLength,
  kSenderssrc,
  kMediassrc,
  kTimestampNtpMsw,
  kTimestampNtpLsw,
  kTimestampNtp,
  kTimestampRtp,
  kSenderPacketcount,
  kSenderOctetcount,
  kSsrcIdentifier,
  kSsrcFraction,
  kSsrcCumNr,
  kSsrcExtHigh,
  kSsrcHighCycles,
  kSsrcHighSeq,
  kSsrcJitter,
  kSsrcLsr,
  kSsrcDlsr,
  kSdesType,
  kSdesLength,
  kSdesText,
  kRtpfbNackPid,
  kRtpfbNackBlp,
  kPsfbFirFciSsrc,
  kPsfbFirFciCsn,
  kPsfbFirFciReserved,
  kFci,
  kAppSubtype,
  kAppName,
  kAppData,
  kPaddingData,
  kPaddingCount,
  kLengthCheck
};

constexpr FieldDef kFields[] = {
    {"rtcp.setup-frame", "Setup frame", FieldType::kUint},
    {"rtcp.setup-method", "Setup Method", FieldType::kText},
    {"rtcp.version", "Version", FieldType::kUint, Show::kDec, 0, kVersions},
    {"rtcp.padding", "Padding", FieldType::kBool},
    {"rtcp.rc", "Reception report count", FieldType::kUint},
    {"rtcp.sc", "Source count", FieldType::kUint},
    {"rtcp.rtpfb.fmt", "RTCP Feedback message type (FMT)", FieldType::kUint, Show::kDec, 0, kTransportFormats},
    {"rtcp.psfb.fmt", "RTCP Feedback message type (FMT)", FieldType::kUint, Show::kDec, 0, kPayloadFormats},
    {"rtcp.pt", "Packet type", FieldType::kUint, Show::kDec, 0, kTypes},
    {"rtcp.length", "Length", FieldType::kUint},
    {"rtcp.senderssrc", "Sender SSRC", FieldType::kUint, Show::kHex, 32},
    {"rtcp.mediassrc", "Media source SSRC", FieldType::kUint, Show::kHex, 32},
    {"rtcp.timestamp.ntp.msw", "Timestamp, MSW", FieldType::kUint},
    {"rtcp.timestamp.ntp.lsw", "Timestamp, LSW", FieldType::kUint},
    {"rtcp.timestamp.ntp", "MSW and LSW as NTP timestamp", FieldType::kTime},
    {"rtcp.timestamp.rtp", "RTP timestamp", FieldType::kUint},
    {"rtcp.sender.packetcount", "Sender's packet count", FieldType::kUint},
    {"rtcp.sender.octetcount", "Sender's octet count", FieldType::kUint},
    {"rtcp.ssrc.identifier", "Identifier", FieldType::kUint, Show::kHex, 32},
    {"rtcp.ssrc.fraction", "Fraction lost", FieldType::kUint},
    {"rtcp.ssrc.cum_nr", "Cumulative number of packets lost", FieldType::kInt},
    {"rtcp.ssrc.ext_high", "Extended highest sequence number received", FieldType::kUint},
    {"rtcp.ssrc.high_cycles", "Sequence number cycles count", FieldType::kUint},
    {"rtcp.ssrc.high_seq", "Highest sequence number received", FieldType::kUint},
    {"rtcp.ssrc.jitter", "Interarrival jitter", FieldType::kUint},
    {"rtcp.ssrc.lsr", "Last SR timestamp", FieldType::kUint},
    {"rtcp.ssrc.dlsr", "Delay since last SR timestamp", FieldType::kUint},
    {"rtcp.sdes.type", "Type", FieldType::kUint, Show::kDec, 0, kItems},
    {"rtcp.sdes.length", "Length", FieldType::kUint},
    {"rtcp.sdes.text", "Text", FieldType::kText},
    {"rtcp.rtpfb.nack_pid", "RTCP Transport Feedback NACK PID", FieldType::kUint},
    {"rtcp.rtpfb.nack_blp", "RTCP Transport Feedback NACK BLP", FieldType::kUint, Show::kHex, 16},
    {"rtcp.psfb.fir.fci.ssrc", "SSRC", FieldType::kUint, Show::kHex, 32},
    {"rtcp.psfb.fir.fci.csn", "Command Sequence Number", FieldType::kUint},
    {"rtcp.psfb.fir.fci.reserved", "Reserved", FieldType::kUint},
    {"rtcp.fci", "Feedback Control Information (FCI)", FieldType::kBytes},
    {"rtcp.app.subtype", "Subtype", FieldType::kUint},
    {"rtcp.app.name", "Name (ASCII)", FieldType::kText},
    {"rtcp.app.data", "Application specific data", FieldType::kBytes},
    {"rtcp.padding.data", "Padding data", FieldType::kBytes},
    {"rtcp.padding.count", "Padding count", FieldType::kUint},
    {"rtcp.length_check", "RTCP frame length check", FieldType::kBool},
};

constexpr std::size_t kHead = 4;
constexpr std::size_t kReport = 24;
constexpr std::uint64_t kNtpToUnix = 2'208'988'800U;

void report(Cursor& in, LayerBuilder& out) {
  out.u32(in, kSsrcIdentifier);
  const LayerBuilder::Subtree deeper(out);
  out.u8(in, kSsrcFraction);
  const Bytes lost_at = in.peek(3);
  const std::uint32_t lost = in.u24();
  const auto signed_lost = static_cast<std::int32_t>(lost << 8U) >> 8;  // 24 bits, two's complement
  if (in.ok()) out.add(kSsrcCumNr, static_cast<std::uint64_t>(std::int64_t{signed_lost}), lost_at);
  const Bytes high = in.peek(4);
  const std::uint32_t highest = out.u32(in, kSsrcExtHigh);
  if (in.ok()) {
    out.add(kSsrcHighCycles, highest >> 16U, high.first(2));
    out.add(kSsrcHighSeq, highest & 0xffffU, high.last(2));
  }
  out.u32(in, kSsrcJitter);
  out.u32(in, kSsrcLsr);
  out.u32(in, kSsrcDlsr);
}

void sender(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(8);
  const std::uint64_t seconds = out.u32(in, kTimestampNtpMsw), fraction = out.u32(in, kTimestampNtpLsw);
  if (in.ok()) {
    // Stamps without the highest bit count from 2036 on (RFC 4330 3).
    const std::uint64_t era = (seconds & 0x80000000U) != 0 ? 0 : 1ULL << 32U;
    const std::uint64_t unix_seconds = seconds + era - kNtpToUnix;
    out.add(kTimestampNtp, unix_seconds * 1'000'000'000U + (fraction * 1'000'000'000U >> 32U), at);
  }
  out.u32(in, kTimestampRtp);
  out.u32(in, kSenderPacketcount);
  out.u32(in, kSenderOctetcount);
}

void descriptions(Cursor& in, LayerBuilder& out, unsigned count) {
  for (unsigned i = 0; i < count && in.left() >= 4; ++i) {
    const std::size_t start = in.at();
    out.u32(in, kSsrcIdentifier);
    const LayerBuilder::Subtree deeper(out);
    while (in.left() > 0) {
      if (out.u8(in, kSdesType) == 0) break;
      const std::uint8_t size = out.u8(in, kSdesLength);
      out.bytes(in, kSdesText, size);
    }
    while ((in.at() - start) % 4 != 0 && in.left() > 0) in.skip(1);
  }
}

void feedback(Cursor& in, LayerBuilder& out, std::uint8_t type, unsigned format) {
  out.u32(in, kSenderssrc);
  out.u32(in, kMediassrc);
  if (type == kFeedback && format == 1) {
    while (in.left() >= 4) {
      out.u16(in, kRtpfbNackPid);
      out.u16(in, kRtpfbNackBlp);
    }
  } else if (type == kPayloadFeedback && format == 4) {
    while (in.left() >= 8) {
      out.u32(in, kPsfbFirFciSsrc);
      out.u8(in, kPsfbFirFciCsn);
      out.u24(in, kPsfbFirFciReserved);
    }
  } else if (in.left() > 0) {
    out.bytes(in, kFci, in.left());
  }
}

void body(Cursor& in, LayerBuilder& out, std::uint8_t type, unsigned count) {
  switch (type) {
    case kSender:
    case kReceiver:
      out.u32(in, kSenderssrc);
      if (type == kSender) sender(in, out);
      for (unsigned i = 0; i < count && in.left() >= kReport; ++i) report(in, out);
      return;
    case kDescription: return descriptions(in, out, count);
    case kGoodbye:
      for (unsigned i = 0; i < count && in.left() >= 4; ++i) out.u32(in, kSsrcIdentifier);
      if (in.left() > 0) {
        const std::uint8_t size = out.u8(in, kSdesLength);
        out.bytes(in, kSdesText, size);
      }
      return;
    case kApplication:
      out.u32(in, kSsrcIdentifier);
      out.bytes(in, kAppName, 4);
      if (in.left() > 0) out.bytes(in, kAppData, in.left());
      return;
    case kFeedback:
    case kPayloadFeedback: return feedback(in, out, type, count);
    default: out.u32(in, kSenderssrc);
  }
}

std::size_t count_field(std::uint8_t type) {
  if (type == kDescription || type == kGoodbye) return kSc;
  if (type == kApplication) return kAppSubtype;
  if (type == kFeedback) return kRtpfbFmt;
  if (type == kPayloadFeedback) return kPsfbFmt;
  return kRc;
}

// One packet of the compound. False: it does not fit.
bool packet(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  const std::uint8_t flags = in.u8();
  const Bytes second = in.peek(1);
  const std::uint8_t type = in.u8();
  const unsigned count = flags & 0x1fU;
  const std::size_t field = count_field(type);
  add_bits(out, flags, first, {{kVersion, 6, 2}, {kPadding, 5}, {field, 0, 5}});
  out.add(kPt, type, second);
  const std::size_t length = out.u16(in, kLength);
  if (!in.ok()) return false;
  const bool whole = in.left() >= length * 4;
  Cursor part(in.peek(length * 4));
  in.skip(part.left());
  std::size_t padding = 0;
  if ((flags & 0x20U) != 0 && part.left() > 0) padding = std::min<std::size_t>(part.all().back(), part.left());
  Cursor content = part.sub(part.left() - padding);
  body(content, out, type, count);
  if (padding > 1) out.bytes(part, kPaddingData, padding - 1);
  if (padding > 0) out.u8(part, kPaddingCount);
  if (out.wanted()) out.append_info(std::string(value_name(kTypes, type)) + "   ");
  return whole;
}

bool is_head(Bytes at) { return at.size() >= kHead && at[0] >> 6U == 2 && at[1] >= kSender && at[1] <= kExtended; }

Outcome dissect_rtcp(Cursor& in, LayerBuilder& out) {
  if (!is_head(in.peek(kHead))) return Outcome::kNotMine;
  if (out.wanted()) out.info({});
  const auto& setup = out.state<rtp::Setup>();
  if (setup.frame != 0) {
    out.add(kSetupFrame, setup.frame, {});
    out.add_text(kSetupMethod, "SDP", {});
  }
  bool whole = true;
  while (whole && is_head(in.peek(kHead))) whole = packet(in, out);
  if (whole) out.add(kLengthCheck, 1, {});
  in.skip(in.left());
  return whole ? Outcome::kDone : Outcome::kTruncated;
}

// Reports are as long as their count says, and that is enough: what follows may be encrypted (RFC 3711). Of others,
// every packet must end where the next begins and the last with the datagram.
Likeness probe_rtcp(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.size() < 8 || start.size() % 4 != 0 || !is_head(start)) return Likeness::kNo;
  const std::size_t first = std::size_t{start[2]} << 8U | start[3], reports = start[0] & 0x1fU;
  const bool report =
      start[1] == kSender ? first == 6 + reports * 6 : start[1] == kReceiver && first == 1 + reports * 6;
  if (report && (start[0] & 0x20U) == 0 && start.size() >= kHead + first * 4) return Likeness::kYes;
  for (Bytes left = start; !left.empty();) {
    if (!is_head(left)) return Likeness::kNo;
    const std::size_t words = std::size_t{left[2]} << 8U | left[3];
    const std::size_t count = left[0] & 0x1fU;
    const std::uint8_t type = left[1];
    if (left.size() < kHead + words * 4 || (left[0] & 0x20U) != 0) return Likeness::kNo;
    if (type == kSender && words < 6 + count * 6) return Likeness::kNo;
    if (type == kReceiver && words < 1 + count * 6) return Likeness::kNo;
    if (type == kGoodbye && words < count) return Likeness::kNo;
    if ((type == kFeedback || type == kPayloadFeedback) && words < 2) return Likeness::kNo;
    left = left.subspan(kHead + words * 4);
  }
  return Likeness::kYes;
}

}  // namespace

extern constinit const Dissector rtcp_dissector{.name = "rtcp",
                                                .title = "Real-time Transport Control Protocol",
                                                .column = "RTCP",
                                                .fields = kFields,
                                                .dissect = &dissect_rtcp,
                                                .probe = &probe_rtcp,
                                                .datagram = true};

}  // namespace pr::dissect
