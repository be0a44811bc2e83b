// Extensions of hellos and of the messages after them: RFC 8446 4.2, RFC 6066, RFC 7301 and others, named below.
#include "helper/dissect/proto/tls/handshake.h"

namespace pr::dissect::tls {
namespace {

enum Extension : std::uint16_t {
  kServerNameExt = 0,
  kMaxFragmentLengthExt = 1,
  kStatusRequest = 5,
  kCertTypeExt = 9,
  kSupportedGroups = 10,
  kPointFormats = 11,
  kSignatureAlgorithms = 13,
  kUseSrtp = 14,
  kHeartbeat = 15,
  kAlpn = 16,
  kStatusRequestV2 = 17,
  kTimestamps = 18,
  kClientCertificateType = 19,
  kServerCertificateType = 20,
  kPadding = 21,
  kEncryptThenMac = 22,
  kExtendedMasterSecret = 23,
  kCompressCertificate = 27,
  kRecordSizeLimitExt = 28,
  kDelegatedCredentials = 34,
  kKeyShareOld = 40,
  kPreSharedKey = 41,
  kEarlyData = 42,
  kSupportedVersions = 43,
  kCookie = 44,
  kPskModes = 45,
  kPostHandshakeAuth = 49,
  kSignatureAlgorithmsCert = 50,
  kKeyShare = 51,
  kConnectionIdOld = 53,
  kConnectionIdExt = 54,
  kQuicParameters = 57,
  kNextProtocolExt = 13172,
  kApplicationSettings = 17513,
  kEncryptedClientHello = 0xfe0d,
  kRenegotiation = 0xff01,
  kQuicParametersOld = 0xffa5,
  kEncryptedServerName = 0xffce,
};

using Numbers = std::vector<std::uint16_t>;

void server_name(Cursor& in, LayerBuilder& out, ClientHello* hello) {
  if (in.left() == 0) return;
  Cursor list = in.sub(out.u16(in, kServerNameListLen));
  while (list.left() > 0) {
    const std::uint8_t type = out.u8(list, kServerNameType);
    const Bytes name = out.bytes(list, kServerName, out.u16(list, kServerNameLen));
    if (hello != nullptr && type == 0 && hello->sni.empty() && list.ok()) hello->sni = as_text(name);
  }
}

void status_request(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return;
  if (out.u8(in, kExtStatusRequestType) != 1) return;
  in.skip(out.u16(in, kExtStatusRequestResponderIdsLen));
  in.skip(out.u16(in, kExtStatusRequestExtsLen));
}

// Certificate types, RFC 7250 (and 6091): the client lists, the server chooses.
void certificate_types(Cursor& in, LayerBuilder& out, bool list) {
  if (!list) {
    out.u8(in, kCertTypeType);
    return;
  }
  Cursor types = in.sub(out.u8(in, kCertTypeTypesLen));
  out.mark(kCertTypeTypes, types.all());
  const LayerBuilder::Subtree below(out);
  while (types.left() > 0) out.u8(types, kCertTypeType);
}

Numbers number_list(Cursor list, LayerBuilder& out, std::size_t f) {
  Numbers numbers;
  const LayerBuilder::Subtree below(out);
  numbers.reserve(list.left() / 2);
  while (list.left() >= 2) numbers.push_back(out.u16(list, f));
  return numbers;
}

void supported_groups(Cursor& in, LayerBuilder& out, ClientHello* hello) {
  const Cursor list = in.sub(out.u16(in, kExtSupportedGroupsLength));
  if (list.ok()) out.mark(kExtSupportedGroups, list.all());
  Numbers groups = number_list(list, out, kExtSupportedGroup);
  if (hello != nullptr) hello->groups = std::move(groups);
}

void point_formats(Cursor& in, LayerBuilder& out, ClientHello* hello) {
  Cursor list = in.sub(out.u8(in, kExtEcPointFormatsLength));
  if (list.ok()) out.mark(kExtEcPointFormats, list.all());
  const LayerBuilder::Subtree below(out);
  while (list.left() > 0) {
    const std::uint8_t format = out.u8(list, kExtEcPointFormat);
    if (hello != nullptr) hello->point_formats.push_back(format);
  }
}

// Lists of names with a length each: ALPN (RFC 7301) and those made after it.
struct NameListFields {
  Field length, list, name_length, name;
};

std::vector<std::string_view> name_list(Cursor& in, LayerBuilder& out, const NameListFields& f) {
  std::vector<std::string_view> names;
  Cursor list = in.sub(out.u16(in, f.length));
  if (list.ok()) out.mark(f.list, list.all());
  const LayerBuilder::Subtree below(out);
  while (list.left() > 0) {
    const Bytes name = out.bytes(list, f.name, out.u8(list, f.name_length));
    if (list.ok()) names.push_back(as_text(name));
  }
  if (!list.ok()) in.fail();
  return names;
}

void alpn(Cursor& in, LayerBuilder& out, const Hellos& into) {
  auto names = name_list(in, out, {kExtAlpnLen, kExtAlpnList, kExtAlpnStrLen, kExtAlpnStr});
  if (into.server != nullptr && !names.empty()) into.server->alpn = names.front();
  if (into.client != nullptr) into.client->alpn = std::move(names);
}

void compress_certificate(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return;
  Cursor list = in.sub(out.u8(in, kCompressCertificateAlgorithmsLength));
  while (list.left() >= 2) out.u16(list, kCompressCertificateAlgorithm);
}

void key_share_entry(Cursor& in, LayerBuilder& out) {
  out.u16(in, kExtKeyShareGroup);
  out.bytes(in, kExtKeyShareKeyExchange, out.u16(in, kExtKeyShareKeyExchangeLength));
}

void key_share(Cursor& in, LayerBuilder& out, MessageType message, const Hellos& into) {
  if (message == kClientHello) {
    Cursor list = in.sub(out.u16(in, kExtKeyShareClientLength));
    while (list.left() > 0) key_share_entry(list, out);
    if (!list.ok()) in.fail();
  } else if (into.retry) {
    out.u16(in, kExtKeyShareSelectedGroup);
  } else if (in.left() > 0) {
    key_share_entry(in, out);
  }
}

void pre_shared_key(Cursor& in, LayerBuilder& out, MessageType message) {
  if (message == kServerHello) {
    out.u16(in, kExtPskIdentitySelected);
    return;
  }
  Cursor list = in.sub(out.u16(in, kExtPskIdentitiesLength));
  while (list.left() > 0) {
    out.bytes(list, kExtPskIdentityIdentity, out.u16(list, kExtPskIdentityIdentityLength));
    out.u32(list, kExtPskIdentityObfuscatedTicketAge);
  }
  Cursor binders = in.sub(out.u16(in, kExtPskBindersLen));
  if (binders.ok()) out.mark(kExtPskBinders, binders.all());
  if (!list.ok()) in.fail();
}

void supported_versions(Cursor& in, LayerBuilder& out, MessageType message, const Hellos& into) {
  if (message != kClientHello) {
    const std::uint16_t version = out.u16(in, kExtSupportedVersion);
    if (into.server != nullptr) into.server->selected_version = version;
    return;
  }
  Cursor list = in.sub(out.u8(in, kExtSupportedVersionsLen));
  while (list.left() >= 2) {
    const std::uint16_t version = out.u16(list, kExtSupportedVersion);
    if (into.client != nullptr) into.client->supported_versions.push_back(version);
  }
}

void psk_modes(Cursor& in, LayerBuilder& out) {
  Cursor list = in.sub(out.u8(in, kExtensionPskKeModesLength));
  while (list.left() > 0) out.u8(list, kExtensionPskKeMode);
}

void next_protocols(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) out.bytes(in, kExtNpn, out.u8(in, kExtNpnStrLen));
}

// draft-ietf-tls-esni-02 and before.
void encrypted_server_name(Cursor& in, LayerBuilder& out) {
  out.u16(in, kEsniSuite);
  key_share_entry(in, out);
  out.bytes(in, kEsniRecordDigest, out.u16(in, kEsniRecordDigestLength));
  out.bytes(in, kEsniEncryptedSni, out.u16(in, kEsniEncryptedSniLength));
}

// RFC 5764 4.1.1.
void use_srtp(Cursor& in, LayerBuilder& out) {
  Cursor profiles = in.sub(out.u16(in, kUseSrtpProfilesLength));
  while (profiles.left() >= 2) out.u16(profiles, kUseSrtpProfile);
  const std::uint8_t mki = out.u8(in, kUseSrtpMkiLength);
  if (mki > 0) out.bytes(in, kUseSrtpMki, mki);
}

void signature_algorithms(Cursor& in, LayerBuilder& out, std::uint16_t type, ClientHello* hello) {
  Numbers algorithms = dissect_signature_algorithms(in, out);
  if (hello != nullptr && type == kSignatureAlgorithms) hello->signature_algorithms = std::move(algorithms);
}

void dissect_extension(std::uint16_t type, Cursor& in, LayerBuilder& out, MessageType message, const Hellos& into) {
  switch (type) {
    case kServerNameExt: return server_name(in, out, into.client);
    case kMaxFragmentLengthExt: out.u8(in, kMaxFragmentLength); return;
    case kStatusRequest: return message == kClientHello ? status_request(in, out) : void();
    case kCertTypeExt:
    case kClientCertificateType:
    case kServerCertificateType: return certificate_types(in, out, message == kClientHello);
    case kSupportedGroups: return supported_groups(in, out, into.client);
    case kPointFormats: return point_formats(in, out, into.client);
    case kSignatureAlgorithms:
    case kSignatureAlgorithmsCert: return signature_algorithms(in, out, type, into.client);
    case kDelegatedCredentials:
      return message == kClientHello ? signature_algorithms(in, out, type, into.client) : void();
    case kUseSrtp: return into.dtls ? use_srtp(in, out) : void(out.bytes(in, kExtensionData, in.left()));
    case kHeartbeat: out.u8(in, kExtensionHeartbeatMode); return;
    case kAlpn: return alpn(in, out, into);
    case kApplicationSettings:
      if (message == kClientHello)
        name_list(in, out, {kExtAlpsLen, kExtAlpsAlpnList, kExtAlpsAlpnStrLen, kExtAlpsAlpnStr});
      return;
    case kTimestamps: return dissect_timestamps(in, out);
    case kPadding: out.bytes(in, kExtPaddingData, in.left()); return;
    case kCompressCertificate: return compress_certificate(in, out);
    case kRecordSizeLimitExt: out.u16(in, kRecordSizeLimit); return;
    case kKeyShareOld:
    case kKeyShare: return key_share(in, out, message, into);
    case kPreSharedKey: return pre_shared_key(in, out, message);
    case kEarlyData:
      if (message == kNewSessionTicket) out.u32(in, kEarlyDataMaxEarlyDataSize);
      return;
    case kSupportedVersions: return supported_versions(in, out, message, into);
    case kCookie: out.bytes(in, kExtCookie, out.u16(in, kExtCookieLen)); return;
    case kPskModes: return psk_modes(in, out);
    case kConnectionIdOld:
    case kConnectionIdExt: out.bytes(in, kCid, out.u8(in, kCidLength)); return;
    case kNextProtocolExt: return next_protocols(in, out);
    case kRenegotiation:
      if (const std::uint8_t length = out.u8(in, kExtRenegInfoLen); length > 0) out.bytes(in, kExtRenegInfo, length);
      return;
    case kEncryptedServerName: return encrypted_server_name(in, out);
    case kStatusRequestV2:
    case kEncryptThenMac:
    case kExtendedMasterSecret:
    case kPostHandshakeAuth:
    case kQuicParameters:
    case kQuicParametersOld: return;
    case kEncryptedClientHello:
      if (into.client != nullptr) into.client->ech = true;
      [[fallthrough]];
    default: out.bytes(in, kExtensionData, in.left());
  }
}

}  // namespace

void add_signature_algorithm(Cursor& in, LayerBuilder& out) {
  Cursor parts(in.peek(2));
  out.u16(in, kSigHashAlg);
  if (!in.ok()) return;
  const LayerBuilder::Subtree below(out);
  out.u8(parts, kSigHashHash);
  out.u8(parts, kSigHashSig);
}

std::vector<std::uint16_t> dissect_signature_algorithms(Cursor& in, LayerBuilder& out) {
  Numbers algorithms;
  Cursor list = in.sub(out.u16(in, kSigHashAlgLen));
  if (list.ok()) out.mark(kSigHashAlgs, list.all());
  const LayerBuilder::Subtree below(out);
  while (list.left() >= 2) {
    algorithms.push_back(Cursor(list.peek(2)).u16());
    add_signature_algorithm(list, out);
  }
  return algorithms;
}

void dissect_timestamps(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return;
  Cursor list = in.sub(out.u16(in, kSctSctsLength));
  while (list.left() > 0) {
    Cursor sct = list.sub(out.u16(list, kSctSctLength));
    out.u8(sct, kSctSctVersion);
    out.bytes(sct, kSctSctLogid, 32);
    const Bytes where = sct.peek(8);
    const std::uint64_t milliseconds = sct.u64();
    if (sct.ok()) out.add(kSctSctTimestamp, milliseconds * 1'000'000U, where);
    sct.skip(out.u16(sct, kSctSctExtensionsLength));
    add_signature_algorithm(sct, out);
    out.bytes(sct, kSctSctSignature, out.u16(sct, kSctSctSignatureLength));
    if (!sct.ok()) return in.fail();
  }
}

bool dissect_extensions(Cursor& in, LayerBuilder& out, MessageType message, const Hellos& into) {
  if (in.left() < 2) return in.ok();
  const std::uint16_t length = out.u16(in, kExtensionsLength);
  const bool fits = length <= in.left();
  Cursor list = in.sub(fits ? length : in.left());
  bool good = fits;
  while (list.left() >= 4) {
    const std::uint16_t type = out.u16(list, kExtensionType);
    const std::uint16_t size = out.u16(list, kExtensionLen);
    // A header that promises more than there is describes no extension: fingerprints must not count it.
    if (size > list.left()) return false;
    if (into.client != nullptr) into.client->extensions.push_back(type);
    if (into.server != nullptr) into.server->extensions.push_back(type);
    Cursor value = list.sub(size);
    dissect_extension(type, value, out, message, into);
    good = good && value.ok();
  }
  return good && list.left() == 0;
}

}  // namespace pr::dissect::tls
