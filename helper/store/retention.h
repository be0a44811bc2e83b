// Keeps the store within its quota and age: oldest segments are unlinked first, partitions with the last segment of
// their time. Pinned sessions stay, and what is being written.
#pragma once

#include "helper/store/catalog_writer.h"
#include "helper/store/files.h"

namespace pr::store {

struct RetentionLimits {
  std::uint64_t keep_bytes = 0;  // 0: no quota
  int keep_days = 0;             // 0: no limit
};

// Removes what is beyond the limits, and commits.
absl::Status enforce(CatalogWriter& catalog, const Layout& layout, const RetentionLimits& limits, Timestamp now);

// Unlinks the segments of hidden sessions, partitions that hold only those, and the sessions that are gone then.
absl::Status remove_hidden(CatalogWriter& catalog, const Layout& layout);

}  // namespace pr::store
