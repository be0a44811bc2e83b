// ICMPv6, RFC 4443. Neighbour and listener discovery have files of their own.
#include <bit>

#include "helper/dissect/proto/icmpv6/fields.h"

namespace pr::dissect {
namespace icmpv6 {
namespace {

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoIcmpv6}};
constexpr const char* kTables[] = {"ip.version"};

constexpr const char* kUnreachableCodes[] = {"no route to destination",
                                             "Administratively prohibited",
                                             "Beyond scope of source address",
                                             "Address unreachable",
                                             "Port unreachable",
                                             "Source address failed ingress/egress policy",
                                             "Reject route to destination",
                                             "Error in Source Routing Header"};
constexpr const char* kExceededCodes[] = {"hop limit exceeded in transit", "fragment reassembly time exceeded"};
constexpr const char* kProblemCodes[] = {
    "erroneous header field encountered", "unrecognized Next Header type encountered",
    "unrecognized IPv6 option encountered", "IPv6 First Fragment has incomplete IPv6 Header Chain"};

std::string info_of(std::uint8_t type, std::uint8_t code) {
  std::string text(name_of(kTypeNames, type, "Unknown"));
  std::span<const char* const> names;
  if (type == kUnreachable) names = kUnreachableCodes;
  if (type == kTimeExceeded) names = kExceededCodes;
  if (type == kParameterProblem) names = kProblemCodes;
  if (!names.empty()) text += std::string(" (") + (code < names.size() ? names[code] : "Unknown") + ")";
  return text;
}

void add_checksum(std::uint16_t checksum, Bytes message, Bytes where, LayerBuilder& out) {
  out.add(kChecksum, checksum, where);
  ChecksumStatus status = ChecksumStatus::kUnverified;
  const Frame& frame = out.frame();
  const bool whole = message.size() >= frame.payload_len && frame.src.ip.is_v6();
  if (whole && !out.quoted() && out.wants(kChecksumStatus)) {
    const auto pseudo = pseudo_header(static_cast<std::uint32_t>(message.size()), kIpProtoIcmpv6);
    const bool good = internet_checksum({frame.src.ip.octets(), frame.dst.ip.octets(), pseudo, message}) == 0;
    status = good ? ChecksumStatus::kGood : ChecksumStatus::kBad;
  }
  out.add(kChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
}

Outcome dissect_quote(Bytes packet, LayerBuilder& out) {
  out.enter_quote();
  Cursor in(packet);
  if (!packet.empty() && !out.next(0, packet[0] >> 4U, in)) out.data(in);
  return Outcome::kDone;
}

Outcome dissect_error(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  if (type == kTooBig) {
    out.u32(in, kMtu);
  } else if (type == kParameterProblem) {
    out.u32(in, kPointer);
  } else {
    // RFC 4884: the first octet may state the quoted packet's length, in 8 octets.
    const Bytes word = in.take(4);
    if (!in.ok()) return Outcome::kTruncated;
    if (word[0] != 0) {
      out.add(kLength, word[0], word.first(1));
      out.add(kReserved, word.subspan(1), word.subspan(1));
    } else {
      out.add(kReserved, word, word);
    }
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.layer_length(in.at());
  return dissect_quote(in.take(in.left()), out);
}

Outcome dissect_echo(std::uint8_t type, Cursor& in, LayerBuilder& out, std::string info) {
  const std::uint16_t identifier = out.u16(in, kEchoIdentifier);
  const std::uint16_t sequence = out.u16(in, kEchoSequenceNumber);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.quoted()) out.frame().echo = std::uint32_t{identifier} << 16U | sequence;
  if (out.wanted()) {
    info += " id=0x" + hex16(identifier) + ", seq=" + std::to_string(sequence) +
            ", hop limit=" + std::to_string(out.frame().ttl);
    const PacketFacts* facts = out.quoted() ? nullptr : out.facts();
    if (type == kEchoReply && facts != nullptr && facts->request_frame != 0) {
      out.add(kRespTo, facts->request_frame, Bytes{});
      const double milliseconds = static_cast<double>((out.packet().ts - facts->request_ts).count()) / 1e6;
      out.add(kResptime, std::bit_cast<std::uint64_t>(milliseconds), Bytes{});
      info += " (request in " + std::to_string(facts->request_frame) + ")";
    }
    out.info(std::move(info));
  }
  out.data(in);
  return Outcome::kDone;
}

Outcome dissect_body(std::uint8_t type, Cursor& in, LayerBuilder& out, std::string info) {
  Later later;
  switch (type) {
    case kRouterSolicitation:
    case kRouterAdvertisement:
    case kNeighborSolicitation:
    case kNeighborAdvertisement:
    case kRedirect: read_neighbor_discovery(type, in, out, &info, &later); break;
    case kListenerQuery:
    case kListenerReport:
    case kListenerDone:
    case kListenerReportV2: read_listener_discovery(type, in, out); break;
    default: break;
  }
  if (out.wanted()) out.info(std::move(info));
  if (!in.ok()) return Outcome::kTruncated;
  if (!later.quoted.empty()) return dissect_quote(later.quoted, out);
  return Outcome::kDone;
}

Outcome dissect_icmpv6(Cursor& in, LayerBuilder& out) {
  const Bytes message = in.rest();
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
    add_checksum(checksum, message, where, out);
    info = info_of(type, code);
  }
  Outcome outcome;
  if (type >= kUnreachable && type <= kParameterProblem) {
    if (out.wanted()) out.info(std::move(info));
    outcome = dissect_error(type, in, out);
  } else if (type == kEcho || type == kEchoReply) {
    outcome = dissect_echo(type, in, out, std::move(info));
  } else {
    outcome = dissect_body(type, in, out, std::move(info));
  }
  return out.quoted() ? Outcome::kDone : outcome;
}

}  // namespace
}  // namespace icmpv6

extern constinit const Dissector icmpv6_dissector{.name = "icmpv6",
                                                  .title = "Internet Control Message Protocol v6",
                                                  .column = "ICMPv6",
                                                  .fields = icmpv6::kFields,
                                                  .binds = icmpv6::kBinds,
                                                  .tables = icmpv6::kTables,
                                                  .dissect = &icmpv6::dissect_icmpv6};

}  // namespace pr::dissect
