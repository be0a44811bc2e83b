#include "helper/analysis/segment_fields.h"

#include <algorithm>

namespace pr::analysis {
namespace {

FieldId id_of(const dissect::Registry& registry, std::string_view name) {
  const FieldInfo* info = registry.catalog().find(name);
  return info == nullptr || info->ids.empty() ? FieldId{0} : info->ids.front();
}

}  // namespace

SegmentFields::SegmentFields(const dissect::Registry& registry)
    : data_(id_of(registry, "tcp.segment_data")),
      segments_(id_of(registry, "tcp.segments")),
      segment_(id_of(registry, "tcp.segment")),
      count_(id_of(registry, "tcp.segment.count")),
      length_(id_of(registry, "tcp.reassembled.length")),
      reassembled_(id_of(registry, "tcp.reassembled.data")) {}

void SegmentFields::begin(const Dissection& tree) {
  layers_ = tree.layers.size();
  fields_ = tree.fields.size();
  parts_ = {};
  message_ = own_ = continued_ = {};
}

void SegmentFields::completed(std::uint64_t packet, std::span<const Part> parts, Bytes whole, std::uint64_t length,
                              Bytes own) {
  packet_ = packet;
  parts_ = parts;
  message_ = whole.first(static_cast<std::size_t>(std::min<std::uint64_t>(length, whole.size())));
  own_ = own;
}

void SegmentFields::add(FieldId id, std::uint8_t depth, Value value, Bytes where, const FieldSet* wanted,
                        const Dissection& tree, std::vector<Field>& made) const {
  if (id == 0 || (wanted != nullptr && !wanted->has(id))) return;
  Field field{.id = id, .depth = depth, .value = value};
  for (std::size_t i = 0; i < tree.sources.size() && !where.empty(); ++i) {
    const Bytes bytes = tree.sources[i].bytes;
    if (where.data() < bytes.data() || where.data() + where.size() > bytes.data() + bytes.size()) continue;
    field.source = static_cast<std::uint8_t>(i);
    field.offset = static_cast<std::uint32_t>(where.data() - bytes.data());
    field.length = static_cast<std::uint32_t>(where.size());
    break;
  }
  made.push_back(field);
}

void SegmentFields::end(const FieldSet* wanted, Dissection& tree) const {
  std::vector<Field> made;
  if (!own_.empty()) add(data_, 0, Value::of(own_), own_, wanted, tree, made);
  if (!message_.empty()) {
    add(segments_, 0, Value{}, {}, wanted, tree, made);
    std::uint64_t count = 0, octets = 0, packet = 0;
    for (const Part& part : parts_) {
      if (octets >= message_.size()) break;  // of the message behind
      octets += part.length;
      if (part.packet == packet) continue;
      packet = part.packet;
      ++count;
      add(segment_, 1, Value::of(packet), {}, wanted, tree, made);
    }
    if (own_.empty()) {  // it only told that there is no more
      ++count;
      add(segment_, 1, Value::of(packet_), {}, wanted, tree, made);
    }
    add(count_, 1, Value::of(count), {}, wanted, tree, made);
    add(length_, 1, Value::of(std::uint64_t{message_.size()}), {}, wanted, tree, made);
    add(reassembled_, 1, Value::of(message_), message_, wanted, tree, made);
  }
  if (!continued_.empty()) add(data_, 0, Value::of(continued_), continued_, wanted, tree, made);
  if (made.empty()) return;
  tree.fields.insert(tree.fields.begin() + static_cast<std::ptrdiff_t>(fields_), made.begin(), made.end());
  for (std::size_t i = layers_; i < tree.layers.size(); ++i) {
    tree.layers[i].first_field += static_cast<std::uint32_t>(made.size());
  }
}

}  // namespace pr::analysis
