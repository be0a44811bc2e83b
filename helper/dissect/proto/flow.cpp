// What is known of the flow that a packet belongs to. Declared here so that filters and columns know the names;
// filled from flow rows.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr FieldDef kFields[] = {
    {"flow.id", "Number of the flow in its session", FieldType::kUint},
    {"flow.app_proto", "Application protocol of the flow", FieldType::kText},
    {"flow.app_proto_evidence", "What the application protocol was recognised by", FieldType::kText},
    {"flow.state", "Connection state, with Zeek's words (conn_state)", FieldType::kText},
    {"flow.history", "Connection history, with Zeek's letters", FieldType::kText},
    {"flow.orig.ip", "Address of who opened the flow", FieldType::kText},
    {"flow.resp.ip", "Address of who was called", FieldType::kText},
    {"flow.orig.port", "Port of who opened the flow; ICMP: type", FieldType::kUint},
    {"flow.resp.port", "Port of who was called; ICMP: code", FieldType::kUint},
    {"flow.proto", "Number of the IP protocol", FieldType::kUint},
    {"flow.packets", "Packets in both directions", FieldType::kUint},
    {"flow.bytes", "Octets on the wire in both directions", FieldType::kUint},
    {"flow.duration", "Time from the first packet to the last", FieldType::kDuration},
    {"flow.rtt", "Round-trip time of the handshake", FieldType::kDuration},
    {"flow.sni", "Server name of the TLS handshake", FieldType::kText},
    {"flow.dns_name", "Name that the client had resolved to the responder's address", FieldType::kText},
    {"flow.http_host", "Host header of the flow's first HTTP request", FieldType::kText},
    {"flow.verdict",
     "What the names say of each other: resolved, no_dns, matches_san, san_mismatch, expired, not_yet_valid, "
     "self_signed, ech",
     FieldType::kText},
    {"flow.issuer", "Issuer of the server's certificate", FieldType::kText},
    {"flow.cert.sha256", "SHA-256 of a certificate seen in the flow", FieldType::kText},
    {"flow.hassh", "HASSH of the SSH client", FieldType::kText},
    {"flow.hassh_server", "HASSH of the SSH server", FieldType::kText},
    {"flow.ja3", "JA3 of the TLS client", FieldType::kText},
    {"flow.ja3s", "JA3S of the TLS server", FieldType::kText},
    {"flow.ja4", "JA4 of the TLS client", FieldType::kText},
    {"flow.retransmissions", "Segments that were sent again", FieldType::kUint},
    {"flow.out_of_order", "Segments that came out of order", FieldType::kUint},
    {"flow.gaps", "Octets that were acknowledged but not captured", FieldType::kUint},
    {"flow.vlan", "Outermost VLAN identifier", FieldType::kUint},
    {"flow.tunnel", "Tunnels that its packets came through, outermost first", FieldType::kText},
    {"flow.session", "Session that the flow was recorded in", FieldType::kUint},
};

}  // namespace

extern constinit const Dissector flow_dissector{.name = "flow", .title = "Flow", .fields = kFields};

}  // namespace pr::dissect
