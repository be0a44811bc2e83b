// Spanning tree: IEEE 802.1D (STP, RSTP), 802.1Q (MSTP, SPT) and the per-VLAN trees of Cisco (PVST+).
#include <string>

#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"
#include "shared/base/hex.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kVersionNames[] = {
    {0, "Spanning Tree"}, {2, "Rapid Spanning Tree"}, {3, "Multiple Spanning Tree"}, {4, "Shortest Path Tree"}};
constexpr NamedValue kTypeNames[] = {
    {0x00, "Configuration"}, {0x02, "Rapid/Multiple Spanning Tree"}, {0x80, "Topology Change Notification"}};
constexpr NamedValue kRoleNames[] = {{0, "Unknown"}, {1, "Alternate or Backup"}, {2, "Root"}, {3, "Designated"}};
constexpr NamedValue kTlvNames[] = {{0, "Originating VLAN"}};

enum Field : std::size_t {
  kProtocol,
  kVersion,
  kType,
  kFlags,
  kFlagsTcack,
  kFlagsAgreement,
  kFlagsForwarding,
  kFlagsLearning,
  kFlagsPortRole,
  kFlagsProposal,
  kFlagsTc,
  kRootPrio,
  kRootExt,
  kRootHw,
  kRootCost,
  kBridgePrio,
  kBridgeExt,
  kBridgeHw,
  kPort,
  kMsgAge,
  kMaxAge,
  kHello,
  kForward,
  kVersion1Length,
  kPvstTlvtype,
  kPvstTlvlen,
  kPvstOrigvlan,
  kPvstTlvval,
  kMstpVersion3Length,
  kMstpConfigFormatSelector,
  kMstpConfigName,
  kMstpConfigRevisionLevel,
  kMstpConfigDigest,
  kMstpCistInternalRootPathCost,
  kMstpCistBridgePrio,
  kMstpCistBridgeExt,
  kMstpCistBridgeHw,
  kMstpCistRemainingHops,
  kMstpMstiFlags,
  kMstpMstiPriority,
  kMstpMstiMstiId,
  kMstpMstiRootHw,
  kMstpMstiRootCost,
  kMstpMstiBridgePriority,
  kMstpMstiPortPriority,
  kMstpMstiRemainingHops,
  kMstpVersion4Length,
  kMstpAgreeFlagsAgreementNum,
  kMstpAgreeFlagsDagreementNum,
  kMstpAgreeFlagsAgreementValid,
  kMstpAgreeFlagsRestRole,
  kBpduAgreementDigestFormatId,
  kBpduAgreementDigestFormatCapabilities,
  kBpduAgreementDigestConventionId,
  kBpduAgreementDigestConventionCapabilities,
  kBpduAgreementDigestEdgeCount,
  kMstpAgreementDigest,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"stp.protocol", "Protocol Identifier", FieldType::kUint, Show::kHex, 16},
    {"stp.version", "Protocol Version Identifier", FieldType::kUint, Show::kDec, 0, kVersionNames},
    {"stp.type", "BPDU Type", FieldType::kUint, Show::kHex, 8, kTypeNames},
    {"stp.flags", "BPDU flags", FieldType::kUint, Show::kHex, 8},
    {"stp.flags.tcack", "Topology Change Acknowledgment", FieldType::kBool},
    {"stp.flags.agreement", "Agreement", FieldType::kBool},
    {"stp.flags.forwarding", "Forwarding", FieldType::kBool},
    {"stp.flags.learning", "Learning", FieldType::kBool},
    {"stp.flags.port_role", "Port Role", FieldType::kUint, Show::kDec, 0, kRoleNames},
    {"stp.flags.proposal", "Proposal", FieldType::kBool},
    {"stp.flags.tc", "Topology Change", FieldType::kBool},
    {"stp.root.prio", "Root Bridge Priority", FieldType::kUint},
    {"stp.root.ext", "Root Bridge System ID Extension", FieldType::kUint},
    {"stp.root.hw", "Root Bridge System ID", FieldType::kEther},
    {"stp.root.cost", "Root Path Cost", FieldType::kUint},
    {"stp.bridge.prio", "Bridge Priority", FieldType::kUint},
    {"stp.bridge.ext", "Bridge System ID Extension", FieldType::kUint},
    {"stp.bridge.hw", "Bridge System ID", FieldType::kEther},
    {"stp.port", "Port identifier", FieldType::kUint, Show::kHex, 16},
    {"stp.msg_age", "Message Age", FieldType::kDouble},
    {"stp.max_age", "Max Age", FieldType::kDouble},
    {"stp.hello", "Hello Time", FieldType::kDouble},
    {"stp.forward", "Forward Delay", FieldType::kDouble},
    {"stp.version_1_length", "Version 1 Length", FieldType::kUint},
    {"stp.pvst.tlvtype", "Type", FieldType::kUint, Show::kHex, 16, kTlvNames},
    {"stp.pvst.tlvlen", "Length", FieldType::kUint},
    {"stp.pvst.origvlan", "Originating VLAN", FieldType::kUint},
    {"stp.pvst.tlvval", "Value", FieldType::kBytes},
    {"mstp.version_3_length", "Version 3 Length", FieldType::kUint},
    {"mstp.config_format_selector", "MST Config ID format selector", FieldType::kUint},
    {"mstp.config_name", "MST Config name", FieldType::kText},
    {"mstp.config_revision_level", "MST Config revision", FieldType::kUint},
    {"mstp.config_digest", "MST Config digest", FieldType::kBytes},
    {"mstp.cist_internal_root_path_cost", "CIST Internal Root Path Cost", FieldType::kUint},
    {"mstp.cist_bridge.prio", "CIST Bridge Priority", FieldType::kUint},
    {"mstp.cist_bridge.ext", "CIST Bridge Identifier System ID Extension", FieldType::kUint},
    {"mstp.cist_bridge.hw", "CIST Bridge Identifier System ID", FieldType::kEther},
    {"mstp.cist_remaining_hops", "CIST Remaining hops", FieldType::kUint},
    {"mstp.msti.flags", "MSTI flags", FieldType::kUint, Show::kHex, 8},
    {"mstp.msti.priority", "Priority", FieldType::kUint, Show::kHex, 8},
    {"mstp.msti.msti_id", "MSTID", FieldType::kUint},
    {"mstp.msti.root.hw", "Regional Root", FieldType::kEther},
    {"mstp.msti.root_cost", "Internal root path cost", FieldType::kUint},
    {"mstp.msti.bridge_priority", "Bridge Identifier Priority", FieldType::kUint},
    {"mstp.msti.port_priority", "Port identifier priority", FieldType::kUint},
    {"mstp.msti.remaining_hops", "Remaining hops", FieldType::kUint},
    {"mstp.version_4_length", "Version 4 Length", FieldType::kUint},
    {"mstp.agree_flags.agreement_num", "Agreement Number", FieldType::kUint},
    {"mstp.agree_flags.dagreement_num", "Disagreement Number", FieldType::kUint},
    {"mstp.agree_flags.agreement_valid", "Agreement Valid Flag", FieldType::kBool},
    {"mstp.agree_flags.rest_role", "Restricted Role", FieldType::kBool},
    {"bpdu.agreement_digest_format_id", "Agreement Digest Format Id", FieldType::kUint},
    {"bpdu.agreement_digest_format_capabilities", "Agreement Digest Format Capabilities", FieldType::kUint},
    {"bpdu.agreement_digest_convention_id", "Agreement Digest Convention Id", FieldType::kUint},
    {"bpdu.agreement_digest_convention_capabilities", "Agreement Digest Convention Capabilities", FieldType::kUint},
    {"bpdu.agreement_digest_edge_count", "Agreement Digest Edge Count", FieldType::kUint},
    {"mstp.agreement_digest", "Agreement Digest", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"llc.dsap", 0x42}, {"llc.cisco_pid", 0x010b}, {"ethertype", 0x010b}};

enum Type : std::uint8_t { kConfiguration = 0x00, kRapid = 0x02, kTopologyChange = 0x80 };
constexpr std::uint8_t kMultiple = 3, kShortestPath = 4;
constexpr std::size_t kMstConfiguration = 51;  // octets
constexpr std::size_t kMstHeader = 64;         // of the extension, before its instances
constexpr std::size_t kMsti = 16;

struct BridgeId {
  std::uint16_t priority = 0;
  Bytes mac;
  [[nodiscard]] std::string text() const {
    return std::to_string(priority & 0xf000U) + "/" + std::to_string(priority & 0xfffU) + "/" + hex_text(mac, ':');
  }
};

// field: of the priority; the system extension and the address follow in the table.
BridgeId read_bridge(Cursor& in, LayerBuilder& out, std::size_t field) {
  BridgeId id;
  const Bytes where = in.peek(2);
  id.priority = in.u16();
  if (in.ok()) {
    out.add(field, id.priority & 0xf000U, where);
    out.add(field + 1, id.priority & 0xfffU, where);
  }
  id.mac = out.bytes(in, field + 2, 6);
  return id;
}

void add_flags(std::size_t field, std::uint8_t flags, bool rapid, Bytes where, LayerBuilder& out) {
  out.add(field, flags, where);
  if (rapid) {
    add_bits(flags, where, out,
             {{kFlagsTcack, 7},
              {kFlagsAgreement, 6},
              {kFlagsForwarding, 5},
              {kFlagsLearning, 4},
              {kFlagsPortRole, 2, 3},
              {kFlagsProposal, 1},
              {kFlagsTc, 0}});
  } else {
    add_bits(flags, where, out, {{kFlagsTcack, 7}, {kFlagsTc, 0}});
  }
}

// Times count in 1/256 s.
void read_times(Cursor& in, LayerBuilder& out) {
  for (const std::size_t field : {kMsgAge, kMaxAge, kHello, kForward}) {
    const Bytes where = in.peek(2);
    const std::uint16_t value = in.u16();
    if (in.ok()) add_double(field, value / 256.0, where, out);
  }
}

void read_instance(Cursor in, LayerBuilder& out) {
  const Bytes flags = in.take(1);
  add_flags(kMstpMstiFlags, flags[0], true, flags, out);
  const Bytes root = in.take(2);
  out.add(kMstpMstiPriority, root[0] >> 4U, root);
  out.add(kMstpMstiMstiId, number_of(root) & 0xfffU, root);
  read_pieces(in, out, {{kMstpMstiRootHw, 6, true}, {kMstpMstiRootCost, 4}});
  for (const std::size_t field : {kMstpMstiBridgePriority, kMstpMstiPortPriority}) {
    const Bytes where = in.take(1);
    out.add(field, where[0] >> 4U, where);
  }
  out.u8(in, kMstpMstiRemainingHops);
}

void read_agreement(Cursor& in, LayerBuilder& out) {
  out.u16(in, kMstpVersion4Length);
  // Shortest path trees start with the MST configuration once more, IEEE 802.1aq.
  read_pieces(in, out,
              {{kMstpConfigFormatSelector, 1},
               {kMstpConfigName, 32, true},
               {kMstpConfigRevisionLevel, 2},
               {kMstpConfigDigest, 16, true}});
  const Bytes flags = in.take(1);
  if (!in.ok()) return;
  add_bits(flags[0], flags, out,
           {{kMstpAgreeFlagsAgreementNum, 0, 3},
            {kMstpAgreeFlagsDagreementNum, 2, 3},
            {kMstpAgreeFlagsAgreementValid, 4},
            {kMstpAgreeFlagsRestRole, 5}});
  in.skip(1);
  const Bytes digest = in.peek(2);
  in.skip(2);
  if (!in.ok()) return;
  add_bits(digest[0], digest.first(1), out,
           {{kBpduAgreementDigestFormatId, 4, 15}, {kBpduAgreementDigestFormatCapabilities, 0, 15}});
  add_bits(digest[1], digest.subspan(1), out,
           {{kBpduAgreementDigestConventionId, 4, 15}, {kBpduAgreementDigestConventionCapabilities, 0, 15}});
  out.u16(in, kBpduAgreementDigestEdgeCount);
  in.skip(8);
  out.bytes(in, kMstpAgreementDigest, 20);
}

void read_multiple(std::uint8_t version, Cursor& in, LayerBuilder& out) {
  const std::uint16_t length = out.u16(in, kMstpVersion3Length);
  Cursor body = in.sub(length);
  if (!in.ok() || length < kMstHeader) return;
  const Bytes name = body.peek(33);
  read_pieces(body, out, {{kMstpConfigFormatSelector, 1}, {kSkipped, 32}});
  if (out.wanted()) {
    const std::string_view text = as_text(name.subspan(1));
    out.add_text(kMstpConfigName, text.substr(0, text.find('\0')), name.subspan(1));
  }
  read_pieces(body, out,
              {{kMstpConfigRevisionLevel, 2}, {kMstpConfigDigest, 16, true}, {kMstpCistInternalRootPathCost, 4}});
  read_bridge(body, out, kMstpCistBridgePrio);
  out.u8(body, kMstpCistRemainingHops);
  while (body.left() >= kMsti) read_instance(body.sub(kMsti), out);
  if (version >= kShortestPath && in.left() >= 2) read_agreement(in, out);
}

// The VLAN of a PVST+ tree, behind the BPDU.
void read_vlan(Cursor& in, LayerBuilder& out) {
  while (in.left() >= 4) {
    const std::uint16_t type = out.u16(in, kPvstTlvtype);
    const std::uint16_t length = out.u16(in, kPvstTlvlen);
    Cursor value = in.sub(length);
    if (!in.ok()) return;
    if (type == 0 && length == 2) {
      out.u16(value, kPvstOrigvlan);
    } else if (length > 0) {
      out.bytes(value, kPvstTlvval, length);
    }
  }
}

std::string_view short_name(std::uint8_t version) {
  return version == 0   ? "Conf. "
         : version == 2 ? "RST. "
         : version == 3 ? "MST. "
         : version == 4 ? "SPT. "
                        : "Unknown BPDU. ";
}

Outcome dissect_stp(Cursor& in, LayerBuilder& out) {
  const std::uint16_t protocol = out.u16(in, kProtocol);
  if (!in.ok()) return Outcome::kTruncated;
  if (protocol != 0) return Outcome::kNotMine;
  const std::uint8_t version = out.u8(in, kVersion);
  const std::uint8_t type = out.u8(in, kType);
  if (!in.ok()) return Outcome::kTruncated;
  if (type != kConfiguration && type != kRapid) {
    if (out.wanted()) out.info(type == kTopologyChange ? "Topology Change Notification" : "Unknown BPDU type");
    return Outcome::kDone;
  }
  const bool rapid = type == kRapid;
  const Bytes where = in.peek(1);
  const std::uint8_t flags = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  add_flags(kFlags, flags, rapid, where, out);
  const BridgeId root = read_bridge(in, out, kRootPrio);
  const std::uint32_t cost = out.u32(in, kRootCost);
  read_bridge(in, out, kBridgePrio);
  const std::uint16_t port = out.u16(in, kPort);
  if (in.ok() && out.wanted()) {
    out.column(version == 0 ? "STP" : version == 2 ? "RSTP" : version == 3 ? "MSTP" : "SPT");
    out.info((rapid ? std::string(short_name(version)) : "Conf. ") + ((flags & 1U) != 0 ? "TC + Root = " : "Root = ") +
             root.text() + "  Cost = " + std::to_string(cost) + "  Port = 0x" + hex16(port));
  }
  read_times(in, out);
  if (rapid && in.left() > 0) {
    out.u8(in, kVersion1Length);
    if (version >= kMultiple && in.left() >= 2) read_multiple(version, in, out);
  }
  if (in.ok() && version <= 2) read_vlan(in, out);
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector stp_dissector{.name = "stp",
                                               .title = "Spanning Tree Protocol",
                                               .column = "STP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_stp};

}  // namespace pr::dissect
