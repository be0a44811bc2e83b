// Packets of made-up conversations, in few words.
#pragma once

#include <string>
#include <vector>

#include "helper/flow/flow_table.h"
#include "helper/flow/tcp_track.h"

namespace pr::flow {

inline constexpr std::uint64_t kHashKey = 0x1234567890abcdef;
inline constexpr std::int64_t kSecond = 1'000'000'000;
inline const Timestamp kStart = from_ns(1'700'000'000 * kSecond);

inline Endpoint endpoint(const char* ip, std::uint16_t port) { return {.ip = *IpAddress::parse(ip), .port = port}; }
inline Timestamp after_ms(std::int64_t ms) { return kStart + std::chrono::milliseconds(ms); }

inline FlowPacket udp(const Endpoint& src, const Endpoint& dst, std::int64_t ms, std::uint8_t ip_proto = 17) {
  return {.ts = after_ms(ms), .wire_len = 100, .src = src, .dst = dst, .ip_proto = ip_proto, .payload_len = 58};
}

inline FlowPacket tcp(const Endpoint& src, const Endpoint& dst, std::int64_t ms, std::uint16_t flags,
                      std::uint32_t seq = 1000, std::uint32_t ack = 0, std::uint32_t len = 0) {
  FlowPacket packet = udp(src, dst, ms, 6);
  packet.is_tcp = true;
  packet.tcp_flags = flags;
  packet.seq = seq;
  packet.ack = ack;
  packet.payload_len = packet.payload_captured = len;
  packet.window = 8192;
  return packet;
}

struct Ended {
  FlowSlice slice;
  EndReason reason;
};

// A table that remembers what ended and numbers packets.
struct Recorder {
  explicit Recorder(Limits limits = {})
      : table(limits, kHashKey, [this](Flow& flow, EndReason reason) {
          Ended& one = ended.emplace_back(Ended{.slice = {}, .reason = reason});
          fill_slice(flow, &one.slice);
        }) {}

  FlowTable::Found update(FlowPacket packet) {
    packet.number = ++number;
    facts = {};
    return table.update(packet, &facts);
  }

  std::vector<Ended> ended;
  FlowTable table;
  TcpFacts facts;
  std::uint64_t number = 0;
};

}  // namespace pr::flow
