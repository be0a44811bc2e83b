#include "helper/pipeline/shards.h"

#include <string>

#include "shared/base/thread_name.h"

namespace pr::pipeline {

Shards::Shards(const dissect::Engine& engine, unsigned count, const flow::Limits& limits, std::uint64_t hash_key,
               std::uint16_t community_seed, Spill spill)
    : shard_key_(engine), hash_key_(hash_key), outputs_(count), start_(count), done_(count) {
  std::function<void(analysis::ShardOutput &&)> hand_over;
  if (spill.take) {
    hand_over = [spill = std::move(spill)](analysis::ShardOutput&& output) {
      std::unique_ptr<Batch> batch = spill.fresh();
      batch->clear_findings();
      const auto take = [](auto& events, auto& values) {
        for (auto& event : events) values.push_back(std::move(event.value));
      };
      take(output.slices, batch->slices);
      take(output.transactions, batch->transactions);
      take(output.handshakes, batch->handshakes);
      spill.take(std::move(batch));
    };
  }
  for (unsigned shard = 0; shard < count; ++shard) {
    analyzers_.push_back(
        std::make_unique<analysis::Analyzer>(engine, analysis::AnalyzerOptions{.shard = shard,
                                                                               .shards = count,
                                                                               .limits = limits,
                                                                               .hash_key = hash_key,
                                                                               .community_seed = community_seed,
                                                                               .spill = hand_over}));
  }
  for (unsigned shard = 1; shard < count; ++shard) {
    threads_.emplace_back([this, shard] { loop(shard); });
  }
}

Shards::~Shards() {
  stopping_ = true;
  if (!threads_.empty()) start_.arrive_and_wait();
}

void Shards::loop(unsigned shard) {
  name_thread(("shard " + std::to_string(shard)).c_str());
  for (;;) {
    start_.arrive_and_wait();
    if (stopping_) return;
    analyzers_[shard]->analyse(*batch_, times_, snapshot_, outputs_[shard]);
    done_.arrive_and_wait();
  }
}

void Shards::assign(Batch& batch) {
  if (threads_.empty()) return;
  batch.shards.resize(batch.packets.size());
  for (std::size_t i = 0; i < batch.packets.size(); ++i) {
    const auto pair = shard_key_.address_pair(batch.packets[i]);
    const std::size_t bucket = pair ? flow::FlowTable::bucket(pair->first, pair->second, hash_key_) : 0;
    batch.shards[i] = static_cast<std::uint8_t>(bucket % analyzers_.size());
  }
}

void Shards::work(Batch& batch, bool snapshot) {
  batch.clear_findings();
  times_.resize(batch.packets.size());
  for (std::size_t i = 0; i < batch.packets.size(); ++i) {
    batch.packets[i].number = next_number_++;
    times_[i] = clock_.advance(batch.packets[i].ts);
  }
  batch.facts.assign(batch.packets.size(), PacketFacts{});
  for (analysis::ShardOutput& output : outputs_) output.clear();
  if (threads_.empty()) {
    analyzers_[0]->analyse(batch, times_, snapshot, outputs_[0]);
  } else {
    if (batch.shards.size() != batch.packets.size()) assign(batch);
    batch_ = &batch;
    snapshot_ = snapshot;
    start_.arrive_and_wait();
    analyzers_[0]->analyse(batch, times_, snapshot, outputs_[0]);
    done_.arrive_and_wait();
  }
  join_.merge(batch, outputs_);
  std::uint64_t active = 0;
  for (std::size_t i = 0; i < analyzers_.size(); ++i) {
    analyzers_[i]->joined(outputs_[i]);
    active += analyzers_[i]->flows();
  }
  active_.store(active, std::memory_order_relaxed);
}

void Shards::finish(Batch& batch) {
  for (std::size_t i = 0; i < analyzers_.size(); ++i) {
    outputs_[i].clear();
    analyzers_[i]->finish(outputs_[i]);
  }
  join_.merge(batch, outputs_);
  active_.store(0, std::memory_order_relaxed);
}

analysis::AnalyzerStats Shards::stats() const {
  analysis::AnalyzerStats sum;
  for (const auto& analyzer : analyzers_) {
    const analysis::AnalyzerStats one = analyzer->stats();
    sum.packets_by_protocol.resize(one.packets_by_protocol.size());
    for (std::size_t i = 0; i < one.packets_by_protocol.size(); ++i) {
      sum.packets_by_protocol[i] += one.packets_by_protocol[i];
    }
    for (std::size_t i = 0; i < one.issues.size(); ++i) sum.issues[i] += one.issues[i];
    sum.fragments_given_up += one.fragments_given_up;
    sum.stream_over_message += one.stream_over_message;
    sum.stream_over_out_of_order += one.stream_over_out_of_order;
    sum.stream_over_total += one.stream_over_total;
    sum.datagrams_over += one.datagrams_over;
    sum.stream_gaps += one.stream_gaps;
    sum.flows_evicted += one.flows_evicted;
    sum.flows_timed_out += one.flows_timed_out;
  }
  return sum;
}

}  // namespace pr::pipeline
