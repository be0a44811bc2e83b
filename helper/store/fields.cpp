#include "helper/store/fields.h"

#include <charconv>

#include "helper/store/dictionary.h"

namespace pr::store {
namespace {

using K = SqlColumn::Kind;

// One place of one field; a field may have several lines. maybe: nullptr: the columns hold every value of the field in
// the row; "": nobody knows; else a condition for rows that may hold further values.
struct Line {
  const char* field;
  K kind;
  const char* expression;
  const char* dictionary;  // kDictionary: the number of the kind of text, see dictionary.h
  const char* maybe;
  const char* from = "";
};

constexpr const char* kNameText = "1";
constexpr const char* kPrintText = "2";
constexpr const char* kIssuerText = "3";
constexpr const char* kProtocolText = "4";
constexpr const char* kTlsText = "5";

// A flow's key is what its packets' innermost headers say. Errors of ICMP quote the headers of other packets; an ICMP
// flow's source port is its type. Tunnels have further headers outside, and fragments may hide what there is.
#define PR_QUOTES "(s.flags & 8 OR s.proto IN (1, 58) AND s.sport IN (1, 2, 3, 4, 5, 11, 12, 137))"
constexpr const char* kQuotes = PR_QUOTES;
// Of what a flow said several times, the row holds the last (kSaidOtherwise).
constexpr const char* kSaid = "(s.verdicts & 256 OR " PR_QUOTES ")";

constexpr Line kFlowLines[] = {
    {"flow.id", K::kNumber, "s.flow", "", nullptr},
    {"flow.session", K::kNumber, "s.session", "", nullptr},
    {"flow.app_proto", K::kDictionary, "s.app", kProtocolText, nullptr},
    {"flow.app_proto_evidence", K::kText, "pr_evidence(s.evidence)", "", nullptr},
    {"flow.state", K::kText, "pr_state(s.state)", "", nullptr},
    {"flow.history", K::kText, "s.history", "", nullptr},
    {"flow.orig.ip", K::kText, "pr_ip(s.src)", "", nullptr},
    {"flow.resp.ip", K::kText, "pr_ip(s.dst)", "", nullptr},
    {"flow.orig.port", K::kNumber, "s.sport", "", nullptr},
    {"flow.resp.port", K::kNumber, "s.dport", "", nullptr},
    {"flow.proto", K::kNumber, "s.proto", "", nullptr},
    {"flow.packets", K::kNumber, "(s.opkts + s.rpkts)", "", nullptr},
    {"flow.bytes", K::kNumber, "(s.obytes + s.rbytes)", "", nullptr},
    {"flow.duration", K::kDuration, "(s.last - s.first)", "", nullptr},
    {"flow.rtt", K::kDuration, "s.rtt", "", nullptr},
    {"flow.sni", K::kDictionary, "s.sni", kNameText, nullptr},
    {"flow.dns_name", K::kDictionary, "s.name", kNameText, nullptr},
    {"flow.http_host", K::kDictionary, "s.host", kNameText, nullptr},
    {"flow.verdict", K::kText, "j.value", "", nullptr, "json_each(pr_verdicts(s.verdicts)) j"},
    {"flow.issuer", K::kDictionary, "s.issuer", kIssuerText, nullptr},
    {"flow.cert.sha256", K::kText, "pr_certificate(j.value)", "", nullptr, "json_each(s.certs) j"},
    {"flow.hassh", K::kDictionary, "s.hassh", kPrintText, nullptr},
    {"flow.hassh_server", K::kDictionary, "s.hassh_server", kPrintText, nullptr},
    {"flow.ja3", K::kDictionary, "s.ja3", kPrintText, nullptr},
    {"flow.ja3s", K::kDictionary, "s.ja3s", kPrintText, nullptr},
    {"flow.ja4", K::kDictionary, "s.ja4", kPrintText, nullptr},
    {"flow.retransmissions", K::kNumber, "ifnull(s.retrans, 0)", "", nullptr},
    {"flow.out_of_order", K::kNumber, "ifnull(s.ooo, 0)", "", nullptr},
    {"flow.gaps", K::kNumber, "ifnull(s.gaps, 0)", "", nullptr},
    {"flow.vlan", K::kNumber, "s.vlan", "", nullptr},
    {"flow.tunnel", K::kText, "s.tunnel", "", nullptr},
    {"communityid", K::kText, "pr_community(s.community)", "", kQuotes},
    {"ip.src", K::kIp, "CASE WHEN s.opkts > 0 THEN s.src END", "", kQuotes},
    {"ip.src", K::kIp, "CASE WHEN s.rpkts > 0 THEN s.dst END", "", kQuotes},
    {"ip.dst", K::kIp, "CASE WHEN s.opkts > 0 THEN s.dst END", "", kQuotes},
    {"ip.dst", K::kIp, "CASE WHEN s.rpkts > 0 THEN s.src END", "", kQuotes},
    {"ip.addr", K::kIp, "s.src", "", kQuotes},
    {"ip.addr", K::kIp, "s.dst", "", kQuotes},
    {"ipv6.src", K::kIp, "CASE WHEN s.opkts > 0 THEN s.src END", "", kQuotes},
    {"ipv6.src", K::kIp, "CASE WHEN s.rpkts > 0 THEN s.dst END", "", kQuotes},
    {"ipv6.dst", K::kIp, "CASE WHEN s.opkts > 0 THEN s.dst END", "", kQuotes},
    {"ipv6.dst", K::kIp, "CASE WHEN s.rpkts > 0 THEN s.src END", "", kQuotes},
    {"ipv6.addr", K::kIp, "s.src", "", kQuotes},
    {"ipv6.addr", K::kIp, "s.dst", "", kQuotes},
    {"ip", K::kPresence, "length(s.src) = 4", "", kQuotes},
    {"ipv6", K::kPresence, "length(s.src) = 16", "", kQuotes},
    {"tcp", K::kPresence, "s.proto = 6 AND s.flags & 4", "", PR_QUOTES " OR s.proto = 6 AND NOT s.flags & 4"},
    {"udp", K::kPresence, "s.proto = 17 AND s.flags & 4", "", PR_QUOTES " OR s.proto = 17 AND NOT s.flags & 4"},
    {"icmp", K::kPresence, "s.proto = 1 AND NOT s.flags & 8", "", kQuotes},
    {"icmpv6", K::kPresence, "s.proto = 58 AND NOT s.flags & 8", "", kQuotes},
    {"tcp.port", K::kNumber, "CASE WHEN s.proto = 6 THEN s.sport END", "", kQuotes},
    {"tcp.port", K::kNumber, "CASE WHEN s.proto = 6 THEN s.dport END", "", kQuotes},
    {"tcp.srcport", K::kNumber, "CASE WHEN s.proto = 6 AND s.opkts > 0 THEN s.sport END", "", kQuotes},
    {"tcp.srcport", K::kNumber, "CASE WHEN s.proto = 6 AND s.rpkts > 0 THEN s.dport END", "", kQuotes},
    {"tcp.dstport", K::kNumber, "CASE WHEN s.proto = 6 AND s.opkts > 0 THEN s.dport END", "", kQuotes},
    {"tcp.dstport", K::kNumber, "CASE WHEN s.proto = 6 AND s.rpkts > 0 THEN s.sport END", "", kQuotes},
    {"udp.port", K::kNumber, "CASE WHEN s.proto = 17 THEN s.sport END", "", kQuotes},
    {"udp.port", K::kNumber, "CASE WHEN s.proto = 17 THEN s.dport END", "", kQuotes},
    {"udp.srcport", K::kNumber, "CASE WHEN s.proto = 17 AND s.opkts > 0 THEN s.sport END", "", kQuotes},
    {"udp.srcport", K::kNumber, "CASE WHEN s.proto = 17 AND s.rpkts > 0 THEN s.dport END", "", kQuotes},
    {"udp.dstport", K::kNumber, "CASE WHEN s.proto = 17 AND s.opkts > 0 THEN s.dport END", "", kQuotes},
    {"udp.dstport", K::kNumber, "CASE WHEN s.proto = 17 AND s.rpkts > 0 THEN s.sport END", "", kQuotes},
    {"tcp.stream", K::kNumber, "CASE WHEN s.proto = 6 THEN s.stream END", "", nullptr},
    {"udp.stream", K::kNumber, "CASE WHEN s.proto = 17 THEN s.stream END", "", nullptr},
    // Packets of one flow may carry different tags inside the outermost.
    {"vlan.id", K::kNumber, "s.vlan", "", "s.vlan IS NOT NULL"},
    {"tls.handshake.extensions_server_name", K::kDictionary, "s.sni", kNameText, kSaid},
    {"tls.handshake.ja3", K::kDictionary, "s.ja3", kPrintText, kSaid},
    {"tls.handshake.ja3s", K::kDictionary, "s.ja3s", kPrintText, kSaid},
    {"tls.handshake.ja4", K::kDictionary, "s.ja4", kPrintText, kSaid},
    {"ssh.kex.hassh", K::kDictionary, "s.hassh", kPrintText, kSaid},
    {"ssh.kex.hasshserver", K::kDictionary, "s.hassh_server", kPrintText, kSaid},
    {"http.host", K::kDictionary, "s.host", kNameText, kSaid},
};

constexpr Line kHandshakeLines[] = {
    {"flow.id", K::kNumber, "h.flow", "", nullptr},
    {"flow.session", K::kNumber, "h.session", "", nullptr},
    {"flow.app_proto", K::kDictionary, "h.protocol", kProtocolText, ""},
    {"flow.sni", K::kDictionary, "h.sni", kNameText, nullptr},
    {"flow.ja3", K::kDictionary, "h.ja3", kPrintText, nullptr},
    {"flow.ja3s", K::kDictionary, "h.ja3s", kPrintText, nullptr},
    {"flow.ja4", K::kDictionary, "h.ja4", kPrintText, nullptr},
    {"flow.hassh", K::kDictionary, "h.hassh", kPrintText, nullptr},
    {"flow.hassh_server", K::kDictionary, "h.hassh_server", kPrintText, nullptr},
    {"flow.cert.sha256", K::kText, "pr_certificate(j.value)", "", nullptr, "json_each(h.certs) j"},
    {"flow.verdict", K::kText, "j.value", "", nullptr, "json_each(pr_verdicts(h.verdicts)) j"},
    {"tls", K::kPresence, "pr_text(h.protocol) = 'tls'", "", nullptr},
    {"ssh", K::kPresence, "pr_text(h.protocol) = 'ssh'", "", nullptr},
    {"tls.handshake.extensions_server_name", K::kDictionary, "h.sni", kNameText, nullptr},
    {"tls.handshake.ja3", K::kDictionary, "h.ja3", kPrintText, nullptr},
    {"tls.handshake.ja3_full", K::kDictionary, "h.ja3_full", kPrintText, nullptr},
    {"tls.handshake.ja3s", K::kDictionary, "h.ja3s", kPrintText, nullptr},
    {"tls.handshake.ja3s_full", K::kDictionary, "h.ja3s_full", kPrintText, nullptr},
    {"tls.handshake.ja4", K::kDictionary, "h.ja4", kPrintText, nullptr},
    {"tls.handshake.ja4_r", K::kDictionary, "h.ja4_r", kPrintText, nullptr},
    {"tls.handshake.extensions_alpn_str", K::kDictionary, "h.alpn", kTlsText, ""},
    {"ssh.kex.hassh", K::kDictionary, "h.hassh", kPrintText, nullptr},
    {"ssh.kex.hasshserver", K::kDictionary, "h.hassh_server", kPrintText, nullptr},
};

constexpr Line kTransactionLines[] = {
    {"flow.id", K::kNumber, "t.flow", "", nullptr},
    {"flow.session", K::kNumber, "t.session", "", nullptr},
    {"dns", K::kPresence, "pr_text(t.protocol) = 'dns'", "", nullptr},
    {"http", K::kPresence, "pr_text(t.protocol) = 'http'", "", nullptr},
    {"ssh", K::kPresence, "pr_text(t.protocol) = 'ssh'", "", nullptr},
    {"tls", K::kPresence, "pr_text(t.protocol) = 'tls'", "", nullptr},
    {"dns.qry.name", K::kText, "j.value", "", nullptr,
     "json_each('[' || ifnull(('{' || t.fields || '}') -> '$.\"dns.qry.name\"', 'null') || ']') j"},
};

constexpr Line kCertificateLines[] = {
    {"flow.session", K::kNumber, "x.session", "", nullptr},
    {"flow.cert.sha256", K::kText, "pr_hex(c.sha256)", "", nullptr},
    {"flow.issuer", K::kDictionary, "c.issuer", kIssuerText, nullptr},
};

constexpr Line kNameLines[] = {
    {"flow.session", K::kNumber, "n.session", "", nullptr},
    {"flow.dns_name", K::kDictionary, "n.name", kNameText, nullptr},
    {"dns.qry.name", K::kDictionary, "n.name", kNameText, nullptr},
    {"ip.addr", K::kIp, "pr_unhex(j.value)", "", nullptr, "json_each(n.addresses) j"},
    {"ipv6.addr", K::kIp, "pr_unhex(j.value)", "", nullptr, "json_each(n.addresses) j"},
};

constexpr Line kSessionLines[] = {
    {"flow.session", K::kNumber, "g.id", "", nullptr},
};
constexpr Line kStatLines[] = {
    {"flow.session", K::kNumber, "k.session", "", nullptr},
};

// How zones know the values of a flow's field.
ZoneKey zone_key(const Line& line) {
  const std::string_view field = line.field;
  if (line.kind == K::kDictionary) return ZoneKey::kText;
  if (line.kind == K::kIp || field.ends_with(".ip")) return ZoneKey::kAddress;
  if (field.ends_with("port")) return ZoneKey::kPort;
  if (field == "flow.bytes") return ZoneKey::kBytes;
  if (field == "flow.packets") return ZoneKey::kPackets;
  if (field == "flow.duration") return ZoneKey::kDuration;
  return field == "flow.state" ? ZoneKey::kState : ZoneKey::kNone;
}

std::span<const Line> lines(Noun noun) {
  switch (noun) {
    case Noun::kPackets: return {};
    case Noun::kFlows: return kFlowLines;
    case Noun::kHandshakes: return kHandshakeLines;
    case Noun::kCertificates: return kCertificateLines;
    case Noun::kTransactions: return kTransactionLines;
    case Noun::kNames: return kNameLines;
    case Noun::kSessions: return kSessionLines;
    case Noun::kStats: return kStatLines;
  }
  return {};
}

}  // namespace

const char* const kOddRow = kSaid;

FieldMap::FieldMap(Noun noun, Database& catalog) : catalog_(catalog) {
  for (const Line& line : lines(noun)) {
    SqlField& field = fields_[line.field];
    field.complete = line.maybe == nullptr;
    if (line.maybe != nullptr) field.maybe = line.maybe;
    if (line.maybe == kQuotes || line.maybe == kSaid) field.maybe_zone = ZoneKey::kOdd;
    field.columns.push_back({.expression = line.expression,
                             .kind = line.kind,
                             .dictionary = line.dictionary,
                             .from = line.from,
                             .zone = noun == Noun::kFlows ? zone_key(line) : ZoneKey::kNone});
  }
}

const SqlField* FieldMap::find(std::string_view field) const {
  const auto found = fields_.find(std::string(field));
  return found == fields_.end() ? nullptr : &found->second;
}

absl::StatusOr<std::vector<std::int64_t>> FieldMap::resolve(std::string_view dictionary, const std::string* exact,
                                                            FunctionRef<bool(std::string_view)> test) {
  int kind = 0;
  std::from_chars(dictionary.data(), dictionary.data() + dictionary.size(), kind);
  absl::StatusOr<Statement> s =
      catalog_.prepare(exact != nullptr ? "SELECT id, value FROM text WHERE kind = ? AND value = ?"
                                        : "SELECT id, value FROM text WHERE kind = ?");
  if (!s.ok()) return s.status();
  s->bind(0, kind);
  if (exact != nullptr) s->bind(1, *exact);
  std::vector<std::int64_t> ids;
  for (;;) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) return ids;
    if (exact != nullptr || test(s->text(1))) ids.push_back(s->integer(0));
  }
}

}  // namespace pr::store
