#include "helper/analysis/analyzer.h"

#include <algorithm>
#include <utility>

#include "helper/analysis/conversation.h"
#include "helper/analysis/datagrams.h"
#include "helper/analysis/identity_observer.h"
#include "helper/analysis/recognizer.h"
#include "helper/flow/ip_fragments.h"
#include "shared/model/community_id.h"

namespace pr::analysis {
namespace {

using dissect::AppInput;
using dissect::AppResult;
using dissect::Frame;
using dissect::LayerBuilder;
using dissect::Outcome;
using dissect::Transport;
using flow::Flow;

constexpr std::uint64_t kSlicePackets = 10'000;
constexpr Duration kSliceLength = std::chrono::seconds(300);
constexpr Duration kTick = std::chrono::seconds(1);
constexpr std::size_t kSpillSlices = 2 * kBatchPackets;
constexpr std::size_t kAhead = 8;  // packets
// To recognise a protocol, the start of a stream is looked at as it grows, then each segment for itself: what began
// as something unknown may turn into TLS (STARTTLS, SOCKS and their kind).
constexpr std::uint8_t kMaxAttempts = 32;      // segments or datagrams
constexpr std::uint8_t kWholeAttempts = 3;     // of a direction, from the stream's start
constexpr std::size_t kRecognizeBytes = 4096;  // of a stream's start

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

struct Analyzer::Impl final : dissect::Context {
  Impl(const dissect::Engine& used, AnalyzerOptions chosen)
      : engine(used),
        registry(used.registry()),
        options(chosen),
        table(chosen.limits, chosen.hash_key, [this](Flow& flow, flow::EndReason) { flow_ended(flow); }),
        expectations(chosen.hash_key),
        datagrams(used, budget),
        identity(registry, expectations) {
    budget.limit /= chosen.shards;
    counts.packets_by_protocol.resize(registry.size());
  }

  Bytes defragment(const dissect::Fragment& fragment) override;
  void packet(const Packet& packet, std::uint32_t at, PacketFacts& learnt);
  void count(const Frame& what);
  flow::FlowPacket describe(const Packet& packet) const;
  void born(Flow& flow, std::uint32_t at);
  void follow(const flow::FlowTable::Found& found, const Packet& packet, std::uint32_t at, PacketFacts& learnt);
  void echo(Flow& flow, const Packet& packet, PacketFacts& learnt) const;
  void note_moved(BornFlow& born) const;
  void datagram(Flow& flow, Conversation& talk, const Packet& packet, PacketFacts& learnt);
  void segment(Flow& flow, Conversation& talk, const Packet& packet, PacketFacts& learnt);
  bool announced(const Flow& flow, Conversation& talk, PacketFacts& learnt);
  bool recognized(const Flow& flow, Conversation& talk, Bytes start, bool from_resp, bool tcp);
  static void message_ended(Conversation& talk, Conversation::Direction& direction, const Packet& packet,
                            PacketFacts& learnt);
  bool message(Conversation& talk, Conversation::Direction& direction, Bytes bytes, bool end, const Packet& packet,
               PacketFacts& learnt);
  void name_carried(Conversation& talk, std::size_t layers_before) const;
  void slice(Flow& flow, bool open, bool last);
  void forget(Conversation& talk, Conversation::Direction& direction, bool from_resp) const;
  static void confirm(Conversation& talk);
  static void drop_front(PacketFacts& learnt, std::size_t octets);
  void flow_ended(Flow& flow);
  void spill();
  void snapshot();

  const dissect::Engine& engine;
  const dissect::Registry& registry;
  const AnalyzerOptions options;
  flow::StreamBudget budget;
  flow::StreamLimits stream_limits;
  flow::FlowTable table;
  flow::IpFragments fragments;
  Expectations expectations;
  Datagrams datagrams;
  IdentityObserver identity;
  AnalyzerStats counts;

  // The packet at hand.
  Frame frame;
  const Packet* now = nullptr;
  PacketFacts* now_facts = nullptr;
  std::uint32_t now_at = 0;
  ShardOutput* out = nullptr;
  Timestamp next_tick{};
  std::size_t spill_at = kSpillSlices;  // this many slices waiting are too many
};

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

// Another flow has said what this one will be.
bool Analyzer::Impl::announced(const Flow& flow, Conversation& talk, PacketFacts& learnt) {
  if (talk.app != 0 || talk.named != 0 || expectations.empty()) return false;
  const Expectations::Expected* expected = expectations.find(flow.key, now->ts);
  if (expected == nullptr || expected->protocol == talk.rejected) return false;
  talk.app = expected->protocol;
  talk.evidence = Evidence::kHeuristic;
  talk.state = learnt.state = expected->state;
  return true;
}

// The dissector has accepted a message.
void Analyzer::Impl::confirm(Conversation& talk) {
  if (talk.confirmed) return;
  talk.confirmed = true;
  if ((talk.named != 0 && !talk.rename) || talk.carried) return;
  talk.named = talk.app;
  talk.named_evidence = talk.evidence;
  talk.rename = false;
}

bool Analyzer::Impl::recognized(const Flow& flow, Conversation& talk, Bytes start, bool from_resp, bool tcp) {
  if (talk.app != 0) return true;
  const dissect::ProbeHint hint{
      .from_orig = !from_resp, .tcp = tcp, .orig_port = flow.key.orig.port, .resp_port = flow.key.resp.port};
  const Recognized found = recognize(registry, start, hint, talk.rejected);
  if (found.app == 0) {
    talk.given_up = ++talk.attempts >= kMaxAttempts;
    return false;
  }
  talk.app = found.app;
  talk.evidence = found.evidence;
  // What the other side said before in an unknown protocol is no message of this one.
  const auto& other = talk.directions[from_resp ? 0 : 1];
  if (other && other->looks > 0) other->stream.discard();
  return true;
}

// Relates an ICMP echo reply to its request.
void Analyzer::Impl::echo(Flow& flow, const Packet& packet, PacketFacts& learnt) const {
  constexpr std::uint16_t kRequest4 = 8, kReply4 = 0, kRequest6 = 128, kReply6 = 129;
  const bool v6 = frame.src.ip.is_v6();
  const bool reply = frame.src.port == (v6 ? kReply6 : kReply4);
  if (!reply && frame.src.port != (v6 ? kRequest6 : kRequest4)) return;
  if (flow.extension == nullptr) {
    if (reply) return;
    flow.extension = std::make_unique<Conversation>();
  }
  const auto asked = static_cast<Conversation&>(*flow.extension).echoes.add(frame.echo, reply, packet);
  learnt.request_frame = asked.frame;
  learnt.request_ts = asked.ts;
}

// A QUIC packet with a short header begins with the id that its receiver chose (RFC 9000 17.3).
void Analyzer::Impl::note_moved(BornFlow& born) const {
  const Bytes payload = frame.payload;
  if (payload.size() <= kMaxConnectionId || (payload[0] & 0xc0U) != 0x40U) return;
  std::ranges::copy(payload.subspan(1, kMaxConnectionId), born.moved.begin());
  born.moved_size = kMaxConnectionId;
}

void Analyzer::Impl::datagram(Flow& flow, Conversation& talk, const Packet& packet, PacketFacts& learnt) {
  const bool first = flow.id == 0 && flow.total[0].packets + flow.total[1].packets == 1;
  if (first && frame.transport == Transport::kUdp) note_moved(out->born[flow.stream]);
  if (!announced(flow, talk, learnt) && !recognized(flow, talk, frame.payload, learnt.from_resp, false)) return;
  const std::size_t layers = frame.layer_count;
  if (datagrams.read(talk.app, talk.state, talk, packet, *this, frame, learnt)) {
    confirm(talk);
    return name_carried(talk, layers);
  }
  if (talk.confirmed) return datagrams.read_guest(flow.key, talk, packet, *this, frame, learnt);
  talk.rejected = talk.app;
  talk.app = 0;
  talk.state = {};
  talk.given_up = ++talk.attempts >= kMaxAttempts;
}

// Frames say little of a flow: the first protocol inside them names it.
void Analyzer::Impl::name_carried(Conversation& talk, std::size_t layers_before) const {
  if (talk.named == 0 || !registry.at(talk.named).carrier) return;
  for (std::size_t i = layers_before; i < frame.layer_count; ++i) {
    talk.named = frame.layers[i];
    if (!registry.at(talk.named).carrier) return;
  }
}

// A message shows in the packet that completes it, with the request that it answers. Of several the first counts.
void Analyzer::Impl::message_ended(Conversation& talk, Conversation::Direction& direction, const Packet& packet,
                                   PacketFacts& learnt) {
  if (direction.asked != 0) talk.transactions.completed(std::exchange(direction.asked, 0), packet);
  if (direction.answered.frame == 0) return;
  if (learnt.request_frame == 0) {
    learnt.request_frame = direction.answered.frame;
    learnt.request_ts = direction.answered.ts;
  }
  direction.answered = {};
}

// One message at the start of bytes. False: nothing more can be done with this packet.
bool Analyzer::Impl::message(Conversation& talk, Conversation::Direction& direction, Bytes bytes, bool end,
                             const Packet& packet, PacketFacts& learnt) {
  if (!direction.in_message) {
    direction.in_message = true;
    direction.before = talk.state;
  }
  const TransactionTracker::Answered before{learnt.request_frame, learnt.request_ts};
  const std::uint64_t asked = talk.transactions.asked();
  const std::size_t layers = frame.layer_count;
  const bool remembers = registry.at(talk.app).remembers;
  memory = remembers ? direction.memory_slot() : nullptr;
  const AppResult result = engine.dissect_app(
      {.app = talk.app, .bytes = bytes, .from_orig = !learnt.from_resp, .at_end = end, .state = &talk.state}, packet,
      *this, frame, {});
  if (remembers) direction.charge_memory();
  if (learnt.request_frame != before.frame) {
    direction.answered = {learnt.request_frame, learnt.request_ts};
    learnt.request_frame = before.frame;
    learnt.request_ts = before.ts;
  }
  if (talk.transactions.asked() != asked) direction.asked = asked + 1;
  if (result.outcome == Outcome::kNeedMore) {
    direction.stream.need(result.need);
    return false;
  }
  if (result.outcome == Outcome::kNotMine) {
    direction.in_message = false;
    if (!talk.confirmed) {
      talk.rejected = talk.app;
      talk.app = 0;
      talk.state = {};
      talk.given_up = ++talk.attempts >= kMaxAttempts;
      return !talk.given_up;  // another protocol may recognise it
    }
    direction.stream.consume(bytes.size());  // out of step: wait for the next message start
    return false;
  }
  confirm(talk);
  name_carried(talk, layers);
  direction.in_message = result.consumed > bytes.size();
  if (!direction.in_message) message_ended(talk, direction, packet, learnt);
  direction.stream.consume(std::max<std::uint64_t>(result.consumed, 1));
  if (result.upgrade) {
    talk.app = result.upgrade_to;
    talk.evidence = Evidence::kContent;
    talk.state = {};
    talk.attempts = 0;
    talk.rejected = 0;
    talk.confirmed = talk.carried = false;
    talk.rename = talk.rename || result.names_flow;
  }
  return true;
}

// Octets were lost: what is remembered of this direction does not hold any more.
void Analyzer::Impl::forget(Conversation& talk, Conversation::Direction& direction, bool from_resp) const {
  if (talk.app == 0 || !registry.at(talk.app).remembers) return;
  direction.memory.reset();
  auto links = dissect::MemoryLinks::in(talk.state);
  links.packets[from_resp ? 1 : 0] = 0;
  links.put(talk.state);
}

// Takes octets off the front of the stretch that is dissected here.
void Analyzer::Impl::drop_front(PacketFacts& learnt, std::size_t octets) {
  if (learnt.parts.empty()) {
    const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(octets, learnt.payload_use));
    learnt.payload_skip += n;
    learnt.payload_use -= n;
    return;
  }
  while (octets > 0 && !learnt.parts.empty()) {
    Part& first = learnt.parts.front();
    const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(octets, first.length));
    first.offset += n;
    first.length -= n;
    octets -= n;
    if (first.length == 0) learnt.parts.erase(learnt.parts.begin());
  }
}

void Analyzer::Impl::segment(Flow& flow, Conversation& talk, const Packet& packet, PacketFacts& learnt) {
  const bool reset = (frame.tcp.flags & 0x04U) != 0;
  const bool syn = (frame.tcp.flags & 0x02U) != 0;
  if (reset) return;
  auto& slot = talk.directions[learnt.from_resp ? 1 : 0];
  if (!slot) slot = std::make_unique<Conversation::Direction>(budget, stream_limits);
  Conversation::Direction& direction = *slot;
  auto& other = talk.directions[learnt.from_resp ? 0 : 1];
  if (other && (frame.tcp.flags & 0x10U) != 0) other->stream.acknowledged(frame.tcp.ack);
  const bool ready = direction.stream.add({.packet = packet.number,
                                           .seq = frame.tcp.seq + (syn ? 1U : 0U),
                                           .payload = frame.payload,
                                           .payload_len = frame.payload_len,
                                           .fin = (frame.tcp.flags & 0x01U) != 0});
  if (direction.stream.completed()) {
    learnt.state = direction.before;
    direction.in_message = false;
    message_ended(talk, direction, packet, learnt);
  } else {
    learnt.state = direction.in_message ? direction.before : talk.state;
  }
  bool more = ready;
  if (more) announced(flow, talk, learnt);
  std::size_t preface = 0;  // octets of an unknown protocol in front of the first message
  ProtocolId app = talk.app;
  while (more) {
    const Bytes bytes = direction.stream.ready();
    const bool end = direction.stream.at_end();
    if (bytes.empty()) break;
    if (direction.stream.resumed()) {
      direction.in_message = false;
      if (learnt.from_resp) identity.lost();
      forget(talk, direction, learnt.from_resp);
    }
    if (!recognized(flow, talk, bytes, learnt.from_resp, true)) {
      // Not from the stream's start; perhaps from this segment's.
      const std::size_t before = bytes.size() - std::min(bytes.size(), frame.payload.size());
      if (before > 0 && recognized(flow, talk, bytes.subspan(before), learnt.from_resp, true)) {
        talk.carried = true;
        preface = before;
        direction.stream.consume(before);
        continue;
      }
      const bool grow = ++direction.looks < kWholeAttempts && bytes.size() < kRecognizeBytes;
      talk.carried = !grow;
      grow ? direction.stream.need(0) : direction.stream.consume(bytes.size());
      break;
    }
    app = talk.app;
    more = message(talk, direction, bytes, end, packet, learnt);
  }
  if (talk.given_up) {  // nobody will read the streams: free them
    talk.directions = {};
    return;
  }
  learnt.stream_end = direction.stream.at_end();
  if (direction.stream.completed()) {
    learnt.app = app;
    learnt.parts = direction.stream.parts();
    learnt.payload_skip = direction.stream.skip();
    learnt.payload_use = direction.stream.use();
    if (preface > 0) drop_front(learnt, preface);
  } else {
    learnt.mid_message = app != 0 && !frame.payload.empty();
  }
  direction.stream.finish();
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
