#include "helper/pipeline/recorder.h"

#include <algorithm>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "helper/pipeline/shards.h"
#include "shared/base/bounded_queue.h"
#include "shared/base/thread_name.h"

namespace pr::pipeline {
namespace {

using BatchPtr = std::unique_ptr<Batch>;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kQueue = 2;              // batches between two stages
constexpr std::size_t kPool = 2 * kQueue + 3;  // all queues full, and one batch in the hands of each thread
constexpr auto kCommitEvery = std::chrono::milliseconds(400);
constexpr auto kStatusEvery = std::chrono::seconds(1);
constexpr auto kRetryEvery = std::chrono::seconds(1);  // of a full disk

std::uint64_t secret() {
  std::random_device random;
  return std::uint64_t{random()} << 32U | random();
}

class Recording {
 public:
  Recording(capture::PacketSource& source, store::Store& store, const dissect::Engine& engine,
            const RecordOptions& options)
      : source_(source),
        store_(store),
        engine_(engine),
        options_(options),
        pool_(kPool),
        to_analysis_(kQueue),
        to_store_(kQueue),
        spent_rows_(kPool),
        shards_(engine, shard_count(options), options.limits, secret(), options.community_seed,
                {.fresh = [this] { return row_batch(); },
                 .take = [this](BatchPtr rows) { to_store_.push(std::move(rows)); }}) {
    for (std::size_t i = 0; i < kPool; ++i) pool_.push(std::make_unique<Batch>());
  }

  RecordResult run();

 private:
  static unsigned shard_count(const RecordOptions& options) {
    if (options.shards != 0) return std::min(options.shards, 64U);
    return std::clamp(std::thread::hardware_concurrency() - (options.keep_packets ? 1U : 0U), 1U, 64U);
  }

  void read_loop();
  void analysis_loop();
  void store_loop();
  bool trim(Batch& batch);
  void keep(BatchPtr batch);
  BatchPtr row_batch();
  void commit(bool always);
  void fail(absl::Status status);
  void tick();
  void save_rows(Batch& batch);
  void add_counters();
  Status status();

  capture::PacketSource& source_;
  store::Store& store_;
  const dissect::Engine& engine_;
  const RecordOptions& options_;
  BoundedQueue<BatchPtr> pool_, to_analysis_, to_store_, spent_rows_;
  Shards shards_;
  const Steady::time_point began_ = Steady::now();

  // Analysis thread only.
  Steady::time_point last_snapshot_ = began_;
  std::uint64_t read_packets_ = 0;

  // Calling thread only: what goes into the store and what went.
  Steady::time_point last_commit_ = began_, retry_at_ = began_, next_status_ = began_ + kStatusEvery;
  bool told_to_stop_ = false;
  std::string pause_;          // why the last write failed; empty: it did not
  bool store_failed_ = false;  // for good: an import ends here, a capture that cannot be helped too
  std::set<std::uint16_t> link_types_;
  store::SessionTotals totals_;

  std::mutex mutex_;
  absl::Status ended_;  // protected by mutex_
};

void Recording::fail(absl::Status status) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_.ok()) ended_ = std::move(status);
  }
  source_.stop();
}

// A batch for what flows leave when very many end at once; on top of the pool's.
BatchPtr Recording::row_batch() {
  std::optional<BatchPtr> used = spent_rows_.pop(std::chrono::milliseconds(0));
  BatchPtr batch = used ? *std::move(used) : std::make_unique<Batch>();
  batch->rows_alone = true;
  return batch;
}

// Cuts the batch at --count. True: that was the last one.
bool Recording::trim(Batch& batch) {
  if (options_.max_packets == 0) return false;
  const std::uint64_t left = options_.max_packets - read_packets_;
  if (batch.packets.size() > left) batch.packets.resize(left);
  read_packets_ += batch.packets.size();
  return read_packets_ >= options_.max_packets;
}

void Recording::read_loop() {
  name_thread("capture");
  for (bool more = true; more;) {
    std::optional<BatchPtr> batch = pool_.pop();
    if (!batch) break;
    (*batch)->clear_packets();
    const absl::StatusOr<bool> got = source_.read(**batch);
    more = got.ok() && *got;
    if (trim(**batch)) {
      source_.stop();
      more = false;
    }
    (*batch)->last = !more;
    shards_.assign(**batch);
    if (!got.ok()) fail(got.status());
    to_analysis_.push(std::move(*batch));
  }
  to_analysis_.close();
}

void Recording::analysis_loop() {
  name_thread("shard 0");
  while (std::optional<BatchPtr> batch = to_analysis_.pop()) {
    const auto now = Steady::now();
    // Nobody waits for the flows of an import before they end; a capture shows them within a second.
    const bool snapshot = options_.live && now - last_snapshot_ >= kCommitEvery;
    if (snapshot) last_snapshot_ = now;
    shards_.work(**batch, snapshot);
    if ((*batch)->last) shards_.finish(**batch);
    to_store_.push(std::move(*batch));
  }
  to_store_.close();
}

// Stores the batch, or counts it as dropped.
void Recording::keep(BatchPtr batch) {
  std::uint64_t bytes = 0;
  for (const Packet& packet : batch->packets) {
    bytes += packet.wire_len;
    link_types_.insert(packet.link_type);
  }
  for (const InterfaceInfo& interface : batch->new_interfaces) link_types_.insert(interface.link_type);
  const std::uint64_t packets = batch->packets.size();
  const bool waiting = !pause_.empty() && Steady::now() < retry_at_ && !batch->last;
  absl::Status written = waiting || store_failed_ ? absl::ResourceExhaustedError(pause_) : store_.write(*batch);
  if (store_failed_ && batch->last) save_rows(*batch);
  if (written.ok()) {
    pause_.clear();
  } else if (!waiting && !store_failed_) {
    pause_ = std::string(written.message());
    retry_at_ = Steady::now() + kRetryEvery;
    store_failed_ = !options_.live || !absl::IsResourceExhausted(written);
    if (store_failed_) fail(written);
    if (store_failed_ && batch->last) save_rows(*batch);
  }
  totals_.received += packets;
  if (written.ok()) {
    totals_.packets += packets;
    totals_.bytes += bytes;
    totals_.link_types.assign(link_types_.begin(), link_types_.end());
    totals_.dns_queries += batch->counters.dns_queries;
    totals_.dns_responses += batch->counters.dns_responses;
    totals_.malformed += batch->counters.malformed;
    totals_.tcp_flows = std::max(totals_.tcp_flows, batch->counters.tcp_flows);
    totals_.udp_flows = std::max(totals_.udp_flows, batch->counters.udp_flows);
  } else {
    totals_.dropped_store += packets;
  }
  (void)(batch->rows_alone ? spent_rows_ : pool_).try_push(std::move(batch));
}

// The store took no more packets; the flows of those that it has may still find room.
void Recording::save_rows(Batch& batch) {
  batch.packets.clear();
  batch.facts.clear();
  (void)store_.write(batch);
}

void Recording::commit(bool always) {
  const auto now = Steady::now();
  if (!always && now - last_commit_ < kCommitEvery) return;
  last_commit_ = now;
  const absl::Status done = store_.commit(status().totals);
  if (!done.ok() && !absl::IsResourceExhausted(done)) fail(done);
}

// On the calling thread, to which the store belongs: takes batches, commits, and looks at the clock in between.
void Recording::store_loop() {
  for (;;) {
    std::optional<BatchPtr> batch = to_store_.pop(std::chrono::milliseconds(50));
    if (!batch && to_store_.closed() && to_store_.size() == 0) break;
    for (const capture::Gap& gap : source_.take_gaps()) (void)store_.note_gap(gap.from, gap.to, gap.why);
    if (batch) keep(std::move(*batch));
    commit(false);
    tick();
  }
  pool_.close();
}

// Progress once a second, and the end of the time that was asked for.
void Recording::tick() {
  const auto now = Steady::now();
  if (options_.max_duration > Duration::zero() && now - began_ >= options_.max_duration && !told_to_stop_) {
    told_to_stop_ = true;
    source_.stop();
  }
  if (now < next_status_) return;
  next_status_ = now + kStatusEvery;
  if (options_.on_status) options_.on_status(status());
}

Status Recording::status() {
  const SourceStats source = source_.stats();
  Status now;
  now.totals = totals_;
  now.totals.dropped_kernel = source.dropped_kernel;
  now.totals.dropped_interface = source.dropped_interface;
  now.totals.received += source.dropped_kernel;
  now.active_flows = shards_.active_flows();
  now.source = source_.progress();
  now.elapsed = std::chrono::duration_cast<Duration>(Steady::now() - began_);
  now.paused = pause_;
  return now;
}

void Recording::add_counters() {
  const analysis::AnalyzerStats stats = shards_.stats();
  const std::vector<std::string> names = engine_.registry().names();
  const auto add = [this](std::string name, std::uint64_t value) {
    if (value != 0) totals_.counters.emplace_back(std::move(name), value);
  };
  for (std::size_t i = 1; i < names.size(); ++i) add("protocol." + names[i], stats.packets_by_protocol[i]);
  for (int kind = 0; kind < kIssueKinds; ++kind) {
    add(std::string("issue.") + issue_name(static_cast<IssueKind>(kind)), stats.issues[static_cast<std::size_t>(kind)]);
  }
  add("flow.evicted", stats.flows_evicted);
  add("flow.timed_out", stats.flows_timed_out);
  add("limit.fragments", stats.fragments_given_up);
  add("limit.stream_message", stats.stream_over_message);
  add("limit.stream_out_of_order", stats.stream_over_out_of_order);
  add("limit.stream_memory", stats.stream_over_total);
  add("limit.datagrams", stats.datagrams_over);
  add("stream.gaps", stats.stream_gaps);
}

RecordResult Recording::run() {
  std::jthread reader([this] { read_loop(); });
  std::jthread analyst([this] { analysis_loop(); });
  store_loop();
  reader.join();
  analyst.join();
  add_counters();
  RecordResult result;
  result.totals = status().totals;
  result.flows = shards_.join().flows();
  result.ended = ended_;
  return result;
}

}  // namespace

absl::StatusOr<RecordResult> record(capture::PacketSource& source, store::Store& store, const dissect::Engine& engine,
                                    const store::SessionStart& start, const RecordOptions& options) {
  const absl::StatusOr<std::uint64_t> session = store.begin_session(start);
  if (!session.ok()) return session.status();
  Recording recording(source, store, engine, options);
  RecordResult result = recording.run();
  result.session = *session;
  const char* state = result.ended.ok() ? "complete" : absl::IsDataLoss(result.ended) ? "damaged" : "interrupted";
  const absl::Status ended = store.end_session(result.totals, state);
  if (result.ended.ok()) result.ended = ended;
  return result;
}

}  // namespace pr::pipeline
