#include "helper/view/packet_tree.h"

#include "shared/base/hex.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

struct LayerFields {
  const Layer& layer;
  std::size_t begin, end;
};

template <typename Visit>
void each_layer(const Dissection& tree, Visit visit) {
  for (std::size_t i = 0; i < tree.layers.size(); ++i) {
    const std::size_t end = i + 1 < tree.layers.size() ? tree.layers[i + 1].first_field : tree.fields.size();
    visit(LayerFields{tree.layers[i], tree.layers[i].first_field, end});
  }
}

std::string place_text(const Dissection& tree, std::uint8_t source, std::uint32_t offset, std::uint32_t length) {
  std::string out = "@";
  if (source != 0 && source < tree.sources.size()) out += tree.sources[source].name + " ";
  return out + std::to_string(offset) + "+" + std::to_string(length);
}

void append_place_json(std::string& out, const Dissection& tree, std::uint8_t source, std::uint32_t offset,
                       std::uint32_t length) {
  if (source != 0 && source < tree.sources.size()) {
    out += ",\"source\":";
    append_json_text(out, tree.sources[source].name);
  }
  out += ",\"offset\":" + std::to_string(offset) + ",\"length\":" + std::to_string(length);
}

}  // namespace

void append_tree_text(std::string& out, const dissect::Registry& registry, const Dissection& tree) {
  const FieldCatalog& catalog = registry.catalog();
  each_layer(tree, [&](const LayerFields& at) {
    const dissect::Dissector& dissector = registry.at(at.layer.protocol);
    out += dissector.title;
    out += std::string("  [") + dissector.name + " " +
           place_text(tree, at.layer.source, at.layer.offset, at.layer.length) + "]\n";
    for (std::size_t f = at.begin; f < at.end; ++f) {
      const Field& field = tree.fields[f];
      const FieldInfo* info = catalog.at(field.id);
      if (info == nullptr) continue;
      out.append(4U * (field.depth + 1U), ' ');
      append_escaped(out, info->description);
      const std::string value = tree_text(ValueFormat::of(*info), field.value);
      if (!value.empty()) {
        out += ": ";
        append_escaped(out, value);
      }
      out += "  [" + info->name;
      if (field.length > 0) out += " " + place_text(tree, field.source, field.offset, field.length);
      out += "]\n";
    }
  });
  for (const Issue& issue : tree.issues) {
    const std::string protocol = issue.protocol == 0 ? "frame" : registry.at(issue.protocol).name;
    out +=
        std::string("Issue: ") + issue_name(issue.kind) + " (" + protocol + " @" + std::to_string(issue.offset) + ")\n";
  }
}

void append_data_text(std::string& out, Bytes frame, const Dissection& tree) {
  out += hex_dump(frame);
  for (std::size_t i = 1; i < tree.sources.size(); ++i) {
    out += tree.sources[i].name + " (" + std::to_string(tree.sources[i].bytes.size()) + " octets):\n";
    out += hex_dump(tree.sources[i].bytes);
  }
}

std::string tree_json(const dissect::Registry& registry, const Dissection& tree) {
  const FieldCatalog& catalog = registry.catalog();
  std::string out = "[";
  each_layer(tree, [&](const LayerFields& at) {
    const dissect::Dissector& dissector = registry.at(at.layer.protocol);
    if (out.size() > 1) out += ',';
    out += "{\"protocol\":";
    append_json_text(out, dissector.name);
    out += ",\"title\":";
    append_json_text(out, dissector.title);
    append_place_json(out, tree, at.layer.source, at.layer.offset, at.layer.length);
    out += ",\"fields\":[";
    for (std::size_t f = at.begin; f < at.end; ++f) {
      const Field& field = tree.fields[f];
      const FieldInfo* info = catalog.at(field.id);
      if (info == nullptr) continue;
      if (f > at.begin) out += ',';
      out += "{\"name\":";
      append_json_text(out, info->name);
      out += ",\"label\":";
      append_json_text(out, info->description);
      if (info->type != FieldType::kNone) {
        out += ",\"value\":";
        append_json_value(out, ValueFormat::of(*info), field.value);
      }
      if (field.depth > 0) out += ",\"depth\":" + std::to_string(field.depth);
      if (field.length > 0) append_place_json(out, tree, field.source, field.offset, field.length);
      out += '}';
    }
    out += "]}";
  });
  return out + "]";
}

}  // namespace pr::view
