// IS-IS hellos: ISO/IEC 10589 9.5 to 9.7, RFC 1195, 5303 (three-way handshake), 5306 (restart), 8202 (instances).
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/isis/common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kCircuitNames[] = {{1, "Level 1 only"}, {2, "Level 2 only"}, {3, "Level 1 and 2"}};
constexpr NamedValue kStateNames[] = {{0, "Up"}, {1, "Initializing"}, {2, "Down"}};

enum Field : std::size_t {
  kCircuitType,
  kReserved,
  kSourceId,
  kHoldingTimer,
  kPduLength,
  kPriority,
  kLanId,
  kLocalCircuitId,
  kClvType,
  kClvLength,
  kClvNlpidNlpid,
  kAreaAddress,
  kClvIpv4IntAddr,
  kClvIpv6IntAddr,
  kClvIpv6GlbIntAddr,
  kClvRestartFlags,
  kClvRestartFlagsSa,
  kClvRestartFlagsRa,
  kClvRestartFlagsRr,
  kClvRestartRemainTime,
  kClvRestartNeighbor,
  kIsNeighbor,
  kAdjacencyState,
  kExtendedLocalCircuitId,
  kNeighborSystemid,
  kNeighborExtendedLocalCircuitId,
  kClvAuthentication,
  kClvIpAuthentication,
  kMtid,
  kIid,
  kSupportedItid,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"isis.hello.circuit_type", "Circuit type", FieldType::kUint, Show::kHex, 8, kCircuitNames},
    {"isis.hello.reserved", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"isis.hello.source_id", "SystemID {Sender of PDU}", FieldType::kText},
    {"isis.hello.holding_timer", "Holding timer", FieldType::kUint},
    {"isis.hello.pdu_length", "PDU length", FieldType::kUint},
    {"isis.hello.priority", "Priority", FieldType::kUint},
    {"isis.hello.lan_id", "SystemID {Designated IS}", FieldType::kText},
    {"isis.hello.local_circuit_id", "Local circuit ID", FieldType::kUint},
    {"isis.hello.clv.type", "Type", FieldType::kUint},
    {"isis.hello.clv.length", "Length", FieldType::kUint},
    {"isis.hello.clv_nlpid.nlpid", "NLPID", FieldType::kUint, Show::kHex, 8},
    {"isis.hello.area_address", "Area address", FieldType::kBytes},
    {"isis.hello.clv_ipv4_int_addr", "IPv4 interface address", FieldType::kIpv4},
    {"isis.hello.clv_ipv6_int_addr", "IPv6 interface address", FieldType::kIpv6},
    {"isis.hello.clv_ipv6_glb_int_addr", "IPv6 Global interface address", FieldType::kIpv6},
    {"isis.hello.clv_restart_flags", "Restart Signaling Flags", FieldType::kUint, Show::kHex, 8},
    {"isis.hello.clv_restart_flags.sa", "Suppress Adjacency", FieldType::kBool},
    {"isis.hello.clv_restart_flags.ra", "Restart Acknowledgment", FieldType::kBool},
    {"isis.hello.clv_restart_flags.rr", "Restart Request", FieldType::kBool},
    {"isis.hello.clv_restart.remain_time", "Remaining holding time", FieldType::kUint},
    {"isis.hello.clv_restart.neighbor", "Restarting Neighbor ID", FieldType::kText},
    {"isis.hello.is_neighbor", "IS Neighbor", FieldType::kEther},
    {"isis.hello.adjacency_state", "Adjacency State", FieldType::kUint, Show::kDec, 0, kStateNames},
    {"isis.hello.extended_local_circuit_id", "Extended Local circuit ID", FieldType::kUint, Show::kHex, 32},
    {"isis.hello.neighbor_systemid", "Neighbor SystemID", FieldType::kText},
    {"isis.hello.neighbor_extended_local_circuit_id", "Neighbor Extended Local circuit ID", FieldType::kUint,
     Show::kHex, 32},
    {"isis.hello.clv_authentication", "Authentication", FieldType::kBytes},
    {"isis.hello.clv_ip_authentication", "NLPID", FieldType::kText},
    {"isis.hello.mtid", "Topology ID", FieldType::kUint},
    {"isis.hello.iid", "Instance Identifier", FieldType::kUint},
    {"isis.hello.supported_itid", "Supported ITID", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"isis.type", 15}, {"isis.type", 16}, {"isis.type", 17}};

void read_restart(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  if (where.empty()) return;
  const std::uint8_t flags = out.u8(in, kClvRestartFlags);
  add_bits(flags, where, out, {{kClvRestartFlagsSa, 2}, {kClvRestartFlagsRa, 1}, {kClvRestartFlagsRr, 0}});
  if ((flags & 2U) == 0 || in.left() < 2) return;
  out.u16(in, kClvRestartRemainTime);
  if (in.left() >= isis::kSystemId) isis::read_id(kClvRestartNeighbor, isis::kSystemId, in, out);
}

void read_adjacency(Cursor& in, LayerBuilder& out) {
  out.u8(in, kAdjacencyState);
  if (in.left() >= 4) out.u32(in, kExtendedLocalCircuitId);
  if (in.left() >= isis::kSystemId) isis::read_id(kNeighborSystemid, isis::kSystemId, in, out);
  if (in.left() >= 4) out.u32(in, kNeighborExtendedLocalCircuitId);
}

void read_element(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case 1: return isis::read_areas(kAreaAddress, in, out);
    case 6:
      while (in.left() > 0) out.bytes(in, kIsNeighbor, 6);
      return;
    case 7:
      out.u16(in, kIid);
      while (in.left() >= 2) out.u16(in, kSupportedItid);
      return;
    case 10: {
      const Bytes where = in.take(in.left());
      if (!where.empty()) out.add(kClvAuthentication, where, where);
      return;
    }
    case 129:
      while (in.left() > 0) out.u8(in, kClvNlpidNlpid);
      return;
    case 132:
      while (in.left() > 0) out.ipv4(in, kClvIpv4IntAddr);
      return;
    case 133: {
      const Bytes where = in.take(in.left());
      out.add(kClvIpAuthentication, where, where);
      return;
    }
    case 211: return read_restart(in, out);
    case 229:
      while (in.left() >= 2) {
        const Bytes where = in.take(2);
        out.add(kMtid, number_of(where) & 0xfffU, where);
      }
      return;
    case 232:
      while (in.left() > 0) out.bytes(in, kClvIpv6IntAddr, 16);
      return;
    case 233:
      while (in.left() > 0) out.bytes(in, kClvIpv6GlbIntAddr, 16);
      return;
    case 240: return read_adjacency(in, out);
    default: return;
  }
}

Outcome dissect_hello(Cursor& in, LayerBuilder& out) {
  // Packets on a network have a priority and its designated system, those of a single link the link's number.
  const std::uint8_t type = isis::skip_header(in);
  const bool point_to_point = type == 17;
  const Bytes where = in.take(1);
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kCircuitType, where[0] & 3U, where);
  out.add(kReserved, where[0] >> 2U, where);
  const Bytes source = isis::read_id(kSourceId, isis::kSystemId, in, out);
  out.u16(in, kHoldingTimer);
  const std::uint16_t length = out.u16(in, kPduLength);
  if (point_to_point) {
    out.u8(in, kLocalCircuitId);
  } else {
    const Bytes priority = in.take(1);
    if (!in.ok()) return Outcome::kTruncated;
    out.add(kPriority, priority[0] & 0x7fU, priority);
    isis::read_id(kLanId, isis::kSystemId + 1, in, out);
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    const char* level = point_to_point ? "P2P" : type == 15 ? "L1" : "L2";
    out.info(level + (" HELLO, System-ID: " + isis::id_text(source)));
  }
  Cursor body = isis::whole_packet(length, in);
  const bool good = isis::read_elements(kClvType, kClvLength, body, out,
                                        [&](std::uint8_t kind, Cursor& value) { read_element(kind, value, out); });
  return good ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector isis_hello_dissector{.name = "isis.hello",
                                                      .title = "ISIS HELLO",
                                                      .column = "ISIS HELLO",
                                                      .fields = kFields,
                                                      .binds = kBinds,
                                                      .dissect = &dissect_hello};

}  // namespace pr::dissect
