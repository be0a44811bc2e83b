#include "helper/view/summary.h"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

#include "helper/view/cell.h"
#include "helper/view/flow_fields.h"
#include "shared/base/text.h"
#include "shared/base/time_text.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

constexpr std::size_t kMostKept = 100'000;

class Counter {
 public:
  void add(const std::string& what, std::uint64_t bytes) {
    if (what.empty()) return;
    const auto found = all_.find(what);
    if (found == all_.end() && all_.size() >= kMostKept) return;
    Tally& tally = found == all_.end() ? all_[what] : found->second;
    ++tally.flows;
    tally.bytes += bytes;
  }

  [[nodiscard]] std::vector<Tally> top(std::size_t most, std::uint64_t Tally::*by) const {
    std::vector<Tally> out;
    out.reserve(all_.size());
    for (const auto& [what, tally] : all_) out.push_back({what, tally.flows, tally.bytes});
    std::ranges::sort(
        out, [by](const Tally& a, const Tally& b) { return a.*by != b.*by ? a.*by > b.*by : a.what < b.what; });
    if (out.size() > most) out.resize(most);
    return out;
  }

 private:
  std::unordered_map<std::string, Tally> all_;
};

std::string text_at(const Row& row, std::size_t column) {
  return column < row.size() ? cell_text(row[column]) : std::string();
}

void append_section(std::string& out, const char* heading, const std::vector<Tally>& tallies) {
  if (tallies.empty()) return;
  out += heading;
  out += '\n';
  for (const Tally& tally : tallies) {
    char line[64];
    std::snprintf(line, sizeof(line), "  %8llu flows  %10s  ", static_cast<unsigned long long>(tally.flows),
                  format_size(tally.bytes).c_str());
    out += line;
    append_escaped(out, tally.what);
    out += '\n';
  }
}

void append_list(std::string& out, const char* key, const char* item, const std::vector<Tally>& tallies) {
  out += std::string(",\"") + key + "\":[";
  for (const Tally& tally : tallies) {
    if (&tally != tallies.data()) out += ',';
    out += std::string("{\"") + item + "\":";
    append_json_text(out, tally.what);
    out += ",\"flows\":" + std::to_string(tally.flows) + ",\"bytes\":" + std::to_string(tally.bytes) + "}";
  }
  out += ']';
}

}  // namespace

absl::StatusOr<Summary> summarize(store::Reader& reader, std::uint64_t session, std::size_t most) {
  const auto columns = store::columns(Noun::kFlows);
  const auto at = [&](const char* key) { return column_index(columns, key); };
  const std::size_t src = at("src"), dst = at("dst"), bytes = at("bytes"), app = at("app_proto"), sni = at("sni"),
                    host = at("http_host"), dns = at("dns_name"), ja4 = at("ja4"), hassh = at("hassh");
  Summary summary;
  Counter talkers, protocols, names, fingerprints;
  store::RowQuery query;
  query.noun = Noun::kFlows;
  query.sessions = {session};
  const auto done = reader.rows(query, [&](const Row& row) {
    const std::uint64_t size = bytes < row.size() ? cell_uint(row[bytes]) : 0;
    ++summary.flows;
    const std::string from = text_at(row, src), to = text_at(row, dst);
    talkers.add(from, size);
    if (to != from) talkers.add(to, size);
    protocols.add(text_at(row, app), size);
    std::string name = text_at(row, sni);
    if (name.empty()) name = text_at(row, host);
    if (name.empty()) name = text_at(row, dns);
    names.add(name, size);
    const std::string tls = text_at(row, ja4), ssh = text_at(row, hassh);
    if (!tls.empty()) fingerprints.add("ja4 " + tls, size);
    if (!ssh.empty()) fingerprints.add("hassh " + ssh, size);
    return true;
  });
  if (!done.ok()) return done.status();
  summary.talkers = talkers.top(most, &Tally::bytes);
  summary.protocols = protocols.top(most, &Tally::bytes);
  summary.names = names.top(most, &Tally::flows);
  summary.fingerprints = fingerprints.top(most, &Tally::flows);
  return summary;
}

std::string summary_text(const Summary& summary) {
  std::string out;
  append_section(out, "Top talkers", summary.talkers);
  append_section(out, "Protocols", summary.protocols);
  append_section(out, "Names", summary.names);
  append_section(out, "Fingerprints", summary.fingerprints);
  return out;
}

std::string summary_json(const Summary& summary) {
  std::string out = "\"flows\":" + std::to_string(summary.flows);
  append_list(out, "top_talkers", "address", summary.talkers);
  append_list(out, "protocols", "protocol", summary.protocols);
  append_list(out, "names", "name", summary.names);
  append_list(out, "fingerprints", "fingerprint", summary.fingerprints);
  return out;
}

}  // namespace pr::view
