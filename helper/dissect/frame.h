// What link, network and transport layer say of a packet, in the form that flow tracking needs. Filled on
// every packet, whether or not anybody wants fields; of nested IP layers the innermost one stands here.
#pragma once

#include <array>
#include <cstdint>

#include "shared/base/bytes.h"
#include "shared/model/address.h"
#include "shared/model/dissection.h"
#include "shared/model/issue.h"
#include "shared/model/packet.h"

namespace pr::dissect {

enum class Transport : std::uint8_t { kNone, kTcp, kUdp };

struct TcpSegment {
  std::uint32_t seq = 0, ack = 0;
  std::uint16_t window = 0;
  std::uint16_t flags = 0;         // 12 bits, as tcp.flags
  std::int16_t window_shift = -1;  // from the option, -1: none
  std::uint16_t mss = 0;
  bool sack_permitted = false;
  bool has_sack = false;
};

struct Frame {
  static constexpr std::size_t kMaxLayers = 32;
  static constexpr std::size_t kMaxIssues = 4;

  bool has_ip = false;
  Endpoint src, dst;  // ICMP and ICMPv6: src.port is the type, dst.port the code
  std::uint8_t ip_proto = 0;
  std::uint8_t ttl = 0;                // of the IP header read last, quoted ones included
  std::uint8_t extension_headers = 0;  // of the innermost IPv6 header, so far
  std::uint32_t echo = 0;              // ICMP: identifier (high) and sequence number
  std::uint16_t vlan = 0;              // outermost id, 0: none
  bool fragment = false;               // an IP fragment that does not complete its datagram: no transport below
  bool partial = false;                // a first fragment that is dissected alone: the rest will never come
  bool encapsulated = false;           // there is an IP header around that of src and dst
  bool defragmented = false;           // this packet completed a datagram out of fragments
  Transport transport = Transport::kNone;
  TcpSegment tcp;                   // valid if transport is kTcp
  Bytes payload;                    // above TCP or UDP, as far as it was captured
  std::uint32_t payload_len = 0;    // what the headers say it is
  std::uint8_t payload_source = 0;  // byte source of payload
  std::array<ProtocolId, kMaxLayers> layers{};
  std::uint8_t layer_count = 0;
  std::array<Issue, kMaxIssues> issues{};  // the first few; issue_count goes on
  std::uint16_t issue_count = 0;

  void add(Issue issue) {
    if (issue_count < kMaxIssues) issues[issue_count] = issue;
    ++issue_count;
  }
  [[nodiscard]] bool has_issue(IssueKind kind) const {
    for (std::size_t i = 0; i < issue_count && i < kMaxIssues; ++i) {
      if (issues[i].kind == kind) return true;
    }
    return false;
  }
};

}  // namespace pr::dissect
