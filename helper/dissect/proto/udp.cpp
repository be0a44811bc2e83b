// User Datagram Protocol, RFC 768. What it carries is for the analysis to recognise.
#include <algorithm>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kSrcPort,
  kDstPort,
  kLength,
  kChecksum,
  kChecksumStatus,
  kStream,
  kTimeRelative,
  kTimeDelta,
  kPayload,
  kFieldCount
};

constexpr NamedValue kStatus[] = {{0, "Bad"}, {1, "Good"}, {2, "Unverified"}, {3, "Not present"}};
constexpr FieldDef kFields[] = {
    {"udp.srcport", "Source Port", FieldType::kUint},
    {"udp.dstport", "Destination Port", FieldType::kUint},
    {"udp.length", "Length", FieldType::kUint},
    {"udp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"udp.checksum.status", "Checksum Status", FieldType::kUint, Show::kDec, 0, kStatus},
    {"udp.stream", "Stream index", FieldType::kUint},
    {"udp.time_relative", "Time since first frame", FieldType::kDuration},
    {"udp.time_delta", "Time since previous frame", FieldType::kDuration},
    {"udp.payload", "UDP payload", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr const char* kPorts[] = {"udp.srcport", "udp.dstport"};
constexpr AliasDef kAliases[] = {{"udp.port", "Source or Destination Port", kPorts}};
constexpr Bind kBinds[] = {{"ip.proto", kIpProtoUdp}};

constexpr std::uint16_t kHeader = 8;
constexpr std::uint64_t kUnverified = 2, kNotPresent = 3;

void add_stream(const PacketFacts& facts, LayerBuilder& out) {
  if (!facts.has_stream) return;
  out.add(kStream, facts.stream, Bytes{});
  const Timestamp now = out.packet().ts;
  const TcpFacts& times = facts.tcp;
  const Timestamp start = to_ns(times.stream_start) == 0 ? now : times.stream_start;
  const Timestamp before = to_ns(times.stream_before) == 0 ? now : times.stream_before;
  out.add(kTimeRelative, static_cast<std::uint64_t>((now - start).count()), Bytes{});
  out.add(kTimeDelta, static_cast<std::uint64_t>((now - before).count()), Bytes{});
}

Outcome dissect_udp(Cursor& in, LayerBuilder& out) {
  const std::uint16_t src = out.u16(in, kSrcPort);
  const std::uint16_t dst = out.u16(in, kDstPort);
  const std::uint16_t length = out.u16(in, kLength);
  const Bytes where = in.peek(2);
  const std::uint16_t checksum = out.u16(in, kChecksum);
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kChecksumStatus, checksum == 0 ? kNotPresent : kUnverified, where.first(0));
  Frame& frame = out.frame();
  if (!out.quoted()) {
    frame.src.port = src;
    frame.dst.port = dst;
  }
  if (out.wanted()) {
    if (out.facts() != nullptr && !out.quoted()) add_stream(*out.facts(), out);
    out.info(std::to_string(src) + " \u2192 " + std::to_string(dst) + " Len=" +
             std::to_string(length >= kHeader ? length - kHeader : in.left()));
  }
  // A length of zero means "all of it" (RFC 2675 jumbograms); fewer than the header is a lie.
  if (length != 0 && length < kHeader) return Outcome::kMalformed;
  const std::size_t captured = in.left();
  const std::size_t stated = length == 0 ? captured : static_cast<std::size_t>(length - kHeader);
  Cursor payload(in.peek(std::min(stated, captured)));
  if (!payload.rest().empty()) out.add(kPayload, payload.rest(), payload.rest());
  out.payload(Transport::kUdp, payload, static_cast<std::uint32_t>(stated));
  in.skip(in.left());
  out.layer_length(kHeader);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector udp_dissector{.name = "udp",
                                               .title = "User Datagram Protocol",
                                               .column = "UDP",
                                               .fields = kFields,
                                               .aliases = kAliases,
                                               .binds = kBinds,
                                               .dissect = &dissect_udp};

}  // namespace pr::dissect
