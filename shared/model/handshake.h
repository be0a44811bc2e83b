// What dissectors read out of handshakes and names, before anybody interprets it; and what comes of it.
// Views: the bytes belong to the packet or the stream buffer and are valid during the call they are given to.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/clock.h"
#include "shared/model/address.h"
#include "shared/model/field.h"

namespace pr {

enum class HelloTransport : std::uint8_t { kTcp, kQuic, kDtls };

// TLS ClientHello (RFC 8446 4.1.2 and before). Lists in record order, GREASE included.
struct ClientHello {
  HelloTransport transport = HelloTransport::kTcp;
  std::uint16_t version = 0;  // legacy_version of the hello, not of the record
  std::vector<std::uint16_t> ciphers;
  std::vector<std::uint16_t> extensions;
  std::vector<std::uint16_t> groups;                // extension 10
  std::vector<std::uint8_t> point_formats;          // extension 11
  std::vector<std::uint16_t> signature_algorithms;  // extension 13
  std::vector<std::uint16_t> supported_versions;    // extension 43
  std::vector<std::string_view> alpn;
  std::string_view sni;
  bool ech = false;   // extension 0xfe0d
  bool ssl2 = false;  // in SSL 2 form: no JA3, and a JA4 with empty lists
};

struct ServerHello {
  HelloTransport transport = HelloTransport::kTcp;
  std::uint16_t version = 0;           // legacy_version
  std::uint16_t selected_version = 0;  // extension 43, 0: absent
  std::uint16_t cipher = 0;
  std::vector<std::uint16_t> extensions;
  std::string_view alpn;
};

// SSH KEXINIT name lists, as sent (RFC 4253 7.1).
struct SshKexInit {
  std::string_view kex, host_key;
  std::string_view encryption_c2s, encryption_s2c, mac_c2s, mac_s2c, compression_c2s, compression_s2c;
};

struct ClientFingerprint {
  std::string ja3, ja3_full;
  std::string ja4, ja4_r, ja4_o, ja4_ro;
};

struct ServerFingerprint {
  std::string ja3s, ja3s_full;
};

struct SshFingerprint {
  std::string hash, full;  // HASSH of the side that sent the KEXINIT
};

// One answer record that gives a name an address, with the chain of CNAMEs already followed.
struct NameAnswer {
  std::string_view name;  // what the client asked for
  IpAddress address;
  std::uint32_t ttl = 0;
};

// A request, a response, or an event that stands alone, of an application protocol that has such things.
// The transaction tracker pairs responses with requests of the same id, or in order where id is 0.
struct Message {
  // kInterim: a response that announces another one: it shows what it answers, and ends nothing.
  enum class Role : std::uint8_t { kRequest, kResponse, kEvent, kInterim };
  struct Item {
    std::uint16_t field;  // index into the dissector's own field table
    Value value;
  };
  Role role = Role::kEvent;
  std::uint64_t id = 0;
  std::string_view name;     // what people search for: the DNS name, the HTTP host and path ...
  std::string_view summary;  // one line for people, as the Info column would say it
  std::int64_t status = -1;  // rcode, HTTP status; -1 none
  std::span<const Item> items;
};

// A finished or half-finished transaction as the store keeps it. fields: a JSON object keyed by field name.
struct Transaction {
  std::uint64_t flow_id = 0;
  Timestamp request_ts{}, response_ts{};  // epoch zero: not seen
  std::string protocol, name, summary;
  std::int64_t status = -1;
  std::string fields;
};

// One TLS or SSH handshake of a flow, as far as it was seen.
struct Handshake {
  std::uint64_t flow_id = 0;
  Timestamp ts{};
  std::string protocol;  // "tls", "ssh"
  std::string version, cipher, sni, alpn;
  ClientFingerprint client;
  ServerFingerprint server;
  std::string hassh, hassh_server, ssh_client, ssh_server;  // banners without CR LF
  std::vector<std::string> cert_sha256;
  bool ech = false;
  std::uint16_t verdicts = 0;
};

struct Certificate {
  std::string sha256, sha1;             // lower-case hex; sha256 is the key
  std::string subject, issuer, serial;  // RFC 2253 text; serial lower-case hex
  std::vector<std::string> san;         // DNS names and addresses
  Timestamp not_before{}, not_after{};
  std::string key_type;  // "RSA", "EC", "ED25519" ...
  std::uint32_t key_bits = 0;
  bool self_signed = false;
  std::vector<std::uint8_t> der;
};

}  // namespace pr
