// Handshake messages of TLS 1.0 to 1.3 and SSL 3 (RFC 8446 section 4, RFC 5246 section 7.4, RFC 6101 5.6), without
// what carries them: TLS records, and wherever else such messages go. The caller's dissector has kFields as its table.
#pragma once

#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/tls/fields.h"

namespace pr::dissect::tls {

inline constexpr std::uint16_t kSsl2 = 0x0002, kSsl3 = 0x0300, kTls12 = 0x0303, kTls13 = 0x0304;

inline constexpr std::size_t kMessageHeader = 4;         // type and length
inline constexpr std::size_t kMaxMessage = 256U * 1024;  // longer ones are none: certificates chains end far below

enum MessageType : std::uint8_t {
  kHelloRequest = 0,
  kClientHello = 1,
  kServerHello = 2,
  kHelloVerifyRequest = 3,
  kNewSessionTicket = 4,
  kEndOfEarlyData = 5,
  kHelloRetryRequest = 6,
  kEncryptedExtensions = 8,
  kCertificateMessage = 11,
  kServerKeyExchange = 12,
  kCertificateRequest = 13,
  kServerHelloDone = 14,
  kCertificateVerify = 15,
  kClientKeyExchange = 16,
  kFinished = 20,
  kCertificateStatus = 22,
  kKeyUpdate = 24,
  kCompressedCertificate = 25,
  kNextProtocol = 67,
};

// A conversation's memory (LayerBuilder::state).
struct State {
  std::uint16_t version = 0;       // negotiated; 0: no ServerHello was seen
  std::uint16_t cipher = 0;        // valid with version
  std::uint8_t encrypted[2] = {};  // by sender, [0] = client: change cipher spec was seen, the handshake goes on unseen
  std::uint8_t next_protocol = 0;  // what the server chose by ALPN: NextProtocol
  std::uint8_t client_is_resp = 0;  // the hello came from who did not open the connection
};
enum NextProtocol : std::uint8_t { kUnknownProtocol, kHttp1, kHttp2, kOtherProtocol };

// Drafts of TLS 1.3 behave as it does.
inline bool is_tls13(std::uint16_t version) {
  return version == kTls13 || version >> 8U == 0x7fU || version == 0xfb17U || version == 0xfb1aU;
}
// "TLSv1.2", as the Protocol column says; null for what is no version.
const char* version_word(std::uint16_t version);

struct Handshake {
  LayerBuilder& out;
  State& state;
  bool from_client = true;
  HelloTransport transport = HelloTransport::kTcp;
  std::uint16_t record_version = 0;  // tells the version as long as no ServerHello was seen
  std::string info;                  // names of the messages so far, with commas

  [[nodiscard]] std::uint16_t version() const { return state.version != 0 ? state.version : record_version; }
  void say(const char* name) {
    if (!out.wanted()) return;
    if (!info.empty()) info += ", ";
    info += name;
  }
};

// True for a message type that can stand in clear.
bool known_message(std::uint8_t type);
// "Client Hello"; null for an unknown type.
const char* message_name(std::uint8_t type);

// DTLS versions (RFC 9147) as those of TLS that they are made of; others stay.
std::uint16_t as_tls(std::uint16_t version);

// One whole message, header included; consumes it. What stands before damage is shown; damage becomes an issue.
// REQUIRES: the message is there as long as its header says.
void dissect_message(Cursor& in, Handshake& session);

// A message's body alone; damage fails the cursor.
void dissect_body(std::uint8_t type, Cursor& in, Handshake& session);

// What an alert says; shows it unless it is encrypted.
std::string dissect_alert(Cursor& in, LayerBuilder& out, bool encrypted);

// The same of a heartbeat (RFC 6520). One that claims more than there is room for is taken for an encrypted one, unless
// `anyway`.
const char* dissect_heartbeat(Cursor& in, LayerBuilder& out, bool encrypted, bool anyway);

// SSL 2 ClientHello in the form that later versions understand (RFC 5246 E.2): from its type to its end.
void dissect_ssl2_hello(Cursor& in, Handshake& session);

// ---- The rest is for the parts of this folder ----

// What extensions are collected into; both may be null.
struct Hellos {
  ClientHello* client = nullptr;
  ServerHello* server = nullptr;
  bool retry = false;  // the ServerHello is a HelloRetryRequest
  bool dtls = false;
};
// The list with its length in front, if there is one. False: damaged.
bool dissect_extensions(Cursor& in, LayerBuilder& out, MessageType message, const Hellos& into);

void add_signature_algorithm(Cursor& in, LayerBuilder& out);
std::vector<std::uint16_t> dissect_signature_algorithms(Cursor& in, LayerBuilder& out);

// Signed certificate timestamps, RFC 6962 3.3; nothing where a client asks for them.
void dissect_timestamps(Cursor& in, LayerBuilder& out);

void dissect_server_key_exchange(Cursor& in, LayerBuilder& out, const State& state);
void dissect_client_key_exchange(Cursor& in, LayerBuilder& out, const State& state);
void dissect_certificates(Cursor& in, Handshake& session);
void dissect_certificate_request(Cursor& in, Handshake& session);

// A certificate's fields, out of its DER. Whatever is no DER ends it.
void dissect_x509(Bytes der, LayerBuilder& out);
// A distinguished name (X.501 Name).
void dissect_name(Bytes der, LayerBuilder& out);
// An OCSPResponse (RFC 6960 section 4.2.1).
void dissect_ocsp(Bytes der, LayerBuilder& out);

}  // namespace pr::dissect::tls
