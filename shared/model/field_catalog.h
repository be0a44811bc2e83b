// Every field that can be shown or filtered, by name. Built once, then only read: any thread may.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/model/field.h"

namespace pr {

struct FieldInfo {
  std::string name;  // "tcp.port"; a protocol's own name stands for its presence
  std::string description;
  std::string protocol;  // name of the protocol it belongs to
  FieldType type = FieldType::kNone;
  Show show = Show::kDec;
  std::uint8_t bits = 0;
  std::span<const NamedValue> names;
  std::vector<FieldId> ids;  // the field itself, or all that an alias stands for
  bool is_protocol = false;
};

class FieldCatalog {
 public:
  void add(FieldInfo info);
  // null: no such field. Short forms (sni, ja4, port ...) resolve to their field.
  [[nodiscard]] const FieldInfo* find(std::string_view name) const;
  // The field of that number; null for 0 and beyond.
  [[nodiscard]] const FieldInfo* at(FieldId id) const;
  // The name that was probably meant, by edit distance; "" when nothing is near.
  [[nodiscard]] std::string nearest(std::string_view name) const;
  [[nodiscard]] std::span<const FieldInfo> all() const { return fields_; }

 private:
  std::vector<FieldInfo> fields_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::vector<std::size_t> by_id_;  // index into fields_ + 1
  FieldInfo port_;                  // the short form "port": all ports of TCP and UDP; in no list
};

// A set of field numbers: what a filter or a list of columns needs.
class FieldSet {
 public:
  void insert(FieldId id) {
    if (id / 64U >= words_.size()) words_.resize(id / 64U + 1U);
    words_[id / 64U] |= std::uint64_t{1} << (id % 64U);
  }
  [[nodiscard]] bool has(FieldId id) const {
    return id / 64U < words_.size() && (words_[id / 64U] >> (id % 64U) & 1U) != 0;
  }
  void insert(const FieldInfo& info) {
    for (const FieldId id : info.ids) insert(id);
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace pr
