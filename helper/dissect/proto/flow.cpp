// What is known of the flow that a packet belongs to. The fields are filled from the catalog, not from the packet.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr FieldDef kFields[] = {
    {"flow.id", "Number of the flow within its session", FieldType::kUint},
    {"flow.session", "Session of the flow", FieldType::kUint},
    {"flow.proto", "Transport protocol", FieldType::kText},
    {"flow.orig.ip", "Address of the originator", FieldType::kText},
    {"flow.orig.port", "Port of the originator; ICMP: type", FieldType::kUint},
    {"flow.resp.ip", "Address of the responder", FieldType::kText},
    {"flow.resp.port", "Port of the responder; ICMP: code", FieldType::kUint},
    {"flow.first_seen", "Time of the first packet", FieldType::kTime},
    {"flow.last_seen", "Time of the last packet", FieldType::kTime},
    {"flow.duration", "Time from the first to the last packet", FieldType::kDuration},
    {"flow.packets", "Packets of both directions", FieldType::kUint},
    {"flow.bytes", "Octets on the wire, both directions", FieldType::kUint},
    {"flow.orig.packets", "Packets from the originator", FieldType::kUint},
    {"flow.orig.bytes", "Octets on the wire from the originator", FieldType::kUint},
    {"flow.resp.packets", "Packets from the responder", FieldType::kUint},
    {"flow.resp.bytes", "Octets on the wire from the responder", FieldType::kUint},
    {"flow.state", "Connection state, as Zeek's conn_state", FieldType::kText},
    {"flow.history", "Connection history, as Zeek's", FieldType::kText},
    {"flow.rtt", "Round trip time of the handshake", FieldType::kDuration},
    {"flow.retransmissions", "Retransmitted segments, both directions", FieldType::kUint},
    {"flow.out_of_order", "Segments out of order, both directions", FieldType::kUint},
    {"flow.gaps", "Holes in the streams that were given up", FieldType::kUint},
    {"flow.vlan", "Outermost VLAN id", FieldType::kUint},
    {"flow.app_proto", "Application protocol", FieldType::kText},
    {"flow.app_proto_evidence", "How it was recognised: content, port or heuristic", FieldType::kText},
    {"flow.sni", "Server name of the TLS handshake", FieldType::kText},
    {"flow.alpn", "Application protocol that the server chose", FieldType::kText},
    {"flow.tls_version", "TLS version", FieldType::kText},
    {"flow.cipher", "TLS cipher suite", FieldType::kText},
    {"flow.ja3", "JA3 fingerprint of the client", FieldType::kText},
    {"flow.ja3s", "JA3S fingerprint of the server", FieldType::kText},
    {"flow.ja4", "JA4 fingerprint of the client", FieldType::kText},
    {"flow.hassh", "HASSH fingerprint of the SSH client", FieldType::kText},
    {"flow.hassh_server", "HASSH fingerprint of the SSH server", FieldType::kText},
    {"flow.http_host", "HTTP Host", FieldType::kText},
    {"flow.dns_name", "Name that the originator resolved to the responder", FieldType::kText},
    {"flow.issuer", "Issuer of the server's certificate", FieldType::kText},
    {"flow.cert_sha256", "SHA-256 of the certificates", FieldType::kText},
    {"flow.verdict",
     "Verdicts on the identity: resolved, no_dns, matches_san, san_mismatch, expired, not_yet_valid, self_signed, ech",
     FieldType::kText},
};

}  // namespace

extern constinit const Dissector flow_dissector{.name = "flow", .title = "Flow", .fields = kFields};

}  // namespace pr::dissect
