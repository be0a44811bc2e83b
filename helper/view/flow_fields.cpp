#include "helper/view/flow_fields.h"

#include <bit>
#include <string_view>

#include "helper/view/cell.h"
#include "shared/base/hex.h"
#include "shared/model/address.h"

namespace pr::view {
namespace {

using Visit = filter::RowValues::Visit;

void visit_text(std::string_view text, FieldType type, Visit visit) {
  switch (type) {
    case FieldType::kText: return visit(Value::of(as_bytes(text)), type, 1);
    case FieldType::kIpv4:
    case FieldType::kIpv6: {
      const auto address = IpAddress::parse(text);
      if (!address) return;
      if (type == FieldType::kIpv4 && address->is_v4()) return visit(Value::of(address->v4_value()), type, 1);
      if (type == FieldType::kIpv6 && address->is_v6()) return visit(Value::of(address->octets()), type, 1);
      return;
    }
    case FieldType::kBytes:
    case FieldType::kEther: {
      std::string digits;
      for (const char c : text) {
        if (c != ':') digits += c;
      }
      const auto bytes = from_hex(digits);
      if (bytes) visit(Value::of(Bytes(*bytes)), type, 1);
      return;
    }
    default: return;
  }
}

bool is_number(FieldType type) {
  return type == FieldType::kUint || type == FieldType::kInt || type == FieldType::kBool || type == FieldType::kTime ||
         type == FieldType::kDuration;
}

}  // namespace

void visit_cell(const Cell& cell, FieldType type, Visit visit) {
  if (is_empty(cell)) return;
  if (const auto* text = std::get_if<std::string>(&cell)) return visit_text(*text, type, visit);
  if (const auto* list = std::get_if<std::vector<std::string>>(&cell)) {
    for (const std::string& item : *list) visit_text(item, type, visit);
    return;
  }
  if (type == FieldType::kNone) {
    const auto* truth = std::get_if<bool>(&cell);
    if (truth == nullptr || *truth) visit(Value{}, type, 1);
    return;
  }
  if (const auto* real = std::get_if<double>(&cell)) {
    if (type == FieldType::kDouble) visit(Value::of(std::bit_cast<std::uint64_t>(*real)), type, 1);
    return;
  }
  if (!is_number(type)) return;
  if (const auto* truth = std::get_if<bool>(&cell)) return visit(Value::of(*truth ? 1U : 0U), type, 1);
  if (const auto* time = std::get_if<Timestamp>(&cell))
    return visit(Value::of(static_cast<std::uint64_t>(to_ns(*time))), type, 1);
  if (const auto* span = std::get_if<Duration>(&cell))
    return visit(Value::of(static_cast<std::uint64_t>(span->count())), type, 1);
  if (const auto* integer = std::get_if<std::int64_t>(&cell))
    return visit(Value::of(static_cast<std::uint64_t>(*integer)), type, 1);
  visit(Value::of(cell_uint(cell)), type, 1);
}

bool is_flow_field(const FieldInfo& field) {
  return !field.is_protocol && (field.protocol == "flow" || field.protocol == "proc" || field.name == "communityid");
}

FlowFields::Places FlowFields::places(const FieldCatalog& catalog, const FieldSet& wanted) {
  Places out;
  const auto columns = store::columns(Noun::kFlows);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const FieldInfo* info = columns[i].field == nullptr ? nullptr : catalog.find(columns[i].field);
    if (info == nullptr || !is_flow_field(*info)) continue;
    for (const FieldId id : info->ids) {
      if (!wanted.has(id)) continue;
      out.slots[id] = {out.columns.size(), info->type};
      out.columns.push_back(i);
    }
  }
  return out;
}

const Cell* FlowFields::cell(FieldId id, const Row& flow) const {
  const auto found = slots_.find(id);
  return found == slots_.end() ? nullptr : &flow[found->second.index];
}

void FlowFields::each(FieldId id, const Row& flow, Visit visit) const {
  const auto found = slots_.find(id);
  if (found != slots_.end()) visit_cell(flow[found->second.index], found->second.type, visit);
}

}  // namespace pr::view
