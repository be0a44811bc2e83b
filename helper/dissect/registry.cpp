#include "helper/dissect/registry.h"

namespace pr::dissect {

#define PR_DISSECTOR(name) extern constinit const Dissector name##_dissector;
#include "helper/dissect/dissectors.def"
#undef PR_DISSECTOR

namespace {

constexpr const Dissector* kAll[] = {
#define PR_DISSECTOR(name) &name##_dissector,
#include "helper/dissect/dissectors.def"
#undef PR_DISSECTOR
};

}  // namespace

ProtocolId Registry::Table::find(std::uint32_t key) const {
  if (key < dense.size()) return dense[key];
  if (sparse.empty()) return 0;
  const auto found = sparse.find(key);
  return found == sparse.end() ? ProtocolId{0} : found->second;
}

Registry::Registry() {
  protocols_.emplace_back();  // number 0 is none
  presence_.push_back(0);     // field number 0 is none
  for (const Dissector* dissector : kAll) add(*dissector);
  tcp_ports_ = table_index("tcp.port");
  udp_ports_ = table_index("udp.port");
  for (std::size_t id = 1; id < protocols_.size(); ++id) {
    Protocol& protocol = protocols_[id];
    for (const char* name : protocol.dissector->tables) protocol.tables.push_back(table_index(name));
    for (const Bind& bind : protocol.dissector->binds) {
      Table& table = tables_[table_index(bind.table)];
      if (bind.key > 0xffff) {
        table.sparse[bind.key] = static_cast<ProtocolId>(id);
        continue;
      }
      if (bind.key >= table.dense.size()) table.dense.resize(bind.key + 1U);
      table.dense[bind.key] = static_cast<ProtocolId>(id);
    }
  }
  fill_catalog();
}

void Registry::add(const Dissector& dissector) {
  const auto id = static_cast<ProtocolId>(protocols_.size());
  protocols_.push_back({.dissector = &dissector, .first_field = static_cast<FieldId>(presence_.size()), .tables = {}});
  by_name_[dissector.name] = id;
  presence_.push_back(id);
  presence_.resize(presence_.size() + dissector.fields.size(), 0);
  if (dissector.stream) streams_.push_back(id);
  if (dissector.datagram) datagrams_.push_back(id);
}

std::size_t Registry::table_index(const std::string& name) {
  const auto [at, fresh] = table_names_.try_emplace(name, tables_.size());
  if (fresh) tables_.push_back({.name = name, .dense = {}, .sparse = {}});
  return at->second;
}

void Registry::fill_catalog() {
  std::unordered_map<std::string_view, FieldId> ids;
  for (std::size_t p = 1; p < protocols_.size(); ++p) {
    const Dissector& d = *protocols_[p].dissector;
    const FieldId first = protocols_[p].first_field;
    catalog_.add({.name = d.name, .description = d.title, .protocol = d.name, .ids = {first}, .is_protocol = true});
    for (std::size_t f = 0; f < d.fields.size(); ++f) {
      const FieldDef& def = d.fields[f];
      const auto id = static_cast<FieldId>(first + 1 + f);
      ids[def.name] = id;
      catalog_.add({.name = def.name,
                    .description = def.label,
                    .protocol = d.name,
                    .type = def.type,
                    .show = def.show,
                    .bits = def.bits,
                    .names = def.names,
                    .ids = {id},
                    .is_protocol = false});
    }
  }
  for (std::size_t p = 1; p < protocols_.size(); ++p) {
    const Dissector& d = *protocols_[p].dissector;
    for (const AliasDef& alias : d.aliases) {
      FieldInfo info{.name = alias.name, .description = alias.label, .protocol = d.name};
      for (const char* name : alias.of) {
        const auto found = ids.find(name);
        if (found == ids.end()) continue;
        info.ids.push_back(found->second);
        const FieldInfo* of = catalog_.at(found->second);
        info.type = of->type;
        info.show = of->show;
        info.bits = of->bits;
        info.names = of->names;
      }
      if (!info.ids.empty()) catalog_.add(std::move(info));
    }
  }
}

ProtocolId Registry::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? ProtocolId{0} : found->second;
}

ProtocolId Registry::child(ProtocolId parent, std::size_t table, std::uint32_t key) const {
  return tables_[protocols_[parent].tables[table]].find(key);
}

ProtocolId Registry::child(std::string_view table, std::uint32_t key) const {
  const auto found = table_names_.find(std::string(table));
  return found == table_names_.end() ? ProtocolId{0} : tables_[found->second].find(key);
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> names(1);
  for (std::size_t id = 1; id < protocols_.size(); ++id) names.emplace_back(protocols_[id].dissector->name);
  return names;
}

}  // namespace pr::dissect
