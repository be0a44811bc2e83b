#include "helper/view/packet_columns.h"

#include <algorithm>
#include <bit>

#include "helper/view/cell.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

constexpr std::array<const char*, 5> kSourceFields = {"eth.src", "sll.src.eth", "wlan.sa", "ip.src", "ipv6.src"};
constexpr std::array<const char*, 4> kDestinationFields = {"eth.dst", "wlan.da", "ip.dst", "ipv6.dst"};

template <std::size_t N>
std::vector<FieldId> ids_of(const FieldCatalog& catalog, const std::array<const char*, N>& names) {
  std::vector<FieldId> ids;
  for (const char* name : names) {
    const FieldInfo* info = catalog.find(name);
    if (info != nullptr) ids.insert(ids.end(), info->ids.begin(), info->ids.end());
  }
  return ids;
}

// Something that compares as the field's values do.
Cell key_cell(FieldType type, const Value& value) {
  switch (type) {
    case FieldType::kNone: return true;
    case FieldType::kInt:
    case FieldType::kTime:
    case FieldType::kDuration: return static_cast<std::int64_t>(value.number);
    case FieldType::kDouble: return std::bit_cast<double>(value.number);
    case FieldType::kBool:
    case FieldType::kUint:
    case FieldType::kIpv4: return value.number;
    default: return std::string(as_text(value.bytes()));
  }
}

}  // namespace

const std::array<PacketColumns::Known, 10> PacketColumns::kKnown = {{
    {"file", nullptr, "File", Kind::kFile, CellType::kText, false},
    {"session", nullptr, "Session", Kind::kSession, CellType::kUint, true},
    {"flow_id", nullptr, "Flow", Kind::kFlow, CellType::kUint, true},
    {"number", "_ws.col.no.", "No.", Kind::kNumber, CellType::kUint, true},
    {"ts", "_ws.col.time", "Time", Kind::kTime, CellType::kTime, false},
    {"src", "_ws.col.source", "Source", Kind::kSource, CellType::kText, false},
    {"dst", "_ws.col.destination", "Destination", Kind::kDestination, CellType::kText, false},
    {"protocol", "_ws.col.protocol", "Protocol", Kind::kProtocol, CellType::kText, false},
    {"length", "_ws.col.length", "Length", Kind::kLength, CellType::kUint, true},
    {"info", "_ws.col.info", "Info", Kind::kInfo, CellType::kText, false},
}};

PacketColumns::PacketColumns(const dissect::Registry& registry, Values values)
    : registry_(&registry),
      values_(values),
      icmp_(registry.find("icmp")),
      icmpv6_(registry.find("icmpv6")),
      sources_(ids_of(registry.catalog(), kSourceFields)),
      destinations_(ids_of(registry.catalog(), kDestinationFields)) {}

void PacketColumns::add(const Known& known, std::string key) {
  columns_.push_back({std::move(key), known.title, known.type, known.right});
  kinds_.push_back({known.kind});
}

absl::StatusOr<PacketColumns> PacketColumns::make(const dissect::Registry& registry, std::span<const std::string> names,
                                                  bool for_programs) {
  PacketColumns made(registry, for_programs ? Values::kJson : Values::kText);
  for (const Known& known : kKnown) {
    const bool context = known.column == nullptr;
    if (context ? for_programs : names.empty()) made.add(known, known.key);
  }
  for (const std::string& name : names) {
    absl::Status added = made.add_named(name);
    if (!added.ok()) return added;
  }
  return made;
}

absl::StatusOr<PacketColumns> PacketColumns::make_key(const dissect::Registry& registry, const std::string& name) {
  PacketColumns made(registry, Values::kKey);
  absl::Status added = made.add_named(name);
  if (!added.ok()) return added;
  return made;
}

absl::Status PacketColumns::add_named(const std::string& name) {
  const std::string lower = ascii_lower(name);
  const auto known = std::ranges::find_if(kKnown, [&](const Known& k) {
    return lower == k.key || (k.column != nullptr && lower == k.column) ||
           (lower == "_ws.col.number" && k.kind == Kind::kNumber);
  });
  if (known != kKnown.end()) {
    // JSON objects have it already.
    const bool there = std::ranges::any_of(columns_, [&](const OutputColumn& c) { return c.key == name; });
    if (!there || values_ != Values::kJson) add(*known, name);
    return absl::OkStatus();
  }
  const FieldInfo* field = registry_->catalog().find(name);
  if (field == nullptr) {
    const std::string nearest = registry_->catalog().nearest(name);
    return absl::InvalidArgumentError(
        "no field is called \"" + escape_controls(name) + "\"" +
        (nearest.empty() ? "; `packetrecorder fields` lists them all" : "; did you mean " + nearest + "?"));
  }
  columns_.push_back({name, name, values_ == Values::kJson ? CellType::kJson : CellType::kText, false});
  kinds_.push_back({Kind::kField, field});
  return absl::OkStatus();
}

void PacketColumns::add_needs(FieldSet& wanted) const {
  for (const Source& source : kinds_) {
    if (source.kind == Kind::kSource) {
      for (const FieldId id : sources_) wanted.insert(id);
    } else if (source.kind == Kind::kDestination) {
      for (const FieldId id : destinations_) wanted.insert(id);
    } else if (source.field != nullptr) {
      wanted.insert(*source.field);
    }
  }
}

Row PacketColumns::cells(const Sight& sight) const {
  Row row;
  row.reserve(kinds_.size());
  for (const Source& source : kinds_) row.push_back(cell(source, sight));
  return row;
}

Cell PacketColumns::cell(const Source& source, const Sight& sight) const {
  const Packet& packet = sight.stored.packet;
  switch (source.kind) {
    case Kind::kFile: return sight.session.file;
    case Kind::kSession: return sight.session.id;
    case Kind::kFlow: return sight.stored.facts.flow_id == 0 ? Cell() : Cell(sight.stored.facts.flow_id);
    case Kind::kNumber: return packet.number;
    case Kind::kTime: return packet.ts;
    case Kind::kSource: return address(sight, sources_);
    case Kind::kDestination: return address(sight, destinations_);
    case Kind::kProtocol: return protocol(sight.tree);
    case Kind::kLength: return std::uint64_t{packet.wire_len};
    case Kind::kInfo: return sight.tree.info;
    case Kind::kField: return field_cell(*source.field, sight);
  }
  return {};
}

Cell PacketColumns::field_cell(const FieldInfo& field, const Sight& sight) const {
  for (const FieldId id : field.ids) {
    const Cell* of_flow = sight.flow_cell(id);
    if (of_flow == nullptr) continue;
    if (values_ != Values::kJson || is_empty(*of_flow)) return *of_flow;
    std::string json;
    append_json_cell(json, *of_flow, CellType::kText);
    return json;
  }
  const FieldCatalog& catalog = registry_->catalog();
  std::vector<std::string> texts;
  const auto take = [&](const FieldInfo& info, const Value& value) {
    texts.emplace_back();
    if (values_ == Values::kJson) {
      append_json_value(texts.back(), ValueFormat::of(info), value);
    } else {
      append_value_text(texts.back(), ValueFormat::of(info), value);
    }
  };
  if (field.is_protocol) {
    const ProtocolId protocol = registry_->protocol_of_field(field.ids.front());
    for (const Layer& layer : sight.tree.layers) {
      if (layer.protocol == protocol) take(field, Value{});
    }
  } else {
    for (const Field& found : sight.tree.fields) {
      if (std::ranges::find(field.ids, found.id) == field.ids.end()) continue;
      if (values_ == Values::kKey) return key_cell(catalog.at(found.id)->type, found.value);
      take(*catalog.at(found.id), found.value);
    }
  }
  if (texts.empty()) return {};
  if (texts.size() == 1) return std::move(texts.front());
  if (values_ != Values::kJson) return texts;
  return "[" + cell_text(texts) + "]";
}

// The last address stands there, so that tunnels show the inner one; what an ICMP error quotes does not count.
Cell PacketColumns::address(const Sight& sight, std::span<const FieldId> ids) const {
  const Dissection& tree = sight.tree;
  const auto error = std::ranges::find_if(tree.layers, [&](const Layer& layer) {
    return layer.protocol != 0 && (layer.protocol == icmp_ || layer.protocol == icmpv6_);
  });
  const std::size_t end = error == tree.layers.end() ? tree.fields.size() : error->first_field;
  for (std::size_t i = end; i-- > 0;) {
    const Field& field = tree.fields[i];
    if (std::ranges::find(ids, field.id) != ids.end())
      return value_text(ValueFormat::of(*registry_->catalog().at(field.id)), field.value);
  }
  return {};
}

std::string PacketColumns::protocol(const Dissection& tree) const {
  if (!tree.column_protocol_text.empty()) return tree.column_protocol_text;
  if (tree.column_protocol == 0) return {};
  const char* column = registry_->at(tree.column_protocol).column;
  return column == nullptr ? std::string() : std::string(column);
}

}  // namespace pr::view
