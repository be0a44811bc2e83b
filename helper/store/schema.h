// SQL of the catalog and of partitions, built in (migrations/*.sql).
#pragma once

namespace pr::store {

// k_NNN_catalog leads from user_version NNN - 1 to NNN.
extern const char* const k_001_catalog;
extern const char* const k_partition_001;
extern const char* const k_partition_002;
// For a connection that may only read an older partition: hides its tables behind views of the newest form.
extern const char* const k_partition_001_view;
// Added to a partition when it is closed.
extern const char* const k_partition_indexes;

inline constexpr int kCatalogVersion = 1;
inline constexpr int kPartitionVersion = 2;
inline constexpr int kCatalogId = 0x50524331;    // "PRC1", application_id
inline constexpr int kPartitionId = 0x50525031;  // "PRP1"

}  // namespace pr::store
