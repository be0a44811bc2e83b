// The fields that belong to a packet's flow and not to its bytes (flow.*, proc.*, communityid), read from the catalog.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "helper/store/reader.h"
#include "shared/filter/filter.h"
#include "shared/model/field_catalog.h"

namespace pr::view {

// Calls visit with the value that a cell stands for as a field of that type; lists and kText cells with several values
// once for each. Cells that do not fit the type are passed over.
void visit_cell(const Cell& cell, FieldType type, filter::RowValues::Visit visit);

class FlowFields {
 public:
  explicit FlowFields(const FieldCatalog& catalog);

  // True when the field is the flow's to answer.
  [[nodiscard]] bool knows(FieldId id) const { return columns_.contains(id); }
  [[nodiscard]] bool any_of(const FieldSet& fields) const;
  // Reads the flows of a session, unless they are the ones at hand.
  absl::Status load(store::Reader& reader, std::uint64_t session);
  // null: no such flow.
  [[nodiscard]] const Row* find(std::uint64_t flow_id) const;
  void each(FieldId id, const Row& flow, filter::RowValues::Visit visit) const;
  // The flow's cell for that field; null: it is not the flow's to answer.
  [[nodiscard]] const Cell* cell(FieldId id, const Row& flow) const;

 private:
  struct Column {
    std::size_t index;
    FieldType type;
  };
  std::unordered_map<FieldId, Column> columns_;
  std::uint64_t session_ = 0;
  std::unordered_map<std::uint64_t, Row> rows_;
};

// Index of the column with that key; columns.size() if there is none.
std::size_t column_index(std::span<const ColumnDef> columns, std::string_view key);

}  // namespace pr::view
