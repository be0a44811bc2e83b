// What a crash left is put right before anything else is written.
#pragma once

#include "helper/store/catalog_writer.h"
#include "helper/store/files.h"

namespace pr::store {

// Open segments are cut back to their last whole packet and closed, files that the catalog lost are taken back, those
// that it gave up are removed, sessions that were being recorded become "interrupted". A segment that cannot be read is
// renamed N.pcapng.corrupt and left alone.
absl::Status recover(CatalogWriter& catalog, const Layout& layout, const std::vector<std::string>& protocol_names,
                     Timestamp now);

// The segment alone; public for tests. Fills in what of it is good.
absl::StatusOr<Extent> recover_segment(const Layout& layout, const SegmentPlan& plan,
                                       const std::vector<std::string>& protocol_names);

// Renames a partition that cannot be used to N.idx.corrupt.
void move_partition_aside(const Layout& layout, std::uint64_t id);

}  // namespace pr::store
