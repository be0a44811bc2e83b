// EIGRP, RFC 7868: classic and wide metrics, over IPv4 and IPv6.
#include "helper/dissect/checksum.h"
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kOpcodeNames[] = {{1, "Update"},    {2, "Request"},        {3, "Query"},       {4, "Reply"},
                                       {5, "Hello"},     {6, "IPX SAP Update"}, {7, "Route Probe"}, {8, "Hello (Ack)"},
                                       {9, "Stub-Info"}, {10, "SIA-Query"},     {11, "SIA-Reply"}};
constexpr NamedValue kTlvNames[] = {{0x0001, "Parameters"},
                                    {0x0002, "Authentication"},
                                    {0x0003, "Sequence"},
                                    {0x0004, "Software Version"},
                                    {0x0005, "Next multicast sequence"},
                                    {0x0006, "Peer Stub Information"},
                                    {0x0007, "Peer Termination"},
                                    {0x0008, "Peer TID List"},
                                    {0x0101, "Request(IPv4)"},
                                    {0x0102, "Internal Route(IPv4)"},
                                    {0x0103, "External Route(IPv4)"},
                                    {0x0104, "Community(IPv4)"},
                                    {0x0401, "Request(IPv6)"},
                                    {0x0402, "Internal Route(IPv6)"},
                                    {0x0403, "External Route(IPv6)"},
                                    {0x0404, "Community(IPv6)"},
                                    {0x0601, "Request(MTR)"},
                                    {0x0602, "Internal Route(MTR)"},
                                    {0x0603, "External Route(MTR)"}};
constexpr NamedValue kVridNames[] = {{0, "(Address-Family)"}, {1, "(Multi-Cast)"}, {0x8000, "(Service Family)"}};

enum Field : std::size_t {
  kVersion,
  kOpcode,
  kChecksum,
  kChecksumStatus,
  kFlags,
  kFlagsInit,
  kFlagsCondrecv,
  kFlagsRestart,
  kFlagsEot,
  kSeq,
  kAck,
  kVrid,
  kAs,
  kTlvType,
  kTlvLen,
  kParK1,
  kParK2,
  kParK3,
  kParK4,
  kParK5,
  kParK6,
  kParHoldtime,
  kReleaseVersion,
  kTlvVersion,
  kAuthType,
  kAuthLength,
  kAuthKeyid,
  kAuthKeyseq,
  kAuthDigest,
  kNullpad,
  kSeqAddrlen,
  kSeqIpv4addr,
  kSeqIpv6addr,
  kNextMcastSeq,
  kStubOptions,
  kStubOptionsConnected,
  kStubOptionsStatic,
  kStubOptionsSummary,
  kStubOptionsRedist,
  kStubOptionsLeakmap,
  kStubOptionsRecvonly,
  kIpv4Nexthop,
  kIpv6Nexthop,
  kOldMetricDelay,
  kOldMetricBw,
  kOldMetricMtu,
  kOldMetricHopcount,
  kOldMetricRel,
  kOldMetricLoad,
  kOldMetricIntag,
  kMetricFlagsSrcwd,
  kMetricFlagsCd,
  kMetricFlagsActive,
  kMetricFlagsRepl,
  kExtdataOrigrid,
  kExtdataAs,
  kExtdataTag,
  kExtdataMetric,
  kExtdataReserved,
  kExtdataProto,
  kOpaqueFlagExt,
  kOpaqueFlagCd,
  kIpv4Prefixlen,
  kIpv4Destination,
  kIpv6Prefixlen,
  kIpv6Destination,
  kTid,
  kAfi,
  kRouterid,
  kMetricOffset,
  kMetricPriority,
  kMetricReliability,
  kMetricLoad,
  kMetricMtu,
  kMetricHopcount,
  kMetricDelay,
  kMetricBandwidth,
  kMetricReserved,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"eigrp.version", "Version", FieldType::kUint},
    {"eigrp.opcode", "Opcode", FieldType::kUint, Show::kDec, 0, kOpcodeNames},
    {"eigrp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"eigrp.checksum.status", "Checksum Status", FieldType::kUint},
    {"eigrp.flags", "Flags", FieldType::kUint, Show::kHex, 32},
    {"eigrp.flags.init", "Init", FieldType::kBool},
    {"eigrp.flags.condrecv", "Conditional Receive", FieldType::kBool},
    {"eigrp.flags.restart", "Restart", FieldType::kBool},
    {"eigrp.flags.eot", "End Of Table", FieldType::kBool},
    {"eigrp.seq", "Sequence", FieldType::kUint},
    {"eigrp.ack", "Acknowledge", FieldType::kUint},
    {"eigrp.vrid", "Virtual Router ID", FieldType::kUint, Show::kDec, 0, kVridNames},
    {"eigrp.as", "Autonomous System", FieldType::kUint},
    {"eigrp.tlv_type", "Type", FieldType::kUint, Show::kHex, 16, kTlvNames},
    {"eigrp.tlv.len", "Length", FieldType::kUint},
    {"eigrp.par.k1", "K1", FieldType::kUint},
    {"eigrp.par.k2", "K2", FieldType::kUint},
    {"eigrp.par.k3", "K3", FieldType::kUint},
    {"eigrp.par.k4", "K4", FieldType::kUint},
    {"eigrp.par.k5", "K5", FieldType::kUint},
    {"eigrp.par.k6", "K6", FieldType::kUint},
    {"eigrp.par.holdtime", "Hold Time", FieldType::kUint},
    {"eigrp.release_version", "EIGRP Release", FieldType::kUint},
    {"eigrp.tlv_version", "EIGRP TLV version", FieldType::kUint},
    {"eigrp.auth.type", "Type", FieldType::kUint},
    {"eigrp.auth.length", "Length", FieldType::kUint},
    {"eigrp.auth.keyid", "Key ID", FieldType::kUint},
    {"eigrp.auth.keyseq", "Key Sequence", FieldType::kUint},
    {"eigrp.auth.digest", "Digest", FieldType::kBytes},
    {"eigrp.nullpad", "Nullpad", FieldType::kBytes},
    {"eigrp.seq.addrlen", "Address length", FieldType::kUint},
    {"eigrp.seq.ipv4addr", "IP Address", FieldType::kIpv4},
    {"eigrp.seq.ipv6addr", "IPv6 Address", FieldType::kIpv6},
    {"eigrp.next_mcast_seq", "Multicast Sequence", FieldType::kUint},
    {"eigrp.stub_options", "Stub Options", FieldType::kUint, Show::kHex, 16},
    {"eigrp.stub_options.connected", "Connected", FieldType::kBool},
    {"eigrp.stub_options.static", "Static", FieldType::kBool},
    {"eigrp.stub_options.summary", "Summary", FieldType::kBool},
    {"eigrp.stub_options.redist", "Redistributed", FieldType::kBool},
    {"eigrp.stub_options.leakmap", "Leak-Map", FieldType::kBool},
    {"eigrp.stub_options.recvonly", "Receive-Only", FieldType::kBool},
    {"eigrp.ipv4.nexthop", "NextHop", FieldType::kIpv4},
    {"eigrp.ipv6.nexthop", "NextHop", FieldType::kIpv6},
    {"eigrp.old_metric.delay", "Scaled Delay", FieldType::kUint},
    {"eigrp.old_metric.bw", "Scaled BW", FieldType::kUint},
    {"eigrp.old_metric.mtu", "MTU", FieldType::kUint},
    {"eigrp.old_metric.hopcount", "Hop Count", FieldType::kUint},
    {"eigrp.old_metric.rel", "Reliability", FieldType::kUint},
    {"eigrp.old_metric.load", "Load", FieldType::kUint},
    {"eigrp.old_metric.intag", "Route Tag", FieldType::kUint},
    {"eigrp.metric.flags.srcwd", "Source Withdraw", FieldType::kBool},
    {"eigrp.metric.flags.cd", "Candidate Default", FieldType::kBool},
    {"eigrp.metric.flags.active", "Route is Active", FieldType::kBool},
    {"eigrp.metric.flags.repl", "Route is Replicated", FieldType::kBool},
    {"eigrp.extdata.origrid", "Originating RouterID", FieldType::kIpv4},
    {"eigrp.extdata.as", "Originating A.S.", FieldType::kUint},
    {"eigrp.extdata.tag", "Administrative Tag", FieldType::kUint},
    {"eigrp.extdata.metric", "External Metric", FieldType::kUint},
    {"eigrp.extdata.reserved", "Reserved", FieldType::kUint},
    {"eigrp.extdata.proto", "External Protocol ID", FieldType::kUint},
    {"eigrp.opaque.flag.ext", "Route is External", FieldType::kBool},
    {"eigrp.opaque.flag.cd", "Route is Candidate Default", FieldType::kBool},
    {"eigrp.ipv4.prefixlen", "Prefix Length", FieldType::kUint},
    {"eigrp.ipv4.destination", "Destination", FieldType::kIpv4},
    {"eigrp.ipv6.prefixlen", "Prefix Length", FieldType::kUint},
    {"eigrp.ipv6.destination", "Destination", FieldType::kIpv6},
    {"eigrp.tid", "Topology", FieldType::kUint},
    {"eigrp.afi", "AFI", FieldType::kUint},
    {"eigrp.routerid", "RouterID", FieldType::kIpv4},
    {"eigrp.metric.offset", "Offset", FieldType::kUint},
    {"eigrp.metric.priority", "Priority", FieldType::kUint},
    {"eigrp.metric.reliability", "Reliability", FieldType::kUint},
    {"eigrp.metric.load", "Load", FieldType::kUint},
    {"eigrp.metric.mtu", "MTU", FieldType::kUint},
    {"eigrp.metric.hopcount", "Hop Count", FieldType::kUint},
    {"eigrp.metric.delay", "Delay", FieldType::kUint},
    {"eigrp.metric.bandwidth", "Bandwidth", FieldType::kUint},
    {"eigrp.metric.reserved", "Reserved", FieldType::kUint, Show::kHex, 16},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ip.proto", 88}};

enum Opcode : std::uint8_t {
  kUpdate = 1,
  kRequest = 2,
  kQuery = 3,
  kReply = 4,
  kHelloOpcode = 5,
  kSiaQuery = 10,
  kSiaReply = 11
};
constexpr std::uint16_t kRouteInternal = 2, kRouteExternal = 3;
constexpr std::uint64_t kUnreachable = 0xffffffff, kUnreachableWide = 0xffffffffffff;

// What the hellos of each direction said last: events are changes.
struct Side {
  bool greeted = false, leaving = false;
  std::uint32_t parameters = 0;
};
struct State {
  Side sides[2];
};

struct Packet {
  std::uint8_t opcode = 0;
  std::uint32_t flags = 0, ack = 0;
  std::uint16_t as = 0;
  bool announced = false, withdrawn = false;
  Event event;
};

void read_parameters(Packet& packet, Cursor& in, LayerBuilder& out) {
  const Bytes k = in.peek(6);
  read_pieces(in, out, {{kParK1, 1}, {kParK2, 1}, {kParK3, 1}, {kParK4, 1}, {kParK5, 1}, {kParK6, 1}});
  const std::uint16_t hold = out.u16(in, kParHoldtime);
  if (!in.ok() || packet.opcode != kHelloOpcode || packet.ack != 0) return;
  Side& before = out.state<State>().sides[out.from_orig() ? 0 : 1];
  const bool leaving = std::ranges::all_of(k.first(5), [](std::uint8_t weight) { return weight == 255; });
  const auto parameters = static_cast<std::uint32_t>(number_of(k) & 0xffffffU) ^
                          static_cast<std::uint32_t>(number_of(k) >> 24U) ^ std::uint32_t{hold} << 16U;
  if (before.greeted && before.leaving == leaving && before.parameters == parameters) return;
  Event event;
  event.item(kAs, packet.as);
  event.item(kOpcode, packet.opcode);
  event.item(kParHoldtime, hold);
  event.text = "AS " + std::to_string(packet.as) + " router " + out.frame().src.ip.text();
  event.say(leaving ? " ends its adjacencies" : " hold time " + std::to_string(hold) + " K");
  for (std::size_t i = 0; i < 5 && !leaving; ++i) event.say((i == 0 ? "=" : ",") + std::to_string(k[i]));
  event.send(out, leaving ? "goodbye" : before.greeted ? "parameters changed" : "hello");
  before = {.greeted = true, .leaving = leaving, .parameters = parameters};
}

void read_authentication(Cursor& in, LayerBuilder& out) {
  out.u16(in, kAuthType);
  const std::uint16_t length = out.u16(in, kAuthLength);
  read_pieces(in, out, {{kAuthKeyid, 4}, {kAuthKeyseq, 4}, {kNullpad, 8, true}});
  out.bytes(in, kAuthDigest, std::min<std::size_t>(length, in.left()));
}

void read_sequence(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const std::uint8_t length = out.u8(in, kSeqAddrlen);
    if (length == 4) {
      out.ipv4(in, kSeqIpv4addr);
    } else if (length == 16) {
      out.bytes(in, kSeqIpv6addr, 16);
    } else {
      return;
    }
  }
}

void read_stub(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t options = out.u16(in, kStubOptions);
  if (!in.ok()) return;
  add_bits(options, where, out,
           {{kStubOptionsConnected, 0},
            {kStubOptionsStatic, 1},
            {kStubOptionsSummary, 2},
            {kStubOptionsRedist, 3},
            {kStubOptionsLeakmap, 4},
            {kStubOptionsRecvonly, 5}});
}

void read_general(Packet& packet, std::uint16_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case 1: return read_parameters(packet, in, out);
    case 2: return read_authentication(in, out);
    case 3: return read_sequence(in, out);
    case 4: read_pieces(in, out, {{kReleaseVersion, 2}, {kTlvVersion, 2}}); return;
    case 5: out.u32(in, kNextMcastSeq); return;
    case 6: return read_stub(in, out);
    default: return;
  }
}

void read_external(Cursor& in, LayerBuilder& out) {
  read_pieces(in, out,
              {{kExtdataOrigrid, 4},
               {kExtdataAs, 4},
               {kExtdataTag, 4},
               {kExtdataMetric, 4},
               {kExtdataReserved, 2},
               {kExtdataProto, 1}});
  const Bytes where = in.take(1);
  if (in.ok()) add_bits(where[0], where, out, {{kOpaqueFlagExt, 0}, {kOpaqueFlagCd, 1}});
}

void read_metric_flags(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.take(1);
  if (in.ok())
    add_bits(where[0], where, out,
             {{kMetricFlagsSrcwd, 0}, {kMetricFlagsCd, 1}, {kMetricFlagsActive, 2}, {kMetricFlagsRepl, 3}});
}

// Both return whether the route can be reached.
bool read_classic_metric(Cursor& in, LayerBuilder& out) {
  const std::uint32_t delay = out.u32(in, kOldMetricDelay);
  read_pieces(in, out,
              {{kOldMetricBw, 4},
               {kOldMetricMtu, 3},
               {kOldMetricHopcount, 1},
               {kOldMetricRel, 1},
               {kOldMetricLoad, 1},
               {kOldMetricIntag, 1}});
  read_metric_flags(in, out);
  return delay != kUnreachable;
}

bool read_wide_metric(Cursor& in, LayerBuilder& out) {
  const std::uint8_t attributes = out.u8(in, kMetricOffset);
  read_pieces(in, out,
              {{kMetricPriority, 1}, {kMetricReliability, 1}, {kMetricLoad, 1}, {kMetricMtu, 3}, {kMetricHopcount, 1}});
  const std::uint64_t delay = number_of(in.peek(6));
  read_pieces(in, out, {{kMetricDelay, 6}, {kMetricBandwidth, 6}, {kMetricReserved, 2}});
  read_metric_flags(in, out);
  in.skip(1);
  in.skip(attributes * std::size_t{2});
  return delay != kUnreachableWide;
}

void read_destinations(bool v6, bool reachable, Bytes next_hop, Packet& packet, Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const std::uint8_t bits = out.u8(in, v6 ? kIpv6Prefixlen : kIpv4Prefixlen);
    // An IPv6 prefix takes an octet more than it needs.
    const std::size_t octets = v6 ? std::min<std::size_t>(16, bits / 8U + 1U) : (bits + 7U) / 8U;
    if (bits > (v6 ? 128 : 32)) return in.fail();
    const Bytes where = in.take(octets);
    if (!in.ok()) return;
    std::array<std::uint8_t, 16> whole{};
    std::ranges::copy(where, whole.begin());
    const Bytes address = Bytes(whole).first(v6 ? 16 : 4);
    if (v6) {
      out.add_text(kIpv6Destination, as_text(address), where);
    } else {
      out.add(kIpv4Destination, number_of(address), where);
    }
    const bool first = !packet.announced && !packet.withdrawn;
    (reachable ? packet.announced : packet.withdrawn) = true;
    packet.event.say((first ? " " : ", ") + IpAddress::from(address).text() + "/" + std::to_string(bits));
    if (!reachable) packet.event.say(" unreachable");
    const bool direct = std::ranges::all_of(next_hop, [](std::uint8_t octet) { return octet == 0; });
    if (reachable && !direct) packet.event.say(" via " + IpAddress::from(next_hop).text());
    if (!v6) packet.event.item(kIpv4Destination, number_of(address));
  }
}

void read_route(Packet& packet, std::uint16_t type, Cursor& in, LayerBuilder& out) {
  const unsigned family = type >> 8U, kind = type & 0xffU;
  if (kind != kRouteInternal && kind != kRouteExternal) return;
  bool v6 = family == 4, reachable = true;
  if (family == 6) {
    out.u16(in, kTid);
    v6 = out.u16(in, kAfi) == 2;
    out.ipv4(in, kRouterid);
    reachable = read_wide_metric(in, out);
  }
  const Bytes next_hop = in.peek(v6 ? 16 : 4);
  v6 ? static_cast<void>(out.bytes(in, kIpv6Nexthop, 16)) : static_cast<void>(out.ipv4(in, kIpv4Nexthop));
  if (kind == kRouteExternal) read_external(in, out);
  if (family != 6) reachable = read_classic_metric(in, out);
  if (in.ok()) read_destinations(v6, reachable, next_hop, packet, in, out);
}

void read_tlv(Packet& packet, Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(4);
  const std::uint16_t type = out.u16(in, kTlvType);
  const std::uint16_t length = out.u16(in, kTlvLen);
  if (!in.ok() || length < head.size()) return in.fail();
  const bool whole = length - head.size() <= in.left();
  Cursor value = in.sub(std::min(length - head.size(), in.left()));
  const unsigned family = type >> 8U;
  if (family == 0) read_general(packet, type, value, out);
  if (family == 1 || family == 4 || family == 6) read_route(packet, type, value, out);
  if (!whole) in.fail();
}

void tell(Packet& packet, LayerBuilder& out) {
  if (packet.opcode == kHelloOpcode || (!packet.announced && !packet.withdrawn && (packet.flags & 1U) == 0)) return;
  packet.event.item(kAs, packet.as);
  packet.event.item(kOpcode, packet.opcode);
  if ((packet.flags & 1U) != 0) packet.event.say(" first update of a new adjacency");
  const char* name = packet.opcode == kQuery || packet.opcode == kSiaQuery   ? "query"
                     : packet.opcode == kReply || packet.opcode == kSiaReply ? "reply"
                     : packet.opcode == kRequest                             ? "request"
                     : (packet.flags & 1U) != 0                              ? "adjacency begins"
                     : !packet.withdrawn                                     ? "announced"
                     : !packet.announced                                     ? "withdrawn"
                                                                             : "announced and withdrawn";
  packet.event.send(out, name);
}

Outcome dissect_eigrp(Cursor& in, LayerBuilder& out) {
  if (!out.has_flow()) return Outcome::kWantsFlow;
  const Bytes message = in.rest();
  const bool whole = message.size() >= out.frame().payload_len;
  Packet packet;
  if (message.empty()) return Outcome::kTruncated;
  if (message[0] != 1 && message[0] != 2) return Outcome::kNotMine;
  out.u8(in, kVersion);
  packet.opcode = out.u8(in, kOpcode);
  out.u16(in, kChecksum);
  if (in.ok() && out.wants(kChecksumStatus)) {
    const auto status = !whole                              ? ChecksumStatus::kUnverified
                        : internet_checksum({message}) == 0 ? ChecksumStatus::kGood
                                                            : ChecksumStatus::kBad;
    out.add(kChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
  }
  const Bytes where = in.peek(4);
  packet.flags = out.u32(in, kFlags);
  if (in.ok())
    add_bits(packet.flags, where, out, {{kFlagsInit, 0}, {kFlagsCondrecv, 1}, {kFlagsRestart, 2}, {kFlagsEot, 3}});
  out.u32(in, kSeq);
  packet.ack = out.u32(in, kAck);
  out.u16(in, kVrid);
  packet.as = out.u16(in, kAs);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    const bool ack = packet.opcode == kHelloOpcode && packet.ack != 0;
    out.info(ack ? "Hello (Ack)" : std::string(name_of(kOpcodeNames, packet.opcode, "Unknown OpCode")));
  }
  packet.event.text = "AS " + std::to_string(packet.as) + ":";
  while (in.left() > 0) read_tlv(packet, in, out);
  tell(packet, out);
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector eigrp_dissector{.name = "eigrp",
                                                 .title = "Enhanced Interior Gateway Routing Protocol",
                                                 .column = "EIGRP",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_eigrp,
                                                 .datagram = true};

}  // namespace pr::dissect
