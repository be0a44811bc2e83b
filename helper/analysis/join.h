// Puts the shards' results back into packet order: numbers flows and streams, and relates flows to each other
// (DNS answer -> the flow that uses it). Runs while no shard works. Results do not depend on the number of shards.
#pragma once

#include <memory>
#include <span>

#include "helper/analysis/analyzer.h"

namespace pr::analysis {

class Join {
 public:
  Join();
  ~Join();

  // Moves what the shards found into the batch, numbered and in packet order, and completes the facts.
  void merge(Batch& batch, std::span<ShardOutput> shards);
  // Flows numbered so far.
  [[nodiscard]] std::uint64_t flows() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::analysis
