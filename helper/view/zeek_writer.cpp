// Zeek's logs as tab-separated text (docs.zeek.org, "Zeek Log Formats"). Rows of transactions and handshakes go to the
// log of their protocol; where that changes from one row to the next a new heading follows, as zeek-cut reads it.
#include <array>
#include <cstdio>

#include "helper/view/event_row.h"
#include "shared/base/text.h"

namespace pr::view {
namespace {

constexpr const char* kUnset = "-";

struct ZeekColumn {
  const char* name;
  const char* type;
  std::string (*value)(const EventRow&);  // "" is unset
};

std::string seconds_text(std::int64_t ns) {
  char out[48];
  const std::int64_t micros = ns / 1000;
  std::snprintf(out, sizeof(out), "%lld.%06lld", static_cast<long long>(micros / 1'000'000),
                static_cast<long long>(micros % 1'000'000));
  return out;
}

std::string time_text(std::optional<Timestamp> time) { return time ? seconds_text(to_ns(*time)) : std::string(); }

std::string span_text(std::optional<Timestamp> from, std::optional<Timestamp> to) {
  return from && to && *to >= *from ? seconds_text((*to - *from).count()) : std::string();
}

std::string truth_text(bool truth) { return truth ? "T" : "F"; }

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ",") + value;
  return out;
}

std::string unset(const EventRow& /*row*/) { return {}; }

// Zeek's identifiers are made up too; these say where they come from.
std::string uid(const EventRow& row) {
  char out[64];
  std::snprintf(out, sizeof(out), "C%llus%lluf", static_cast<unsigned long long>(row.number("session").value_or(0)),
                static_cast<unsigned long long>(row.number("flow_id").value_or(0)));
  return out;
}

std::string transport(const EventRow& row) {
  const std::string name = transport_name(row.number("ip_proto").value_or(0));
  return name == "tcp" || name == "udp" || name == "icmp" ? name : "unknown_transport";
}

// Most columns are a cell or a field as it is.
#define PR_COLUMN(key) [](const EventRow& row) { return row.text(key); }
#define PR_FIELD(name) [](const EventRow& row) { return row.field(name); }

constexpr ZeekColumn kTs = {"ts", "time", [](const EventRow& row) { return time_text(row.time("ts")); }};
constexpr ZeekColumn kUid = {"uid", "string", uid};
constexpr ZeekColumn kOrigHost = {"id.orig_h", "addr", PR_COLUMN("src")};
constexpr ZeekColumn kOrigPort = {"id.orig_p", "port", PR_COLUMN("sport")};
constexpr ZeekColumn kRespHost = {"id.resp_h", "addr", PR_COLUMN("dst")};
constexpr ZeekColumn kRespPort = {"id.resp_p", "port", PR_COLUMN("dport")};

constexpr ZeekColumn kConn[] = {
    {"ts", "time", [](const EventRow& row) { return time_text(row.time("first_seen")); }},
    kUid,
    kOrigHost,
    kOrigPort,
    kRespHost,
    kRespPort,
    {"proto", "enum", transport},
    {"service", "string", PR_COLUMN("app_proto")},
    {"duration", "interval",
     [](const EventRow& row) { return span_text(row.time("first_seen"), row.time("last_seen")); }},
    {"orig_bytes", "count", PR_COLUMN("orig_payload_bytes")},
    {"resp_bytes", "count", PR_COLUMN("resp_payload_bytes")},
    {"conn_state", "string", PR_COLUMN("state")},
    {"local_orig", "bool", unset},
    {"local_resp", "bool", unset},
    {"missed_bytes", "count", unset},
    {"history", "string", PR_COLUMN("history")},
    {"orig_pkts", "count", PR_COLUMN("orig_packets")},
    {"orig_ip_bytes", "count", unset},
    {"resp_pkts", "count", PR_COLUMN("resp_packets")},
    {"resp_ip_bytes", "count", unset},
    {"tunnel_parents", "set[string]", unset},
    {"ip_proto", "count", PR_COLUMN("ip_proto")},
    {"community_id", "string", PR_COLUMN("community_id")},
    {"vlan", "int", PR_COLUMN("vlan")}};

constexpr ZeekColumn kDns[] = {
    kTs,
    kUid,
    kOrigHost,
    kOrigPort,
    kRespHost,
    kRespPort,
    {"proto", "enum", transport},
    {"trans_id", "count", PR_FIELD("dns.id")},
    {"rtt", "interval", [](const EventRow& row) { return span_text(row.time("request_ts"), row.time("response_ts")); }},
    {"query", "string", PR_FIELD("dns.qry.name")},
    {"qtype", "count", PR_FIELD("dns.qry.type")},
    {"qtype_name", "string", [](const EventRow& row) { return dns_type_name(row.field("dns.qry.type")); }},
    {"rcode", "count", PR_FIELD("dns.flags.rcode")},
    {"rcode_name", "string", [](const EventRow& row) { return dns_rcode_name(row.field("dns.flags.rcode")); }},
    {"answers", "vector[string]",
     [](const EventRow& row) {
       std::vector<std::string> all;
       for (const char* name :
            {"dns.cname", "dns.a", "dns.aaaa", "dns.ptr.domain_name", "dns.ns", "dns.mx.mail_exchange", "dns.txt"}) {
         for (std::string& value : row.fields(name)) all.push_back(std::move(value));
       }
       return joined(all);
     }},
    {"rejected", "bool", [](const EventRow& row) { return truth_text(row.field("dns.flags.rcode") == "5"); }}};

constexpr ZeekColumn kHttp[] = {kTs,
                                kUid,
                                kOrigHost,
                                kOrigPort,
                                kRespHost,
                                kRespPort,
                                {"method", "string", PR_FIELD("http.request.method")},
                                {"host", "string", PR_FIELD("http.host")},
                                {"uri", "string", PR_FIELD("http.request.uri")},
                                {"referrer", "string", PR_FIELD("http.referer")},
                                {"user_agent", "string", PR_FIELD("http.user_agent")},
                                {"status_code", "count", PR_COLUMN("status")},
                                {"status_msg", "string", PR_FIELD("http.response.phrase")},
                                {"resp_mime_types", "vector[string]", PR_FIELD("http.content_type")}};

constexpr ZeekColumn kSsl[] = {
    kTs,
    kUid,
    kOrigHost,
    kOrigPort,
    kRespHost,
    kRespPort,
    {"version", "string", PR_COLUMN("version")},
    {"cipher", "string", PR_COLUMN("cipher")},
    {"server_name", "string", PR_COLUMN("sni")},
    {"next_protocol", "string", PR_COLUMN("alpn")},
    {"established", "bool", [](const EventRow& row) { return truth_text(!row.text("cipher").empty()); }},
    {"cert_chain_fps", "vector[string]", [](const EventRow& row) { return joined(row.list("cert_sha256")); }},
    {"sni_matches_cert", "bool",
     [](const EventRow& row) -> std::string {
       for (const std::string& verdict : row.list("verdicts")) {
         if (verdict == "matches_san") return "T";
         if (verdict == "san_mismatch") return "F";
       }
       return {};
     }},
    {"ja3", "string", PR_COLUMN("ja3")},
    {"ja3s", "string", PR_COLUMN("ja3s")},
    {"ja4", "string", PR_COLUMN("ja4")}};

constexpr ZeekColumn kSsh[] = {
    kTs,
    kUid,
    kOrigHost,
    kOrigPort,
    kRespHost,
    kRespPort,
    {"version", "count",
     [](const EventRow& row) -> std::string {
       return row.text("ssh_client").starts_with("SSH-1.") && !row.text("ssh_client").starts_with("SSH-1.99") ? "1"
                                                                                                              : "2";
     }},
    {"client", "string", PR_COLUMN("ssh_client")},
    {"server", "string", PR_COLUMN("ssh_server")},
    {"hassh", "string", PR_COLUMN("hassh")},
    {"hasshServer", "string", PR_COLUMN("hassh_server")}};

// Handshakes and transactions without a log of their own.
constexpr ZeekColumn kOther[] = {kTs,
                                 kUid,
                                 kOrigHost,
                                 kOrigPort,
                                 kRespHost,
                                 kRespPort,
                                 {"name", "string", PR_COLUMN("name")},
                                 {"status", "count", PR_COLUMN("status")},
                                 {"summary", "string", PR_COLUMN("summary")}};

#undef PR_COLUMN
#undef PR_FIELD

class ZeekWriter final : public RowWriter {
 public:
  ZeekWriter(Output& output, Noun noun) : output_(output), noun_(noun) {}

  void begin(std::span<const OutputColumn> columns) override {
    row_.emplace(columns);
    if (noun_ == Noun::kFlows) head("conn", kConn);
  }

  void row(const Row& cells) override {
    row_->set(cells);
    if (noun_ != Noun::kFlows) {
      const std::string protocol = row_->text("proto");
      const auto [path, columns] = log_of(protocol);
      if (path != path_) head(path, columns);
    }
    std::string line;
    for (const ZeekColumn& column : columns_) {
      if (&column != columns_.data()) line += '\t';
      const std::string value = column.value(*row_);
      line += value.empty() ? kUnset : escaped(value);
    }
    line += '\n';
    output_.write(line);
  }

 private:
  using Log = std::pair<std::string, std::span<const ZeekColumn>>;

  [[nodiscard]] Log log_of(const std::string& protocol) const {
    if (noun_ == Noun::kHandshakes) return protocol == "ssh" ? Log{"ssh", kSsh} : Log{"ssl", kSsl};
    if (protocol == "dns") return {"dns", kDns};
    if (protocol == "http") return {"http", kHttp};
    return {protocol, kOther};
  }

  // Tabs, line ends and other controls as \xNN, as Zeek writes them.
  static std::string escaped(const std::string& value) { return escape_controls(value); }

  void head(const std::string& path, std::span<const ZeekColumn> columns) {
    path_ = path;
    columns_ = columns;
    std::string out =
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t" + path + "\n#fields";
    for (const ZeekColumn& column : columns) out += std::string("\t") + column.name;
    out += "\n#types";
    for (const ZeekColumn& column : columns) out += std::string("\t") + column.type;
    out += '\n';
    output_.write(out);
  }

  Output& output_;
  const Noun noun_;
  std::optional<EventRow> row_;
  std::string path_;
  std::span<const ZeekColumn> columns_;
};

}  // namespace

std::unique_ptr<RowWriter> make_zeek_writer(Output& output, Noun noun) {
  return std::make_unique<ZeekWriter>(output, noun);
}

}  // namespace pr::view
