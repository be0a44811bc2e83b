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

  // give(source) is called on each row in order; false ends it. kDataLoss: a partition is damaged; the rows of the
  // others were given before.
  absl::Status rows(const RowQuery& query, const std::vector<std::uint64_t>& sessions, const RowPlan& plan,
                    FunctionRef<bool(const RowSource&)> give);

 private:
  struct Open {
    std::uint64_t id = 0;
    std::shared_ptr<Database> db;
    std::vector<std::uint64_t> sessions = {};  // of those asked for, which have rows there
  };
  // A flow that lies in several partitions: the newest of those, and what the older ones add in the range asked for.
  struct Carried {
    std::uint64_t newest = 0;
    FlowCounts older{};
  };
  using CarriedFlows = std::map<std::pair<std::uint64_t, std::uint64_t>, Carried>;  // by session and flow

  // Oldest first. damage: what is wrong with those that had to be left out.
  absl::StatusOr<std::vector<Open>> relevant(const RowQuery& query, const std::vector<std::uint64_t>& sessions,
                                             absl::Status* damage);
  absl::StatusOr<std::shared_ptr<Database>> open(std::uint64_t id);
  absl::StatusOr<CarriedFlows> carried(const std::vector<Open>& partitions, const TimeRange& range);
  absl::Status add_older(const Open& partition, const TimeRange& range, CarriedFlows& flows);
  absl::Status merge(const std::vector<Open>& partitions, const RowPlan& plan, const CarriedFlows& carried,
                     FunctionRef<bool(const RowSource&)> give);
  // The names of all partitions in one database in memory.
  absl::StatusOr<std::shared_ptr<Database>> gather_names(const std::vector<Open>& partitions);

  Database& catalog_;
  const Layout layout_;
  DictionaryReader& dictionary_;
  std::list<Open> opened_;  // most recent first
};

}  // namespace pr::store
