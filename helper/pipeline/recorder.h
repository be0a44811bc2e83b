// Records one session: source -> analysis -> store with bounded queues between. Source and analysis have threads of
// their own; the store stays on the calling thread, to which it belongs. Threads and order, nothing else.
#pragma once

#include <absl/status/statusor.h>

#include <functional>

#include "helper/analysis/analyzer.h"
#include "helper/capture/packet_source.h"
#include "helper/dissect/engine.h"
#include "helper/store/store.h"

namespace pr::pipeline {

// How it is going, once a second and at the end; for progress lines and service notification.
struct Status {
  store::SessionTotals totals;
  std::uint64_t active_flows = 0;
  capture::Progress source;
  Duration elapsed{};
  std::string paused;  // why nothing is stored at the moment ("no space left ..."), empty: all is well
};

struct RecordOptions {
  unsigned shards = 0;  // 0: cores - 1, at least 1; all cores where no packets are kept and the store has little to do
  bool keep_packets = true;
  flow::Limits limits;
  std::uint16_t community_seed = 0;
  std::uint64_t max_packets = 0;  // stop after so many; 0: no limit
  Duration max_duration{};        // of wall time; zero: no limit
  bool live = false;              // a full disk pauses (packets are counted as store drops) instead of ending
  std::function<void(const Status&)> on_status;  // on the calling thread
};

struct RecordResult {
  std::uint64_t session = 0;
  store::SessionTotals totals;
  std::uint64_t flows = 0;
  // OK, or what ended the session early: kDataLoss for damaged input (what came before it is stored),
  // kResourceExhausted for a full disk.
  absl::Status ended;
};

// Blocks until the source ends, a limit is reached or the store fails. An error means that no session was begun.
absl::StatusOr<RecordResult> record(capture::PacketSource& source, store::Store& store, const dissect::Engine& engine,
                                    const store::SessionStart& start, const RecordOptions& options);

}  // namespace pr::pipeline
