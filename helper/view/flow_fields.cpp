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

std::size_t column_index(std::span<const ColumnDef> columns, std::string_view key) {
  std::size_t i = 0;
  while (i < columns.size() && key != columns[i].key) ++i;
  return i;
}

FlowFields::FlowFields(const FieldCatalog& catalog) {
  const auto columns = store::columns(Noun::kFlows);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].field == nullptr) continue;
    const FieldInfo* info = catalog.find(columns[i].field);
    if (info == nullptr || (info->protocol != "flow" && info->protocol != "proc" && info->name != "communityid"))
      continue;
    for (const FieldId id : info->ids) columns_[id] = {i, info->type};
  }
}

bool FlowFields::any_of(const FieldSet& fields) const {
  for (const auto& [id, column] : columns_) {
    if (fields.has(id)) return true;
  }
  return false;
}

absl::Status FlowFields::load(store::Reader& reader, std::uint64_t session) {
  if (session_ == session) return absl::OkStatus();
  rows_.clear();
  session_ = session;
  const std::size_t id = column_index(store::columns(Noun::kFlows), "flow_id");
  store::RowQuery query;
  query.noun = Noun::kFlows;
  query.sessions = {session};
  const auto done = reader.rows(query, [&](const Row& row) {
    rows_[cell_uint(row[id])] = row;
    return true;
  });
  return done.status();
}

const Row* FlowFields::find(std::uint64_t flow_id) const {
  const auto found = rows_.find(flow_id);
  return found == rows_.end() ? nullptr : &found->second;
}

const Cell* FlowFields::cell(FieldId id, const Row& flow) const {
  const auto found = columns_.find(id);
  return found == columns_.end() ? nullptr : &flow[found->second.index];
}

void FlowFields::each(FieldId id, const Row& flow, Visit visit) const {
  const auto found = columns_.find(id);
  if (found != columns_.end()) visit_cell(flow[found->second.index], found->second.type, visit);
}

}  // namespace pr::view
