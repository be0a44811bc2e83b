// The writer's statements on the catalog. Changes gather in one transaction until commit().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "helper/store/database.h"
#include "helper/store/dictionary.h"
#include "helper/store/segment_writer.h"
#include "helper/store/store.h"

namespace pr::store {

class CatalogWriter {
 public:
  // Creates or migrates the catalog.
  static absl::StatusOr<std::unique_ptr<CatalogWriter>> open(const std::string& path);

  absl::StatusOr<std::uint64_t> add_session(const SessionStart& start, bool keeps_packets, Timestamp now);
  absl::Status add_interface(std::uint64_t session, std::uint32_t n, const InterfaceInfo& info);
  absl::Status update_session(std::uint64_t session, const SessionTotals& totals, std::int64_t first_packet,
                              std::int64_t last_packet);
  absl::Status end_session(std::uint64_t session, const std::string& state, Timestamp now);
  absl::Status add_gap(std::uint64_t session, Timestamp from, Timestamp to, const std::string& why);

  absl::Status add_segment(const SegmentPlan& plan, Timestamp now);
  absl::Status update_segment(std::uint64_t id, const Extent& extent, int state);
  absl::Status add_partition(std::uint64_t id, Timestamp now);
  absl::Status partition_holds(std::uint64_t partition, std::uint64_t session);
  struct PartitionExtent {
    std::int64_t min_ts = 0, max_ts = 0;
    std::uint64_t bytes = 0;
  };
  absl::Status update_partition(std::uint64_t id, const PartitionExtent& extent, bool closed, Timestamp now);

  absl::Status add(const Certificate& certificate);
  // A handshake in which the certificate was shown.
  absl::Status sighted(std::uint64_t session, const std::string& sha256, Timestamp ts);

  absl::Status begin();
  absl::Status commit();
  void rollback();
  // Runs a statement with numbers for its parameters.
  absl::Status run(const std::string& sql, std::initializer_list<std::uint64_t> numbers);
  // The first column of each row.
  absl::StatusOr<std::vector<std::uint64_t>> numbers(const std::string& sql,
                                                     std::initializer_list<std::uint64_t> parameters);

  [[nodiscard]] Database& db() { return *db_; }
  [[nodiscard]] DictionaryWriter& dictionary() { return *dictionary_; }

 private:
  CatalogWriter() = default;
  absl::Status flush_sightings();

  struct Seen {
    std::int64_t first = 0, last = 0, count = 0;
  };
  std::unique_ptr<Database> db_;
  std::unique_ptr<DictionaryWriter> dictionary_;
  absl::flat_hash_map<std::pair<std::uint64_t, std::int64_t>, Seen> sightings_;  // session, certificate
};

}  // namespace pr::store
