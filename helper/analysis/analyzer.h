// One shard's work on packets: dissect, find the flow, put streams in order, recognise and follow application
// protocols, fingerprint. Owns its flows; one thread. What relates two flows is left to Join.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "helper/dissect/engine.h"
#include "helper/flow/flow_table.h"
#include "shared/model/batch.h"

namespace pr::analysis {

struct ShardOutput;

struct AnalyzerOptions {
  unsigned shard = 0;
  unsigned shards = 1;
  flow::Limits limits;
  std::uint64_t hash_key = 0;  // the same for all shards of a process
  std::uint16_t community_seed = 0;
  // Takes what ended flows leave when very many end at once (a long silence, the end of a session), so that memory
  // stays bounded: everything in it has its numbers. Called on the shard's thread. Empty: nothing is given early.
  std::function<void(ShardOutput&&)> spill;
};

// Something that a packet of the batch brought about. at: index of the packet in the batch.
// born: the flow was opened in this batch and has no number yet: index into ShardOutput::born; else kNotBorn.
inline constexpr std::uint32_t kNotBorn = ~0U;
template <typename T>
struct Event {
  std::uint32_t at = 0;
  std::uint32_t born = kNotBorn;
  T value;
};

// Facts of a packet whose flow was opened in this batch carry this in flow_id, and shard << 24 | born in stream.
inline constexpr std::uint64_t kUnnumbered = ~0ULL;

inline constexpr std::size_t kMaxConnectionId = 20, kMinConnectionId = 4;

// A connection's id, as one side chose it, with what is known of the flow that uses it.
struct ConnectionSighting {
  std::string id;
  FlowIdentity identity;
  ProtocolId protocol = 0;
  std::string_view protocol_name;  // lives for ever
};

struct BornFlow {
  std::uint32_t at = 0;
  flow::Flow* flow = nullptr;  // null: it ended within the batch
  FlowKey key;
  bool has_stream = false;
  // Goes on where a flow timed out: keeps that one's stream number, which is known, or is that of another born here.
  bool keeps_stream = false;
  std::uint32_t continues = kNotBorn;
  std::uint64_t id = 0;  // Join gives these
  std::uint32_t stream = 0;
  std::string dns_name;
  // What may be a connection's id in front of a datagram that began this flow: a connection that has moved here.
  std::array<std::uint8_t, kMaxConnectionId> moved{};
  std::uint8_t moved_size = 0;
  Boxed<ConnectionSighting> inherited;  // of that connection; Join finds it
};

struct NameSighting {
  IpAddress client;
  NameRecord record;
};

struct ShardOutput {
  std::vector<BornFlow> born;
  std::vector<Event<FlowSlice>> slices;
  std::vector<Event<Transaction>> transactions;
  std::vector<Event<Handshake>> handshakes;
  std::vector<Certificate> certificates;
  std::vector<Event<NameSighting>> names;
  std::vector<Event<ConnectionSighting>> connections;
  PacketCounters counters;

  void clear();
};

// Counted over the whole session, for `query stats` and metrics.
struct AnalyzerStats {
  std::vector<std::uint64_t> packets_by_protocol;  // by ProtocolId
  std::array<std::uint64_t, kIssueKinds> issues{};
  std::uint64_t fragments_given_up = 0, stream_over_message = 0, stream_over_out_of_order = 0, stream_over_total = 0,
                datagrams_over = 0, stream_gaps = 0, flows_evicted = 0, flows_timed_out = 0;
};

class Analyzer {
 public:
  Analyzer(const dissect::Engine& engine, AnalyzerOptions options);
  ~Analyzer();

  // Works on those packets of the batch that belong to this shard and writes only their facts.
  // engine_times[i]: packet time as the session counts it (never back), for timeouts.
  // snapshot: also give out open slices of flows that changed, for readers to see.
  void analyse(Batch& batch, std::span<const Timestamp> engine_times, bool snapshot, ShardOutput& out);
  // The join has numbered what analyse() gave out.
  void joined(const ShardOutput& out);
  // The session is over: ends all flows.
  void finish(ShardOutput& out);
  [[nodiscard]] AnalyzerStats stats() const;
  [[nodiscard]] std::size_t flows() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::analysis
