// A dissected packet as a filter sees it.
#pragma once

#include "helper/dissect/registry.h"
#include "shared/filter/filter.h"
#include "shared/model/dissection.h"

namespace pr::analysis {

// Borrows both for as long as it lives.
class DissectionValues final : public filter::RowValues {
 public:
  DissectionValues(const dissect::Registry& registry, const Dissection& tree) : registry_(registry), tree_(tree) {}

  void each(FieldId id, const Visit& visit) const override;

 private:
  const dissect::Registry& registry_;
  const Dissection& tree_;
};

}  // namespace pr::analysis
