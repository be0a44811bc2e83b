#include "helper/cli/totals_text.h"

#include <utility>

#include "shared/base/text.h"
#include "shared/base/time_text.h"
#include "shared/model/value_text.h"

namespace pr::cli {
namespace {

void append_member(std::string& out, const char* key, std::uint64_t value) {
  if (!out.empty() && out.back() != '{') out += ',';
  out += std::string("\"") + key + "\":" + std::to_string(value);
}

void append_member(std::string& out, const char* key, const std::string& value) {
  if (!out.empty() && out.back() != '{') out += ',';
  out += std::string("\"") + key + "\":";
  append_json_text(out, value);
}

}  // namespace

std::string totals_json(const SessionResult& result) {
  const store::SessionTotals& totals = result.totals;
  std::string out;
  append_member(out, "session", result.session);
  append_member(out, "file", result.file);
  append_member(out, "state", result.state);
  append_member(out, "packets", totals.packets);
  append_member(out, "bytes", totals.bytes);
  append_member(out, "received", totals.received);
  std::string dropped = "{";
  append_member(dropped, "kernel", totals.dropped_kernel);
  append_member(dropped, "interface", totals.dropped_interface);
  append_member(dropped, "queue", totals.dropped_queue);
  append_member(dropped, "store", totals.dropped_store);
  out += ",\"dropped\":" + dropped + "}";
  append_member(out, "flows", result.flows);
  append_member(out, "tcp_flows", totals.tcp_flows);
  append_member(out, "udp_flows", totals.udp_flows);
  append_member(out, "dns_queries", totals.dns_queries);
  append_member(out, "dns_responses", totals.dns_responses);
  append_member(out, "malformed", totals.malformed);
  return out;
}

std::string totals_text(const SessionResult& result) {
  const store::SessionTotals& totals = result.totals;
  std::string out = "Session " + std::to_string(result.session) + ", " + escape_controls(result.file) + ": " +
                    std::to_string(totals.packets) + " packets, " + format_size(totals.bytes) + ", " +
                    std::to_string(result.flows) + " flows\n";
  out += "Received " + std::to_string(totals.received) + ", dropped: kernel " + std::to_string(totals.dropped_kernel) +
         ", interface " + std::to_string(totals.dropped_interface) + ", queue " + std::to_string(totals.dropped_queue) +
         ", store " + std::to_string(totals.dropped_store) + "\n";
  if (totals.dns_queries + totals.dns_responses + totals.malformed > 0) {
    out += "DNS queries " + std::to_string(totals.dns_queries) + ", responses " + std::to_string(totals.dns_responses) +
           "; malformed packets " + std::to_string(totals.malformed) + "\n";
  }
  return out;
}

}  // namespace pr::cli
