// Suricata's EVE JSON: one event a line, named as in its user guide ("EVE JSON Format").
#include <chrono>
#include <cstdio>
#include <ctime>

#include "helper/view/event_row.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

// An object that is written member by member; members without a value are left out.
class Object {
 public:
  Object& text(const char* key, std::string_view value) {
    if (!value.empty()) append_json_text(name(key), value);
    return *this;
  }
  Object& number(const char* key, std::optional<std::uint64_t> value) {
    if (value) name(key) += std::to_string(*value);
    return *this;
  }
  Object& truth(const char* key, bool value) {
    name(key) += value ? "true" : "false";
    return *this;
  }
  Object& json(const char* key, std::string_view value) {
    name(key) += value;
    return *this;
  }
  Object& list(const char* key, const std::vector<std::string>& values) {
    if (values.empty()) return *this;
    std::string& out = name(key);
    out += '[';
    for (const std::string& value : values) {
      if (&value != values.data()) out += ',';
      append_json_text(out, value);
    }
    out += ']';
    return *this;
  }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string str() const { return "{" + text_ + "}"; }

 private:
  std::string& name(const char* key) {
    if (!text_.empty()) text_ += ',';
    text_ += std::string("\"") + key + "\":";
    return text_;
  }
  std::string text_;
};

// "2023-11-14T22:13:20.000000+0000"
std::string eve_time(Timestamp time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
  const auto fraction = (micros % 1'000'000 + 1'000'000) % 1'000'000;
  const auto seconds = static_cast<std::time_t>((micros - fraction) / 1'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char date[32], out[64];
  std::strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(out, sizeof(out), "%s.%06lld+0000", date, static_cast<long long>(fraction));
  return out;
}

std::string optional_time(std::optional<Timestamp> time) { return time ? eve_time(*time) : std::string(); }

std::string upper(std::string text) {
  for (char& c : text) c = ascii_upper(c);
  return text;
}

// Suricata's states of a flow, from Zeek's of a connection.
const char* flow_state(const EventRow& row) {
  const std::string state = row.text("state");
  if (row.number("ip_proto").value_or(0) != 6)
    return row.number("resp_packets").value_or(0) > 0 ? "established" : "new";
  if (state == "S0") return "new";
  return state == "S1" || state == "S2" || state == "S3" || state == "OTH" ? "established" : "closed";
}

std::string flow_object(const EventRow& row) {
  Object flow;
  flow.number("pkts_toserver", row.number("orig_packets")).number("pkts_toclient", row.number("resp_packets"));
  flow.number("bytes_toserver", row.number("orig_bytes")).number("bytes_toclient", row.number("resp_bytes"));
  const auto first = row.time("first_seen"), last = row.time("last_seen");
  flow.text("start", optional_time(first)).text("end", optional_time(last));
  if (first && last) {
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(*last - *first).count();
    flow.number("age", static_cast<std::uint64_t>(std::max<std::int64_t>(age, 0)));
  }
  return flow.text("state", flow_state(row)).truth("alerted", false).str();
}

std::string hash_object(const std::string& hash, const std::string& string) {
  return Object().text("hash", hash).text("string", string).str();
}

std::string tls_object(const EventRow& row) {
  Object tls;
  tls.text("sni", row.text("sni")).text("version", row.text("version"));
  const std::string ja3 = row.text("ja3"), ja3s = row.text("ja3s"), alpn = row.text("alpn");
  if (!ja3.empty()) tls.json("ja3", hash_object(ja3, row.text("ja3_full")));
  if (!ja3s.empty()) tls.json("ja3s", hash_object(ja3s, row.text("ja3s_full")));
  tls.text("ja4", row.text("ja4"));
  if (!alpn.empty()) tls.list("server_alpns", {alpn});
  return tls.str();
}

// From "SSH-2.0-OpenSSH_9.2 comment".
std::string ssh_side(const std::string& banner, const std::string& hassh) {
  Object side;
  if (banner.starts_with("SSH-")) {
    const std::size_t dash = banner.find('-', 4);
    side.text("proto_version", banner.substr(4, dash == std::string::npos ? dash : dash - 4));
    if (dash != std::string::npos) side.text("software_version", banner.substr(dash + 1));
  }
  if (!hassh.empty()) side.json("hassh", Object().text("hash", hassh).str());
  return side.str();
}

std::string ssh_object(const EventRow& row) {
  return Object()
      .json("client", ssh_side(row.text("ssh_client"), row.text("hassh")))
      .json("server", ssh_side(row.text("ssh_server"), row.text("hassh_server")))
      .str();
}

std::string dns_object(const EventRow& row) {
  const bool answered = row.time("response_ts").has_value();
  const std::string name = row.field("dns.qry.name");
  Object dns;
  dns.number("version", 3).text("type", answered ? "response" : "request");
  if (answered) dns.text("rcode", dns_rcode_name(row.field("dns.flags.rcode")));
  dns.json("queries",
           "[" + Object().text("rrname", name).text("rrtype", dns_type_name(row.field("dns.qry.type"))).str() + "]");
  std::string answers;
  for (const auto& [field, type] : {std::pair{"dns.a", "A"},
                                    {"dns.aaaa", "AAAA"},
                                    {"dns.cname", "CNAME"},
                                    {"dns.ptr.domain_name", "PTR"},
                                    {"dns.ns", "NS"},
                                    {"dns.mx.mail_exchange", "MX"},
                                    {"dns.txt", "TXT"}}) {
    for (const std::string& data : row.fields(field)) {
      if (!answers.empty()) answers += ',';
      answers += Object().text("rrname", name).text("rrtype", type).text("rdata", data).str();
    }
  }
  if (!answers.empty()) dns.json("answers", "[" + answers + "]");
  return dns.str();
}

std::string http_object(const EventRow& row) {
  return Object()
      .text("hostname", row.field("http.host"))
      .text("url", row.field("http.request.uri"))
      .text("http_user_agent", row.field("http.user_agent"))
      .text("http_content_type", row.field("http.content_type"))
      .text("http_refer", row.field("http.referer"))
      .text("http_method", row.field("http.request.method"))
      .number("status", row.number("status"))
      .str();
}

class EveWriter final : public RowWriter {
 public:
  EveWriter(Output& output, Noun noun) : output_(output), noun_(noun) {}

  void begin(std::span<const OutputColumn> columns) override { row_.emplace(columns); }

  void row(const Row& cells) override {
    row_->set(cells);
    const std::string type = noun_ == Noun::kFlows ? "flow" : row_->text("proto");
    Object event;
    common(event, type);
    if (noun_ == Noun::kFlows) {
      event.json("flow", flow_object(*row_));
    } else if (noun_ == Noun::kHandshakes) {
      event.json(type.c_str(), type == "ssh" ? ssh_object(*row_) : tls_object(*row_));
    } else if (type == "dns") {
      event.json("dns", dns_object(*row_));
    } else if (type == "http") {
      event.json("http", http_object(*row_));
    } else {
      event.json(type.c_str(), Object().text("name", row_->text("name")).text("summary", row_->text("summary")).str());
    }
    output_.write(event.str());
    output_.write("\n");
  }

 private:
  void common(Object& event, const std::string& type) const {
    const auto time = row_->time(noun_ == Noun::kFlows ? "last_seen" : "ts");
    const std::uint64_t ip_proto = row_->number("ip_proto").value_or(0);
    const bool icmp = ip_proto == 1 || ip_proto == 58;
    event.text("timestamp", optional_time(time));
    // Numbers of flows count within a session.
    event.number("flow_id", row_->number("session").value_or(0) << 40U | row_->number("flow_id").value_or(0));
    event.text("event_type", type).text("src_ip", row_->text("src"));
    if (!icmp) event.number("src_port", row_->number("sport"));
    event.text("dest_ip", row_->text("dst"));
    if (!icmp) event.number("dest_port", row_->number("dport"));
    event.text("proto", upper(ip_proto == 58 ? "ipv6-icmp" : transport_name(ip_proto)));
    if (icmp) event.number("icmp_type", row_->number("sport")).number("icmp_code", row_->number("dport"));
    event.text("app_proto", row_->text("app_proto")).text("community_id", row_->text("community_id"));
    const auto vlan = row_->number("vlan");
    if (vlan && *vlan != 0) event.json("vlan", "[" + std::to_string(*vlan) + "]");
    event.text("pcap_filename", row_->text("file"));
  }

  Output& output_;
  const Noun noun_;
  std::optional<EventRow> row_;
};

}  // namespace

std::unique_ptr<RowWriter> make_eve_writer(Output& output, Noun noun) {
  return std::make_unique<EveWriter>(output, noun);
}

}  // namespace pr::view
