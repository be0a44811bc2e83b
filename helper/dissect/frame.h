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

// An encapsulation that a packet came through: its name, which lives for ever, and the number of the segment, session,
// endpoint or label in it, if it has one.
struct Tunnel {
  const char* name = nullptr;
  std::uint32_t id = 0;
  bool has_id = false;
};

struct Frame {
  static constexpr std::size_t kMaxLayers = 32;
  static constexpr std::size_t kMaxIssues = 4;
  static constexpr std::size_t kMaxTunnels = 8;

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
  ProtocolId app = 0;               // what stands above IP without ports and wants its flow (OSPF and its kind)
  Bytes payload;                    // above TCP, UDP, or of app above IP, as far as it was captured
  std::uint32_t payload_len = 0;    // what the headers say it is
  std::uint8_t payload_source = 0;  // byte source of payload
  std::array<ProtocolId, kMaxLayers> layers{};
  std::uint8_t layer_count = 0;
  std::array<Tunnel, kMaxTunnels> tunnels{};  // outermost first
  std::uint8_t tunnels_entered = 0;           // entries of it
  std::uint8_t tunnel_count = 0;              // those that the innermost IP header lies in
  std::uint8_t networks = 0;                  // IP headers read
  ProtocolId carrier = 0;  // a tunnel's protocol over UDP whose packet holds no other IP packet: the flow's own
  std::array<Issue, kMaxIssues> issues{};  // the first few; issue_count goes on
  std::uint16_t issue_count = 0;

  // An IP header was read (of no quoted packet): what is known from outer ones no longer holds.
  void enter_network(const IpAddress& from, const IpAddress& to, std::uint8_t proto) {
    if (has_ip && tunnels_entered == tunnel_count) enter_tunnel({.name = ip_in_ip(from.is_v6(), src.ip.is_v6())});
    encapsulated = has_ip;
    has_ip = true;
    ++networks;
    src = {.ip = from, .port = 0};
    dst = {.ip = to, .port = 0};
    ip_proto = proto;
    transport = Transport::kNone;
    tunnel_count = tunnels_entered;
    payload = {};
  }
  static constexpr const char* ip_in_ip(bool inner_v6, bool outer_v6) {
    if (outer_v6) return inner_v6 ? "6in6" : "4in6";
    return inner_v6 ? "6in4" : "ipip";
  }
  // False: too many.
  bool enter_tunnel(Tunnel tunnel) {
    if (tunnels_entered == kMaxTunnels) return false;
    tunnels[tunnels_entered++] = tunnel;
    return true;
  }

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
