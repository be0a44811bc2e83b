// ICMP: RFC 792, 950 (address mask), 1256 (router discovery), 4884 (extensions), 8335 (extended echo).
#include <bit>

#include "helper/dissect/proto/icmp/fields.h"

namespace pr::dissect {
namespace icmp {
namespace {

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoIcmp}};
constexpr const char* kTables[] = {"ip.version"};

enum Type : std::uint8_t {
  kEchoReply = 0,
  kUnreachable = 3,
  kSourceQuench = 4,
  kRedirect = 5,
  kEcho = 8,
  kAdvertisement = 9,
  kTimeExceeded = 11,
  kParameterProblem = 12,
  kTimestamp = 13,
  kTimestampReply = 14,
  kInformation = 15,
  kInformationReply = 16,
  kMask = 17,
  kMaskReply = 18,
  kExtendedEcho = 42
};
constexpr std::uint8_t kFragmentationNeeded = 4;

constexpr const char* kUnreachableCodes[] = {"Network unreachable",
                                             "Host unreachable",
                                             "Protocol unreachable",
                                             "Port unreachable",
                                             "Fragmentation needed",
                                             "Source route failed",
                                             "Network unknown",
                                             "Host unknown",
                                             "Source host isolated",
                                             "Network administratively prohibited",
                                             "Host administratively prohibited",
                                             "Network unreachable for TOS",
                                             "Host unreachable for TOS",
                                             "Communication administratively filtered",
                                             "Host precedence violation",
                                             "Precedence cutoff in effect"};
constexpr const char* kRedirectCodes[] = {"Redirect for network", "Redirect for host", "Redirect for TOS and network",
                                          "Redirect for TOS and host"};
constexpr const char* kExceededCodes[] = {"Time to live exceeded in transit", "Fragment reassembly time exceeded"};
constexpr const char* kProblemCodes[] = {"Pointer indicates the error", "Required option missing", "Bad length"};

std::string code_text(std::uint8_t type, std::uint8_t code) {
  std::span<const char* const> names;
  if (type == kUnreachable) names = kUnreachableCodes;
  if (type == kRedirect) names = kRedirectCodes;
  if (type == kTimeExceeded) names = kExceededCodes;
  if (type == kParameterProblem) names = kProblemCodes;
  if (names.empty()) return {};
  return code < names.size() ? names[code] : "Unknown code: " + std::to_string(code);
}

bool is_error(std::uint8_t type) {
  return type == kUnreachable || type == kSourceQuench || type == kRedirect || type == kTimeExceeded ||
         type == kParameterProblem;
}

bool has_identifier(std::uint8_t type) {
  return type == kEcho || type == kEchoReply || (type >= kTimestamp && type <= kMaskReply);
}

std::string info_of(std::uint8_t type, std::uint8_t code) {
  std::string text(name_of(kTypeNames, type, "Unknown ICMP"));
  if (type == kSourceQuench) return text;
  constexpr std::size_t kWidth = 20;
  if (text.size() < kWidth) text.resize(kWidth, ' ');
  const std::string why = code_text(type, code);
  return why.empty() ? text : text + " (" + why + ")";
}

void add_checksum(std::uint16_t checksum, Bytes message, bool whole, Bytes where, LayerBuilder& out) {
  out.add(kChecksum, checksum, where);
  ChecksumStatus status = ChecksumStatus::kUnverified;
  if (whole && !out.quoted() && out.wants(kChecksumStatus)) {
    status = internet_checksum({message}) == 0 ? ChecksumStatus::kGood : ChecksumStatus::kBad;
  }
  out.add(kChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
}

// Identifier and sequence number, each in both byte orders: senders disagree.
void read_identifier(Cursor& in, LayerBuilder& out, std::string* info) {
  Bytes where = in.peek(2);
  const std::uint16_t ident = out.u16(in, kIdent);
  if (in.ok()) out.add(kIdentLe, static_cast<std::uint16_t>(ident << 8U | ident >> 8U), where);
  where = in.peek(2);
  const std::uint16_t seq = out.u16(in, kSeq);
  if (!in.ok()) return;
  if (!out.quoted()) out.frame().echo = std::uint32_t{ident} << 16U | seq;
  const auto seq_le = static_cast<std::uint16_t>(seq << 8U | seq >> 8U);
  out.add(kSeqLe, seq_le, where);
  if (!out.wanted()) return;
  *info += " id=0x" + hex16(ident) + ", seq=" + std::to_string(seq) + "/" + std::to_string(seq_le);
  if (out.frame().ttl != 0) *info += ", ttl=" + std::to_string(out.frame().ttl);
}

void add_request(LayerBuilder& out, std::string* info) {
  const PacketFacts* facts = out.quoted() ? nullptr : out.facts();
  if (facts == nullptr || facts->request_frame == 0) return;
  out.add(kRespTo, facts->request_frame, Bytes{});
  const double milliseconds = static_cast<double>((out.packet().ts - facts->request_ts).count()) / 1e6;
  out.add(kResptime, std::bit_cast<std::uint64_t>(milliseconds), Bytes{});
  *info += " (request in " + std::to_string(facts->request_frame) + ")";
}

// Many pings start their data with the time they were sent at. Believed if it is within a day of the packet's.
void read_sending_time(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(8);
  if (where.size() < 8) return;
  constexpr std::int64_t kSecond = 1'000'000'000, kDay = 86'400;
  const std::int64_t now = to_ns(out.packet().ts);
  Cursor big(where), little(where);
  const std::int64_t seconds[] = {little.u32le(), big.u32()};
  const std::int64_t micros[] = {little.u32le(), big.u32()};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::int64_t apart = now / kSecond - seconds[i];
    if (micros[i] >= 1'000'000 || apart >= kDay || apart <= -kDay) continue;
    const std::int64_t sent = seconds[i] * kSecond + micros[i] * 1000;
    out.add(kDataTime, static_cast<std::uint64_t>(sent), where);
    out.add(kDataTimeRelative, static_cast<std::uint64_t>(now - sent), Bytes{});
    in.skip(8);
    return;
  }
}

// The second word of an error, as far as types differ. Returns the stated length of the quoted packet, 0: none.
std::size_t read_error_word(std::uint8_t type, std::uint8_t code, Cursor& in, LayerBuilder& out) {
  const Bytes word = in.take(4);
  if (!in.ok()) return 0;
  if (type == kRedirect) {
    out.add(kRedirGw, Cursor(word).u32(), word);
    return 0;
  }
  if (type == kSourceQuench) return 0;
  const std::size_t quoted = word[1] * std::size_t{4};
  if (type == kParameterProblem) out.add(kPointer, word[0], word.first(1));
  if (quoted != 0) {
    if (type != kParameterProblem) out.add(kUnused, word.first(1), word.first(1));
    out.add(kLength, word[1], word.subspan(1, 1));
    out.add(kLengthOriginalDatagram, quoted, word.subspan(1, 1));
  }
  const Bytes rest = quoted != 0 ? word.subspan(2) : word;
  if (type == kUnreachable && code == kFragmentationNeeded) {
    if (quoted == 0) out.add(kUnused, word.first(2), word.first(2));
    out.add(kMtu, static_cast<std::uint64_t>(word[2] << 8U | word[3]), word.subspan(2));
  } else {
    const Bytes unused = type == kParameterProblem && quoted == 0 ? word.subspan(1) : rest;
    out.add(kUnused, unused, unused);
  }
  return quoted;
}

// The packet that an error is about, with extensions behind it.
Outcome dissect_quote(std::size_t stated, Cursor& in, LayerBuilder& out) {
  constexpr std::size_t kMinWithExtensions = 128;  // RFC 4884 section 5.5: errors without a length
  const Bytes rest = in.rest();
  std::size_t quoted = rest.size();
  const bool short_packet = rest.size() > 4 && (rest[2] << 8U | rest[3]) <= static_cast<int>(kMinWithExtensions);
  if (stated != 0) {
    quoted = std::min(stated, rest.size());
  } else if (rest.size() > kMinWithExtensions && short_packet) {
    quoted = kMinWithExtensions;
  }
  if (out.wanted()) {
    if (quoted < rest.size()) add_extensions(rest.subspan(quoted), out);
    out.layer_length(in.at());
  }
  const bool nested = out.quoted();
  out.enter_quote();
  Cursor packet = in.sub(quoted);
  in.skip(in.left());
  if (packet.left() > 0 && !out.next(0, packet.rest()[0] >> 4U, packet)) out.data(packet);
  return stated > rest.size() && !nested ? Outcome::kTruncated : Outcome::kDone;
}

void read_advertisement(Cursor& in, LayerBuilder& out) {
  const std::uint8_t count = out.u8(in, kNumAddrs);
  const std::uint8_t size = out.u8(in, kAddrEntrySize);
  out.u16(in, kLifetime);
  for (unsigned i = 0; i < count && size >= 2 && in.left() >= 8; ++i) {
    out.ipv4(in, kRouterAddress);
    const Bytes where = in.peek(4);
    const auto level = static_cast<std::int32_t>(in.u32());
    out.add(kPrefLevel, static_cast<std::uint64_t>(std::int64_t{level}), where);
    in.skip(std::min<std::size_t>((size - 2U) * 4U, in.left()));
  }
}

void read_extended_echo(Cursor& in, LayerBuilder& out) {
  const Bytes ident = in.peek(2);
  const std::uint16_t value = out.u16(in, kIdent);
  if (in.ok()) out.add(kIdentLe, static_cast<std::uint16_t>(value << 8U | value >> 8U), ident);
  out.u8(in, kExtEchoSeq);
  const Bytes where = in.peek(1);
  const std::uint8_t both = in.u8();
  if (!in.ok()) return;
  out.add(kExtEchoReqRes, both >> 1U, where);
  out.add(kExtEchoReqLocal, both & 1U, where);
}

Outcome dissect_body(std::uint8_t type, Cursor& in, LayerBuilder& out, std::string info) {
  if (has_identifier(type)) read_identifier(in, out, &info);
  if (type == kEchoReply && out.wanted()) add_request(out, &info);
  if (out.wanted()) out.info(std::move(info));
  switch (type) {
    case kEcho:
    case kEchoReply:
      if (!in.ok()) return Outcome::kTruncated;
      read_sending_time(in, out);  // what is left is Data, looked at or not
      out.data(in);
      return Outcome::kDone;
    case kTimestamp:
    case kTimestampReply:
      out.u32(in, kOriginateTimestamp);
      out.u32(in, kReceiveTimestamp);
      out.u32(in, kTransmitTimestamp);
      break;
    case kMask:
    case kMaskReply: out.ipv4(in, kAddressMask); break;
    case kAdvertisement: read_advertisement(in, out); break;
    case kExtendedEcho: read_extended_echo(in, out); break;
    default: break;
  }
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

Outcome dissect_icmp(Cursor& in, LayerBuilder& out) {
  const Bytes message = in.rest();
  const bool whole = out.quoted() || message.size() >= out.frame().payload_len;
  const std::uint8_t type = out.u8(in, kType);
  const std::uint8_t code = out.u8(in, kCode);
  const Bytes where = in.peek(2);
  const std::uint16_t checksum = in.u16();
  if (!in.ok()) return out.quoted() ? Outcome::kDone : Outcome::kTruncated;
  if (!out.quoted()) {
    out.frame().src.port = type;
    out.frame().dst.port = code;
  }
  std::string info;
  if (out.wanted()) {
    add_checksum(checksum, message, whole, where, out);
    info = info_of(type, code);
  }
  if (is_error(type)) {
    if (out.wanted()) out.info(std::move(info));
    const std::size_t quoted = read_error_word(type, code, in, out);
    if (!in.ok()) return out.quoted() ? Outcome::kDone : Outcome::kTruncated;
    return dissect_quote(quoted, in, out);
  }
  const Outcome outcome = dissect_body(type, in, out, std::move(info));
  return out.quoted() ? Outcome::kDone : outcome;
}

}  // namespace
}  // namespace icmp

extern constinit const Dissector icmp_dissector{.name = "icmp",
                                                .title = "Internet Control Message Protocol",
                                                .column = "ICMP",
                                                .fields = icmp::kFields,
                                                .binds = icmp::kBinds,
                                                .tables = icmp::kTables,
                                                .dissect = &icmp::dissect_icmp};

}  // namespace pr::dissect
