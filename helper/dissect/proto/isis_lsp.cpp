// IS-IS link state packets: ISO/IEC 10589 9.8, RFC 1195 (IP), 5305 (wide metrics), 5308 (IPv6), 7981 (capabilities).
#include "helper/dissect/checksum.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/isis/common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {
    {0, "Unused 0x0 (invalid)"}, {1, "Level 1"}, {2, "Unused 0x2 (invalid)"}, {3, "Level 2"}};

enum Field : std::size_t {
  kPduLength,
  kRemainingLife,
  kLspId,
  kSequenceNumber,
  kChecksum,
  kChecksumStatus,
  kPartitionRepair,
  kAtt,
  kErrorMetric,
  kExpenseMetric,
  kDelayMetric,
  kDefaultMetric,
  kOverload,
  kIsType,
  kClvType,
  kClvLength,
  kAreaAddress,
  kClvNlpidNlpid,
  kHostname,
  kClvIpv4IntAddr,
  kClvIpv6IntAddr,
  kIpReachabilityIpv4Prefix,
  kIpReachabilityDefaultMetric,
  kIpReachabilityDefaultMetricIe,
  kIpReachabilityDistribution,
  kIpReachabilityDelayMetric,
  kIpReachabilityDelayMetricSupport,
  kIpReachabilityDelayMetricIe,
  kIpReachabilityExpenseMetric,
  kIpReachabilityExpenseMetricSupport,
  kIpReachabilityExpenseMetricIe,
  kIpReachabilityErrorMetric,
  kIpReachabilityErrorMetricSupport,
  kIpReachabilityErrorMetricIe,
  kIsVirtual,
  kEisNeighborsClvInnerReserved,
  kEisNeighborsDefaultMetric,
  kEisNeighborsDefaultMetricIe,
  kEisNeighborsDelayMetric,
  kEisNeighborsDelayMetricSupported,
  kEisNeighborsDelayMetricIe,
  kEisNeighborsExpenseMetric,
  kEisNeighborsExpenseMetricSupported,
  kEisNeighborsExpenseMetricIe,
  kEisNeighborsErrorMetric,
  kEisNeighborsErrorMetricSupported,
  kEisNeighborsErrorMetricIe,
  kEisNeighborsIsNeighbor,
  kIid,
  kSupportedItid,
  kExtIsReachabilityIsNeighborId,
  kExtIsReachabilityMetric,
  kExtIsReachabilitySubclvsLength,
  kExtIsReachabilityCode,
  kExtIsReachabilityLength,
  kExtIsReachabilityIpv4InterfaceAddress,
  kExtIsReachabilityIpv4NeighborAddress,
  kExtIpReachabilityMetric,
  kExtIpReachabilityDistribution,
  kExtIpReachabilitySubtlv,
  kExtIpReachabilityPrefixLength,
  kExtIpReachabilityIpv4Prefix,
  kExtIpReachabilitySubclvsLength,
  kIpv6ReachabilityMetric,
  kIpv6ReachabilityDistribution,
  kIpv6ReachabilityDistributionInternal,
  kIpv6ReachabilitySubtlv,
  kIpv6ReachabilityReservedBits,
  kIpv6ReachabilityPrefixLength,
  kIpv6ReachabilityIpv6Prefix,
  kIpv6ReachabilitySubclvsLength,
  kRtCapableRouterId,
  kRtCapableFlagS,
  kRtCapableFlagD,
  kOriginatingLspBufferSize,
  kClvTeRouterId,
  kPurgeOriginatorIdNum,
  kPurgeOriginatorIdSystemId,
  kAuthentication,
  kMtid,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"isis.lsp.pdu_length", "PDU length", FieldType::kUint},
    {"isis.lsp.remaining_life", "Remaining lifetime", FieldType::kUint},
    {"isis.lsp.lsp_id", "LSP-ID", FieldType::kText},
    {"isis.lsp.sequence_number", "Sequence number", FieldType::kUint, Show::kHex, 32},
    {"isis.lsp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"isis.lsp.checksum.status", "Checksum Status", FieldType::kUint},
    {"isis.lsp.partition_repair", "Partition Repair", FieldType::kBool},
    {"isis.lsp.att", "Attachment", FieldType::kUint},
    {"isis.lsp.error_metric", "Error metric", FieldType::kBool},
    {"isis.lsp.expense_metric", "Expense metric", FieldType::kBool},
    {"isis.lsp.delay_metric", "Delay metric", FieldType::kBool},
    {"isis.lsp.default_metric", "Default metric", FieldType::kBool},
    {"isis.lsp.overload", "Overload bit", FieldType::kBool},
    {"isis.lsp.is_type", "Type of Intermediate System", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"isis.lsp.clv.type", "Type", FieldType::kUint},
    {"isis.lsp.clv.length", "Length", FieldType::kUint},
    {"isis.lsp.area_address", "Area address", FieldType::kBytes},
    {"isis.lsp.clv_nlpid.nlpid", "NLPID", FieldType::kUint, Show::kHex, 8},
    {"isis.lsp.hostname", "Hostname", FieldType::kText},
    {"isis.lsp.clv_ipv4_int_addr", "IPv4 interface address", FieldType::kIpv4},
    {"isis.lsp.clv_ipv6_int_addr", "IPv6 interface address", FieldType::kIpv6},
    {"isis.lsp.ip_reachability.ipv4_prefix", "IPv4 prefix", FieldType::kIpv4},
    {"isis.lsp.ip_reachability.default_metric", "Default Metric", FieldType::kUint},
    {"isis.lsp.ip_reachability.default_metric_ie", "Default Metric IE", FieldType::kBool},
    {"isis.lsp.ip_reachability.distribution", "Distribution", FieldType::kBool},
    {"isis.lsp.ip_reachability.delay_metric", "Delay Metric", FieldType::kUint},
    {"isis.lsp.ip_reachability.delay_metric_support", "Delay Metric", FieldType::kBool},
    {"isis.lsp.ip_reachability.delay_metric_ie", "Delay Metric", FieldType::kBool},
    {"isis.lsp.ip_reachability.expense_metric", "Expense Metric", FieldType::kUint},
    {"isis.lsp.ip_reachability.expense_metric_support", "Expense Metric", FieldType::kBool},
    {"isis.lsp.ip_reachability.expense_metric_ie", "Expense Metric", FieldType::kBool},
    {"isis.lsp.ip_reachability.error_metric", "Error Metric", FieldType::kUint},
    {"isis.lsp.ip_reachability.error_metric_support", "Error Metric", FieldType::kBool},
    {"isis.lsp.ip_reachability.error_metric_ie", "Error Metric", FieldType::kBool},
    {"isis.lsp.is_virtual", "IsVirtual", FieldType::kBool},
    {"isis.lsp.eis_neighbors_clv_inner.reserved", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"isis.lsp.eis_neighbors.default_metric", "Default Metric", FieldType::kUint},
    {"isis.lsp.eis_neighbors.default_metric_ie", "Default Metric", FieldType::kBool},
    {"isis.lsp.eis_neighbors.delay_metric", "Delay Metric", FieldType::kUint},
    {"isis.lsp.eis_neighbors_delay_metric.supported", "Delay Metric", FieldType::kBool},
    {"isis.lsp.eis_neighbors.delay_metric_ie", "Delay Metric", FieldType::kBool},
    {"isis.lsp.eis_neighbors.expense_metric", "Expense Metric", FieldType::kUint},
    {"isis.lsp.eis_neighbors.expense_metric_supported", "Expense Metric", FieldType::kBool},
    {"isis.lsp.eis_neighbors.expense_metric_ie", "Expense Metric", FieldType::kBool},
    {"isis.lsp.eis_neighbors.error_metric", "Error Metric", FieldType::kUint},
    {"isis.lsp.eis_neighbors.error_metric_supported", "Error Metric", FieldType::kBool},
    {"isis.lsp.eis_neighbors.error_metric_ie", "Error Metric", FieldType::kBool},
    {"isis.lsp.eis_neighbors.is_neighbor", "IS Neighbor", FieldType::kText},
    {"isis.lsp.iid", "Instance Identifier", FieldType::kUint},
    {"isis.lsp.supported_itid", "Supported ITID", FieldType::kUint},
    {"isis.lsp.ext_is_reachability.is_neighbor_id", "IS neighbor ID", FieldType::kText},
    {"isis.lsp.ext_is_reachability.metric", "Metric", FieldType::kUint},
    {"isis.lsp.ext_is_reachability.subclvs_length", "SubCLV Length", FieldType::kUint},
    {"isis.lsp.ext_is_reachability.code", "Code", FieldType::kUint},
    {"isis.lsp.ext_is_reachability.length", "Length", FieldType::kUint},
    {"isis.lsp.ext_is_reachability.ipv4_interface_address", "IPv4 interface address", FieldType::kIpv4},
    {"isis.lsp.ext_is_reachability.ipv4_neighbor_address", "IPv4 neighbor address", FieldType::kIpv4},
    {"isis.lsp.ext_ip_reachability.metric", "Metric", FieldType::kUint},
    {"isis.lsp.ext_ip_reachability.distribution", "Distribution", FieldType::kBool},
    {"isis.lsp.ext_ip_reachability.subtlv", "Sub-TLV", FieldType::kBool},
    {"isis.lsp.ext_ip_reachability.prefix_length", "Prefix Length", FieldType::kUint},
    {"isis.lsp.ext_ip_reachability.ipv4_prefix", "IPv4 prefix", FieldType::kIpv4},
    {"isis.lsp.ext_ip_reachability.subclvs_length", "SubCLV Length", FieldType::kUint},
    {"isis.lsp.ipv6_reachability.metric", "Metric", FieldType::kUint},
    {"isis.lsp.ipv6_reachability.distribution", "Distribution", FieldType::kBool},
    {"isis.lsp.ipv6_reachability.distribution_internal", "Distribution", FieldType::kBool},
    {"isis.lsp.ipv6_reachability.subtlv", "Sub-TLV", FieldType::kBool},
    {"isis.lsp.ipv6_reachability.reserved_bits", "Reserved bits", FieldType::kUint, Show::kHex, 8},
    {"isis.lsp.ipv6_reachability.prefix_length", "Prefix Length", FieldType::kUint},
    {"isis.lsp.ipv6_reachability.ipv6_prefix", "IPv6 prefix", FieldType::kIpv6},
    {"isis.lsp.ipv6_reachability.subclvs_length", "SubCLV Length", FieldType::kUint},
    {"isis.lsp.rt_capable.router_id", "Router ID", FieldType::kUint, Show::kHex, 32},
    {"isis.lsp.rt_capable.flag_s", "S bit", FieldType::kBool},
    {"isis.lsp.rt_capable.flag_d", "D bit", FieldType::kBool},
    {"isis.lsp.originating_lsp_buffer_size", "Neighbor originating buffer size", FieldType::kUint},
    {"isis.lsp.clv_te_router_id", "Traffic Engineering Router ID", FieldType::kIpv4},
    {"isis.lsp.purge_originator_id.num", "Number of System IDs", FieldType::kUint},
    {"isis.lsp.purge_originator_id.system_id", "System ID", FieldType::kText},
    {"isis.lsp.authentication", "Authentication", FieldType::kBytes},
    {"isis.lsp.mtid", "Topology ID", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"isis.type", 18}, {"isis.type", 20}};

// Four old metrics of an octet each. fields: the first of the default metric; where support is told, it is the high
// bit.
struct MetricFields {
  std::size_t metric, supported, external;
};

void read_metrics(std::span<const MetricFields> fields, Cursor& in, LayerBuilder& out) {
  for (const MetricFields& kind : fields) {
    const Bytes where = in.take(1);
    if (!in.ok()) return;
    out.add(kind.metric, where[0] & 0x3fU, where);
    if (kind.supported != kSkipped) out.add(kind.supported, where[0] >> 7U, where);
    out.add(kind.external, where[0] >> 6U & 1U, where);
  }
}

void read_ip_reachability(Cursor& in, LayerBuilder& out) {
  constexpr MetricFields kMetrics[] = {
      {kIpReachabilityDefaultMetric, kIpReachabilityDistribution, kIpReachabilityDefaultMetricIe},
      {kIpReachabilityDelayMetric, kIpReachabilityDelayMetricSupport, kIpReachabilityDelayMetricIe},
      {kIpReachabilityExpenseMetric, kIpReachabilityExpenseMetricSupport, kIpReachabilityExpenseMetricIe},
      {kIpReachabilityErrorMetric, kIpReachabilityErrorMetricSupport, kIpReachabilityErrorMetricIe}};
  while (in.left() >= 12) {
    const Bytes whole = in.peek(12);
    out.add(kIpReachabilityIpv4Prefix, number_of(whole.subspan(4, 4)), whole);
    const LayerBuilder::Subtree below(out);
    read_metrics(kMetrics, in, out);
    in.skip(8);
  }
}

// first_level: the octet in front tells of virtual links, which only level 1 has.
void read_neighbors(bool first_level, Cursor& in, LayerBuilder& out) {
  constexpr MetricFields kMetrics[] = {
      {kEisNeighborsDefaultMetric, kSkipped, kEisNeighborsDefaultMetricIe},
      {kEisNeighborsDelayMetric, kEisNeighborsDelayMetricSupported, kEisNeighborsDelayMetricIe},
      {kEisNeighborsExpenseMetric, kEisNeighborsExpenseMetricSupported, kEisNeighborsExpenseMetricIe},
      {kEisNeighborsErrorMetric, kEisNeighborsErrorMetricSupported, kEisNeighborsErrorMetricIe}};
  const Bytes virtual_link = in.take(1);
  if (!in.ok()) return;
  out.add(first_level ? kIsVirtual : kEisNeighborsClvInnerReserved, virtual_link[0], virtual_link);
  while (in.left() > 0) {
    read_metrics(kMetrics, in, out);
    isis::read_id(kEisNeighborsIsNeighbor, isis::kSystemId + 1, in, out);
  }
}

void read_wide_neighbors(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    isis::read_id(kExtIsReachabilityIsNeighborId, isis::kSystemId + 1, in, out);
    out.u24(in, kExtIsReachabilityMetric);
    const std::uint8_t length = out.u8(in, kExtIsReachabilitySubclvsLength);
    Cursor more = in.sub(length);
    while (more.left() > 0) {
      const std::uint8_t code = out.u8(more, kExtIsReachabilityCode);
      const std::uint8_t size = out.u8(more, kExtIsReachabilityLength);
      Cursor value = more.sub(size);
      if (code == 6) out.ipv4(value, kExtIsReachabilityIpv4InterfaceAddress);
      if (code == 8) out.ipv4(value, kExtIsReachabilityIpv4NeighborAddress);
    }
  }
}

// Prefixes of wide metrics, behind the octet with flags and length. Returns the address as 16 octets, IPv4 in front.
std::array<std::uint8_t, 16> take_prefix(unsigned bits, std::size_t max, Cursor& in, Bytes* where) {
  std::array<std::uint8_t, 16> address{};
  const std::size_t octets = (bits + 7U) / 8U;
  if (octets > max) {
    in.fail();
    return address;
  }
  *where = in.take(octets);
  std::ranges::copy(*where, address.begin());
  return address;
}

void read_wide_prefixes(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    out.u32(in, kExtIpReachabilityMetric);
    const Bytes control = in.take(1);
    if (!in.ok()) return;
    add_bits(control[0], control, out,
             {{kExtIpReachabilityDistribution, 7},
              {kExtIpReachabilitySubtlv, 6},
              {kExtIpReachabilityPrefixLength, 0, 0x3f}});
    Bytes where;
    const auto address = take_prefix(control[0] & 0x3fU, 4, in, &where);
    if (!in.ok()) return;
    out.add(kExtIpReachabilityIpv4Prefix, number_of(Bytes(address).first(4)), where);
    if ((control[0] & 0x40U) != 0) {
      const std::uint8_t length = out.u8(in, kExtIpReachabilitySubclvsLength);
      in.skip(length);
    } else {
      out.add(kExtIpReachabilitySubclvsLength, 0, Bytes{});
    }
  }
}

void read_ipv6_prefixes(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    out.u32(in, kIpv6ReachabilityMetric);
    const Bytes control = in.take(1);
    const Bytes bits = in.take(1);
    if (!in.ok()) return;
    add_bits(control[0], control, out,
             {{kIpv6ReachabilityDistribution, 7},
              {kIpv6ReachabilityDistributionInternal, 6},
              {kIpv6ReachabilitySubtlv, 5},
              {kIpv6ReachabilityReservedBits, 0, 0x1f}});
    out.add(kIpv6ReachabilityPrefixLength, bits[0], bits);
    Bytes where;
    const auto address = take_prefix(bits[0], 16, in, &where);
    if (!in.ok()) return;
    out.add_text(kIpv6ReachabilityIpv6Prefix, as_text(address), where);
    if ((control[0] & 0x20U) != 0) {
      const std::uint8_t length = out.u8(in, kIpv6ReachabilitySubclvsLength);
      in.skip(length);
    } else {
      out.add(kIpv6ReachabilitySubclvsLength, 0, Bytes{});
    }
  }
}

void read_capability(Cursor& in, LayerBuilder& out) {
  out.u32(in, kRtCapableRouterId);
  const Bytes where = in.take(1);
  if (in.ok()) add_bits(where[0], where, out, {{kRtCapableFlagS, 0}, {kRtCapableFlagD, 1}});
}

void read_element(std::uint8_t type, bool first_level, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case 1: return isis::read_areas(kAreaAddress, in, out);
    case 2: return read_neighbors(first_level, in, out);
    case 7:
      out.u16(in, kIid);
      while (in.left() >= 2) out.u16(in, kSupportedItid);
      return;
    case 10:
      in.skip(1);  // the type of authentication
      out.bytes(in, kAuthentication, in.left());
      return;
    case 13:
      out.u8(in, kPurgeOriginatorIdNum);
      while (in.left() >= isis::kSystemId) isis::read_id(kPurgeOriginatorIdSystemId, isis::kSystemId, in, out);
      return;
    case 14: out.u16(in, kOriginatingLspBufferSize); return;
    case 22: return read_wide_neighbors(in, out);
    case 128:
    case 130: return read_ip_reachability(in, out);
    case 129:
      while (in.left() > 0) out.u8(in, kClvNlpidNlpid);
      return;
    case 132:
      while (in.left() > 0) out.ipv4(in, kClvIpv4IntAddr);
      return;
    case 134: out.ipv4(in, kClvTeRouterId); return;
    case 135: return read_wide_prefixes(in, out);
    case 137: out.bytes(in, kHostname, in.left()); return;
    case 229:
      while (in.left() >= 2) {
        const Bytes where = in.take(2);
        out.add(kMtid, number_of(where) & 0xfffU, where);
      }
      return;
    case 232:
      while (in.left() > 0) out.bytes(in, kClvIpv6IntAddr, 16);
      return;
    case 236: return read_ipv6_prefixes(in, out);
    case 242: return read_capability(in, out);
    default: return;
  }
}

// ISO/IEC 8473 annex C: both sums over the octets from the identifier on are zero.
bool good_checksum(Bytes octets) {
  unsigned low = 0, high = 0;
  for (const std::uint8_t octet : octets) {
    low = (low + octet) % 255U;
    high = (high + low) % 255U;
  }
  return low == 0 && high == 0;
}

void add_flags(Bytes where, LayerBuilder& out) {
  out.add(kPartitionRepair, where[0] >> 7U, where);
  out.add(kAtt, where[0] >> 3U & 15U, where);
  add_bits(where[0], where, out, {{kErrorMetric, 3}, {kExpenseMetric, 2}, {kDelayMetric, 1}, {kDefaultMetric, 0}});
  out.add(kOverload, where[0] >> 2U & 1U, where);
  out.add(kIsType, where[0] & 3U, where);
}

Outcome dissect_lsp(Cursor& in, LayerBuilder& out) {
  const std::uint8_t packet_type = isis::skip_header(in);
  const std::uint16_t length = out.u16(in, kPduLength);
  const std::uint16_t life = out.u16(in, kRemainingLife);
  const std::size_t start = in.at();
  const Bytes id = isis::read_id(kLspId, isis::kSystemId + 2, in, out);
  const std::uint32_t sequence = out.u32(in, kSequenceNumber);
  const std::uint16_t checksum = out.u16(in, kChecksum);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wants(kChecksumStatus)) {
    const bool whole = length > start && in.all().size() >= length;
    const auto status = checksum == 0                                            ? ChecksumStatus::kNotPresent
                        : !whole                                                 ? ChecksumStatus::kUnverified
                        : good_checksum(in.all().subspan(start, length - start)) ? ChecksumStatus::kGood
                                                                                 : ChecksumStatus::kBad;
    out.add(kChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
  }
  const Bytes flags = in.take(1);
  if (!in.ok()) return Outcome::kTruncated;
  add_flags(flags, out);
  if (out.wanted()) {
    std::string seconds = std::to_string(life);
    seconds.insert(0, seconds.size() < 5 ? 5 - seconds.size() : 0, ' ');
    out.info((packet_type == 18 ? "L1" : "L2") + (" LSP, LSP-ID: " + isis::id_text(id)) + ", Sequence: 0x" +
             hex16(static_cast<std::uint16_t>(sequence >> 16U)) + hex16(static_cast<std::uint16_t>(sequence)) +
             ", Lifetime: " + seconds + "s");
  }
  Cursor body = isis::whole_packet(length, in);
  const bool good = isis::read_elements(kClvType, kClvLength, body, out, [&](std::uint8_t type, Cursor& value) {
    read_element(type, packet_type == 18, value, out);
  });
  return good ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector isis_lsp_dissector{.name = "isis.lsp",
                                                    .title = "ISO 10589 ISIS Link State Protocol Data Unit",
                                                    .column = "ISIS LSP",
                                                    .fields = kFields,
                                                    .binds = kBinds,
                                                    .dissect = &dissect_lsp};

}  // namespace pr::dissect
