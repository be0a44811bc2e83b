#include "helper/analysis/analyzer.h"

#include <algorithm>
#include <utility>

#include "helper/analysis/analyzer_impl.h"
#include "shared/model/community_id.h"

namespace pr::analysis {
namespace {

constexpr std::uint64_t kSlicePackets = 10'000;
constexpr Duration kSliceLength = std::chrono::seconds(300);
constexpr Duration kTick = std::chrono::seconds(1);
constexpr std::size_t kAhead = 8;  // packets

std::string tunnel_text(const Frame& frame) {
  std::string text;
  for (std::size_t i = 0; i < frame.tunnel_count; ++i) {
    const dissect::Tunnel& tunnel = frame.tunnels[i];
    if (!text.empty()) text += '>';
    text += tunnel.name;
    if (tunnel.has_id) text += ':' + std::to_string(tunnel.id);
  }
  return text;
}

}  // namespace

void ShardOutput::clear() {
  born.clear();
  slices.clear();
  transactions.clear();
  handshakes.clear();
  certificates.clear();
  names.clear();
  connections.clear();
  counters = {};
}

Bytes Analyzer::Impl::defragment(const dissect::Fragment& fragment) {
  // A datagram out of fragments that holds a fragment of another one stays as it is: facts describe one reassembly.
  if (!fragment.complete || !now_facts->fragments.empty()) return {};
  return fragments.add({.src = fragment.src,
                        .dst = fragment.dst,
                        .id = fragment.id,
                        .ip_proto = fragment.ip_proto,
                        .vlan = fragment.vlan,
                        .offset = fragment.offset,
                        .more = fragment.more,
                        .bytes = fragment.bytes,
                        .packet = now->number,
                        .ts = now->ts},
                       &now_facts->fragments);
}

void Analyzer::Impl::count(const Frame& what) {
  for (std::size_t i = 0; i < what.layer_count; ++i) ++counts.packets_by_protocol[what.layers[i]];
  if (what.issue_count == 0) return;
  for (int kind = 0; kind < kIssueKinds; ++kind) {
    if (what.has_issue(static_cast<IssueKind>(kind))) ++counts.issues[static_cast<std::size_t>(kind)];
  }
  if (what.has_issue(IssueKind::kMalformed)) ++out->counters.malformed;
}

flow::FlowPacket Analyzer::Impl::describe(const Packet& packet) const {
  return {.number = packet.number,
          .ts = packet.ts,
          .wire_len = packet.wire_len,
          .src = frame.src,
          .dst = frame.dst,
          .ip_proto = frame.ip_proto,
          .vlan = frame.vlan,
          .fragment = frame.defragmented || frame.encapsulated,
          .payload_len = frame.payload_len,
          .payload_captured = static_cast<std::uint32_t>(frame.payload.size()),
          .is_tcp = frame.transport == Transport::kTcp,
          .seq = frame.tcp.seq,
          .ack = frame.tcp.ack,
          .window = frame.tcp.window,
          .tcp_flags = frame.tcp.flags,
          .window_shift = frame.tcp.window_shift,
          .has_sack = frame.tcp.has_sack,
          .bad_checksum = false,
          .first_payload = frame.payload.empty() ? std::uint8_t{0} : frame.payload[0]};
}

void Analyzer::Impl::packet(const Packet& packet, std::uint32_t at, PacketFacts& learnt) {
  now = &packet;
  now_facts = &learnt;
  now_at = at;
  observer = nullptr;  // what is said before the flow is known belongs to no conversation
  engine.dissect(packet, *this, frame, {});
  if (frame.has_ip && !frame.fragment) {
    const auto found = table.update(describe(packet), &learnt.tcp);
    Flow& flow = *found.flow;
    if (found.is_new) {
      born(flow, at);
    }
    if (frame.tunnel_count != 0 && !flow.tunnel) flow.tunnel.make() = tunnel_text(frame);
    learnt.from_resp = found.from_resp;
    learnt.has_stream = frame.transport != Transport::kNone;
    learnt.flow_id = flow.id == 0 ? kUnnumbered : flow.id;
    learnt.stream = flow.id == 0 ? options.shard << 24U | flow.stream : flow.stream;
    if (frame.transport != Transport::kNone || frame.app != 0) {
      follow(found, packet, at, learnt);
    } else if (frame.echo != 0) {
      echo(flow, packet, learnt);
    }
    const std::uint64_t packets = flow.total[0].packets + flow.total[1].packets;
    const std::uint64_t before = flow.slice_base[0].packets + flow.slice_base[1].packets;
    if (packets - before >= kSlicePackets || packet.ts - flow.slice_start >= kSliceLength) slice(flow, false, false);
  }
  count(frame);
}

void Analyzer::Impl::born(Flow& flow, std::uint32_t at) {
  BornFlow made{.at = at, .flow = &flow, .key = flow.key, .has_stream = frame.transport != Transport::kNone};
  if (flow.continues) {
    made.keeps_stream = flow.id != 0;
    (made.keeps_stream ? made.stream : made.continues) = flow.stream;
  }
  flow.id = 0;
  flow.stream = static_cast<std::uint32_t>(out->born.size());
  out->born.push_back(std::move(made));
}

void Analyzer::Impl::follow(const flow::FlowTable::Found& found, const Packet& packet, std::uint32_t at,
                            PacketFacts& learnt) {
  Flow& flow = *found.flow;
  const bool tcp = frame.transport == Transport::kTcp;
  if (frame.payload_len == 0 && (!tcp || flow.extension == nullptr)) return;
  if (flow.extension == nullptr) flow.extension = std::make_unique<Conversation>();
  auto& talk = static_cast<Conversation&>(*flow.extension);
  if (talk.given_up) return;
  if (frame.carrier != 0) {
    talk.app = frame.carrier;
    talk.evidence = Evidence::kPort;
    return;
  }
  observer = &identity;
  identity.begin(talk, flow, at, packet, learnt, *out);
  if (frame.app != 0) {  // IP says what it carries
    talk.app = frame.app;
    talk.evidence = Evidence::kContent;
  }
  if (tcp) {
    segment(flow, talk, packet, learnt);
  } else {
    datagram(flow, talk, packet, learnt);
  }
}

void Analyzer::Impl::slice(Flow& flow, bool open, bool last) {
  Event<FlowSlice>& made = out->slices.emplace_back(Event<FlowSlice>{now_at, born_index(flow), {}});
  fill_slice(flow, &made.value);
  made.value.flow_id = flow.id;
  made.value.stream = flow.stream;
  made.value.has_stream = flow.key.ip_proto == 6 || flow.key.ip_proto == 17;
  made.value.open = open;
  made.value.last = last;
  made.value.community = community_digest(flow.key, options.community_seed);
  if (flow.extension != nullptr) identity.fill(static_cast<Conversation&>(*flow.extension), &made.value);
  if (!open && !last) close_slice(flow);
}

void Analyzer::Impl::flow_ended(Flow& flow) {
  if (flow.extension != nullptr) {
    identity.flush(static_cast<Conversation&>(*flow.extension), flow, now_at, true, *out);
  }
  slice(flow, false, true);
  if (flow.id == 0 && flow.stream < out->born.size()) out->born[flow.stream].flow = nullptr;
  if (options.spill && out->slices.size() >= spill_at) spill();
}

// Gives away what needs no join: events of flows that have their numbers.
void Analyzer::Impl::spill() {
  ShardOutput given;
  const auto move_numbered = [](auto& from, auto& to) {
    const auto unnumbered = std::ranges::partition(from, [](const auto& event) { return event.born != kNotBorn; });
    std::ranges::move(unnumbered, std::back_inserter(to));
    from.erase(unnumbered.begin(), unnumbered.end());
  };
  move_numbered(out->slices, given.slices);
  move_numbered(out->transactions, given.transactions);
  move_numbered(out->handshakes, given.handshakes);
  std::ranges::sort(given.slices, {}, [](const Event<FlowSlice>& event) { return event.value.flow_id; });
  spill_at = out->slices.size() + kSpillSlices;
  options.spill(std::move(given));
}

void Analyzer::Impl::snapshot() {
  table.snapshot([this](Flow& flow) {
    slice(flow, true, false);
    if (flow.extension != nullptr) {
      identity.flush(static_cast<Conversation&>(*flow.extension), flow, now_at, false, *out);
    }
  });
}

Analyzer::Analyzer(const dissect::Engine& engine, AnalyzerOptions options)
    : impl_(std::make_unique<Impl>(engine, options)) {}

Analyzer::~Analyzer() {
  // Flows that are left say goodbye into an output that nobody reads.
  ShardOutput nobody;
  impl_->out = &nobody;
  impl_->table.end_all();
}

void Analyzer::analyse(Batch& batch, std::span<const Timestamp> engine_times, bool snapshot, ShardOutput& out) {
  Impl& self = *impl_;
  self.out = &out;
  self.spill_at = kSpillSlices;
  for (std::uint32_t i = 0; i < batch.packets.size(); ++i) {
    // Headers that were read a batch ago have left the cache.
    if (i + kAhead < batch.packets.size()) __builtin_prefetch(batch.packets[i + kAhead].bytes.data());
    if (engine_times[i] >= self.next_tick) {
      self.now_at = i;
      self.table.advance(engine_times[i]);
      self.next_tick = engine_times[i] + kTick;
    }
    if (self.options.shards > 1 && batch.shards[i] != self.options.shard) continue;
    self.packet(batch.packets[i], i, batch.facts[i]);
  }
  if (snapshot) self.snapshot();
}

void Analyzer::joined(const ShardOutput& out) {
  for (const BornFlow& born : out.born) {
    if (born.flow == nullptr) impl_->table.numbered(born.key, born.id, born.stream);
  }
}

void Analyzer::finish(ShardOutput& out) {
  impl_->out = &out;
  impl_->now_at = 0;
  impl_->spill_at = kSpillSlices;
  impl_->table.end_all();
}

AnalyzerStats Analyzer::stats() const {
  AnalyzerStats stats = impl_->counts;
  stats.fragments_given_up = impl_->fragments.given_up();
  stats.stream_over_message = impl_->budget.over_message;
  stats.stream_over_out_of_order = impl_->budget.over_out_of_order;
  stats.stream_over_total = impl_->budget.over_total;
  stats.datagrams_over = impl_->budget.over_datagrams;
  stats.stream_gaps = impl_->budget.gaps;
  stats.flows_evicted = impl_->table.counters().evicted;
  stats.flows_timed_out = impl_->table.counters().timed_out;
  return stats;
}

std::size_t Analyzer::flows() const { return impl_->table.size(); }

}  // namespace pr::analysis
