#include "shared/model/field_catalog.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pr {
namespace {

// Names that people know from search boxes and other tools; the first field that exists is meant.
struct ShortForm {
  std::string_view name;
  std::array<std::string_view, 3> fields;
};

constexpr ShortForm kShortForms[] = {
    {"sni", {"tls.handshake.extensions_server_name"}},
    {"ja3", {"tls.handshake.ja3"}},
    {"ja3s", {"tls.handshake.ja3s"}},
    {"ja4", {"tls.handshake.ja4"}},
    {"hassh", {"ssh.kex.hassh"}},
    {"hassh_server", {"ssh.kex.hasshserver"}},
    {"host", {"http.host"}},
    {"url", {"http.request.full_uri", "http.request.uri"}},
    {"process", {"proc.name"}},
    {"pid", {"proc.pid"}},
    {"ech", {"tls.ech"}},
    {"verdict", {"flow.verdict"}},
    {"alpn", {"tls.handshake.extensions_alpn_str"}},
    {"community_id", {"communityid"}},
    {"src", {"ip.src"}},
    {"dst", {"ip.dst"}},
};

// The transports whose ports "port" stands for.
constexpr std::string_view kPorts[] = {"tcp.port", "udp.port"};

constexpr std::size_t kMaxName = 64;  // longer ones are not looked for: the work grows with the square

// Edits (insert, delete, replace, swap neighbours) between two names, at most `limit` + 1.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > kMaxName || b.size() > kMaxName) return limit + 1;
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::array<std::array<std::size_t, kMaxName + 1>, 3> rows{};  // this, the one before, the one before that
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    rows[2] = rows[1];
    rows[1] = rows[0];
    rows[0][0] = i;
    std::size_t best = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = rows[1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      std::size_t d = std::min({rows[1][j] + 1, rows[0][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d = std::min(d, rows[2][j - 2] + 1);
      rows[0][j] = d;
      best = std::min(best, d);
    }
    if (best > limit) return limit + 1;
  }
  return rows[0][b.size()];
}

std::string_view protocol_part(std::string_view name) { return name.substr(0, name.find('.')); }

}  // namespace

void FieldCatalog::add(FieldInfo info) {
  const auto [known, fresh] = by_name_.emplace(info.name, fields_.size());
  const std::size_t index = known->second;
  if (!fresh && (info.ids.size() != 1 || info.is_protocol != fields_[index].is_protocol)) return;
  for (const FieldId id : info.ids) {
    if (info.ids.size() != 1) break;  // an alias: its fields stand for themselves
    if (id >= by_id_.size()) by_id_.resize(id + std::size_t{1});
    if (by_id_[id] == 0) by_id_[id] = index + 1;
  }
  if (!fresh) {  // two protocols fill the field (IPv6 options stand in two headers): one name for both
    fields_[index].ids.push_back(info.ids.front());
    return;
  }
  if (std::ranges::find(kPorts, info.name) != std::end(kPorts)) {
    if (port_.ids.empty())
      port_ = {.name = "port",
               .description = "TCP or UDP port",
               .protocol = "flow",
               .type = info.type,
               .show = info.show,
               .bits = info.bits};
    port_.ids.insert(port_.ids.end(), info.ids.begin(), info.ids.end());
  }
  fields_.push_back(std::move(info));
}

const FieldInfo* FieldCatalog::find(std::string_view name) const {
  if (const auto found = by_name_.find(std::string(name)); found != by_name_.end()) return &fields_[found->second];
  if (name == "port") return port_.ids.empty() ? nullptr : &port_;
  for (const ShortForm& form : kShortForms) {
    if (form.name != name) continue;
    for (const std::string_view field : form.fields) {
      const auto found = by_name_.find(std::string(field));
      if (found != by_name_.end()) return &fields_[found->second];
    }
  }
  return nullptr;
}

const FieldInfo* FieldCatalog::at(FieldId id) const {
  if (id == 0 || id >= by_id_.size() || by_id_[id] == 0) return nullptr;
  return &fields_[by_id_[id] - 1];
}

std::string FieldCatalog::nearest(std::string_view name) const {
  if (name.empty() || name.size() > kMaxName) return {};
  const std::size_t limit = std::max<std::size_t>(1, name.size() / 4);
  const std::string_view protocol = protocol_part(name);
  const FieldInfo* best = nullptr;
  std::size_t best_score = 2 * limit + 2;
  for (const FieldInfo& field : fields_) {
    const std::size_t edits = distance(name, field.name, limit);
    if (edits > limit) continue;
    const std::size_t score = 2 * edits + (protocol_part(field.name) == protocol ? 0U : 1U);
    if (score < best_score || (score == best_score && best != nullptr && field.name < best->name)) {
      best = &field;
      best_score = score;
    }
  }
  return best == nullptr ? std::string() : best->name;
}

}  // namespace pr
