// What a packet cannot say alone, because it follows from packets before it. Analysis finds it out once,
// while recording; the segment index keeps it; a packet fetched alone is dissected with it and shows what
// a sequential read shows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/base/clock.h"

namespace pr {

// Wireshark's tcp.analysis.* markers.
enum TcpMark : std::uint32_t {
  kTcpRetransmission = 1U << 0U,
  kTcpFastRetransmission = 1U << 1U,
  kTcpSpuriousRetransmission = 1U << 2U,
  kTcpOutOfOrder = 1U << 3U,
  kTcpLostSegment = 1U << 4U,
  kTcpAckedUnseen = 1U << 5U,  // tcp.analysis.ack_lost_segment
  kTcpDuplicateAck = 1U << 6U,
  kTcpKeepAlive = 1U << 7U,
  kTcpKeepAliveAck = 1U << 8U,
  kTcpZeroWindow = 1U << 9U,
  kTcpZeroWindowProbe = 1U << 10U,
  kTcpZeroWindowProbeAck = 1U << 11U,
  kTcpWindowUpdate = 1U << 12U,
  kTcpWindowFull = 1U << 13U,
  kTcpReusedPorts = 1U << 14U,
};

// Values that go with a TCP packet; 0 means absent unless said otherwise.
struct TcpFacts {
  std::uint32_t marks = 0;
  std::uint32_t base_seq = 0;     // raw number that relative ones of this direction count from
  std::uint32_t base_ack = 0;     // the same for the acknowledgement number
  std::int8_t window_shift = -1;  // -1: the SYNs were not seen; -2: scaling is not used
  std::uint64_t acks_frame = 0;
  std::int64_t ack_rtt_ns = -1;
  std::int64_t initial_rtt_ns = -1;
  std::uint32_t bytes_in_flight = 0;
  std::uint32_t push_bytes_sent = 0;
  std::uint32_t duplicate_ack_num = 0;
  std::uint64_t duplicate_ack_frame = 0;
  std::int64_t rto_ns = -1;
  std::uint64_t rto_frame = 0;
  Timestamp stream_start{};   // first packet of the stream
  Timestamp stream_before{};  // packet before this one in the stream; epoch zero: none
};

// A stretch of an earlier packet's payload that belongs to the message which this packet completes.
struct Part {
  std::uint64_t packet = 0;  // frame.number
  std::uint32_t offset = 0;  // in that packet's transport payload (for fragments: in its IP payload)
  std::uint32_t length = 0;

  friend bool operator==(const Part&, const Part&) = default;
};

// A dissector's memory of a conversation: plain bytes, so that the index can keep it.
struct AppState {
  alignas(8) std::array<std::byte, 64> raw{};

  friend bool operator==(const AppState&, const AppState&) = default;
};

struct PacketFacts {
  std::uint64_t flow_id = 0;  // 0: belongs to no flow
  std::uint32_t stream = 0;   // tcp.stream / udp.stream
  bool has_stream = false;
  bool from_resp = false;  // sent by the responder
  // Application layer: what the payload is handed to, with what before it. 0: nothing to dissect here.
  std::uint16_t app = 0;
  bool mid_message = false;         // payload only continues a message that a later packet completes
  bool stream_end = false;          // this packet ends its direction: messages without length end here
  std::uint32_t payload_skip = 0;   // payload octets in front that were seen before (overlap) or belong to no message
  std::uint32_t payload_use = 0;    // payload octets after those that are in order; with parts both are 0
  AppState state;                   // the dissector's memory before this packet
  std::vector<Part> parts;          // the stretch of stream that is dissected here, this packet's own payload included;
                                    // empty: payload_use octets of the payload after payload_skip
  std::vector<Part> fragments;      // IP fragments, in order, when this packet completes a datagram
  std::uint64_t request_frame = 0;  // the request that this packet answers
  Timestamp request_ts{};
  TcpFacts tcp;
};

}  // namespace pr
