#include "helper/analysis/dissection_values.h"

#include <algorithm>

namespace pr::analysis {
namespace {

Bytes whole_layer(const Dissection& tree, const Layer& layer) {
  const Bytes source = tree.sources[layer.source].bytes;
  if (layer.offset >= source.size()) return {};
  return source.subspan(layer.offset, std::min<std::size_t>(layer.extent, source.size() - layer.offset));
}

// Which layer of its protocol it is: 1, 2, ...
std::size_t ordinal(const Dissection& tree, std::size_t layer) {
  std::size_t number = 0;
  for (std::size_t l = 0; l <= layer; ++l) {
    if (tree.layers[l].protocol == tree.layers[layer].protocol) ++number;
  }
  return number;
}

}  // namespace

void DissectionValues::each(FieldId id, const Visit& visit) const {
  const ProtocolId protocol = registry_.protocol_of_field(id);
  if (protocol != 0) {
    std::size_t number = 0;
    for (const Layer& layer : tree_.layers) {
      if (layer.protocol == protocol) visit(Value::of(whole_layer(tree_, layer)), FieldType::kBytes, ++number);
    }
    return;
  }
  const FieldType type = registry_.catalog().at(id)->type;
  for (std::size_t l = 0; l < tree_.layers.size(); ++l) {
    const std::size_t end = l + 1 < tree_.layers.size() ? tree_.layers[l + 1].first_field : tree_.fields.size();
    for (std::size_t f = tree_.layers[l].first_field; f < end; ++f) {
      if (tree_.fields[f].id == id) visit(tree_.fields[f].value, type, ordinal(tree_, l));
    }
  }
}

}  // namespace pr::analysis
