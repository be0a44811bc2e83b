#include "helper/store/columns.h"

#include <array>

#include "helper/store/reader.h"

namespace pr::store {
namespace {

// In the order of JSON keys. s: slice, h: handshake, t: transactions, n: name, g: session.
constexpr Column kFlows[] = {
    {{"file", nullptr, "File", CellType::kText}, "s.session", Decode::kFile},
    {{"session", "flow.session", "Session", CellType::kUint, true, true}, "s.session", Decode::kUint},
    {{"flow_id", "flow.id", "Flow", CellType::kUint, true, true}, "s.flow", Decode::kUint},
    {{"first_seen", nullptr, "First seen", CellType::kTime, true}, "s.first", Decode::kTime},
    {{"last_seen", nullptr, "Last seen", CellType::kTime}, "s.last", Decode::kTime},
    {{"duration", "flow.duration", "Duration", CellType::kDuration, true, true}, "s.last - s.first", Decode::kDuration},
    {{"src", "flow.orig.ip", "Source", CellType::kText, true}, "s.src", Decode::kIp},
    {{"sport", "flow.orig.port", "Port", CellType::kUint, true, true}, "s.sport", Decode::kUint},
    {{"dst", "flow.resp.ip", "Destination", CellType::kText, true}, "s.dst", Decode::kIp},
    {{"dport", "flow.resp.port", "Port", CellType::kUint, true, true}, "s.dport", Decode::kUint},
    {{"proto", nullptr, "Proto", CellType::kText, true}, "s.proto", Decode::kIpProto},
    {{"ip_proto", "flow.proto", "IP protocol", CellType::kUint, false, true}, "s.proto", Decode::kUint},
    {{"app_proto", "flow.app_proto", "Application", CellType::kText, true}, "s.app", Decode::kDictionary},
    {{"app_proto_evidence", "flow.app_proto_evidence", "Recognised by", CellType::kText},
     "s.evidence",
     Decode::kEvidence},
    {{"packets", "flow.packets", "Packets", CellType::kUint, true, true}, "s.opkts + s.rpkts", Decode::kUint},
    {{"bytes", "flow.bytes", "Bytes", CellType::kUint, true, true}, "s.obytes + s.rbytes", Decode::kUint},
    {{"orig_packets", nullptr, "Packets sent", CellType::kUint, false, true}, "s.opkts", Decode::kUint},
    {{"resp_packets", nullptr, "Packets received", CellType::kUint, false, true}, "s.rpkts", Decode::kUint},
    {{"orig_bytes", nullptr, "Bytes sent", CellType::kUint, false, true}, "s.obytes", Decode::kUint},
    {{"resp_bytes", nullptr, "Bytes received", CellType::kUint, false, true}, "s.rbytes", Decode::kUint},
    {{"orig_payload_bytes", nullptr, "Payload sent", CellType::kUint, false, true}, "s.opay", Decode::kUint},
    {{"resp_payload_bytes", nullptr, "Payload received", CellType::kUint, false, true}, "s.rpay", Decode::kUint},
    {{"state", "flow.state", "State", CellType::kText, true}, "s.state", Decode::kConnState},
    {{"history", "flow.history", "History", CellType::kText}, "s.history", Decode::kText},
    {{"sni", "flow.sni", "Server name", CellType::kText, true}, "s.sni", Decode::kDictionary},
    {{"http_host", "flow.http_host", "HTTP host", CellType::kText}, "s.host", Decode::kDictionary},
    {{"dns_name", "flow.dns_name", "DNS name", CellType::kText}, "s.name", Decode::kDictionary},
    {{"alpn", nullptr, "ALPN", CellType::kText}, "s.alpn", Decode::kDictionary},
    {{"tls_version", nullptr, "TLS version", CellType::kText}, "s.version", Decode::kDictionary},
    {{"cipher", nullptr, "Cipher suite", CellType::kText}, "s.cipher", Decode::kDictionary},
    {{"ja3", "flow.ja3", "JA3", CellType::kText}, "s.ja3", Decode::kDictionary},
    {{"ja3s", "flow.ja3s", "JA3S", CellType::kText}, "s.ja3s", Decode::kDictionary},
    {{"ja4", "flow.ja4", "JA4", CellType::kText}, "s.ja4", Decode::kDictionary},
    {{"hassh", "flow.hassh", "HASSH", CellType::kText}, "s.hassh", Decode::kDictionary},
    {{"hassh_server", "flow.hassh_server", "HASSH of server", CellType::kText}, "s.hassh_server", Decode::kDictionary},
    {{"cert_sha256", "flow.cert.sha256", "Certificates", CellType::kList}, "s.certs", Decode::kCertificates},
    {{"issuer", "flow.issuer", "Issuer", CellType::kText}, "s.issuer", Decode::kDictionary},
    {{"verdicts", "flow.verdict", "Verdicts", CellType::kList}, "s.verdicts", Decode::kVerdicts},
    {{"community_id", "communityid", "Community ID", CellType::kText}, "s.community", Decode::kCommunity},
    {{"vlan", "flow.vlan", "VLAN", CellType::kUint, false, true}, "s.vlan", Decode::kUint},
    {{"tunnel", "flow.tunnel", "Tunnel", CellType::kText}, "s.tunnel", Decode::kText},
    {{"rtt", "flow.rtt", "RTT", CellType::kDuration, false, true}, "s.rtt", Decode::kDuration},
    {{"retransmissions", "flow.retransmissions", "Retransmissions", CellType::kUint, false, true},
     "ifnull(s.retrans, 0)",
     Decode::kUint},
    {{"out_of_order", "flow.out_of_order", "Out of order", CellType::kUint, false, true},
     "ifnull(s.ooo, 0)",
     Decode::kUint},
    {{"gaps", "flow.gaps", "Gaps", CellType::kUint, false, true}, "ifnull(s.gaps, 0)", Decode::kUint},
    {{"tcp_stream", nullptr, "TCP stream", CellType::kUint, false, true},
     "CASE WHEN s.proto = 6 THEN s.stream END",
     Decode::kUint},
    {{"udp_stream", nullptr, "UDP stream", CellType::kUint, false, true},
     "CASE WHEN s.proto = 17 THEN s.stream END",
     Decode::kUint},
    {{"open", nullptr, "Open", CellType::kBool}, "NOT s.flags & 2", Decode::kBool},
};

constexpr Column kHandshakes[] = {
    {{"file", nullptr, "File", CellType::kText}, "h.session", Decode::kFile},
    {{"session", "flow.session", "Session", CellType::kUint, true, true}, "h.session", Decode::kUint},
    {{"flow_id", "flow.id", "Flow", CellType::kUint, true, true}, "h.flow", Decode::kUint},
    {{"ts", nullptr, "Time", CellType::kTime, true}, "h.ts", Decode::kTime},
    {{"proto", nullptr, "Protocol", CellType::kText, true}, "h.protocol", Decode::kDictionary},
    {{"version", nullptr, "Version", CellType::kText, true}, "h.version", Decode::kDictionary},
    {{"cipher", nullptr, "Cipher suite", CellType::kText, true}, "h.cipher", Decode::kDictionary},
    {{"sni", "flow.sni", "Server name", CellType::kText, true}, "h.sni", Decode::kDictionary},
    {{"alpn", nullptr, "ALPN", CellType::kText, true}, "h.alpn", Decode::kDictionary},
    {{"ja3", "flow.ja3", "JA3", CellType::kText}, "h.ja3", Decode::kDictionary},
    {{"ja3_full", nullptr, "JA3 text", CellType::kText}, "h.ja3_full", Decode::kDictionary},
    {{"ja3s", "flow.ja3s", "JA3S", CellType::kText}, "h.ja3s", Decode::kDictionary},
    {{"ja3s_full", nullptr, "JA3S text", CellType::kText}, "h.ja3s_full", Decode::kDictionary},
    {{"ja4", "flow.ja4", "JA4", CellType::kText, true}, "h.ja4", Decode::kDictionary},
    {{"ja4_r", nullptr, "JA4_r", CellType::kText}, "h.ja4_r", Decode::kDictionary},
    {{"ja4_o", nullptr, "JA4_o", CellType::kText}, "h.ja4_o", Decode::kDictionary},
    {{"ja4_ro", nullptr, "JA4_ro", CellType::kText}, "h.ja4_ro", Decode::kDictionary},
    {{"hassh", "flow.hassh", "HASSH", CellType::kText}, "h.hassh", Decode::kDictionary},
    {{"hassh_server", "flow.hassh_server", "HASSH of server", CellType::kText}, "h.hassh_server", Decode::kDictionary},
    {{"ssh_client", nullptr, "SSH client", CellType::kText, true}, "h.ssh_client", Decode::kDictionary},
    {{"ssh_server", nullptr, "SSH server", CellType::kText, true}, "h.ssh_server", Decode::kDictionary},
    {{"cert_sha256", "flow.cert.sha256", "Certificates", CellType::kList}, "h.certs", Decode::kCertificates},
    {{"ech", nullptr, "ECH", CellType::kBool}, "ifnull(h.ech, 0)", Decode::kBool},
    {{"verdicts", "flow.verdict", "Verdicts", CellType::kList}, "h.verdicts", Decode::kVerdicts},
};

constexpr Column kTransactions[] = {
    {{"file", nullptr, "File", CellType::kText}, "t.session", Decode::kFile},
    {{"session", "flow.session", "Session", CellType::kUint, true, true}, "t.session", Decode::kUint},
    {{"flow_id", "flow.id", "Flow", CellType::kUint, true, true}, "t.flow", Decode::kUint},
    {{"ts", nullptr, "Time", CellType::kTime, true}, "t.ts", Decode::kTime},
    {{"proto", nullptr, "Protocol", CellType::kText, true}, "t.protocol", Decode::kDictionary},
    {{"name", nullptr, "Name", CellType::kText, true}, "t.name", Decode::kDictionary},
    {{"status", nullptr, "Status", CellType::kUint, true, true}, "t.status", Decode::kUint},
    {{"summary", nullptr, "Summary", CellType::kText, true}, "t.summary", Decode::kText},
    {{"request_ts", nullptr, "Request", CellType::kTime}, "t.request", Decode::kTime},
    {{"response_ts", nullptr, "Response", CellType::kTime}, "t.response", Decode::kTime},
    {{"latency", nullptr, "Latency", CellType::kDuration, true, true}, "t.response - t.request", Decode::kDuration},
    {{"fields", nullptr, "Fields", CellType::kJson},
     "CASE WHEN t.fields IS NOT NULL THEN '{' || t.fields || '}' END",
     Decode::kJson},
};

constexpr Column kCertificates[] = {
    {{"file", nullptr, "File", CellType::kText}, "x.session", Decode::kFile},
    {{"session", nullptr, "Session", CellType::kUint, false, true}, "x.session", Decode::kUint},
    {{"sha256", "flow.cert.sha256", "SHA-256", CellType::kText}, "c.sha256", Decode::kHex},
    {{"sha1", nullptr, "SHA-1", CellType::kText}, "c.sha1", Decode::kHex},
    {{"subject", nullptr, "Subject", CellType::kText, true}, "c.subject", Decode::kText},
    {{"issuer", "flow.issuer", "Issuer", CellType::kText, true}, "c.issuer", Decode::kDictionary},
    {{"serial", nullptr, "Serial number", CellType::kText}, "c.serial", Decode::kText},
    {{"san", nullptr, "Names", CellType::kList, true}, "c.san", Decode::kTextList},
    {{"not_before", nullptr, "Valid from", CellType::kTime}, "c.not_before", Decode::kTime},
    {{"not_after", nullptr, "Valid to", CellType::kTime, true}, "c.not_after", Decode::kTime},
    {{"key_type", nullptr, "Key", CellType::kText, true}, "c.key_type", Decode::kText},
    {{"key_bits", nullptr, "Bits", CellType::kUint, true, true}, "c.key_bits", Decode::kUint},
    {{"self_signed", nullptr, "Self-signed", CellType::kBool, true}, "c.self_signed", Decode::kBool},
    {{"first_seen", nullptr, "First seen", CellType::kTime, true}, "x.first_seen", Decode::kTime},
    {{"last_seen", nullptr, "Last seen", CellType::kTime}, "x.last_seen", Decode::kTime},
    {{"count", nullptr, "Seen", CellType::kUint, true, true}, "x.count", Decode::kUint},
};

constexpr Column kNames[] = {
    {{"file", nullptr, "File", CellType::kText}, "n.session", Decode::kFile},
    {{"session", nullptr, "Session", CellType::kUint, false, true}, "n.session", Decode::kUint},
    {{"name", nullptr, "Name", CellType::kText, true}, "n.name", Decode::kDictionary},
    {{"addresses", nullptr, "Addresses", CellType::kList, true}, "n.addresses", Decode::kIpList},
    {{"first_seen", nullptr, "First seen", CellType::kTime, true}, "n.first", Decode::kTime},
    {{"last_seen", nullptr, "Last seen", CellType::kTime, true}, "n.last", Decode::kTime},
    {{"sources", nullptr, "Sources", CellType::kList, true}, "n.sources", Decode::kSources},
    {{"count", nullptr, "Seen", CellType::kUint, true, true}, "n.count", Decode::kUint},
    {{"ttl", nullptr, "TTL", CellType::kUint, false, true}, "n.ttl", Decode::kUint},
};

constexpr Column kSessions[] = {
    {{"file", nullptr, "File", CellType::kText, true}, "g.file", Decode::kText},
    {{"session", "flow.session", "Session", CellType::kUint, true, true}, "g.id", Decode::kUint},
    {{"name", nullptr, "Name", CellType::kText, true}, "nullif(g.label, '')", Decode::kText},
    {{"state", nullptr, "State", CellType::kText, true}, "g.state", Decode::kText},
    {{"live", nullptr, "Live", CellType::kBool}, "g.live", Decode::kBool},
    {{"started", nullptr, "Started", CellType::kTime, true}, "g.started", Decode::kTime},
    {{"ended", nullptr, "Ended", CellType::kTime}, "g.ended", Decode::kTime},
    {{"first_seen", nullptr, "First packet", CellType::kTime}, "g.first_packet", Decode::kTime},
    {{"last_seen", nullptr, "Last packet", CellType::kTime}, "g.last_packet", Decode::kTime},
    {{"packets", nullptr, "Packets", CellType::kUint, true, true}, "g.packets", Decode::kUint},
    {{"bytes", nullptr, "Bytes", CellType::kUint, true, true}, "g.bytes", Decode::kUint},
    {{"linktype", nullptr, "Link type", CellType::kText, true}, "g.link_types", Decode::kLinkTypes},
    {{"received", nullptr, "Received", CellType::kUint, false, true}, "g.received", Decode::kUint},
    {{"dropped", nullptr, "Dropped", CellType::kJson},
     "json_object('kernel', g.dropped_kernel, 'interface', g.dropped_interface, 'queue', g.dropped_queue,"
     " 'store', g.dropped_store)",
     Decode::kJson},
    {{"dns_queries", nullptr, "DNS queries", CellType::kUint, false, true}, "g.dns_queries", Decode::kUint},
    {{"dns_responses", nullptr, "DNS responses", CellType::kUint, false, true}, "g.dns_responses", Decode::kUint},
    {{"tcp_flows", nullptr, "TCP flows", CellType::kUint, true, true}, "g.tcp_flows", Decode::kUint},
    {{"udp_flows", nullptr, "UDP flows", CellType::kUint, true, true}, "g.udp_flows", Decode::kUint},
    {{"malformed", nullptr, "Malformed", CellType::kUint, false, true}, "g.malformed", Decode::kUint},
    {{"pinned", nullptr, "Pinned", CellType::kBool}, "g.pinned", Decode::kBool},
    {{"keeps_packets", nullptr, "Keeps packets", CellType::kBool}, "g.keeps_packets", Decode::kBool},
    {{"gaps", nullptr, "Gaps", CellType::kJson},
     "(SELECT json_group_array(json_object('from', strftime('%Y-%m-%dT%H:%M:%S', p.start / 1000000000, 'unixepoch')"
     " || printf('.%09dZ', p.start % 1000000000), 'to', strftime('%Y-%m-%dT%H:%M:%S', p.end / 1000000000, 'unixepoch')"
     " || printf('.%09dZ', p.end % 1000000000), 'why', p.why)) FROM gap p WHERE p.session = g.id"
     " HAVING count(*) > 0)",
     Decode::kJson},
};

constexpr Column kStats[] = {
    {{"file", nullptr, "File", CellType::kText, true}, "k.session", Decode::kFile},
    {{"session", nullptr, "Session", CellType::kUint, true, true}, "k.session", Decode::kUint},
    {{"counter", nullptr, "Counter", CellType::kText, true}, "k.name", Decode::kText},
    {{"value", nullptr, "Value", CellType::kUint, true, true}, "k.value", Decode::kUint},
};

template <std::size_t N>
constexpr std::array<ColumnDef, N> defs_of(const Column (&table)[N]) {
  std::array<ColumnDef, N> defs{};
  for (std::size_t i = 0; i < N; ++i) defs[i] = table[i].def;
  return defs;
}

constexpr auto kFlowDefs = defs_of(kFlows);
constexpr auto kHandshakeDefs = defs_of(kHandshakes);
constexpr auto kTransactionDefs = defs_of(kTransactions);
constexpr auto kCertificateDefs = defs_of(kCertificates);
constexpr auto kNameDefs = defs_of(kNames);
constexpr auto kSessionDefs = defs_of(kSessions);
constexpr auto kStatDefs = defs_of(kStats);

}  // namespace

std::span<const Column> column_table(Noun noun) {
  switch (noun) {
    case Noun::kPackets: return {};
    case Noun::kFlows: return kFlows;
    case Noun::kHandshakes: return kHandshakes;
    case Noun::kCertificates: return kCertificates;
    case Noun::kTransactions: return kTransactions;
    case Noun::kNames: return kNames;
    case Noun::kSessions: return kSessions;
    case Noun::kStats: return kStats;
  }
  return {};
}

std::span<const ColumnDef> columns(Noun noun) {
  switch (noun) {
    case Noun::kPackets: return {};
    case Noun::kFlows: return kFlowDefs;
    case Noun::kHandshakes: return kHandshakeDefs;
    case Noun::kCertificates: return kCertificateDefs;
    case Noun::kTransactions: return kTransactionDefs;
    case Noun::kNames: return kNameDefs;
    case Noun::kSessions: return kSessionDefs;
    case Noun::kStats: return kStatDefs;
  }
  return {};
}

const Column* find_column(Noun noun, std::string_view key) {
  for (const Column& column : column_table(noun)) {
    if (key == column.def.key) return &column;
  }
  return nullptr;
}

}  // namespace pr::store
