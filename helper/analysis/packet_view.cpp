#include "helper/analysis/packet_view.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "helper/analysis/memories.h"
#include "helper/analysis/recognizer.h"
#include "helper/analysis/segment_fields.h"
#include "helper/identity/fingerprint.h"
#include "shared/model/community_id.h"

namespace pr::analysis {
namespace {

using dissect::AppResult;
using dissect::Frame;
using dissect::Outcome;

constexpr std::size_t kCacheBytes = 16U << 20U;
constexpr int kMaxNesting = 2;  // a part of a message may itself have come in fragments

// Dissectors show fingerprints as fields; nothing else is listened to here.
class Fingerprinter final : public dissect::Observer {
 public:
  const ClientFingerprint* client_hello(const ClientHello& hello) override {
    client_ = identity::fingerprint(hello);
    return &client_;
  }
  const ServerFingerprint* server_hello(const ServerHello& hello) override {
    server_ = identity::fingerprint(hello);
    return &server_;
  }
  const SshFingerprint* ssh_kexinit(const SshKexInit& kexinit, bool from_client) override {
    ssh_ = identity::fingerprint(kexinit, from_client);
    return &ssh_;
  }

 private:
  ClientFingerprint client_;
  ServerFingerprint server_;
  SshFingerprint ssh_;
};

Bytes clamp(Bytes bytes, std::size_t offset, std::size_t length) {
  if (offset >= bytes.size()) return {};
  return bytes.subspan(offset, std::min(length, bytes.size() - offset));
}

// As the recording saw the flow's ends.
dissect::ProbeHint hint_of(const Frame& frame, bool from_resp) {
  const bool tcp = frame.transport == dissect::Transport::kTcp;
  dissect::ProbeHint hint{
      .from_orig = !from_resp, .tcp = tcp, .orig_port = frame.src.port, .resp_port = frame.dst.port};
  if (from_resp) std::swap(hint.orig_port, hint.resp_port);
  return hint;
}

void append(std::vector<std::uint8_t>& to, Bytes bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

}  // namespace

struct PacketView::Impl {
  // What payload a packet carried: of the transport, or, of a fragment, of IP.
  struct Payload {
    std::vector<std::uint8_t> transport;
    std::vector<std::uint8_t> fragment;
  };

  // The world of one packet's dissection: fragments come from the packets that the facts name.
  struct World final : dissect::Context {
    World(Impl& owner, const PacketFacts* known, std::uint64_t packet_number, int depth)
        : impl(owner), number(packet_number), nesting(depth) {
      facts = known;
    }
    Bytes defragment(const dissect::Fragment& fragment) override {
      if (!whole.empty()) return {};  // as the analysis did; and the fragment lies in these bytes
      seen_fragment.assign(fragment.bytes.begin(), fragment.bytes.end());
      if (facts == nullptr || facts->fragments.empty()) return {};
      whole.clear();
      for (const Part& part : facts->fragments) {
        append(whole, part.packet == number
                          ? clamp(fragment.bytes, part.offset, part.length)
                          : clamp(impl.payload(part.packet, nesting).fragment, part.offset, part.length));
      }
      return whole;
    }

    Impl& impl;
    const std::uint64_t number;
    const int nesting;
    std::vector<std::uint8_t> whole, seen_fragment;
  };

  Impl(const dissect::Engine& used, Fetch fetcher)
      : engine(used),
        fetch(std::move(fetcher)),
        community(used.registry().find("_communityid")),
        segments(used.registry()) {}

  const Payload& payload(std::uint64_t number, int nesting);
  void remember(std::uint64_t number, Payload payload);
  // The bytes that the facts name: the payload's own, or, put together in *whole, those of several packets.
  Bytes stretch(const Packet& packet, const PacketFacts& facts, const Frame& frame, std::vector<std::uint8_t>* whole);
  // What the dissector remembers in front of a message with this state; null: it remembers nothing.
  std::unique_ptr<dissect::Memory>* recall(const PacketFacts& facts, ProtocolId app, const AppState& state);
  void replay(std::uint64_t number, std::unique_ptr<dissect::Memory>* memory);
  void application(const Packet& packet, const PacketFacts& facts, World& world, Frame& frame, dissect::Sink sink);
  // False: the datagram goes on in later ones.
  bool datagram(const Packet& packet, const PacketFacts& facts, World& world, Frame& frame, dissect::Sink sink);
  // Behind a message that other packets have a part in, Wireshark begins anew.
  void begin_apart(ProtocolId app, std::size_t layer, Dissection& tree) const;
  // Tells of the first message that was put together, and of the octets behind the last one. True: Wireshark looks at
  // what is behind it apart.
  bool note_completed(const PacketFacts& facts, std::uint64_t packet, Bytes payload, Bytes whole, std::uint64_t length,
                      dissect::AppInput input, World& world);
  bool knew_length(const PacketFacts& facts, Bytes start, dissect::AppInput input, World& world) const;
  void note_continued(const PacketFacts& facts, Bytes payload, Bytes rest);
  void add_community_id(const Frame& frame, const PacketFacts& facts, dissect::Sink sink) const;

  const dissect::Engine& engine;
  const Fetch fetch;
  const ProtocolId community;
  SegmentFields segments;
  Fingerprinter fingerprinter;
  Frame scratch;
  std::unordered_map<std::uint64_t, Payload> cache;
  std::deque<std::uint64_t> order;
  std::size_t cached = 0;
  Memories memories;
  const Payload nothing{};
};

void PacketView::Impl::remember(std::uint64_t number, Payload payload) {
  const std::size_t size = payload.transport.size() + payload.fragment.size() + sizeof(Payload);
  if (!cache.try_emplace(number, std::move(payload)).second) return;
  order.push_back(number);
  cached += size;
  while (cached > kCacheBytes && order.size() > 1) {
    const auto oldest = cache.find(order.front());
    cached -= oldest->second.transport.size() + oldest->second.fragment.size() + sizeof(Payload);
    cache.erase(oldest);
    order.pop_front();
  }
}

const PacketView::Impl::Payload& PacketView::Impl::payload(std::uint64_t number, int nesting) {
  if (const auto found = cache.find(number); found != cache.end()) return found->second;
  Packet packet;
  PacketFacts facts;
  if (nesting >= kMaxNesting || !fetch(number, &packet, &facts)) return nothing;
  // The nested dissection may fetch again, which ends the life of these bytes.
  const std::vector<std::uint8_t> bytes(packet.bytes.begin(), packet.bytes.end());
  packet.bytes = bytes;
  World world(*this, &facts, number, nesting + 1);
  Frame frame;
  engine.dissect(packet, world, frame, {});
  Payload made{{frame.payload.begin(), frame.payload.end()}, std::move(world.seen_fragment)};
  remember(number, std::move(made));
  const auto found = cache.find(number);
  return found == cache.end() ? nothing : found->second;
}

Bytes PacketView::Impl::stretch(const Packet& packet, const PacketFacts& facts, const Frame& frame,
                                std::vector<std::uint8_t>* whole) {
  if (facts.parts.empty()) return clamp(frame.payload, facts.payload_skip, facts.payload_use);
  for (const Part& part : facts.parts) {
    append(*whole, part.packet == packet.number ? clamp(frame.payload, part.offset, part.length)
                                                : clamp(payload(part.packet, 0).transport, part.offset, part.length));
  }
  return *whole;
}

std::unique_ptr<dissect::Memory>* PacketView::Impl::recall(const PacketFacts& facts, ProtocolId app,
                                                           const AppState& state) {
  if (!engine.registry().at(app).remembers) return nullptr;
  const bool from_orig = !facts.from_resp;
  const Memories::Source source{
      .link =
          [this, from_orig](std::uint64_t number) {
            Packet packet;
            PacketFacts earlier;
            const bool there = fetch(number, &packet, &earlier);
            if (!there || !engine.registry().at(earlier.app).remembers) return std::uint64_t{0};
            return dissect::MemoryLinks::in(earlier.state).of(from_orig);
          },
      .replay = [this](std::uint64_t number, std::unique_ptr<dissect::Memory>* memory) { replay(number, memory); }};
  return memories.recall(facts.flow_id, facts.from_resp, dissect::MemoryLinks::in(state).of(from_orig), source);
}

// Dissects an earlier packet's messages for what their dissector remembers of them.
void PacketView::Impl::replay(std::uint64_t number, std::unique_ptr<dissect::Memory>* memory) {
  Packet packet;
  PacketFacts facts;
  if (!fetch(number, &packet, &facts)) return;
  const std::vector<std::uint8_t> own(packet.bytes.begin(), packet.bytes.end());  // fetching more ends their life
  packet.bytes = own;
  World world(*this, &facts, number, 1);
  Frame frame;
  engine.dissect(packet, world, frame, {});
  world.memory = memory;
  std::vector<std::uint8_t> gathered;
  Bytes bytes = stretch(packet, facts, frame, &gathered);
  AppState state = facts.state;
  ProtocolId app = facts.app;
  while (!bytes.empty() && app != 0) {
    const AppResult result = engine.dissect_app(
        {.app = app, .bytes = bytes, .from_orig = !facts.from_resp, .at_end = facts.stream_end, .state = &state},
        packet, world, frame, {});
    const bool over = result.outcome == Outcome::kNeedMore || result.outcome == Outcome::kNotMine;
    if (over || result.consumed > bytes.size()) return;
    bytes = bytes.subspan(result.consumed);
    if (!result.upgrade) continue;
    state = {};
    app = result.upgrade_to;
    if (app == 0) app = recognize(engine.registry(), bytes, hint_of(frame, facts.from_resp), 0).app;
  }
}

bool PacketView::Impl::datagram(const Packet& packet, const PacketFacts& facts, World& world, Frame& frame,
                                dissect::Sink sink) {
  std::vector<Bytes> earlier;
  for (const Part& part : facts.parts) {
    if (part.packet == packet.number) continue;
    const Bytes bytes = clamp(payload(part.packet, 0).transport, part.offset, part.length);
    earlier.push_back(sink.tree->keep(std::vector<std::uint8_t>(bytes.begin(), bytes.end())));
  }
  AppState state = facts.state;
  world.memory = recall(facts, facts.app, state);
  Bytes bytes = frame.payload;
  while (!bytes.empty()) {
    const AppResult result = engine.dissect_app({.app = facts.app,
                                                 .bytes = bytes,
                                                 .from_orig = !facts.from_resp,
                                                 .at_end = true,
                                                 .state = &state,
                                                 .datagram = true,
                                                 .earlier = earlier},
                                                packet, world, frame, sink);
    if (result.outcome == Outcome::kNeedMore) return false;
    if (result.outcome == Outcome::kNotMine || result.consumed >= bytes.size()) break;
    bytes = bytes.subspan(result.consumed);
    earlier.clear();
  }
  return true;
}

void PacketView::Impl::application(const Packet& packet, const PacketFacts& facts, World& world, Frame& frame,
                                   dissect::Sink sink) {
  std::vector<std::uint8_t> gathered;
  Bytes bytes = stretch(packet, facts, frame, &gathered);
  if (!facts.parts.empty()) {
    bytes = sink.tree->keep(std::move(gathered));
    sink.tree->sources.push_back({"Reassembled TCP", bytes});
  }
  const Bytes whole = bytes;
  AppState state = facts.state;
  const std::size_t layers = sink.tree->layers.size();
  ProtocolId app = facts.app;
  bool behind_completed = false;
  while (!bytes.empty() && app != 0) {
    const dissect::AppInput input{
        .app = app, .bytes = bytes, .from_orig = !facts.from_resp, .at_end = facts.stream_end, .state = &state};
    const AppState before = state;
    const std::size_t shown = sink.tree->layers.size();
    if (world.memory == nullptr) world.memory = recall(facts, app, state);
    AppResult result = engine.dissect_app(input, packet, world, frame, sink);
    if (behind_completed && result.outcome != Outcome::kNotMine) begin_apart(app, shown, *sink.tree);
    if (result.outcome == Outcome::kNeedMore) note_continued(facts, frame.payload, bytes);
    if (result.outcome == Outcome::kNeedMore || result.outcome == Outcome::kNotMine) break;
    behind_completed = bytes.size() == whole.size() &&
                       note_completed(facts, packet.number, frame.payload, whole, result.consumed, input, world);
    if (result.consumed > bytes.size()) {
      note_continued(facts, frame.payload, bytes);
      // A message that goes on in later packets. Where its end was lost to a limit, its head is shown after all.
      if (sink.tree->layers.size() > layers) break;
      state = before;
      engine.dissect_app(input, packet, world, frame, sink, true);
      break;
    }
    bytes = bytes.subspan(result.consumed);
    if (!result.upgrade) continue;
    state = {};
    app = result.upgrade_to;
    if (app == 0) app = recognize(engine.registry(), bytes, hint_of(frame, facts.from_resp), 0).app;
    world.memory = nullptr;
  }
  if (world.memory == nullptr) return;
  memories.used(facts.flow_id, facts.from_resp, dissect::MemoryLinks::in(state).of(!facts.from_resp));
}

void PacketView::Impl::begin_apart(ProtocolId app, std::size_t layer, Dissection& tree) const {
  if (tree.layers.size() > layer) {
    tree.layers[layer].apart = true;
  } else if (layer > 0) {  // nothing of it can be shown yet
    tree.mentions.push_back({static_cast<std::uint32_t>(layer - 1), engine.registry().at(app).name});
  }
}

bool PacketView::Impl::note_completed(const PacketFacts& facts, std::uint64_t packet, Bytes payload, Bytes whole,
                                      std::uint64_t length, dissect::AppInput input, World& world) {
  if (facts.parts.empty() || length > whole.size()) return false;
  // The packet's own stretch comes last, or first where it came late; it has no gap.
  std::uint64_t before = 0, own_length = 0;
  const Part* own = nullptr;
  for (const Part& part : facts.parts) {
    if (part.packet == packet) {
      if (own == nullptr) own = &part;
      own_length += part.length;
    } else if (own == nullptr) {
      before += part.length;
    }
  }
  if (before == 0 && length <= own_length) return false;
  const bool apart = before == 0 || knew_length(facts, clamp(whole, 0, before), input, world);
  // Where not even that was known before, Wireshark takes in what else is in the packet.
  if (!apart) length = whole.size();
  const std::uint64_t mine = std::min(own_length, length - std::min(length, before));
  segments.completed(packet, facts.parts, whole, length, own == nullptr ? Bytes{} : clamp(payload, own->offset, mine));
  return apart;
}

// Whether the start of a message told how long it is.
bool PacketView::Impl::knew_length(const PacketFacts& facts, Bytes start, dissect::AppInput input, World& world) const {
  AppState state = facts.state;
  Frame frame;
  frame.transport = dissect::Transport::kTcp;
  input.bytes = start;
  input.at_end = false;
  input.state = &state;
  const AppResult known = engine.dissect_app(input, {}, world, frame, {});
  return known.outcome != Outcome::kNeedMore || known.need != 0;
}

void PacketView::Impl::note_continued(const PacketFacts& facts, Bytes payload, Bytes rest) {
  if (facts.parts.empty()) return segments.continued(rest);
  const Bytes mine = clamp(payload, facts.parts.back().offset, facts.parts.back().length);
  segments.continued(mine.last(std::min(mine.size(), rest.size())));
}

void PacketView::Impl::add_community_id(const Frame& frame, const PacketFacts& facts, dissect::Sink sink) const {
  const FieldId id = engine.registry().field_id(community, 0);
  if (sink.wanted != nullptr && !sink.wanted->has(id)) return;
  FlowKey key{.orig = frame.src, .resp = frame.dst, .ip_proto = frame.ip_proto};
  if (facts.from_resp && frame.transport != dissect::Transport::kNone) std::swap(key.orig, key.resp);
  sink.tree->layers.push_back(
      {.protocol = community, .first_field = static_cast<std::uint32_t>(sink.tree->fields.size())});
  sink.tree->fields.push_back({.id = id, .value = Value::of(sink.tree->keep(community_id(key)))});
}

PacketView::PacketView(const dissect::Engine& engine, Fetch fetch)
    : impl_(std::make_unique<Impl>(engine, std::move(fetch))) {}
PacketView::~PacketView() = default;

void PacketView::forget() {
  impl_->cache.clear();
  impl_->order.clear();
  impl_->cached = 0;
  impl_->memories.clear();
}

void PacketView::dissect(const Packet& packet, const PacketFacts& facts, const Surroundings& around,
                         const FieldSet* wanted, Dissection& out) {
  Impl& self = *impl_;
  Impl::World world(self, &facts, packet.number, 0);
  world.observer = &self.fingerprinter;
  world.session_start = around.session_start;
  world.packet_before = around.packet_before;
  world.interface_name = around.interface_name;
  Frame& frame = self.scratch;
  const dissect::Sink sink{&out, wanted};
  self.engine.dissect(packet, world, frame, sink);
  // Reassembled bytes belong to this call's world: what the tree shows has to live as long as the tree.
  if (!world.whole.empty()) out.keep(std::move(world.whole));
  self.segments.begin(out);
  bool continues = facts.mid_message || (facts.app != 0 && frame.transport == dissect::Transport::kTcp);
  if (facts.app != 0 && frame.transport != dissect::Transport::kTcp) {
    continues = !self.datagram(packet, facts, world, frame, sink);
  } else if (facts.app != 0) {
    self.application(packet, facts, world, frame, sink);
  } else if (!facts.mid_message) {
    self.engine.dissect_data(frame.payload, frame.payload_source, packet, world, frame, sink);
  }
  if (frame.transport == dissect::Transport::kTcp) {
    if (facts.mid_message) self.segments.continued(frame.payload);
    self.segments.end(wanted, out);
  }
  self.engine.finish(sink);
  if (self.community != 0 && frame.has_ip && !frame.fragment) self.add_community_id(frame, facts, sink);
  // A later packet's message may begin in this one.
  if (continues) self.remember(packet.number, {{frame.payload.begin(), frame.payload.end()}, {}});
  if (!world.seen_fragment.empty() && facts.fragments.empty()) {
    self.remember(packet.number, {{}, std::move(world.seen_fragment)});
  }
}

}  // namespace pr::analysis
