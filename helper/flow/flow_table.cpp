#include "helper/flow/flow_table.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "helper/flow/flow_slab.h"
#include "helper/flow/flow_tombs.h"
#include "helper/flow/flow_tuple.h"
#include "helper/flow/tcp_track.h"

namespace pr::flow {
namespace {

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmp6 = 58;
constexpr std::uint16_t kDnsPort = 53;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMaxAhead = 64;                   // of those remembered until time follows, or does not
constexpr std::int64_t kMaxStepNs = 3'600'000'000'000;  // a packet alone does not move time further
constexpr std::int64_t kListNs = 1'000'000'000;         // a busy flow moves in its list once in this time
constexpr std::uint8_t kMaxLevel = 8;                   // of snapshots: an open flow is seen every 256th at least
constexpr std::size_t kSpareDetails = 1024;

// Timeout classes, in the order in which a full bucket gives them up.
enum TimeoutClass : std::uint8_t {
  kTcpNew,
  kTcpClosed,
  kIcmpFlow,
  kOtherFlow,
  kUdpDns,
  kUdpFlow,
  kTcpEstablished,
  kTimeoutClasses
};

TimeoutClass class_of_new(const FlowKey& key, bool is_tcp) {
  if (is_tcp) return kTcpNew;
  if (key.ip_proto == kUdp) return key.orig.port == kDnsPort || key.resp.port == kDnsPort ? kUdpDns : kUdpFlow;
  return key.ip_proto == kIcmp || key.ip_proto == kIcmp6 ? kIcmpFlow : kOtherFlow;
}

TimeoutClass class_of(TcpPhase phase) {
  if (phase == TcpPhase::kClosed) return kTcpClosed;
  return phase == TcpPhase::kNew ? kTcpNew : kTcpEstablished;
}

TcpPacket tcp_packet(const FlowPacket& packet) {
  return {.number = packet.number,
          .ts = packet.ts,
          .seq = packet.seq,
          .ack = packet.ack,
          .payload_len = packet.payload_len,
          .window = packet.window,
          .flags = packet.tcp_flags,
          .window_shift = static_cast<std::int8_t>(std::min<int>(packet.window_shift, 14)),
          .sacked = packet.sacked,
          .bad_checksum = packet.bad_checksum};
}

bool is_syn_ack(std::uint16_t flags) { return (flags & (kSyn | kAck)) == (kSyn | kAck); }

}  // namespace

Flow::Flow() = default;
Flow::~Flow() = default;
Flow::Flow(Flow&&) noexcept = default;
Flow& Flow::operator=(Flow&&) noexcept = default;

struct FlowTable::Impl {
  using TimeList = NodeList<&FlowNode::by_time>;
  using ChangeList = NodeList<&FlowNode::by_change>;

  struct Bucket {
    std::array<TimeList, kTimeoutClasses> lists;  // oldest first
    std::size_t size = 0;
  };

  Limits limits;
  std::uint64_t hash_key;
  OnEnd on_end;
  std::size_t budget;  // flows a bucket
  std::array<std::int64_t, kTimeoutClasses> timeouts{}, emergency{};
  FlowSlab slab;
  FlowIndex index;
  FlowTombs tombs;
  std::array<Bucket, kBuckets> buckets;
  std::array<std::int64_t, kBuckets> due;  // nothing in the bucket times out before
  std::int64_t next_due = kNever;
  std::int64_t now = 0;
  std::array<ChangeList, kMaxLevel + 1> changes;
  std::uint64_t snapshots = 0;
  TableCounters counters;
  TcpDetail scratch;  // for connections that are one packet long
  // Flows (hash, slot) of packets whose time is more than a step ahead of what is believed so far.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ahead;
  std::vector<std::unique_ptr<TcpDetail>> spare;

  Impl(const Limits& chosen, std::uint64_t key, OnEnd callback);

  void end(std::uint32_t node, EndReason reason);
  // Surely timed out after this. update() looks closer, so it makes no difference to how flows are cut.
  std::int64_t ends_by(std::uint32_t node) { return slab[node].listed + timeouts[slab[node].timeout] + kListNs; }
  void expire(std::size_t bucket);
  void make_room(std::size_t bucket);
  void keep_ahead();
  void advance(std::int64_t to);
  std::uint32_t open(const Tuple& tuple, const FlowPacket& packet, bool* reused);
  void revive(Flow& flow, std::size_t bucket, const FlowPacket& packet, bool* reused);
  void touch(std::uint32_t node, TimeoutClass timeout);
  void is_due(std::uint32_t node);
  void count(FlowNode& node, const FlowPacket& packet, bool from_resp);
  TimeoutClass follow(Flow& flow, const TcpPacket& packet, bool from_resp, TcpFacts* facts);
  void expand(Flow& flow);
  Found update(const FlowPacket& packet, TcpFacts* facts);
  void mark_changed(std::uint32_t node);
};

FlowTable::Impl::Impl(const Limits& chosen, std::uint64_t key, OnEnd callback)
    : limits(chosen),
      hash_key(key),
      on_end(std::move(callback)),
      budget(std::max<std::size_t>(1, chosen.max_flows / kBuckets)) {
  due.fill(kNever);
  timeouts = {limits.tcp_new.count(), limits.tcp_closed.count(), limits.icmp.count(),           limits.other.count(),
              limits.udp_dns.count(), limits.udp.count(),        limits.tcp_established.count()};
  for (std::size_t i = 0; i < timeouts.size(); ++i) {
    const Duration hurry = i == kTcpEstablished ? limits.emergency_tcp_established : limits.emergency_new;
    emergency[i] = std::min(timeouts[i], hurry.count());
  }
}

// ---------------------------------------------------------------- ends

void FlowTable::Impl::end(std::uint32_t at, EndReason reason) {
  FlowNode& node = slab[at];
  Flow& flow = node.flow;
  if (reason == EndReason::kTimeout) ++counters.timed_out;
  if (reason == EndReason::kEmergency) ++counters.evicted;
  if (reason == EndReason::kReuse) ++counters.reused;
  on_end(flow, reason);
  const bool lone_syn = flow.tcp && !flow.tcp->detail && flow.tcp->first.has(kSyn);
  if (reason == EndReason::kTimeout && (flow.tcp || flow.key.ip_proto == kUdp) && !lone_syn) {
    tombs.add(node.bucket, {.hash = flow.hash,
                            .id = flow.id,
                            .key = flow.key,
                            .stream = flow.stream,
                            .stream_start = flow.stream_start,
                            .last_seen = flow.last_seen,
                            .tcp = std::move(flow.tcp)});
  } else if (flow.tcp && flow.tcp->detail && spare.size() < kSpareDetails) {
    spare.push_back(std::move(flow.tcp->detail));
  }
  index.erase(flow.hash, at);
  buckets[node.bucket].lists[node.timeout].remove(slab, at);
  --buckets[node.bucket].size;
  if (node.changed) changes[node.level].remove(slab, at);
  slab.give_back(at);
}

// Ends what has timed out in one bucket and finds when the next one is due.
void FlowTable::Impl::expire(std::size_t bucket) {
  std::int64_t next = kNever;
  for (std::size_t i = 0; i < kTimeoutClasses; ++i) {
    TimeList& list = buckets[bucket].lists[i];
    while (!list.empty() && now > ends_by(list.front())) end(list.front(), EndReason::kTimeout);
    if (!list.empty()) next = std::min(next, ends_by(list.front()));
  }
  due[bucket] = next;
}

void FlowTable::Impl::make_room(std::size_t bucket) {
  Bucket& full = buckets[bucket];
  if (full.size < budget) return;
  expire(bucket);
  if (full.size < budget) return;
  for (std::size_t i = 0; i < kTimeoutClasses; ++i) {
    TimeList& list = full.lists[i];
    while (!list.empty() && now - slab[list.front()].listed > emergency[i]) end(list.front(), EndReason::kEmergency);
  }
  for (std::size_t i = 0; i < kTimeoutClasses && full.size >= budget; ++i) {
    if (!full.lists[i].empty()) end(full.lists[i].front(), EndReason::kEmergency);
  }
}

// Packets that were far ahead of the time were right after all: their flows are not as old as they look.
void FlowTable::Impl::keep_ahead() {
  for (const auto& [hash, slot] : ahead) {
    const std::uint32_t wanted = slot;
    const std::uint32_t at = index.find(hash, [wanted](std::uint32_t candidate) { return candidate == wanted; });
    if (at != kNoNode) touch(at, static_cast<TimeoutClass>(slab[at].timeout));
  }
  ahead.clear();
}

void FlowTable::Impl::advance(std::int64_t to) {
  const bool jumped = to > now && to - now > kMaxStepNs;
  now = std::max(now, to);
  if (jumped) keep_ahead();
  if (now <= next_due) return;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (now > due[i]) expire(i);
  }
  next_due = *std::ranges::min_element(due);
}

// ---------------------------------------------------------------- packets

// The conversation of a flow that timed out goes on: it keeps its numbers and what TCP counts from.
void FlowTable::Impl::revive(Flow& flow, std::size_t bucket, const FlowPacket& packet, bool* reused) {
  Tomb* tomb = tombs.find(bucket, flow.hash);
  if (tomb == nullptr) return;
  tomb->hash = 0;
  std::unique_ptr<TcpTrack> tcp = std::move(tomb->tcp);
  const bool same_orig = tomb->key.orig == flow.key.orig;
  const bool sent_by_resp = is_syn_ack(packet.tcp_flags) && packet.is_tcp;
  if (tcp && opens_new_connection(*tcp, tcp_packet(packet), same_orig == sent_by_resp)) {
    *reused = true;
    return;
  }
  flow.key = tomb->key;
  flow.id = tomb->id;
  flow.stream = tomb->stream;
  flow.stream_start = tomb->stream_start;
  flow.continues = true;
  if (!tcp) {
    flow.last_seen = tomb->last_seen;
    return;
  }
  flow.tcp = std::move(tcp);
  if (!flow.tcp->detail) expand(flow);
  restart_endpoints(*flow.tcp->detail);
}

std::uint32_t FlowTable::Impl::open(const Tuple& tuple, const FlowPacket& packet, bool* reused) {
  const std::size_t bucket = FlowTable::bucket(packet.src.ip, packet.dst.ip, hash_key);
  make_room(bucket);
  const std::uint32_t at = slab.take();
  FlowNode& node = slab[at];
  Flow& flow = node.flow;
  flow.key = tuple.key;
  flow.hash = tuple.hash;
  flow.first_seen = flow.stream_start = packet.ts;
  if (packet.is_tcp) {
    flow.tcp = std::make_unique<TcpTrack>();
    if (is_syn_ack(packet.tcp_flags)) std::swap(flow.key.orig, flow.key.resp);
  }
  if (!*reused) revive(flow, bucket, packet, reused);
  node.bucket = static_cast<std::uint8_t>(bucket);
  node.timeout = class_of_new(flow.key, packet.is_tcp);
  node.active = node.listed = now;
  index.insert(tuple.hash, at);
  ++buckets[bucket].size;
  buckets[bucket].lists[node.timeout].push_back(slab, at);
  is_due(at);
  ++counters.opened;
  return at;
}

void FlowTable::Impl::touch(std::uint32_t at, TimeoutClass timeout) {
  FlowNode& node = slab[at];
  Bucket& bucket = buckets[node.bucket];
  node.active = now;
  if (node.timeout == timeout) {
    if (now - node.listed < kListNs) return;
    bucket.lists[timeout].move_to_back(slab, at);
  } else {
    bucket.lists[node.timeout].remove(slab, at);
    node.timeout = timeout;
    bucket.lists[timeout].push_back(slab, at);
  }
  node.listed = now;
  is_due(at);
}

// The bucket has to be looked at when this node may time out.
void FlowTable::Impl::is_due(std::uint32_t at) {
  const std::int64_t ends = ends_by(at);
  std::int64_t& bucket = due[slab[at].bucket];
  bucket = std::min(bucket, ends);
  next_due = std::min(next_due, ends);
}

void FlowTable::Impl::mark_changed(std::uint32_t at) {
  FlowNode& node = slab[at];
  if (node.changed) return;
  node.changed = true;
  changes[node.level].push_back(slab, at);
}

void FlowTable::Impl::count(FlowNode& node, const FlowPacket& packet, bool from_resp) {
  Flow& flow = node.flow;
  DirectionCounts& sent = flow.total[from_resp ? 1 : 0];
  ++sent.packets;
  sent.bytes += packet.wire_len;
  sent.payload_bytes += packet.payload_len;
  flow.last_seen = std::max(flow.last_seen, packet.ts);
  if (flow.slice_start == Timestamp{}) flow.slice_start = packet.ts;
  flow.slice_end = std::max(flow.slice_end, packet.ts);
  flow.fragments |= packet.fragment;
}

// The second packet of a connection: gives it the whole state, as the first packet leaves it.
void FlowTable::Impl::expand(Flow& flow) {
  std::unique_ptr<TcpDetail> detail;
  if (spare.empty()) {
    detail = std::make_unique<TcpDetail>();
  } else {
    detail = std::move(spare.back());
    spare.pop_back();
    detail->reset();
  }
  std::array<DirectionCounts, 2> uncounted;
  TcpFacts unused;
  follow_tcp(*detail, flow.tcp->first, is_syn_ack(flow.tcp->first.flags), uncounted, &unused);
  flow.tcp->detail = std::move(detail);
}

TimeoutClass FlowTable::Impl::follow(Flow& flow, const TcpPacket& packet, bool from_resp, TcpFacts* facts) {
  TcpTrack& track = *flow.tcp;
  if (flow.total[0].packets + flow.total[1].packets == 1 && !track.detail) {
    track.first = packet;
    scratch.reset();
    follow_tcp(scratch, packet, from_resp, flow.total, facts);
    return class_of(tcp_phase(scratch));
  }
  if (!track.detail) expand(flow);
  follow_tcp(*track.detail, packet, from_resp, flow.total, facts);
  return class_of(tcp_phase(*track.detail));
}

FlowTable::Found FlowTable::Impl::update(const FlowPacket& packet, TcpFacts* facts) {
  const std::int64_t ts = to_ns(packet.ts);
  if (now == 0 || (ts > now && ts - now <= kMaxStepNs)) {
    now = ts;
    ahead.clear();
  }
  const Tuple tuple =
      tuple_of({.orig = packet.src, .resp = packet.dst, .ip_proto = packet.ip_proto, .vlan = packet.vlan}, hash_key);
  Side side = Side::kOther;
  std::uint32_t at = index.find(tuple.hash, [&](std::uint32_t candidate) {
    const Flow& flow = slab[candidate].flow;
    if (flow.hash != tuple.hash) return false;
    side = side_of(tuple, flow.key);
    return side != Side::kOther;
  });
  bool reused = false;
  if (at != kNoNode && now - slab[at].active > timeouts[slab[at].timeout]) {
    end(at, EndReason::kTimeout);
    at = kNoNode;
  }
  TcpPacket tcp;
  if (packet.is_tcp) {
    tcp = tcp_packet(packet);
    if (at != kNoNode && slab[at].flow.tcp && opens_new_connection(*slab[at].flow.tcp, tcp, side == Side::kResp)) {
      end(at, EndReason::kReuse);
      at = kNoNode;
      reused = true;
    }
  }
  Found found{.is_new = at == kNoNode};
  if (found.is_new) {
    at = open(tuple, packet, &reused);
    side = side_of(tuple, slab[at].flow.key);
  }
  FlowNode& node = slab[at];
  found.flow = &node.flow;
  found.from_resp = side == Side::kResp;
  if (!packet.is_tcp && facts != nullptr) {
    facts->stream_start = node.flow.stream_start;
    facts->stream_before = node.flow.last_seen;
  }
  count(node, packet, found.from_resp);
  auto timeout = static_cast<TimeoutClass>(node.timeout);
  if (packet.is_tcp && node.flow.tcp) {
    TcpFacts unwanted;
    if (facts == nullptr) facts = &unwanted;
    timeout = follow(node.flow, tcp, found.from_resp, facts);
    if (reused) facts->marks |= kTcpReusedPorts;
  }
  touch(at, timeout);
  if (ts > now && ahead.size() < kMaxAhead) ahead.emplace_back(node.flow.hash, at);
  mark_changed(at);
  return found;
}

// ---------------------------------------------------------------- the table

FlowTable::FlowTable(Limits limits, std::uint64_t hash_key, OnEnd on_end)
    : impl_(std::make_unique<Impl>(limits, hash_key, std::move(on_end))) {}

FlowTable::~FlowTable() = default;

FlowTable::Found FlowTable::update(const FlowPacket& packet, TcpFacts* tcp) { return impl_->update(packet, tcp); }

void FlowTable::advance(Timestamp now) { impl_->advance(to_ns(now)); }

// In the order in which they began, not in that of the buckets: so they come out the same however many tables there
// are, and rows are written side by side.
void FlowTable::end_all() {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> all;  // number, node
  all.reserve(size());
  for (const Impl::Bucket& bucket : impl_->buckets) {
    for (const Impl::TimeList& list : bucket.lists) {
      for (std::uint32_t at = list.front(); at != kNoNode; at = impl_->slab[at].by_time.next) {
        all.emplace_back(impl_->slab[at].flow.id, at);
      }
    }
  }
  std::ranges::sort(all);
  for (const auto& [id, at] : all) impl_->end(at, EndReason::kSessionEnd);
}

void FlowTable::numbered(const FlowKey& key, std::uint64_t id, std::uint32_t stream) {
  const Tuple tuple = tuple_of(key, impl_->hash_key);
  Tomb* tomb = impl_->tombs.find(bucket(key.orig.ip, key.resp.ip, impl_->hash_key), tuple.hash);
  if (tomb == nullptr || tomb->id != 0) return;
  tomb->id = id;
  tomb->stream = stream;
}

void FlowTable::snapshot(const std::function<void(Flow&)>& visit) {
  ++impl_->snapshots;
  for (std::uint8_t level = 0; level <= kMaxLevel; ++level) {
    if (impl_->snapshots % (std::uint64_t{1} << level) != 0) break;
    Impl::ChangeList due = std::exchange(impl_->changes[level], {});
    while (!due.empty()) {
      const std::uint32_t at = due.front();
      FlowNode& node = impl_->slab[at];
      due.remove(impl_->slab, at);
      node.changed = false;
      node.level = std::min<std::uint8_t>(static_cast<std::uint8_t>(level + 1), kMaxLevel);
      visit(node.flow);
    }
  }
}

const TableCounters& FlowTable::counters() const { return impl_->counters; }
std::size_t FlowTable::size() const { return impl_->index.size(); }

}  // namespace pr::flow
