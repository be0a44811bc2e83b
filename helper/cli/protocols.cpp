#include "helper/cli/protocols.h"

#include <algorithm>
#include <map>

#include "shared/model/value_text.h"

namespace pr::cli {
namespace {

constexpr std::size_t kKeysShown = 8;  // of one table

bool is_bound(const dissect::Dissector& d, std::string_view start) {
  return std::ranges::any_of(
      d.binds, [start](const dissect::Bind& bind) { return std::string_view(bind.table).starts_with(start); });
}

const char* layer_of(const dissect::Dissector& d) {
  if (is_bound(d, "udp.tunnel")) return "tunnel";
  if (d.stream || d.datagram) return "application";
  if (is_bound(d, "link") && !is_bound(d, "ppp.")) return "link";
  if (is_bound(d, "ip.proto")) return "transport";
  if (!d.binds.empty()) return "network";
  return "part of others";
}

// "tcp.port 22, 2222; by content"
std::string found_by(const dissect::Dissector& d) {
  std::map<std::string_view, std::vector<std::uint32_t>> tables;
  for (const dissect::Bind& bind : d.binds) tables[bind.table].push_back(bind.key);
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  if (d.probe != nullptr) add("content");
  for (const auto& [table, keys] : tables) {
    std::string list(table);
    for (std::size_t i = 0; i < keys.size() && i < kKeysShown; ++i) {
      list += (i == 0 ? " " : ", ") + std::to_string(keys[i]);
    }
    if (keys.size() > kKeysShown) list += " and " + std::to_string(keys.size() - kKeysShown) + " more";
    add(list);
  }
  return text.empty() ? "its parent" : text;
}

}  // namespace

std::vector<Row> protocol_rows(const dissect::Registry& registry) {
  std::vector<Row> rows;
  for (std::size_t id = 1; id < registry.size(); ++id) {
    const dissect::Dissector& d = registry.at(static_cast<ProtocolId>(id));
    rows.push_back({std::string(d.name), std::string(d.title), std::string(layer_of(d)), found_by(d),
                    std::uint64_t{d.fields.size()}});
  }
  std::ranges::sort(rows);
  return rows;
}

std::string protocols_page(const dissect::Registry& registry) {
  const std::vector<Row> rows = protocol_rows(registry);
  std::uint64_t fields = 0;
  std::string table;
  for (const Row& row : rows) {
    fields += std::get<std::uint64_t>(row[4]);
    for (const Cell& cell : row) table += "| " + cell_text(cell) + ' ';
    table += "|\n";
  }
  return "# Protocols\n\n"
         "Made by `packetrecorder fields --protocols --markdown`; do not edit. " +
         std::to_string(rows.size()) + " protocols with " + std::to_string(fields) +
         " fields. Names are Wireshark's.\n\n"
         "\"content\": the first octets of a conversation are enough, whatever the port; a port alone decides only "
         "where "
         "the content allows it.\n\n"
         "| name | protocol | layer | found by | fields |\n|---|---|---|---|---|\n" +
         table;
}

}  // namespace pr::cli
