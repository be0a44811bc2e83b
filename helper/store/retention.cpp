#include "helper/store/retention.h"

#include "helper/store/rows.h"

namespace pr::store {
namespace {

constexpr Duration kDay = std::chrono::hours(24);

void unlink_segment(const Layout& layout, std::uint64_t id) {
  for (const bool compressed : {false, true}) {
    remove_file(layout.segment(id, compressed));
    remove_file(layout.open_segment(id, compressed));
  }
  remove_file(layout.index(id));
}

void unlink_partition(const Layout& layout, std::uint64_t id) {
  const std::string path = layout.partition(id);
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) remove_file(path + suffix);
}

// Rows say that files go before they go, so that a crash between leaves no file that nobody knows.
absl::Status remove_segments(CatalogWriter& catalog, const Layout& layout, const std::vector<std::uint64_t>& ids) {
  if (ids.empty()) return absl::OkStatus();
  absl::Status status = catalog.begin();
  for (const std::uint64_t id : ids) status.Update(catalog.run("UPDATE segment SET state = 2 WHERE id = ?", {id}));
  if (status.ok()) status = catalog.commit();
  if (!status.ok()) return status;
  for (const std::uint64_t id : ids) unlink_segment(layout, id);
  if (status = catalog.begin(); !status.ok()) return status;
  for (const std::uint64_t id : ids) status.Update(catalog.run("DELETE FROM segment WHERE id = ?", {id}));
  return status.ok() ? catalog.commit() : status;
}

absl::Status remove_partition(CatalogWriter& catalog, const Layout& layout, std::uint64_t id) {
  absl::Status status = catalog.begin();
  status.Update(catalog.run("DELETE FROM partition_session WHERE partition = ?", {id}));
  status.Update(catalog.run("DELETE FROM partition WHERE id = ?", {id}));
  if (status.ok()) status = catalog.commit();
  if (!status.ok()) return status;
  unlink_partition(layout, id);
  return status;
}

absl::StatusOr<std::uint64_t> used(CatalogWriter& catalog, const Layout& layout) {
  const auto sums = catalog.numbers("SELECT ifnull(sum(data_bytes + index_bytes), 0) FROM segment WHERE state < 2", {});
  if (!sums.ok()) return sums.status();
  const auto partitions = catalog.numbers("SELECT id FROM partition", {});
  if (!partitions.ok()) return partitions.status();
  std::uint64_t total = sums->front() + file_size(layout.catalog) + file_size(layout.catalog + "-wal");
  for (const std::uint64_t id : *partitions) {
    total += file_size(layout.partition(id)) + file_size(layout.partition(id) + "-wal");
  }
  return total;
}

constexpr const char* kOldestSegment =
    "SELECT g.id FROM segment g JOIN session s ON s.id = g.session"
    " WHERE g.state = 1 AND NOT s.pinned ORDER BY g.id LIMIT 1";
// Closed, of no pinned session, and no segment from its time is left.
constexpr const char* kOldestPartition =
    "SELECT p.id FROM partition p WHERE p.state = 1"
    " AND NOT EXISTS (SELECT 1 FROM partition_session x JOIN session s ON s.id = x.session"
    "                 WHERE x.partition = p.id AND s.pinned)"
    " AND NOT EXISTS (SELECT 1 FROM segment g JOIN partition_session x ON x.session = g.session"
    "                 WHERE x.partition = p.id AND g.id <= p.last_segment)"
    " ORDER BY p.id LIMIT 1";

absl::Status enforce_age(CatalogWriter& catalog, const Layout& layout, int days, Timestamp now) {
  const auto before = static_cast<std::uint64_t>(to_ns(now - days * kDay));
  const auto old = catalog.numbers(
      "SELECT g.id FROM segment g JOIN session s ON s.id = g.session WHERE g.state = 1 AND NOT s.pinned AND g.created "
      "< ?",
      {before});
  if (!old.ok()) return old.status();
  if (absl::Status status = remove_segments(catalog, layout, *old); !status.ok()) return status;
  for (;;) {
    const auto partition = catalog.numbers(kOldestPartition, {});
    if (!partition.ok()) return partition.status();
    if (partition->empty()) return absl::OkStatus();
    const auto closed = catalog.numbers("SELECT closed FROM partition WHERE id = ?", {partition->front()});
    if (!closed.ok()) return closed.status();
    if (closed->empty() || closed->front() >= before) return absl::OkStatus();
    if (absl::Status status = remove_partition(catalog, layout, partition->front()); !status.ok()) return status;
  }
}

absl::Status enforce_quota(CatalogWriter& catalog, const Layout& layout, std::uint64_t quota) {
  for (;;) {
    const absl::StatusOr<std::uint64_t> total = used(catalog, layout);
    if (!total.ok()) return total.status();
    if (*total <= quota) return absl::OkStatus();
    const auto partition = catalog.numbers(kOldestPartition, {});
    if (!partition.ok()) return partition.status();
    const auto segment = catalog.numbers(kOldestSegment, {});
    if (!segment.ok()) return segment.status();
    // A partition whose segments are gone is older than any segment that is left.
    if (!partition->empty()) {
      if (absl::Status status = remove_partition(catalog, layout, partition->front()); !status.ok()) return status;
    } else if (!segment->empty()) {
      if (absl::Status status = remove_segments(catalog, layout, *segment); !status.ok()) return status;
    } else {
      return absl::OkStatus();  // all that is left is pinned or being written
    }
  }
}

// Ended sessions of which nothing is left: their packets and rows were beyond the limits.
absl::Status forget_sessions(CatalogWriter& catalog, const std::string& condition) {
  absl::Status status = catalog.begin();
  const std::string gone = "SELECT id FROM session s WHERE " + condition +
                           " AND NOT EXISTS (SELECT 1 FROM segment g WHERE g.session = s.id)"
                           " AND NOT EXISTS (SELECT 1 FROM partition_session x WHERE x.session = s.id)";
  for (const char* table : {"interface", "gap", "counter", "sighting"}) {
    status.Update(catalog.run("DELETE FROM " + std::string(table) + " WHERE session IN (" + gone + ")", {}));
  }
  status.Update(catalog.run("DELETE FROM session WHERE id IN (" + gone + ")", {}));
  return status.ok() ? catalog.commit() : status;
}

}  // namespace

absl::Status enforce(CatalogWriter& catalog, const Layout& layout, const RetentionLimits& limits, Timestamp now) {
  absl::Status status;
  if (limits.keep_days > 0) status = enforce_age(catalog, layout, limits.keep_days, now);
  if (status.ok() && limits.keep_bytes > 0) status = enforce_quota(catalog, layout, limits.keep_bytes);
  if (!status.ok() || (limits.keep_days <= 0 && limits.keep_bytes == 0)) return status;
  return forget_sessions(catalog, "s.state <> 'recording' AND NOT s.pinned AND s.packets > 0");
}

absl::Status remove_hidden(CatalogWriter& catalog, const Layout& layout) {
  const auto segments =
      catalog.numbers("SELECT g.id FROM segment g JOIN session s ON s.id = g.session WHERE s.hidden", {});
  if (!segments.ok()) return segments.status();
  if (absl::Status status = remove_segments(catalog, layout, *segments); !status.ok()) return status;
  const auto partitions = catalog.numbers(
      "SELECT p.id FROM partition p WHERE p.state = 1 AND EXISTS (SELECT 1 FROM partition_session x WHERE x.partition "
      "= p.id)"
      " AND NOT EXISTS (SELECT 1 FROM partition_session x JOIN session s ON s.id = x.session"
      "                 WHERE x.partition = p.id AND NOT s.hidden)",
      {});
  if (!partitions.ok()) return partitions.status();
  for (const std::uint64_t id : *partitions) {
    if (absl::Status status = remove_partition(catalog, layout, id); !status.ok()) return status;
  }
  return forget_sessions(catalog, "s.hidden");
}

}  // namespace pr::store
