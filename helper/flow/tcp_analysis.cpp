// Wireshark's sequence number analysis: the same verdicts in the same order (User's Guide, "TCP Analysis"), so that
// filters on tcp.analysis.* find the same packets.
#include "helper/flow/tcp_track.h"

namespace pr::flow {
namespace {

constexpr std::int64_t kFastRetransmitNs = 20'000'000;  // after the last duplicate ACK
constexpr std::int64_t kOutOfOrderNs = 3'000'000;       // while no round trip is known
constexpr std::uint32_t kMaxInFlight = 2'000'000'000;

// One packet's analysis: `fwd` sent it, `rev` is the other side.
struct Analysis {
  TcpDetail& detail;
  const TcpPacket& packet;
  TcpSide& fwd;
  TcpSide& rev;
  TcpFacts& facts;
  std::uint32_t len;  // payload, by the headers

  [[nodiscard]] bool marked(std::uint32_t mark) const { return (facts.marks & mark) != 0; }
  // SYN and FIN take a number each; together they count once, as Wireshark has it.
  [[nodiscard]] std::uint32_t phantom() const { return packet.has(kSyn | kFin) ? 1 : 0; }
  [[nodiscard]] bool plain() const { return !packet.has(kSyn | kFin | kRst); }
  [[nodiscard]] std::int64_t ns() const { return to_ns(packet.ts); }

  void set_bases();
  bool probes();
  void acks();
  void lost_and_window();
  void new_ack();
  void resent();
  void remember();
  void acknowledge();
  void in_flight();
};

// Without its SYN a direction begins at 1. A SYN's own ACK field says nothing of the other side.
void Analysis::set_bases() {
  const bool other_answer = packet.has(kSyn) && packet.has(kAck) && fwd.base_seq != packet.seq;
  if (fwd.base_known && other_answer) facts.marks |= kTcpReusedPorts;
  if (!fwd.base_known || other_answer) {
    fwd.base_seq = packet.has(kSyn) ? packet.seq : packet.seq - 1;
    fwd.base_known = true;
  }
  if (!packet.has(kAck)) return;
  if (!rev.base_known) {
    rev.base_seq = packet.ack - 1;
    rev.base_known = true;
  }
  rev.in_flight_valid = true;
}

// True: it probes a closed window and is nothing else.
bool Analysis::probes() {
  if (len != 1 || packet.seq != fwd.next_seq || rev.window != 0) return false;
  facts.marks |= kTcpZeroWindowProbe;
  return true;
}

void Analysis::lost_and_window() {
  if (packet.window == 0 && plain()) facts.marks |= kTcpZeroWindow;
  if (fwd.next_seq != 0 && seq_after(packet.seq, fwd.next_seq) && !packet.has(kRst)) {
    facts.marks |= kTcpLostSegment;
    fwd.in_flight_valid = false;
  }
  if (len <= 1 && packet.seq == fwd.next_seq - 1 && plain()) facts.marks |= kTcpKeepAlive;
  const bool in_place = plain() && len == 0 && packet.seq == fwd.next_seq;
  if (in_place && packet.window != 0 && packet.window != fwd.window && packet.ack == fwd.last_ack) {
    facts.marks |= kTcpWindowUpdate;
  }
  if (len > 0 && rev.window_shift != -1 && plain()) {
    const bool scaled = !rev.unscaled_window && rev.window_shift > 0;
    const std::uint32_t edge = rev.last_ack + (rev.window << (scaled ? rev.window_shift : 0));
    if (packet.seq + len == edge) facts.marks |= kTcpWindowFull;
  }
}

// Packets without payload that repeat the last acknowledgement: answers to probes, or duplicates.
void Analysis::acks() {
  if (!plain() || len != 0 || packet.seq != fwd.next_seq || packet.window != fwd.window) return;
  const bool same = packet.ack == fwd.last_ack;
  if (same && packet.window != 0 && (rev.last_marks & kTcpKeepAlive) != 0) {
    facts.marks |= kTcpKeepAliveAck;
    return;
  }
  if ((same || packet.ack == fwd.last_ack + 1) && packet.window == 0 && (rev.last_marks & kTcpZeroWindowProbe) != 0) {
    facts.marks |= kTcpZeroWindowProbeAck;
    if (!same) {  // the receiver took the probe's octet
      rev.next_seq = packet.ack;
      rev.max_to_ack = packet.ack;
    }
    return;
  }
  if (!same || packet.window == 0) return;
  ++fwd.duplicate_acks;
  facts.marks |= kTcpDuplicateAck;
  facts.duplicate_ack_num = fwd.duplicate_acks;
  facts.duplicate_ack_frame = fwd.last_new_ack_frame;
}

// The acknowledgement is another one than that of the packet before: does it go beyond what was seen?
void Analysis::new_ack() {
  fwd.last_new_ack_frame = packet.number;
  fwd.duplicate_acks = 0;
  if (rev.max_to_ack == 0 || !packet.has(kAck) || !seq_after(packet.ack, rev.max_to_ack)) return;
  facts.marks |= kTcpAckedUnseen;
  rev.max_to_ack = rev.next_seq;
}

// Payload, SYN or FIN that does not lead further: which kind of sending again is it?
void Analysis::resent() {
  if ((len == 0 && !packet.has(kSyn | kFin)) || marked(kTcpKeepAlive)) return;
  bool behind = fwd.next_seq != 0 && seq_after(fwd.next_seq, packet.seq);
  if (len > 1 && fwd.next_seq - 1 == packet.seq) behind = false;  // the octet of a window probe comes again
  if (len > 0 && rev.last_ack != 0 && !seq_after(packet.seq + len, rev.last_ack)) {
    facts.marks |= kTcpSpuriousRetransmission | kTcpRetransmission;
    return;
  }
  if (!behind) return;
  // Compared without sign: time that runs backwards is no short time.
  const auto since_ack = static_cast<std::uint64_t>(ns() - rev.last_ack_ns);
  if (rev.duplicate_acks >= 2 && rev.last_ack == packet.seq && since_ack < kFastRetransmitNs) {
    facts.marks |= kTcpFastRetransmission | kTcpRetransmission;
    return;
  }
  const auto near = static_cast<std::uint64_t>(detail.first_rtt_ns == 0 ? kOutOfOrderNs : detail.first_rtt_ns);
  const auto since_newest = static_cast<std::uint64_t>(ns() - fwd.next_seq_ns);
  if (since_newest < near && fwd.next_seq != packet.seq + len + phantom()) {
    facts.marks |= kTcpOutOfOrder;
    return;
  }
  facts.marks |= kTcpRetransmission;
  const UnackedSegments::Segment* original = fwd.unacked.oldest_until(packet.seq);
  const std::int64_t waited = ns() - (original != nullptr ? original->ns : fwd.next_seq_ns);
  if (waited == 0) return;
  facts.rto_ns = waited;
  facts.rto_frame = original != nullptr ? original->frame : fwd.next_seq_frame;
}

void Analysis::remember() {
  const std::uint32_t end = packet.seq + len + phantom();
  if (len > 0 || packet.has(kSyn | kFin)) {
    fwd.unacked.add({.frame = packet.number, .ns = ns(), .seq = packet.seq, .next_seq = end});
  }
  const bool probe = marked(kTcpZeroWindowProbe);
  if ((seq_after(end, fwd.next_seq) || fwd.next_seq == 0) && !probe) {
    fwd.next_seq = end;
    fwd.next_seq_frame = packet.number;
    fwd.next_seq_ns = ns();
  }
  if ((packet.seq == fwd.max_to_ack || fwd.max_to_ack == 0) && !probe) fwd.max_to_ack = fwd.next_seq;
  fwd.window = packet.window;
  fwd.unscaled_window = packet.has(kSyn);
  fwd.last_ack = packet.ack;
  fwd.last_ack_ns = ns();
  fwd.last_marks = facts.marks;
  fwd.sacked = packet.sacked;
}

void Analysis::acknowledge() {
  UnackedSegments::Segment exact;
  rev.unacked.acknowledge(packet.ack, &exact);
  if (exact.frame == 0) return;
  facts.acks_frame = exact.frame;
  facts.ack_rtt_ns = ns() - exact.ns;
}

void Analysis::in_flight() {
  if (len == 0 || fwd.unacked.empty() || !fwd.in_flight_valid) return;
  // Neither this packet's SYN or FIN counts, nor what the receiver has beyond a hole.
  const std::uint32_t span = fwd.unacked.span(fwd.base_seq) - phantom() - rev.sacked;
  if (span == 0 || span >= kMaxInFlight) return;
  facts.bytes_in_flight = span;
  fwd.push_bytes = fwd.pushed ? len : fwd.push_bytes + len;
  fwd.pushed = packet.has(kPush);
  facts.push_bytes_sent = fwd.push_bytes;
}

// A SYN without the option says that nobody scales.
void update_scaling(const TcpPacket& packet, TcpSide& fwd, TcpSide& rev) {
  if (!packet.has(kSyn)) return;
  if (packet.window_shift < 0) {
    fwd.window_shift = rev.window_shift = -2;
  } else if (fwd.window_shift != -2 || !packet.has(kAck)) {
    fwd.window_shift = packet.window_shift;
  }
}

// From the last SYN to the first packet that acknowledges and is no SYN.
void time_handshake(TcpDetail& detail, const TcpPacket& packet) {
  if (packet.has(kSyn)) {
    if (!packet.has(kAck)) detail.syn_ns = to_ns(packet.ts);
    return;
  }
  if (detail.first_rtt_ns != 0 || detail.syn_ns == 0 || !packet.has(kAck)) return;
  detail.first_rtt_ns = to_ns(packet.ts) - detail.syn_ns;
}

}  // namespace

void analyse_sequence(TcpDetail& detail, const TcpPacket& packet, bool from_resp, TcpFacts* facts) {
  TcpSide& fwd = detail.sides[from_resp ? 1 : 0];
  TcpSide& rev = detail.sides[from_resp ? 0 : 1];
  Analysis now{detail, packet, fwd, rev, *facts, packet.payload_len};
  now.set_bases();
  if (!now.probes()) {
    now.lost_and_window();
    now.acks();
  }
  if (packet.ack != fwd.last_ack) now.new_ack();
  now.resent();
  time_handshake(detail, packet);
  now.remember();
  now.acknowledge();
  now.in_flight();
  update_scaling(packet, fwd, rev);

  facts->base_seq = fwd.base_seq;
  facts->base_ack = packet.has(kAck) ? rev.base_seq : 0;
  facts->window_shift = fwd.window_shift;
  // Wireshark shows it only beside something else that the analysis found.
  const bool any = facts->marks != 0 || facts->acks_frame != 0 || facts->bytes_in_flight != 0 || facts->push_bytes_sent;
  if (any && detail.first_rtt_ns != 0) facts->initial_rtt_ns = detail.first_rtt_ns;
  if (detail.start == Timestamp{}) detail.start = packet.ts;
  facts->stream_start = detail.start;
  facts->stream_before = detail.before;
  detail.before = packet.ts;
}

bool opens_new_connection(const TcpTrack& track, const TcpPacket& packet, bool from_resp) {
  if (!packet.has(kSyn) || packet.has(kAck)) return false;
  if (track.detail) {
    const TcpSide& fwd = track.detail->sides[from_resp ? 1 : 0];
    return fwd.base_known && fwd.base_seq != packet.seq;
  }
  const bool first_from_resp = track.first.has(kSyn) && track.first.has(kAck);
  if (first_from_resp == from_resp) {
    return packet.seq != (track.first.has(kSyn) ? track.first.seq : track.first.seq - 1);
  }
  return track.first.has(kAck) && packet.seq != track.first.ack - 1;
}

}  // namespace pr::flow
