// The fields that belong to a packet's flow and not to its bytes (flow.*, proc.*, communityid), read from the catalog.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <unordered_map>

#include "helper/store/reader.h"
#include "helper/view/flow_rows.h"
#include "shared/filter/filter.h"
#include "shared/model/field_catalog.h"

namespace pr::view {

// Calls visit with the value that a cell stands for as a field of that type; lists once for each item. Cells that do
// not fit the type are passed over.
void visit_cell(const Cell& cell, FieldType type, filter::RowValues::Visit visit);

// True when flows answer for this field, whatever the packet.
bool is_flow_field(const FieldInfo& field);

class FlowFields {
 public:
  // Of all flow fields, those wanted are kept.
  FlowFields(const FieldCatalog& catalog, const FieldSet& wanted) : FlowFields(places(catalog, wanted)) {}

  // True when the field is the flow's to answer, and wanted.
  [[nodiscard]] bool knows(FieldId id) const { return slots_.contains(id); }
  [[nodiscard]] bool empty() const { return slots_.empty(); }
  absl::Status load(store::Reader& reader, std::uint64_t session, std::span<const std::uint64_t> only) {
    return rows_.load(reader, session, only);
  }
  // null: no such flow.
  [[nodiscard]] const Row* find(std::uint64_t flow_id) const { return rows_.find(flow_id); }
  void each(FieldId id, const Row& flow, filter::RowValues::Visit visit) const;
  // The flow's cell for that field; null: it is not the flow's to answer.
  [[nodiscard]] const Cell* cell(FieldId id, const Row& flow) const;

 private:
  struct Slot {
    std::size_t index;
    FieldType type;
  };
  struct Places {
    std::unordered_map<FieldId, Slot> slots;
    std::vector<std::size_t> columns;
  };
  static Places places(const FieldCatalog& catalog, const FieldSet& wanted);
  explicit FlowFields(Places places) : slots_(std::move(places.slots)), rows_(std::move(places.columns)) {}

  std::unordered_map<FieldId, Slot> slots_;
  FlowRows rows_;
};

}  // namespace pr::view
