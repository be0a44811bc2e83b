// Zeek's view of a connection: endpoint states, conn_state and the history letters (Zeek's documentation of conn.log).
#include <utility>

#include "helper/flow/tcp_track.h"

namespace pr::flow {
namespace {

enum Letter : std::uint8_t {
  kSynLetter = 0x01,
  kFinLetter = 0x02,
  kRstLetter = 0x04,
  kDataLetter = 0x08,
  kAckLetter = 0x10,
  kMultiLetter = 0x20,
  kFinRstLetter = 0x40,
};

// Letters that tell of trouble come at the 1st, 10th, 100th ... time.
void add_scaled(History& history, char letter, bool from_resp, std::uint32_t* count) {
  ++*count;
  std::uint32_t left = *count;
  while (left % 10 == 0) left /= 10;
  if (left == 1) history.add(letter, from_resp);
}

bool add_once(History& history, TcpEndpoint& endpoint, Letter which, char letter, bool from_resp) {
  if ((endpoint.letters & which) != 0) return false;
  endpoint.letters |= which;
  history.add(letter, from_resp);
  return true;
}

// Control letters come again only with another sequence number: a repeated SYN is one S.
void add_control(History& history, TcpEndpoint& endpoint, Letter which, char letter, bool from_resp, std::uint32_t seq,
                 std::uint32_t* last) {
  if (!add_once(history, endpoint, which, letter, from_resp) && *last != seq) history.add(letter, from_resp);
  *last = seq;
}

void update_history(History& history, TcpEndpoint& endpoint, const TcpPacket& packet, bool from_resp) {
  const bool syn = packet.has(kSyn);
  const bool fin = packet.has(kFin);
  const bool rst = packet.has(kRst);
  if (fin && rst) {
    add_once(history, endpoint, kFinRstLetter, 'I', from_resp);
  } else if ((syn && fin) || (syn && rst)) {
    add_once(history, endpoint, kMultiLetter, 'Q', from_resp);
  } else if (syn) {
    add_control(history, endpoint, kSynLetter, packet.has(kAck) ? 'H' : 'S', from_resp, packet.seq, &endpoint.syn_seq);
  } else if (fin) {
    const std::uint32_t end = packet.seq + packet.payload_len;
    add_control(history, endpoint, kFinLetter, 'F', from_resp, end, &endpoint.fin_seq);
  } else if (rst) {
    add_control(history, endpoint, kRstLetter, 'R', from_resp, packet.seq, &endpoint.rst_seq);
  } else if (packet.payload_len > 0) {
    add_once(history, endpoint, kDataLetter, 'D', from_resp);
  } else if (packet.has(kAck)) {
    add_once(history, endpoint, kAckLetter, 'A', from_resp);
  }
}

void set_state(TcpEndpoint& endpoint, EndpointState state) {
  endpoint.before = endpoint.state;
  endpoint.state = state;
}

void syn_of_inactive(TcpEndpoint& endpoint, TcpEndpoint& peer, const TcpPacket& packet, bool from_resp) {
  if (!from_resp) {
    set_state(endpoint, packet.has(kAck) ? EndpointState::kSynAckSent : EndpointState::kSynSent);
    // The responder's SYN-ACK came first: the two have been seen in the wrong order.
    if (!packet.has(kAck) && peer.state == EndpointState::kEstablished)
      set_state(endpoint, EndpointState::kEstablished);
    return;
  }
  if (peer.state == EndpointState::kSynSent) set_state(peer, EndpointState::kEstablished);
  set_state(endpoint, EndpointState::kEstablished);
}

void leave_inactive(TcpEndpoint& endpoint, TcpEndpoint& peer, const TcpPacket& packet, bool from_resp) {
  if (packet.has(kSyn)) syn_of_inactive(endpoint, peer, packet, from_resp);
  if (packet.has(kFin)) set_state(endpoint, EndpointState::kClosed);
  if (packet.has(kRst)) set_state(endpoint, EndpointState::kReset);
  if (endpoint.state != EndpointState::kInactive) return;
  // Some stacks acknowledge a SYN before they answer it.
  if (from_resp && packet.payload_len == 0 && peer.state == EndpointState::kSynSent) return;
  const bool only_syn_missed = packet.has(kAck) && peer.state == EndpointState::kEstablished;
  set_state(endpoint, only_syn_missed ? EndpointState::kEstablished : EndpointState::kPartial);
}

void update_open(TcpEndpoint& endpoint, TcpEndpoint& peer, const TcpPacket& packet) {
  if (packet.has(kSyn) && !packet.has(kAck) && endpoint.state == EndpointState::kPartial &&
      peer.state == EndpointState::kInactive) {
    set_state(endpoint, EndpointState::kSynSent);
  }
  if (packet.has(kFin) && !packet.has(kRst)) {
    set_state(endpoint, EndpointState::kClosed);
    // FIN, then RST from the peer was a normal end after all.
    if (peer.state == EndpointState::kReset && peer.before == EndpointState::kClosed) {
      set_state(peer, EndpointState::kClosed);
    }
  }
  if (packet.has(kRst)) set_state(endpoint, EndpointState::kReset);
}

void update_state(TcpEndpoint& endpoint, TcpEndpoint& peer, const TcpPacket& packet, bool from_resp) {
  switch (endpoint.state) {
    case EndpointState::kInactive: leave_inactive(endpoint, peer, packet, from_resp); break;
    case EndpointState::kSynSent:
    case EndpointState::kSynAckSent:
      if (packet.has(kFin)) set_state(endpoint, EndpointState::kClosed);
      if (packet.has(kRst)) set_state(endpoint, EndpointState::kReset);
      break;
    case EndpointState::kPartial:
    case EndpointState::kEstablished: update_open(endpoint, peer, packet); break;
    case EndpointState::kClosed:
      if (packet.has(kRst) && peer.state != EndpointState::kClosed) set_state(endpoint, EndpointState::kReset);
      break;
    case EndpointState::kReset: break;
  }
}

// Payload that leads no further than what was sent before.
bool repeats(TcpEndpoint& endpoint, const TcpPacket& packet) {
  const std::uint32_t extra = (packet.has(kSyn) ? 1U : 0U) + (packet.has(kFin) ? 1U : 0U);
  const std::uint32_t end = packet.seq + (packet.has(kRst) ? 0 : packet.payload_len) + extra;
  if (endpoint.state == EndpointState::kInactive || seq_after(end, endpoint.last_seq)) {
    endpoint.last_seq = end;
    return false;
  }
  return packet.payload_len > 0 && !packet.has(kRst);
}

}  // namespace

void update_endpoints(TcpDetail& detail, const TcpPacket& packet, bool from_resp, bool peer_gap) {
  TcpEndpoint& endpoint = detail.endpoints[from_resp ? 1 : 0];
  TcpEndpoint& peer = detail.endpoints[from_resp ? 0 : 1];
  History& history = detail.history;
  if (packet.bad_checksum) {
    add_scaled(history, 'C', from_resp, &endpoint.bad_checksums);
    return;
  }
  update_history(history, endpoint, packet, from_resp);
  if (packet.window == 0 && !packet.has(kRst) && peer.state != EndpointState::kClosed &&
      endpoint.state != EndpointState::kReset) {
    add_scaled(history, 'W', from_resp, &endpoint.zero_windows);
  }
  if (repeats(endpoint, packet)) add_scaled(history, 'T', from_resp, &endpoint.retransmissions);
  update_state(endpoint, peer, packet, from_resp);
  const bool at_its_end = peer.state == EndpointState::kReset || endpoint.state == EndpointState::kReset;
  if (peer_gap && !at_its_end) add_scaled(history, 'G', !from_resp, &peer.gaps);
  if (!packet.has(kSyn | kFin | kRst) && detail.plain_packets < 255) ++detail.plain_packets;
}

void TcpDetail::reset() {
  std::array<UnackedSegments, 2> lists{std::move(sides[0].unacked), std::move(sides[1].unacked)};
  *this = TcpDetail{};
  for (std::size_t i = 0; i < 2; ++i) {
    sides[i].unacked = std::move(lists[i]);
    sides[i].unacked.clear();
  }
}

void restart_endpoints(TcpDetail& detail) {
  detail.endpoints = {};
  detail.history = {};
  detail.plain_packets = 0;
}

ConnState conn_state(const TcpDetail& detail, const std::array<DirectionCounts, 2>& totals) {
  using enum EndpointState;
  const EndpointState orig = detail.endpoints[0].state;
  const EndpointState resp = detail.endpoints[1].state;
  const bool orig_silent = orig == kInactive || orig == kPartial;
  const bool resp_silent = resp == kInactive || resp == kPartial;
  if (resp == kReset) {
    const bool empty = totals[0].payload_bytes == 0 && totals[1].payload_bytes == 0;
    if (orig == kSynSent || orig == kSynAckSent || (orig == kReset && empty)) return ConnState::kRej;
    return orig_silent ? ConnState::kRstrh : ConnState::kRstr;
  }
  if (orig == kReset) return resp_silent ? ConnState::kRstos0 : ConnState::kRsto;
  if (orig == kClosed && resp == kClosed) return ConnState::kSf;
  if (orig == kClosed) return resp_silent ? ConnState::kSh : ConnState::kS2;
  if (resp == kClosed) return orig_silent ? ConnState::kShr : ConnState::kS3;
  if (orig == kSynSent && resp == kInactive) return ConnState::kS0;
  if (orig == kEstablished && resp == kEstablished) return ConnState::kS1;
  return ConnState::kOth;
}

TcpPhase tcp_phase(const TcpDetail& detail) {
  constexpr std::uint8_t kEnoughPackets = 4;  // of a connection that is seen from its middle, or one way
  const EndpointState orig = detail.endpoints[0].state;
  const EndpointState resp = detail.endpoints[1].state;
  if (orig == EndpointState::kReset || resp == EndpointState::kReset) return TcpPhase::kClosed;
  if (orig == EndpointState::kClosed && resp == EndpointState::kClosed) return TcpPhase::kClosed;
  const bool both = detail.endpoints[0].letters != 0 && detail.endpoints[1].letters != 0;
  if ((both && detail.plain_packets > 0) || detail.plain_packets > kEnoughPackets) return TcpPhase::kEstablished;
  return TcpPhase::kNew;
}

void follow_tcp(TcpDetail& detail, const TcpPacket& packet, bool from_resp, std::array<DirectionCounts, 2>& totals,
                TcpFacts* facts) {
  DirectionCounts& sent = totals[from_resp ? 1 : 0];
  DirectionCounts& other = totals[from_resp ? 0 : 1];
  sent.tcp_flags |= static_cast<std::uint8_t>(packet.flags);
  analyse_sequence(detail, packet, from_resp, facts);
  const std::uint32_t marks = facts->marks;
  if ((marks & (kTcpRetransmission | kTcpFastRetransmission | kTcpSpuriousRetransmission)) != 0) ++sent.retransmissions;
  if ((marks & kTcpOutOfOrder) != 0) ++sent.out_of_order;
  const bool peer_gap = (marks & kTcpAckedUnseen) != 0;
  if (peer_gap) ++other.gaps;
  const bool first =
      detail.endpoints[0].state == EndpointState::kInactive && detail.endpoints[1].state == EndpointState::kInactive;
  if (first && from_resp && packet.has(kSyn)) detail.history.add('^', false);
  update_endpoints(detail, packet, from_resp, peer_gap);
}

}  // namespace pr::flow
