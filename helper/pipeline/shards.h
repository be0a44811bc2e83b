// The analysis of batches by a fixed number of threads: each works on its own packets of a batch, then the results
// are joined in packet order. With one shard everything happens on the calling thread.
#pragma once

#include <atomic>
#include <barrier>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "helper/analysis/analyzer.h"
#include "helper/analysis/engine_clock.h"
#include "helper/analysis/join.h"
#include "helper/analysis/shard_key.h"

namespace pr::pipeline {

class Shards {
 public:
  // Where what flows leave goes when very many end at once: batches without packets. On the thread of the shard.
  struct Spill {
    std::function<std::unique_ptr<Batch>()> fresh;     // one to fill
    std::function<void(std::unique_ptr<Batch>)> take;  // null: nothing is given early
  };

  Shards(const dissect::Engine& engine, unsigned count, const flow::Limits& limits, std::uint64_t hash_key,
         std::uint16_t community_seed, Spill spill = {});
  ~Shards();

  // Says which shard each packet belongs to. Needs nothing of the analysis, so the thread that reads packets does it,
  // in the order of the packets; work() does it for batches that nobody assigned.
  void assign(Batch& batch);
  // Numbers the packets, analyses them, and leaves what was found in the batch. Not thread-safe: one caller.
  void work(Batch& batch, bool snapshot);
  // Ends all flows into this (empty) batch, and through Spill where they are many.
  void finish(Batch& batch);

  [[nodiscard]] const analysis::Join& join() const { return join_; }
  // Sums over the shards.
  [[nodiscard]] analysis::AnalyzerStats stats() const;
  // Flows in the tables now; any thread may ask.
  [[nodiscard]] std::uint64_t active_flows() const { return active_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t packets() const { return next_number_ - 1; }

 private:
  void loop(unsigned shard);

  analysis::ShardKey shard_key_;
  const std::uint64_t hash_key_;
  std::vector<std::unique_ptr<analysis::Analyzer>> analyzers_;
  std::vector<analysis::ShardOutput> outputs_;
  analysis::Join join_;
  analysis::EngineClock clock_;
  std::vector<Timestamp> times_;
  std::uint64_t next_number_ = 1;
  std::atomic<std::uint64_t> active_{0};

  // Work for the threads of shards 1 ...; the caller is shard 0. Written before start_, read after it.
  Batch* batch_ = nullptr;
  bool snapshot_ = false;
  bool stopping_ = false;
  std::barrier<> start_, done_;
  std::vector<std::jthread> threads_;
};

}  // namespace pr::pipeline
