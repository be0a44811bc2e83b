// What the key exchanges of SSL 3 to TLS 1.2 say in clear: RFC 5246 7.4, RFC 8422 5.4, RFC 4279, RFC 5489.
#include <string_view>

#include "helper/dissect/proto/tls/handshake.h"
#include "shared/model/tls_names.h"

namespace pr::dissect::tls {
namespace {

// What a cipher suite's name says of its key exchange.
struct KeyExchange {
  bool known = false;
  bool psk = false;         // identities in front
  bool ec = false;          // elliptic curve parameters
  bool dh = false;          // finite field parameters
  bool rsa = false;         // the client encrypts a secret
  bool rsa_export = false;  // with a temporary key of the server's
  bool is_signed = false;   // the server signs its parameters
};

KeyExchange key_exchange(std::uint16_t cipher) {
  KeyExchange kx;
  const char* found = tls_cipher_suite_name(cipher);
  if (found == nullptr) return kx;
  std::string_view name(found);
  const std::size_t with = name.find("_WITH_");
  if (!name.starts_with("TLS_") || with == std::string_view::npos) return kx;  // TLS 1.3 and signals
  name = name.substr(4, with - 4);
  kx.known = true;
  kx.psk = name.find("PSK") != std::string_view::npos;
  kx.ec = name.starts_with("ECDH");
  kx.dh = name.starts_with("DH");
  kx.rsa = name.starts_with("RSA");
  kx.rsa_export = kx.rsa && name.find("EXPORT") != std::string_view::npos;
  const bool anonymous = name.find("anon") != std::string_view::npos;
  kx.is_signed = !kx.psk && !anonymous && (name.starts_with("ECDHE_") || name.starts_with("DHE_") || kx.rsa_export);
  if (name.starts_with("SRP") || name.starts_with("KRB5") || name.starts_with("GOST")) kx.known = false;
  return kx;
}

void curve_parameters(Cursor& in, LayerBuilder& out) {
  constexpr std::uint8_t kNamedCurve = 3;
  if (out.u8(in, kServerCurveType) != kNamedCurve) return in.fail();
  out.u16(in, kServerNamedCurve);
  out.bytes(in, kServerPoint, out.u8(in, kServerPointLen));
}

void field_parameters(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kP, out.u16(in, kPLen));
  out.bytes(in, kG, out.u16(in, kGLen));
  out.bytes(in, kYs, out.u16(in, kYsLen));
}

void certificate_types(Cursor& in, LayerBuilder& out) {
  Cursor types = in.sub(out.u8(in, kCertTypesCount));
  if (types.ok()) out.mark(kCertTypes, types.all());
  const LayerBuilder::Subtree below(out);
  while (types.left() > 0) out.u8(types, kCertType);
}

void authorities(Cursor& in, LayerBuilder& out) {
  const std::uint16_t length = out.u16(in, kDnamesLen);
  Cursor names = in.sub(length);
  if (length == 0 || !names.ok()) return;
  out.mark(kDnames, names.all());
  const LayerBuilder::Subtree below(out);
  while (names.left() > 0) {
    const Cursor name = names.sub(out.u16(names, kDnameLen));
    if (!name.ok()) return in.fail();
    out.mark(kDname, name.all());
    const LayerBuilder::Subtree inside(out);
    if (out.wanted()) dissect_name(name.all(), out);
  }
}

}  // namespace

void dissect_server_key_exchange(Cursor& in, LayerBuilder& out, const State& state) {
  const KeyExchange kx = key_exchange(state.cipher);
  if (!kx.known) return;
  if (kx.psk) out.bytes(in, kHint, out.u16(in, kHintLen));
  if (kx.ec) curve_parameters(in, out);
  if (kx.dh) field_parameters(in, out);
  if (kx.rsa_export) {
    out.bytes(in, kModulus, out.u16(in, kModulusLen));
    out.bytes(in, kExponent, out.u16(in, kExponentLen));
  }
  if (!kx.is_signed) return;
  if (state.version == kTls12) add_signature_algorithm(in, out);
  out.bytes(in, kSig, out.u16(in, kSigLen));
}

void dissect_client_key_exchange(Cursor& in, LayerBuilder& out, const State& state) {
  const KeyExchange kx = key_exchange(state.cipher);
  if (!kx.known) return;
  if (kx.psk) out.bytes(in, kIdentity, out.u16(in, kIdentityLen));
  if (kx.ec) out.bytes(in, kClientPoint, out.u8(in, kClientPointLen));
  if (kx.dh) out.bytes(in, kYc, out.u16(in, kYcLen));
  if (!kx.rsa) return;
  // SSL 3 sends the bare secret.
  out.bytes(in, kEpms, state.version == kSsl3 ? in.left() : out.u16(in, kEpmsLen));
}

void dissect_certificates(Cursor& in, Handshake& session) {
  constexpr std::size_t kMaxChain = 32;
  LayerBuilder& out = session.out;
  const bool tls13 = is_tls13(session.state.version);
  if (tls13) {
    const std::uint8_t length = out.u8(in, kCertificateRequestContextLength);
    if (length > 0) out.bytes(in, kCertificateRequestContext, length);
  }
  std::vector<Bytes> chain;
  const std::uint32_t length = out.u24(in, kCertificatesLength);
  Cursor list = in.sub(length);
  if (length > 0 && list.ok()) out.mark(kCertificates, list.all());
  {
    const LayerBuilder::Subtree below(out);
    while (list.left() > 0) {
      const Bytes der = out.bytes(list, kCertificate, out.u24(list, kCertificateLength));
      if (!list.ok()) break;
      const LayerBuilder::Subtree inside(out);
      if (out.wanted()) dissect_x509(der, out);
      if (chain.size() < kMaxChain && !der.empty()) chain.push_back(der);
      if (tls13 && !dissect_extensions(list, out, kCertificateMessage, {})) break;
    }
  }
  if (!list.ok()) in.fail();
  if (!chain.empty()) out.observer().certificates(chain, session.from_client);
}

void dissect_certificate_request(Cursor& in, Handshake& session) {
  LayerBuilder& out = session.out;
  if (is_tls13(session.version())) {
    const std::uint8_t length = out.u8(in, kCertificateRequestContextLength);
    if (length > 0) out.bytes(in, kCertificateRequestContext, length);
    dissect_extensions(in, out, kCertificateRequest, {});
    return;
  }
  certificate_types(in, out);
  if (session.version() == kTls12) dissect_signature_algorithms(in, out);
  authorities(in, out);
}

}  // namespace pr::dissect::tls
