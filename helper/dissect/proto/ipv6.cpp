// IPv6, RFC 8200. Extension headers are protocols of their own, found as transports are.
#include "helper/dissect/proto/ipv6/extension.h"

namespace pr::dissect {
namespace ipv6 {
namespace {

constexpr NamedValue kEcnNames[] = {{0, "Not ECN-Capable Transport"},
                                    {1, "ECN-Capable Transport codepoint '01'"},
                                    {2, "ECN-Capable Transport codepoint '10'"},
                                    {3, "Congestion Experienced"}};

enum Field : std::size_t {
  kIpVersion,
  kVersion,
  kTclass,
  kTclassDscp,
  kTclassEcn,
  kFlow,
  kPlen,
  kNxt,
  kHlim,
  kSrc,
  kSrcHost,
  kSrcSlaacMac,
  kSrcIsatapIpv4,
  kSrc6to4GwIpv4,
  kSrc6to4SlaId,
  kSrcTsIpv4,
  kSrcTcPort,
  kSrcTcIpv4,
  kDst,
  kDstHost,
  kDstSlaacMac,
  kDstIsatapIpv4,
  kDst6to4GwIpv4,
  kDst6to4SlaId,
  kDstTsIpv4,
  kDstTcPort,
  kDstTcIpv4,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ip.version", "Version", FieldType::kUint},
    {"ipv6.version", "Version", FieldType::kUint},
    {"ipv6.tclass", "Traffic Class", FieldType::kUint, Show::kHex, 32},
    {"ipv6.tclass.dscp", "Differentiated Services Codepoint", FieldType::kUint},
    {"ipv6.tclass.ecn", "Explicit Congestion Notification", FieldType::kUint, Show::kDec, 0, kEcnNames},
    {"ipv6.flow", "Flow Label", FieldType::kUint, Show::kHex, 24},
    {"ipv6.plen", "Payload Length", FieldType::kUint},
    {"ipv6.nxt", "Next Header", FieldType::kUint, Show::kDec, 0, kIpProtoNames},
    {"ipv6.hlim", "Hop Limit", FieldType::kUint},
    {"ipv6.src", "Source Address", FieldType::kIpv6},
    {"ipv6.src_host", "Source Host", FieldType::kText},
    {"ipv6.src_slaac_mac", "Source SLAAC MAC", FieldType::kEther},
    {"ipv6.src_isatap_ipv4", "Source ISATAP IPv4", FieldType::kIpv4},
    {"ipv6.src_6to4_gw_ipv4", "Source 6to4 Gateway IPv4", FieldType::kIpv4},
    {"ipv6.src_6to4_sla_id", "Source 6to4 SLA ID", FieldType::kUint},
    {"ipv6.src_ts_ipv4", "Source Teredo Server IPv4", FieldType::kIpv4},
    {"ipv6.src_tc_port", "Source Teredo Port", FieldType::kUint},
    {"ipv6.src_tc_ipv4", "Source Teredo Client IPv4", FieldType::kIpv4},
    {"ipv6.dst", "Destination Address", FieldType::kIpv6},
    {"ipv6.dst_host", "Destination Host", FieldType::kText},
    {"ipv6.dst_slaac_mac", "Destination SLAAC MAC", FieldType::kEther},
    {"ipv6.dst_isatap_ipv4", "Destination ISATAP IPv4", FieldType::kIpv4},
    {"ipv6.dst_6to4_gw_ipv4", "Destination 6to4 Gateway IPv4", FieldType::kIpv4},
    {"ipv6.dst_6to4_sla_id", "Destination 6to4 SLA ID", FieldType::kUint},
    {"ipv6.dst_ts_ipv4", "Destination Teredo Server IPv4", FieldType::kIpv4},
    {"ipv6.dst_tc_port", "Destination Teredo Port", FieldType::kUint},
    {"ipv6.dst_tc_ipv4", "Destination Teredo Client IPv4", FieldType::kIpv4},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr const char* kAddr[] = {"ipv6.src", "ipv6.dst"};
constexpr const char* kHost[] = {"ipv6.src_host", "ipv6.dst_host"};
constexpr const char* kSlaac[] = {"ipv6.src_slaac_mac", "ipv6.dst_slaac_mac"};
constexpr const char* kIsatap[] = {"ipv6.src_isatap_ipv4", "ipv6.dst_isatap_ipv4"};
constexpr const char* k6to4Gateway[] = {"ipv6.src_6to4_gw_ipv4", "ipv6.dst_6to4_gw_ipv4"};
constexpr const char* k6to4Sla[] = {"ipv6.src_6to4_sla_id", "ipv6.dst_6to4_sla_id"};
constexpr const char* kTeredoServer[] = {"ipv6.src_ts_ipv4", "ipv6.dst_ts_ipv4"};
constexpr const char* kTeredoPort[] = {"ipv6.src_tc_port", "ipv6.dst_tc_port"};
constexpr const char* kTeredoClient[] = {"ipv6.src_tc_ipv4", "ipv6.dst_tc_ipv4"};
constexpr AliasDef kAliases[] = {{"ipv6.addr", "Source or Destination Address", kAddr},
                                 {"ipv6.host", "Source or Destination Host", kHost},
                                 {"ipv6.slaac_mac", "SLAAC MAC", kSlaac},
                                 {"ipv6.isatap_ipv4", "ISATAP IPv4", kIsatap},
                                 {"ipv6.6to4_gw_ipv4", "6to4 Gateway IPv4", k6to4Gateway},
                                 {"ipv6.6to4_sla_id", "6to4 SLA ID", k6to4Sla},
                                 {"ipv6.ts_ipv4", "Teredo Server IPv4", kTeredoServer},
                                 {"ipv6.tc_port", "Teredo Port", kTeredoPort},
                                 {"ipv6.tc_ipv4", "Teredo Client IPv4", kTeredoClient}};

constexpr Bind kBinds[] = {{"ethertype", kEtherTypeIpv6},
                           {"link", 229},
                           {"ip.version", 6},
                           {"ip.proto", kIpProtoIpv6},
                           {"null.bsd", 10},
                           {"null.bsd", 24},
                           {"null.bsd", 28},
                           {"null.bsd", 30},
                           {"ppp.protocol", 0x0057},
                           {"chdlc.protocol", 0x86dd},
                           {"llc.type", 0x86dd},
                           {"gre.proto", 0x86dd},
                           {"vxlan.next_proto", 2},
                           {"arcnet.protocol_id", 0xc4},
                           {"fr.nlpid", 0x8e}};
constexpr const char* kTables[] = {"ip.proto"};

// Where the fields of one address begin in the table, in the order of the table.
enum AddressField : std::size_t { kAddress, kName, kSlaacMac, kIsatapIpv4, kGateway, kSla, kServer, kPort, kClient };

// What an address tells by how it was made: modified EUI-64 (RFC 4291), ISATAP (RFC 5214), 6to4 (RFC 3056),
// Teredo (RFC 4380).
void add_meaning(Bytes a, std::size_t base, LayerBuilder& out) {
  const auto be32 = [a](std::size_t at) {
    return std::uint64_t{a[at]} << 24U | static_cast<std::uint64_t>(a[at + 1] << 16U | a[at + 2] << 8U | a[at + 3]);
  };
  if (a[0] == 0x20 && a[1] == 0x02) {
    out.add(base + kGateway, be32(2), a.subspan(2, 4));
    out.add(base + kSla, static_cast<std::uint64_t>(a[6] << 8U | a[7]), a.subspan(6, 2));
  } else if (be32(0) == 0x20010000U) {
    out.add(base + kServer, be32(4), a.subspan(4, 4));
    out.add(base + kPort, static_cast<std::uint64_t>((a[10] << 8U | a[11]) ^ 0xffff), a.subspan(10, 2));
    out.add(base + kClient, be32(12) ^ 0xffffffffU, a.subspan(12, 4));
    return;
  }
  if ((a[8] & 0xfcU) == 0 && a[9] == 0 && a[10] == 0x5e && a[11] == 0xfe) {
    out.add(base + kIsatapIpv4, be32(12), a.subspan(12, 4));
  } else if (a[11] == 0xff && a[12] == 0xfe && (a[8] & 2U) != 0) {
    const std::array<std::uint8_t, 6> mac = {static_cast<std::uint8_t>(a[8] ^ 2U), a[9], a[10], a[13], a[14], a[15]};
    // Not as it stands in the packet: kept with the tree.
    out.add_text(base + kSlaacMac, as_text(mac), a.subspan(8));
  }
}

void add_address(Bytes address, std::size_t base, LayerBuilder& out) {
  if (address.size() != 16) return;
  out.add(base + kAddress, address, address);
  if (out.wants(base + kName)) out.add_text(base + kName, IpAddress::from(address).text(), address);
  LayerBuilder::Subtree below(out);
  add_meaning(address, base, out);
}

[[gnu::noinline]] void add_header(Cursor in, LayerBuilder& out) {
  const Bytes first = in.peek(4);
  if (first.empty()) return;
  out.add(kIpVersion, first[0] >> 4U, first.first(1));
  out.add(kVersion, first[0] >> 4U, first.first(1));
  const std::uint32_t word = in.u32();
  if (!in.ok()) return;
  out.add(kTclass, word >> 20U & 0xffU, first);
  {
    LayerBuilder::Subtree below(out);
    out.add(kTclassDscp, word >> 22U & 0x3fU, first);
    out.add(kTclassEcn, word >> 20U & 3U, first);
  }
  out.add(kFlow, word & 0xfffffU, first.subspan(1));
  out.u16(in, kPlen);
  out.u8(in, kNxt);
  out.u8(in, kHlim);
  add_address(in.take(16), kSrc, out);
  add_address(in.take(16), kDst, out);
}

void fill_frame(Bytes src, Bytes dst, std::uint8_t next, LayerBuilder& out) {
  Frame& frame = out.frame();
  frame.extension_headers = 0;
  if (out.quoted()) return;
  frame.enter_network(IpAddress::from(src), IpAddress::from(dst), next);
}

Outcome dissect_ipv6(Cursor& in, LayerBuilder& out) {
  const std::size_t wire = wire_left(in, out);
  const Bytes first = in.peek(1);
  if (first.empty()) return Outcome::kTruncated;
  if (first[0] >> 4U != 6) {
    out.add(kVersion, first[0] >> 4U, first);
    if (out.wanted()) out.info("Bogus IP version");
    in.skip(in.left());
    return Outcome::kDone;
  }
  if (out.wanted()) add_header(in, out);
  constexpr std::size_t kHeader = 40;
  in.skip(4);
  const std::uint16_t stated = in.u16();
  const std::uint8_t next = in.u8();
  out.frame().ttl = in.u8();
  const Bytes src = in.take(16);
  const Bytes dst = in.take(16);
  if (!in.ok()) return Outcome::kTruncated;
  fill_frame(src, dst, next, out);
  // A length of zero: a jumbogram (RFC 2675), or segmentation offload.
  const std::size_t available = wire - kHeader;
  const std::size_t payload = stated == 0 ? available : std::min<std::size_t>(stated, available);
  out.frame().payload_len = static_cast<std::uint32_t>(payload);
  Cursor inner = in.sub(std::min(payload, in.left()));
  if (out.wanted()) out.layer_length(kHeader);
  dissect_next(next, 0, inner, out);
  return Outcome::kDone;
}

}  // namespace
}  // namespace ipv6

extern constinit const Dissector ipv6_dissector{.name = "ipv6",
                                                .title = "Internet Protocol Version 6",
                                                .column = "IPv6",
                                                .fields = ipv6::kFields,
                                                .aliases = ipv6::kAliases,
                                                .binds = ipv6::kBinds,
                                                .tables = ipv6::kTables,
                                                .dissect = &ipv6::dissect_ipv6};

}  // namespace pr::dissect
