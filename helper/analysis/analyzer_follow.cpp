// What a flow carries: recognises its protocol and hands over its messages, one at a time.
#include <algorithm>
#include <utility>

#include "helper/analysis/analyzer_impl.h"
#include "helper/analysis/recognizer.h"

namespace pr::analysis {
namespace {

// To recognise a protocol, the start of a stream is looked at as it grows, then each segment for itself: what began
// as something unknown may turn into TLS (STARTTLS, SOCKS and their kind).
constexpr std::uint8_t kMaxAttempts = 32;      // segments or datagrams
constexpr std::uint8_t kWholeAttempts = 3;     // of a direction, from the stream's start
constexpr std::size_t kRecognizeBytes = 4096;  // of a stream's start

}  // namespace

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
  if (talk.confirmed) {
    datagrams.read_guest(flow.key, talk, packet, *this, frame, learnt);
    return name_carried(talk, layers);
  }
  talk.rejected = talk.app;
  talk.app = 0;
  talk.state = {};
  talk.given_up = ++talk.attempts >= kMaxAttempts;
}

// Frames say little of a flow: the first protocol inside them names it.
void Analyzer::Impl::name_carried(Conversation& talk, std::size_t layers_before) const {
  if (talk.named == 0 || !registry.at(talk.named).carrier) return;
  for (std::size_t i = layers_before; i < frame.layer_count; ++i) {
    if (frame.layers[i] == data) return;
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
  bool settled = false;  // the first message's protocol has not refused it: it counts, whatever comes behind it
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
    if (!settled) app = talk.app;
    more = message(talk, direction, bytes, end, packet, learnt);
    settled = talk.rejected != app;
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

}  // namespace pr::analysis
