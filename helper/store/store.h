// The writing side: one per database and process tree (flock on FILE.lock). FILE is the catalog (SQLite), FILE's
// stem + ".packets/" beside it holds segments (pcapng), their indexes and partitions. One thread calls everything here.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/model/batch.h"

namespace pr::store {

struct StoreOptions {
  bool keep_packets = true;
  bool compress = false;         // zstd frames
  std::uint64_t keep_bytes = 0;  // 0: no quota
  int keep_days = 0;             // 0: no limit
  std::uint64_t segment_bytes = 64U << 20U;
  Duration segment_age = std::chrono::seconds(60);
  // Names of protocols by ProtocolId: numbers are never stored, names are.
  std::vector<std::string> protocol_names;
  const Clock* clock = nullptr;  // REQUIRES: not null
};

struct SessionStart {
  std::string file;   // the path as given, "-", or the interfaces joined by ","
  std::string label;  // --name
  bool live = false;
};

// What a session ends with, or has so far.
struct SessionTotals {
  std::uint64_t received = 0, packets = 0, bytes = 0;
  std::uint64_t dropped_kernel = 0, dropped_interface = 0, dropped_queue = 0, dropped_store = 0;
  std::uint64_t dns_queries = 0, dns_responses = 0, malformed = 0;
  std::uint64_t tcp_flows = 0, udp_flows = 0;  // distinct unordered innermost 5-tuples
  std::vector<std::uint16_t> link_types;       // LINKTYPE_ values that occurred
  // Further counters by name ("protocol.dns", "limit.stream_message", "issue.truncated"), for `query stats`.
  std::vector<std::pair<std::string, std::uint64_t>> counters;
};

class Store {
 public:
  // Creates or migrates the catalog, recovers what a crash left. kFailedPrecondition: another process writes here;
  // the message names its pid.
  static absl::StatusOr<std::unique_ptr<Store>> open(const std::string& path, StoreOptions options);
  virtual ~Store() = default;

  // Returns the session's id: 1, 2, ...
  virtual absl::StatusOr<std::uint64_t> begin_session(const SessionStart& start) = 0;
  // Appends packets with their facts (if packets are kept) and everything analysis found. kResourceExhausted: the disk
  // is full; nothing of this batch is kept, everything before it is, and the same batch may be tried again.
  virtual absl::Status write(const Batch& batch) = 0;
  // Writes the running totals and commits; called about once a second and at the end.
  virtual absl::Status commit(const SessionTotals& totals) = 0;
  // Closes segment and partition. state: "complete", "damaged", "interrupted".
  virtual absl::Status end_session(const SessionTotals& totals, const std::string& state) = 0;
  // A stretch of time in which the session could not record ("interface eth0 went away").
  virtual absl::Status note_gap(Timestamp from, Timestamp to, const std::string& why) = 0;

  virtual absl::Status rename_session(std::uint64_t id, const std::string& label) = 0;
  virtual absl::Status pin_session(std::uint64_t id, bool pinned) = 0;
  virtual absl::Status delete_session(std::uint64_t id) = 0;
};

}  // namespace pr::store
