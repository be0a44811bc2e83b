// A flow as the store keeps it.
#include "helper/flow/flow_table.h"
#include "helper/flow/tcp_track.h"

namespace pr::flow {
namespace {

constexpr std::uint8_t kUdp = 17;

// What was added since `base`. Flags have no difference: those seen so far stand.
DirectionCounts since(const DirectionCounts& total, const DirectionCounts& base) {
  return {.packets = total.packets - base.packets,
          .bytes = total.bytes - base.bytes,
          .payload_bytes = total.payload_bytes - base.payload_bytes,
          .retransmissions = total.retransmissions - base.retransmissions,
          .out_of_order = total.out_of_order - base.out_of_order,
          .gaps = total.gaps - base.gaps,
          .tcp_flags = total.tcp_flags};
}

void fill_tcp(const Flow& flow, const TcpDetail& detail, FlowSlice* out) {
  out->state = conn_state(detail, flow.total);
  out->history = detail.history.text();
  if (detail.first_rtt_ns > 0) out->rtt_ns = detail.first_rtt_ns;
}

// Zeek's words for UDP: who has said something.
void fill_udp(const Flow& flow, FlowSlice* out) {
  const bool orig = flow.total[0].packets > 0;
  const bool resp = flow.total[1].packets > 0;
  if (orig) {
    out->state = resp ? ConnState::kSf : ConnState::kS0;
  } else {
    out->state = resp ? ConnState::kShr : ConnState::kOth;
  }
  if (orig) out->history += 'D';
  if (resp) out->history += 'd';
}

}  // namespace

void fill_slice(const Flow& flow, FlowSlice* out) {
  out->flow_id = flow.id;
  out->n = flow.slice_n;
  out->start = flow.slice_start;
  out->end = flow.slice_end;
  for (std::size_t i = 0; i < 2; ++i) {
    out->delta[i] = since(flow.total[i], flow.slice_base[i]);
    out->total[i] = flow.total[i];
  }
  out->key = flow.key;
  out->first_seen = flow.first_seen;
  out->last_seen = flow.last_seen;
  out->fragments = flow.fragments;
  out->tunnel = flow.tunnel;
  out->state = ConnState::kOth;
  out->history.clear();
  out->rtt_ns = -1;
  if (flow.tcp && flow.tcp->detail) {
    fill_tcp(flow, *flow.tcp->detail, out);
  } else if (flow.tcp) {
    TcpDetail detail;
    TcpFacts facts;
    std::array<DirectionCounts, 2> uncounted;
    const TcpPacket& first = flow.tcp->first;
    follow_tcp(detail, first, first.has(kSyn) && first.has(kAck), uncounted, &facts);
    fill_tcp(flow, detail, out);
  } else if (flow.key.ip_proto == kUdp) {
    fill_udp(flow, out);
  }
}

void close_slice(Flow& flow) {
  flow.slice_base = flow.total;
  ++flow.slice_n;
  flow.slice_start = {};
  flow.slice_end = {};
}

}  // namespace pr::flow
