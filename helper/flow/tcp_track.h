// What is remembered of one TCP connection: Zeek's endpoint states and history, and what Wireshark's tcp.analysis.*
// follows from. A connection of which only one packet was seen costs a few words; the rest comes with the second.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "helper/flow/flow_table.h"
#include "helper/flow/tcp_unacked.h"
#include "shared/base/clock.h"
#include "shared/model/facts.h"
#include "shared/model/flow.h"

namespace pr::flow {

enum TcpFlag : std::uint16_t { kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPush = 0x08, kAck = 0x10 };

// Sequence numbers wrap: a comes after b if it is less than half the space ahead.
inline bool seq_after(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

// Life of one endpoint, in Zeek's words.
enum class EndpointState : std::uint8_t { kInactive, kSynSent, kSynAckSent, kPartial, kEstablished, kClosed, kReset };

// What one packet says of its connection.
struct TcpPacket {
  std::uint64_t number = 0;
  Timestamp ts{};
  std::uint32_t seq = 0, ack = 0, payload_len = 0;
  std::uint16_t window = 0, flags = 0;
  std::int8_t window_shift = -1;
  std::uint32_t sacked = 0;
  bool bad_checksum = false;

  [[nodiscard]] bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
};

// One direction as Wireshark follows it. 0 stands for "not known" in next_seq, last_ack and max_to_ack.
struct TcpSide {
  std::uint32_t base_seq = 0;    // relative numbers count from here
  std::uint32_t next_seq = 0;    // highest sequence number sent + 1
  std::uint32_t last_ack = 0;    // of the last packet
  std::uint32_t max_to_ack = 0;  // end of what was seen without a hole
  std::uint32_t duplicate_acks = 0;
  std::uint32_t push_bytes = 0;  // payload since the last PSH
  std::uint64_t next_seq_frame = 0, last_new_ack_frame = 0;
  std::int64_t next_seq_ns = 0, last_ack_ns = 0;
  UnackedSegments unacked;
  std::uint32_t window = 0xffffffffU;  // of the last packet; more than any: there was none
  std::int8_t window_shift = -1;       // as in TcpFacts
  bool base_known = false;
  bool in_flight_valid = true;   // nothing was lost since the last ACK from the other side
  bool pushed = false;           // the last data segment had PSH
  bool unscaled_window = false;  // window came with a SYN
  std::uint32_t sacked = 0;      // octets in SACK blocks of the last packet
  std::uint32_t last_marks = 0;  // of the last packet
};

// One endpoint as Zeek follows it.
struct TcpEndpoint {
  std::uint32_t last_seq = 0;                           // highest end of segment
  std::uint32_t syn_seq = 0, fin_seq = 0, rst_seq = 0;  // that history has a letter for
  std::uint32_t retransmissions = 0, zero_windows = 0, gaps = 0, bad_checksums = 0;
  EndpointState state = EndpointState::kInactive, before = EndpointState::kInactive;
  std::uint8_t letters = 0;  // history letters given out once
};

// Grows up to its capacity and then stays: the beginning of a history says most.
class History {
 public:
  void add(char letter, bool from_resp) {
    if (size_ < text_.size()) text_[size_++] = static_cast<char>(from_resp && letter != '^' ? letter | 0x20 : letter);
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, 31> text_{};
  std::uint8_t size_ = 0;
};

struct TcpDetail {
  // As new, but keeps the memory of its lists.
  void reset();

  std::array<TcpSide, 2> sides;  // [0] originator
  std::array<TcpEndpoint, 2> endpoints;
  std::int64_t syn_ns = 0;        // 0: none seen
  std::int64_t first_rtt_ns = 0;  // SYN to the ACK that ends the handshake; 0: not known
  Timestamp start{}, before{};    // first and last packet of the stream
  History history;
  std::uint8_t plain_packets = 0;  // without SYN, FIN, RST; stays at 255
};

struct TcpTrack {
  TcpPacket first;  // stands for everything while detail is null
  std::unique_ptr<TcpDetail> detail;
};

// Which timeout a connection has earned.
enum class TcpPhase : std::uint8_t { kNew, kEstablished, kClosed };
TcpPhase tcp_phase(const TcpDetail& detail);

// Follows one packet; fills facts, counts into the sender's and the receiver's totals.
void follow_tcp(TcpDetail& detail, const TcpPacket& packet, bool from_resp, std::array<DirectionCounts, 2>& totals,
                TcpFacts* facts);
// A connection goes on after a silence that ended its flow: endpoints start anew, sequence numbers go on.
void restart_endpoints(TcpDetail& detail);

// The parts of follow_tcp.
void analyse_sequence(TcpDetail& detail, const TcpPacket& packet, bool from_resp, TcpFacts* facts);
void update_endpoints(TcpDetail& detail, const TcpPacket& packet, bool from_resp, bool peer_gap);
ConnState conn_state(const TcpDetail& detail, const std::array<DirectionCounts, 2>& totals);

// True when this SYN opens another connection than the one that track has seen: its number is not the one that the
// sender's direction counts from.
bool opens_new_connection(const TcpTrack& track, const TcpPacket& packet, bool from_resp);

}  // namespace pr::flow
