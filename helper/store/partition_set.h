// The partitions of a store as one: rows of all of them in order, a flow that lies in several shown once.
#pragma once

#include <list>
#include <map>

#include "helper/store/files.h"
#include "helper/store/row_source.h"

namespace pr::store {

class PartitionSet {
 public:
  // All outlive the set.
  PartitionSet(Database& catalog, Layout layout, DictionaryReader& dictionary)
      : catalog_(catalog), layout_(std::move(layout)), dictionary_(dictionary) {}

  // give(source) is called on each row in order; false ends it.
  absl::Status rows(const RowQuery& query, const std::vector<std::uint64_t>& sessions, const RowPlan& plan,
                    FunctionRef<bool(const RowSource&)> give);

 private:
  struct Open {
    std::uint64_t id = 0;
    std::shared_ptr<Database> db;
  };
  using FlowKeyed = std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t>;

  // Oldest first.
  absl::StatusOr<std::vector<Open>> relevant(const RowQuery& query, const std::vector<std::uint64_t>& sessions);
  absl::StatusOr<std::shared_ptr<Database>> open(std::uint64_t id);
  // For flows with slices in several partitions (within the range): the newest of those.
  absl::StatusOr<FlowKeyed> newest_of_carried(const std::vector<Open>& partitions, const TimeRange& range);
  absl::Status merge(const std::vector<Open>& partitions, const RowPlan& plan, const FlowKeyed& newest,
                     FunctionRef<bool(const RowSource&)> give);
  // The names of all partitions in one database in memory.
  absl::StatusOr<std::shared_ptr<Database>> gather_names(const std::vector<Open>& partitions);

  Database& catalog_;
  const Layout layout_;
  DictionaryReader& dictionary_;
  std::list<Open> opened_;  // most recent first
};

}  // namespace pr::store
