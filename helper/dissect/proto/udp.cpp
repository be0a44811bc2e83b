// UDP, RFC 768.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kChecksumStatusNames[] = {{0, "Bad"}, {1, "Good"}, {2, "Unverified"}, {3, "Not present"}};

enum Field : std::size_t {
  kSrcport,
  kDstport,
  kLength,
  kChecksum,
  kChecksumStatus,
  kStream,
  kTimeRelative,
  kTimeDelta,
  kPayload,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"udp.srcport", "Source Port", FieldType::kUint},
    {"udp.dstport", "Destination Port", FieldType::kUint},
    {"udp.length", "Length", FieldType::kUint},
    {"udp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"udp.checksum.status", "Checksum Status", FieldType::kUint, Show::kDec, 0, kChecksumStatusNames},
    {"udp.stream", "Stream index", FieldType::kUint},
    {"udp.time_relative", "Time since first frame", FieldType::kDuration},
    {"udp.time_delta", "Time since previous frame", FieldType::kDuration},
    {"udp.payload", "Payload", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr const char* kPort[] = {"udp.srcport", "udp.dstport"};
constexpr AliasDef kAliases[] = {{"udp.port", "Source or Destination Port", kPort}};
constexpr Bind kBinds[] = {{"ip.proto", kIpProtoUdp}};
enum Table : std::size_t { kTableTunnel, kTablePort };
constexpr const char* kTables[] = {"udp.tunnel", "udp.port"};

constexpr std::size_t kHeader = 8;

void add_facts(LayerBuilder& out) {
  const PacketFacts* facts = out.quoted() ? nullptr : out.facts();
  if (facts == nullptr) return;
  if (facts->has_stream) out.add(kStream, facts->stream, Bytes{});
  const Timestamp start = facts->tcp.stream_start, before = facts->tcp.stream_before;
  if (to_ns(start) == 0) return;
  const Timestamp now = out.packet().ts;
  out.add(kTimeRelative, static_cast<std::uint64_t>((now - start).count()), Bytes{});
  out.add(kTimeDelta, to_ns(before) == 0 ? 0 : static_cast<std::uint64_t>((now - before).count()), Bytes{});
}

// What the length field means, with how much there is: zero is for jumbograms, RFC 2675.
std::size_t payload_length(std::uint16_t stated, std::size_t wire) {
  const bool jumbo = stated == 0 && wire > 0xffff;
  const std::size_t length = jumbo ? wire : std::min<std::size_t>(stated, wire);
  return length < kHeader ? 0 : length - kHeader;
}

// Encapsulations are dissected at once: the flow is that of the packets in them. A child verifies what it is given.
bool dissect_tunnel(std::uint16_t src, std::uint16_t dst, Cursor& in, LayerBuilder& out, std::size_t length) {
  Frame& frame = out.frame();
  const std::uint8_t networks = frame.networks;
  const std::uint8_t layers = frame.layer_count;
  if (in.left() == 0 || out.quoted() || (!out.next(kTableTunnel, dst, in) && !out.next(kTableTunnel, src, in)))
    return false;
  if (frame.networks != networks) return true;
  frame.transport = Transport::kUdp;
  frame.payload_len = static_cast<std::uint32_t>(length);
  frame.carrier = frame.layers[layers];
  return true;
}

Outcome dissect_udp(Cursor& in, LayerBuilder& out) {
  const std::size_t wire = std::max<std::size_t>(out.quoted() ? 0 : out.frame().payload_len, in.left());
  const std::uint16_t src = out.u16(in, kSrcport);
  const std::uint16_t dst = out.u16(in, kDstport);
  if (in.ok() && !out.quoted()) {
    out.frame().src.port = src;
    out.frame().dst.port = dst;
  }
  const std::uint16_t stated = out.u16(in, kLength);
  const std::uint16_t checksum = out.u16(in, kChecksum);
  if (!in.ok()) return out.quoted() ? Outcome::kDone : Outcome::kTruncated;
  const std::size_t length = payload_length(stated, wire);
  // What is known of the flow is that of the innermost transport.
  const bool may_carry = out.has_next(kTableTunnel, src) || out.has_next(kTableTunnel, dst);
  if (out.wanted()) {
    out.add(kChecksumStatus, checksum == 0 ? 3 : 2, Bytes{});
    if (!may_carry) add_facts(out);
    const std::size_t shown = stated == 0 ? length : stated - std::min<std::size_t>(stated, kHeader);
    out.info(std::to_string(src) + " \u2192 " + std::to_string(dst) + " Len=" + std::to_string(shown));
  }
  Cursor payload = in.sub(std::min(length, in.left()));
  if (out.wanted() && payload.left() > 0) out.add(kPayload, payload.rest(), payload.rest());
  // Quoted in an ICMP error, the datagram belongs to no flow: a port decides what it is, the lower one first.
  const bool known =
      out.quoted() && payload.left() > 0 &&
      (out.next(kTablePort, std::min(src, dst), payload) || out.next(kTablePort, std::max(src, dst), payload));
  if (!known && !(may_carry && dissect_tunnel(src, dst, payload, out, length))) {
    if (out.wanted() && may_carry) add_facts(out);
    out.payload(Transport::kUdp, payload, static_cast<std::uint32_t>(length));
  }
  const bool bad = stated < kHeader && !(stated == 0 && wire > 0xffff);
  return bad && !out.quoted() ? Outcome::kMalformed : Outcome::kDone;
}

}  // namespace

extern constinit const Dissector udp_dissector{.name = "udp",
                                               .title = "User Datagram Protocol",
                                               .column = "UDP",
                                               .fields = kFields,
                                               .aliases = kAliases,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_udp};

}  // namespace pr::dissect
