// Flows of one shard: finds or opens the flow of a packet, follows TCP, times flows out in packet time.
// One table belongs to one thread; nothing here locks. Results do not depend on how many tables share the work:
// budgets and timeouts belong to 64 fixed buckets of the symmetric keyed hash.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/boxed.h"
#include "shared/base/clock.h"
#include "shared/model/facts.h"
#include "shared/model/flow.h"

namespace pr::flow {

inline constexpr std::size_t kBuckets = 64;

// What the table needs to know of a packet (dissect::Frame said it; flow knows no dissectors).
struct FlowPacket {
  std::uint64_t number = 0;
  Timestamp ts{};
  std::uint32_t wire_len = 0;
  Endpoint src, dst;
  std::uint8_t ip_proto = 0;
  std::uint16_t vlan = 0;
  bool fragment = false;
  std::uint32_t payload_len = 0;  // above the transport, by the headers
  std::uint32_t payload_captured = 0;
  bool is_tcp = false;
  std::uint32_t seq = 0, ack = 0;
  std::uint16_t window = 0, tcp_flags = 0;
  std::int16_t window_shift = -1;
  bool has_sack = false;
  std::uint32_t sacked = 0;  // octets in its SACK blocks
  bool bad_checksum = false;
  std::uint8_t first_payload = 0;  // first payload octet: keep-alives carry one octet
};

// Why a flow ended.
enum class EndReason : std::uint8_t { kTimeout, kShutdown, kEmergency, kReuse, kSessionEnd };

// What analysis hangs onto a flow; the table only keeps and destroys it.
struct FlowExtension {
  virtual ~FlowExtension() = default;
};

struct TcpTrack;  // tcp_track.h

// 1 M of these are alive in a scan, so the order of members leaves no holes.
struct Flow {
  Flow();
  ~Flow();
  Flow(Flow&&) noexcept;
  Flow& operator=(Flow&&) noexcept;

  FlowKey key;  // orig and resp, as decided by the first packets
  std::uint32_t stream = 0;
  std::uint64_t id = 0;  // given by the join, in packet order
  std::uint64_t hash = 0;
  Timestamp first_seen{}, last_seen{};
  Timestamp stream_start{};                   // of the first flow that this one continues, or its own
  std::array<DirectionCounts, 2> total;       // [0] orig
  std::array<DirectionCounts, 2> slice_base;  // totals when the open slice began
  Timestamp slice_start{}, slice_end{};       // epoch zero: the slice has no packet yet
  std::uint32_t slice_n = 0;
  bool fragments = false;
  // Goes on where a flow of the same tuple timed out: same tcp.stream or udp.stream. When the flow is new, id and
  // stream are what they were in the earlier flow when it ended.
  bool continues = false;
  std::unique_ptr<TcpTrack> tcp;  // null unless TCP
  Boxed<std::string> tunnel;      // as FlowSlice has it; the analysis's to fill
  std::unique_ptr<FlowExtension> extension;
};

struct Limits {
  std::size_t max_flows = 1'000'000;  // over all 64 buckets; a bucket takes max_flows / 64
  Duration tcp_new = std::chrono::seconds(60), tcp_established = std::chrono::seconds(600),
           tcp_closed = std::chrono::seconds(60);
  Duration udp = std::chrono::seconds(60), udp_dns = std::chrono::seconds(30), icmp = std::chrono::seconds(30),
           other = std::chrono::seconds(60);
  Duration emergency_tcp_established = std::chrono::seconds(100), emergency_new = std::chrono::seconds(5);
};

// What became of flows and of the budget; every limit has its counter.
struct TableCounters {
  std::uint64_t opened = 0, timed_out = 0, evicted = 0, reused = 0;
};

class FlowTable {
 public:
  using OnEnd = std::function<void(Flow&, EndReason)>;

  // on_end is called before a flow is destroyed. hash_key: secret, the same for all tables of a process.
  FlowTable(Limits limits, std::uint64_t hash_key, OnEnd on_end);
  ~FlowTable();

  struct Found {
    Flow* flow = nullptr;  // valid until the next call
    bool from_resp = false;
    bool is_new = false;
  };
  // Time of its own: packet.ts, unless that lies behind or more than an hour ahead of what advance() said.
  // Counts the packet into its flow, opens one if needed, follows TCP and fills *tcp for TCP packets.
  Found update(const FlowPacket& packet, TcpFacts* tcp);
  // Packet time has come this far (never back): ends flows that timed out.
  void advance(Timestamp now);
  void end_all();
  // The numbers of a flow which ended before the join could write them into it: kept for a flow that continues it.
  void numbered(const FlowKey& key, std::uint64_t id, std::uint32_t stream);
  // Walks the flows that changed since their last snapshot and are due (after 1, 2, 4 ... calls); for young flows
  // to be seen within a second of wall time.
  void snapshot(const std::function<void(Flow&)>& visit);

  // Bucket of an unordered address pair, 0 to 63. Shard n of k owns the buckets b with b % k == n.
  static std::size_t bucket(const IpAddress& a, const IpAddress& b, std::uint64_t hash_key);
  [[nodiscard]] const TableCounters& counters() const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The flow as a slice up to now: key, totals, deltas since the slice began, state, history, RTT. Identity, community
// id and stream numbers are the analysis's to add.
void fill_slice(const Flow& flow, FlowSlice* out);
// The open slice is written for good; the next one begins with the next packet.
void close_slice(Flow& flow);

}  // namespace pr::flow
