#include "helper/dissect/proto/tls/handshake.h"

#include <algorithm>
#include <array>

#include "helper/dissect/proto/tls/value_names.h"

namespace pr::dissect::tls {
namespace {

// The random of a ServerHello that is a HelloRetryRequest, RFC 8446 4.1.3.
constexpr std::array<std::uint8_t, 32> kRetryRandom = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                                       0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                                       0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

constexpr std::uint16_t kSupportedVersions = 43;

// Before the last drafts of TLS 1.3 its ServerHello had neither session id nor compression.
bool has_short_server_hello(std::uint16_t version) { return version >> 8U == 0x7fU && (version & 0xffU) < 22; }

// The version that a ServerHello chooses in its extensions, 0 if it does not.
std::uint16_t selected_version(Cursor in) {
  const std::uint16_t legacy = in.u16();
  in.skip(32);
  if (has_short_server_hello(legacy)) return legacy;
  in.skip(in.u8());
  in.skip(3);
  Cursor extensions = in.sub(in.u16());
  while (extensions.left() >= 4) {
    const std::uint16_t type = extensions.u16();
    Cursor value = extensions.sub(extensions.u16());
    if (type == kSupportedVersions && value.left() == 2) return value.u16();
  }
  return 0;
}

void add_random(Cursor& in, LayerBuilder& out, bool with_time) {
  Cursor parts(in.peek(32));
  out.bytes(in, kRandom, 32);
  if (!in.ok() || !with_time) return;
  const LayerBuilder::Subtree below(out);
  const Bytes where = parts.peek(4);
  out.add(kRandomTime, parts.u32() * 1'000'000'000ULL, where);
  out.bytes(parts, kRandomBytes, 28);
}

void add_session_id(Cursor& in, LayerBuilder& out) {
  const std::uint8_t length = out.u8(in, kSessionIdLength);
  if (length > 0) out.bytes(in, kSessionId, length);
}

void add_cookie(Cursor& in, LayerBuilder& out) {
  const std::uint8_t length = out.u8(in, kCookieLength);
  if (length > 0) out.bytes(in, kCookie, length);
}

void hello_verify_request(Cursor& in, Handshake& session) {
  if (session.transport != HelloTransport::kDtls) return;
  session.state.version = as_tls(session.out.u16(in, kVersion));
  add_cookie(in, session.out);
}

void add_fingerprint(const ClientFingerprint* print, Bytes where, LayerBuilder& out) {
  if (print == nullptr) return;
  where = where.first(0);
  if (!print->ja3.empty()) {
    out.add_text(kJa3Full, print->ja3_full, where);
    out.add_text(kJa3, print->ja3, where);
  }
  out.add_text(kJa4, print->ja4, where);
  out.add_text(kJa4R, print->ja4_r, where);
  out.add_text(kJa4O, print->ja4_o, where);
  out.add_text(kJa4Ro, print->ja4_ro, where);
}

// Tells the world of a hello: fingerprints come back, and the transaction begins.
void publish(const ClientHello& hello, bool whole, Bytes where, Handshake& session) {
  LayerBuilder& out = session.out;
  const ClientFingerprint* print = out.observer().client_hello(hello);
  if (whole) add_fingerprint(print, where, out);
  if (!hello.sni.empty() && out.wanted()) session.info.append(" (SNI=").append(hello.sni).append(")");
  std::array<Message::Item, 3> items{};
  std::size_t used = 0;
  items[used++] = {kVersion, Value::of(std::uint64_t{hello.version})};
  if (print != nullptr) {
    items[used++] = {kJa3, Value::of(as_bytes(print->ja3))};
    items[used++] = {kJa4, Value::of(as_bytes(print->ja4))};
  }
  out.message({.role = Message::Role::kRequest,
               .name = hello.sni,
               .summary = "Client Hello",
               .items = std::span(items).first(used)});
}

void client_hello(Cursor& in, Handshake& session) {
  LayerBuilder& out = session.out;
  ClientHello hello;
  hello.transport = session.transport;
  hello.version = out.u16(in, kVersion);
  add_random(in, out, !is_tls13(session.state.version));
  add_session_id(in, out);
  const bool dtls = session.transport == HelloTransport::kDtls;
  if (dtls) add_cookie(in, out);
  Cursor ciphers = in.sub(out.u16(in, kCipherSuitesLength));
  if (ciphers.ok()) out.mark(kCiphersuites, ciphers.all());
  {
    const LayerBuilder::Subtree below(out);
    hello.ciphers.reserve(ciphers.left() / 2);
    while (ciphers.left() >= 2) hello.ciphers.push_back(out.u16(ciphers, kCiphersuite));
  }
  Cursor methods = in.sub(out.u8(in, kCompMethodsLength));
  if (methods.ok()) out.mark(kCompMethods, methods.all());
  {
    const LayerBuilder::Subtree below(out);
    while (methods.left() > 0) out.u8(methods, kCompMethod);
  }
  if (!in.ok()) return;
  const Bytes where = in.rest();
  const bool whole = dissect_extensions(in, out, kClientHello, {.client = &hello, .dtls = dtls});
  publish(hello, whole, where, session);
  if (!whole) in.fail();
}

void publish(const ServerHello& hello, bool whole, Bytes where, Handshake& session) {
  LayerBuilder& out = session.out;
  const ServerFingerprint* print = out.observer().server_hello(hello);
  if (whole && print != nullptr) {
    out.add_text(kJa3sFull, print->ja3s_full, where.first(0));
    out.add_text(kJa3s, print->ja3s, where.first(0));
  }
  std::array<Message::Item, 3> items{};
  std::size_t used = 0;
  items[used++] = {kVersion,
                   Value::of(std::uint64_t{hello.selected_version != 0 ? hello.selected_version : hello.version})};
  items[used++] = {kCiphersuite, Value::of(std::uint64_t{hello.cipher})};
  if (print != nullptr) items[used++] = {kJa3s, Value::of(as_bytes(print->ja3s))};
  out.message({.role = Message::Role::kResponse,
               .name = hello.alpn,
               .summary = "Server Hello",
               .items = std::span(items).first(used)});
}

void server_hello(Cursor& in, Handshake& session) {
  LayerBuilder& out = session.out;
  ServerHello hello;
  hello.transport = session.transport;
  hello.selected_version = selected_version(in);
  hello.version = out.u16(in, kVersion);
  const std::uint16_t version = hello.selected_version != 0 ? hello.selected_version : hello.version;
  const bool retry = std::ranges::equal(in.peek(kRetryRandom.size()), kRetryRandom);
  add_random(in, out, !is_tls13(version));
  const bool complete = !has_short_server_hello(hello.version);
  if (complete) add_session_id(in, out);
  hello.cipher = out.u16(in, kCiphersuite);
  if (complete) out.u8(in, kCompMethod);
  if (!in.ok()) return;
  const bool dtls = session.transport == HelloTransport::kDtls;
  session.state.version = dtls ? as_tls(version) : version;
  session.state.cipher = hello.cipher;
  // From here on TLS 1.3 hides its handshake in application data; its change cipher specs mean nothing.
  if (is_tls13(version)) session.state.encrypted[0] = session.state.encrypted[1] = 0;
  const Bytes where = in.rest();
  const bool whole = dissect_extensions(in, out, kServerHello, {.server = &hello, .retry = retry, .dtls = dtls});
  if (!hello.alpn.empty()) {
    session.state.next_protocol = hello.alpn == "h2"                 ? kHttp2
                                  : hello.alpn.starts_with("http/1") ? kHttp1
                                                                     : kOtherProtocol;
  }
  publish(hello, whole, where, session);
  if (!whole) in.fail();
}

void new_session_ticket(Cursor& in, LayerBuilder& out, const State& state) {
  out.u32(in, kSessionTicketLifetimeHint);
  const bool tls13 = is_tls13(state.version);
  if (tls13) {
    out.u32(in, kSessionTicketAgeAdd);
    out.bytes(in, kSessionTicketNonce, out.u8(in, kSessionTicketNonceLength));
  }
  out.bytes(in, kSessionTicket, out.u16(in, kSessionTicketLength));
  if (tls13) dissect_extensions(in, out, kNewSessionTicket, {});
}

void certificate_status(Cursor& in, LayerBuilder& out) {
  const std::uint8_t type = out.u8(in, kExtStatusRequestType);
  const auto response = [&out](Cursor& from) {
    const Bytes der = from.take(out.u24(from, kOcspResponseLen));
    if (out.wanted()) dissect_ocsp(der, out);
  };
  if (type == 1) response(in);
  if (type != 2) return;
  Cursor list = in.sub(out.u24(in, kOcspResponseListLen));
  while (list.left() > 0) response(list);
}

void finished(Cursor& in, LayerBuilder& out, const State& state) {
  if (state.version != kSsl3) {
    out.mark(kVerifyData, in.rest());
    in.skip(in.left());
    return;
  }
  out.mark(kMd5Hash, in.peek(16));
  in.skip(16);
  out.mark(kShaHash, in.peek(20));
  in.skip(20);
}

void certificate_verify(Cursor& in, LayerBuilder& out, std::uint16_t version) {
  if (version >= kTls12) add_signature_algorithm(in, out);
  out.bytes(in, kClientCertVrfySig, out.u16(in, kClientCertVrfySigLen));
}

void compressed_certificate(Cursor& in, LayerBuilder& out) {
  out.u16(in, kCompressCertificateAlgorithm);
  out.u24(in, kCompressCertificateUncompressedLength);
  const std::uint32_t length = out.u24(in, kCompressCertificateCompressedCertificateMessageLength);
  out.bytes(in, kCompressCertificateCompressedCertificateMessage, length);
}

void next_protocol(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kNpnSelectedProtocol, out.u8(in, kNpnSelectedProtocolLen));
  out.bytes(in, kNpnPadding, out.u8(in, kNpnPaddingLen));
}

}  // namespace

const char* version_word(std::uint16_t version) {
  if (is_tls13(version)) return "TLSv1.3";
  switch (version) {
    case kSsl2: return "SSLv2";
    case kSsl3: return "SSLv3";
    case 0x0301: return "TLSv1";
    case 0x0302: return "TLSv1.1";
    case kTls12: return "TLSv1.2";
    case 0x0101: return "GMTLS";
    default: return nullptr;
  }
}

const char* message_name(std::uint8_t type) {
  for (const NamedValue& entry : kHandshakeTypes) {
    if (entry.value == type) return entry.name;
  }
  return nullptr;
}

void dissect_body(std::uint8_t type, Cursor& in, Handshake& session) {
  LayerBuilder& out = session.out;
  switch (type) {
    case kClientHello: return client_hello(in, session);
    case kServerHello: return server_hello(in, session);
    case kNewSessionTicket: return new_session_ticket(in, out, session.state);
    case kHelloVerifyRequest: return hello_verify_request(in, session);
    case kHelloRetryRequest:
      out.u16(in, kVersion);
      dissect_extensions(in, out, kHelloRetryRequest, {.retry = true});
      return;
    case kEncryptedExtensions: dissect_extensions(in, out, kEncryptedExtensions, {}); return;
    case kCertificateMessage: return dissect_certificates(in, session);
    case kServerKeyExchange: return dissect_server_key_exchange(in, out, session.state);
    case kCertificateRequest: return dissect_certificate_request(in, session);
    case kCertificateVerify: return certificate_verify(in, out, session.version());
    case kClientKeyExchange: return dissect_client_key_exchange(in, out, session.state);
    case kFinished: return finished(in, out, session.state);
    case kCertificateStatus: return certificate_status(in, out);
    case kKeyUpdate: out.u8(in, kKeyUpdateRequestUpdate); return;
    case kCompressedCertificate: return compressed_certificate(in, out);
    case kNextProtocol: return next_protocol(in, out);
    default: return;
  }
}

std::uint16_t as_tls(std::uint16_t version) {
  switch (version) {
    case 0xfeff: return 0x0302;
    case 0xfefd:
    case 0xfefc: return kTls12;  // DTLS 1.3 shows its hellos in the form of 1.2
    default: return version;
  }
}

namespace {

const char* name_of(Field field, std::uint8_t value) {
  const auto& names = kFields[field].names;
  const auto found = std::ranges::find(names, value, &NamedValue::value);
  return found != names.end() ? found->name : nullptr;
}

}  // namespace

std::string dissect_alert(Cursor& in, LayerBuilder& out, bool encrypted) {
  out.mark(kAlertMessage, in.all());
  Cursor look(in.all());
  const char* level = name_of(kAlertMessageLevel, look.u8());
  const char* what = name_of(kAlertMessageDesc, look.u8());
  if (level == nullptr || what == nullptr || in.left() != 2 || encrypted) return "Encrypted Alert";
  const LayerBuilder::Subtree below(out);
  const std::uint8_t values[] = {in.all()[0], in.all()[1]};
  const Message::Item items[] = {{kAlertMessageLevel, Value::of(std::uint64_t{values[0]})},
                                 {kAlertMessageDesc, Value::of(std::uint64_t{values[1]})}};
  out.u8(in, kAlertMessageLevel);
  out.u8(in, kAlertMessageDesc);
  out.message({.role = Message::Role::kEvent, .name = what, .summary = "Alert", .items = items});
  return out.wanted() ? "Alert (Level: " + std::string(level) + ", Description: " + what + ")" : std::string();
}

const char* dissect_heartbeat(Cursor& in, LayerBuilder& out, bool encrypted, bool anyway) {
  constexpr std::size_t kLeastPadding = 16;
  out.mark(kHeartbeatMessage, in.all());
  Cursor look(in.all());
  const char* type = name_of(kHeartbeatMessageType, look.u8());
  const std::uint16_t length = look.u16();
  const bool fits = look.ok() && length + kLeastPadding <= look.left();
  if (type == nullptr || encrypted || (!fits && !anyway)) return "Encrypted Heartbeat";
  const LayerBuilder::Subtree inside(out);
  out.u8(in, kHeartbeatMessageType);
  out.u16(in, kHeartbeatMessagePayloadLength);
  out.bytes(in, kHeartbeatMessagePayload, std::min<std::size_t>(length, in.left()));
  out.bytes(in, kHeartbeatMessagePadding, in.left());
  return type == std::string_view("Request") ? "Heartbeat Request" : "Heartbeat Response";
}

bool known_message(std::uint8_t type) { return message_name(type) != nullptr; }

void dissect_message(Cursor& in, Handshake& session) {
  LayerBuilder& out = session.out;
  Cursor header(in.rest());
  header.skip(1);
  Cursor message = in.sub(kMessageHeader + header.u24());
  out.mark(kHandshake, message.all());
  const LayerBuilder::Subtree below(out);
  const std::uint8_t type = out.u8(message, kType);
  const char* name = message_name(type);
  session.say(name != nullptr ? name : "Unknown Handshake");
  out.u24(message, kLength);
  if (!message.ok()) return;
  dissect_body(type, message, session);
  if (!message.ok()) out.issue(IssueKind::kMalformed, message);
}

void dissect_ssl2_hello(Cursor& in, Handshake& session) {
  LayerBuilder& out = session.out;
  ClientHello hello;
  hello.ssl2 = true;  // its cipher kinds are three octets: nobody counts them as suites
  out.u8(in, kType);
  session.say("Client Hello");
  hello.version = out.u16(in, kVersion);
  const std::uint16_t suites = out.u16(in, kCipherSpecLen);
  const std::uint16_t id = out.u16(in, kSessionIdLength);
  const std::uint16_t challenge = out.u16(in, kChallengeLength);
  Cursor ciphers = in.sub(suites);
  if (ciphers.ok()) out.mark(kCiphersuites, ciphers.all());
  {
    const LayerBuilder::Subtree below(out);
    while (ciphers.left() >= 3) {
      out.u24(ciphers, kCipherspec);
    }
  }
  if (id > 0) out.bytes(in, kSessionId, id);
  if (in.ok()) out.mark(kChallenge, in.peek(challenge));
  in.skip(challenge);
  if (!in.ok()) out.issue(IssueKind::kMalformed, in);
  add_fingerprint(out.observer().client_hello(hello), in.rest(), out);
  out.message({.role = Message::Role::kRequest, .summary = "Client Hello"});
}

}  // namespace pr::dissect::tls
