// A flow: one conversation between two endpoints, as users see it and the store keeps it. Zeek's words.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/boxed.h"
#include "shared/base/clock.h"
#include "shared/model/address.h"

namespace pr {

// orig is who opened the conversation. ICMP: orig.port is the type, resp.port the code (Zeek's way).
struct FlowKey {
  Endpoint orig;
  Endpoint resp;
  std::uint8_t ip_proto = 0;
  std::uint16_t vlan = 0;  // outermost VLAN id, 0: none

  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

// Zeek's conn_state, and kNone for protocols without connections before a reply tells more.
enum class ConnState : std::uint8_t { kOth, kS0, kS1, kSf, kRej, kS2, kS3, kRsto, kRstr, kRstos0, kRstrh, kSh, kShr };
const char* conn_state_name(ConnState state);

struct DirectionCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;          // on the wire, link layer included
  std::uint64_t payload_bytes = 0;  // above the transport
  std::uint32_t retransmissions = 0;
  std::uint32_t out_of_order = 0;
  std::uint32_t gaps = 0;      // holes in the stream that were given up
  std::uint8_t tcp_flags = 0;  // every flag seen, or-ed
};

// How the application protocol was recognised.
enum class Evidence : std::uint8_t { kNone, kContent, kPort, kHeuristic };
const char* evidence_name(Evidence evidence);

// Verdict bits of a flow's identity chain DNS answer -> SNI -> HTTP host -> certificate; filterable as flow.verdict.
enum Verdict : std::uint16_t {
  kResolved = 1U << 0U,    // the client asked for the name and got this address
  kNoDns = 1U << 1U,       // no answer with this address was seen by this client
  kMatchesSan = 1U << 2U,  // the server name is in the certificate
  kSanMismatch = 1U << 3U,
  kExpired = 1U << 4U,  // at packet time
  kNotYetValid = 1U << 5U,
  kSelfSigned = 1U << 6U,
  kEch = 1U << 7U,  // encrypted ClientHello present: the server name may be a decoy
  // No verdict, and shown to nobody: earlier messages of the flow named other hosts, or had other fingerprints, than
  // the flow's identity holds.
  kSaidOtherwise = 1U << 8U,
};

// What is known of who talks to whom. Empty = unknown.
struct FlowIdentity {
  std::string sni, alpn, tls_version, cipher;
  std::string ja3, ja3s, ja4;
  std::string hassh, hassh_server;
  std::string http_host;
  std::string dns_name;                  // the name that resolved to the responder, as this client asked for it
  std::vector<std::string> cert_sha256;  // leaf first, lower-case hex
  std::string issuer;                    // of the leaf
  std::uint16_t verdicts = 0;
};

// The SHA-1 behind a Community ID (community_id.h).
using CommunityDigest = std::array<std::uint8_t, 20>;

// A flow over one interval: the totals up to its end, and what this interval added.
struct FlowSlice {
  std::uint64_t flow_id = 0;  // 1, 2, ... within a session, in order of first packet
  std::uint32_t n = 0;        // 0, 1, ...: number of the slice; a slice written again replaces the earlier one
  bool open = false;          // more may come under the same n
  bool last = false;          // the flow ended with this slice
  Timestamp start{}, end{};   // of the first and last packet in this slice
  std::array<DirectionCounts, 2> delta;  // [0] = originator
  std::array<DirectionCounts, 2> total;

  FlowKey key;
  std::uint32_t stream = 0;  // tcp.stream or udp.stream: counts per session and protocol
  bool has_stream = false;
  Timestamp first_seen{}, last_seen{};
  ConnState state = ConnState::kOth;
  std::string history;
  std::int64_t rtt_ns = -1;  // of the handshake; -1 unknown
  bool fragments = false;    // some packet of it came in IP fragments or in a tunnel: it has more headers than the key
  CommunityDigest community{};
  std::string_view app_proto;  // "tls", "http", "dns", ...: a registered protocol's name, which lives for ever
  Evidence app_evidence = Evidence::kNone;
  Boxed<std::string> tunnel;     // what its packets came through, outermost first: "gre", "vxlan:5001>ipip"
  Boxed<FlowIdentity> identity;  // absent: nothing is known; most flows of a scan or a flood have none
};

}  // namespace pr
