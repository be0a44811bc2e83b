#include "helper/dissect/proto/tls/fields.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "helper/dissect/proto/tls/value_names.h"
#include "shared/model/tls_names.h"

namespace pr::dissect::tls {

constexpr FieldDef kFields[kFieldCount] = {
    {"tls.record", "Record Layer", FieldType::kNone},
    {"tls.record.content_type", "Content Type", FieldType::kUint, Show::kDec, 0, kContentTypes},
    {"tls.record.opaque_type", "Opaque Type", FieldType::kUint, Show::kDec, 0, kContentTypes},
    {"tls.record.version", "Version", FieldType::kUint, Show::kHex, 16, kVersions},
    {"tls.record.length", "Length", FieldType::kUint},
    {"tls.app_data", "Encrypted Application Data", FieldType::kBytes},
    {"tls.app_data_proto", "Application Data Protocol", FieldType::kText},
    {"tls.change_cipher_spec", "Change Cipher Spec Message", FieldType::kNone},
    {"tls.alert_message", "Alert Message", FieldType::kNone},
    {"tls.alert_message.level", "Level", FieldType::kUint, Show::kDec, 0, kAlertLevels},
    {"tls.alert_message.desc", "Description", FieldType::kUint, Show::kDec, 0, kAlerts},
    {"tls.heartbeat_message", "Heartbeat Message", FieldType::kNone},
    {"tls.heartbeat_message.type", "Type", FieldType::kUint, Show::kDec, 0, kHeartbeatTypes},
    {"tls.heartbeat_message.payload_length", "Payload Length", FieldType::kUint},
    {"tls.heartbeat_message.payload", "Payload Length", FieldType::kBytes},
    {"tls.heartbeat_message.padding", "Payload Length", FieldType::kBytes},
    {"tls.handshake", "Handshake Protocol", FieldType::kNone},
    {"tls.handshake.type", "Handshake Message Type", FieldType::kUint, Show::kDec, 0, kHandshakeTypes},
    {"tls.handshake.length", "Length", FieldType::kUint},
    {"tls.handshake.version", "Version", FieldType::kUint, Show::kHex, 16, kVersions},
    {"tls.handshake.random", "Random", FieldType::kBytes},
    {"tls.handshake.random_time", "GMT Unix Time", FieldType::kTime},
    {"tls.handshake.random_bytes", "Random Bytes", FieldType::kBytes},
    {"tls.handshake.session_id_length", "Session ID Length", FieldType::kUint},
    {"tls.handshake.session_id", "Session ID", FieldType::kBytes},
    {"tls.handshake.cipher_suites_length", "Cipher Suites Length", FieldType::kUint},
    {"tls.handshake.ciphersuites", "Cipher Suites", FieldType::kNone},
    {"tls.handshake.ciphersuite", "Cipher Suite", FieldType::kUint, Show::kHex, 16, kTlsCipherSuites},
    {"tls.handshake.comp_methods_length", "Compression Methods Length", FieldType::kUint},
    {"tls.handshake.comp_methods", "Compression Methods", FieldType::kNone},
    {"tls.handshake.comp_method", "Compression Method", FieldType::kUint, Show::kDec, 0, kCompressionMethods},
    {"tls.handshake.extensions_length", "Extensions Length", FieldType::kUint},
    {"tls.handshake.extension.type", "Type", FieldType::kUint, Show::kDec, 0, kExtensionTypes},
    {"tls.handshake.extension.len", "Length", FieldType::kUint},
    {"tls.handshake.extension.data", "Data", FieldType::kBytes},
    {"tls.handshake.extensions_server_name_list_len", "Server Name list length", FieldType::kUint},
    {"tls.handshake.extensions_server_name_type", "Server Name Type", FieldType::kUint, Show::kDec, 0,
     kServerNameTypes},
    {"tls.handshake.extensions_server_name_len", "Server Name length", FieldType::kUint},
    {"tls.handshake.extensions_server_name", "Server Name", FieldType::kText},
    {"tls.handshake.extensions_supported_groups_length", "Supported Groups List Length", FieldType::kUint},
    {"tls.handshake.extensions_supported_groups", "Supported Groups List", FieldType::kNone},
    {"tls.handshake.extensions_supported_group", "Supported Group", FieldType::kUint, Show::kHex, 16, kGroups},
    {"tls.handshake.extensions_ec_point_formats_length", "EC point formats Length", FieldType::kUint},
    {"tls.handshake.extensions_ec_point_formats", "EC point formats", FieldType::kNone},
    {"tls.handshake.extensions_ec_point_format", "EC point format", FieldType::kUint, Show::kDec, 0, kPointFormats},
    {"tls.handshake.sig_hash_alg_len", "Signature Hash Algorithms Length", FieldType::kUint},
    {"tls.handshake.sig_hash_algs", "Signature Algorithms", FieldType::kNone},
    {"tls.handshake.sig_hash_alg", "Signature Algorithm", FieldType::kUint, Show::kHex, 16, kSignatureAlgorithms},
    {"tls.handshake.sig_hash_hash", "Signature Hash Algorithm Hash", FieldType::kUint, Show::kDec, 0, kSignatureHashes},
    {"tls.handshake.sig_hash_sig", "Signature Hash Algorithm Signature", FieldType::kUint, Show::kDec, 0,
     kSignatureSignatures},
    {"tls.handshake.extensions_alpn_len", "ALPN Extension Length", FieldType::kUint},
    {"tls.handshake.extensions_alpn_list", "ALPN Protocol", FieldType::kNone},
    {"tls.handshake.extensions_alpn_str_len", "ALPN string length", FieldType::kUint},
    {"tls.handshake.extensions_alpn_str", "ALPN Next Protocol", FieldType::kText},
    {"tls.handshake.extensions_alps_len", "ALPS Extension Length", FieldType::kUint},
    {"tls.handshake.extensions_alps_alpn_list", "Supported ALPN List", FieldType::kNone},
    {"tls.handshake.extensions_alps_alpn_str_len", "Supported ALPN Length", FieldType::kUint},
    {"tls.handshake.extensions_alps_alpn_str", "Supported ALPN", FieldType::kText},
    {"tls.handshake.extensions.supported_versions_len", "Supported Versions length", FieldType::kUint},
    {"tls.handshake.extensions.supported_version", "Supported Version", FieldType::kUint, Show::kHex, 16, kVersions},
    {"tls.handshake.extensions_key_share_client_length", "Client Key Share Length", FieldType::kUint},
    {"tls.handshake.extensions_key_share_group", "Group", FieldType::kUint, Show::kDec, 0, kGroups},
    {"tls.handshake.extensions_key_share_key_exchange_length", "Key Exchange Length", FieldType::kUint},
    {"tls.handshake.extensions_key_share_key_exchange", "Key Exchange", FieldType::kBytes},
    {"tls.handshake.extensions_key_share_selected_group", "Selected Group", FieldType::kUint, Show::kDec, 0, kGroups},
    {"tls.handshake.extensions.psk.identities.length", "Identities Length", FieldType::kUint},
    {"tls.handshake.extensions.psk.identity.identity_length", "Identity Length", FieldType::kUint},
    {"tls.handshake.extensions.psk.identity.identity", "Identity", FieldType::kBytes},
    {"tls.handshake.extensions.psk.identity.obfuscated_ticket_age", "Obfuscated Ticket Age", FieldType::kUint},
    {"tls.handshake.extensions.psk.binders_len", "PSK Binders length", FieldType::kUint},
    {"tls.handshake.extensions.psk.binders", "PSK Binders", FieldType::kNone},
    {"tls.handshake.extensions.psk.identity.selected", "Selected Identity", FieldType::kUint},
    {"tls.handshake.extensions.cookie_len", "Cookie length", FieldType::kUint},
    {"tls.handshake.extensions.cookie", "Cookie", FieldType::kBytes},
    {"tls.extension.psk_ke_modes_length", "PSK Key Exchange Modes Length", FieldType::kUint},
    {"tls.extension.psk_ke_mode", "PSK Key Exchange Mode", FieldType::kUint, Show::kDec, 0, kPskModes},
    {"tls.handshake.extensions_status_request_type", "Certificate Status Type", FieldType::kUint, Show::kDec, 0,
     kStatusTypes},
    {"tls.handshake.extensions_status_request_responder_ids_len", "Responder ID list Length", FieldType::kUint},
    {"tls.handshake.extensions_status_request_exts_len", "Request Extensions Length", FieldType::kUint},
    {"tls.handshake.extensions_reneg_info_len", "Renegotiation info extension length", FieldType::kUint},
    {"tls.handshake.extensions_reneg_info", "Renegotiation info", FieldType::kBytes},
    {"tls.handshake.extensions_padding_data", "Padding Data", FieldType::kBytes},
    {"tls.handshake.extension.heartbeat.mode", "Mode", FieldType::kUint, Show::kDec, 0, kHeartbeatModes},
    {"tls.handshake.max_fragment_length", "Maximum Fragment Length", FieldType::kUint, Show::kDec, 0,
     kMaxFragmentLengths},
    {"tls.compress_certificate.algorithms_length", "Algorithms Length", FieldType::kUint},
    {"tls.compress_certificate.algorithm", "Algorithm", FieldType::kUint, Show::kDec, 0, kCompressionAlgorithms},
    {"tls.record_size_limit", "Record Size Limit", FieldType::kUint},
    {"tls.handshake.cert_type.types_len", "Certificate Type List Length", FieldType::kUint},
    {"tls.handshake.cert_type.types", "Certificate Type List", FieldType::kNone},
    {"tls.handshake.cert_type.type", "Certificate Type", FieldType::kUint, Show::kHex, 8, kCertificateTypes},
    {"tls.connection_id_length", "Connection ID length", FieldType::kUint},
    {"tls.connection_id", "Connection ID", FieldType::kBytes},
    {"tls.esni.suite", "Cipher Suite", FieldType::kUint, Show::kHex, 16, kTlsCipherSuites},
    {"tls.esni.record_digest_length", "Record Digest Length", FieldType::kUint},
    {"tls.esni.record_digest", "Record Digest", FieldType::kBytes},
    {"tls.esni.encrypted_sni_length", "Encrypted SNI Length", FieldType::kUint},
    {"tls.esni.encrypted_sni", "Encrypted SNI", FieldType::kBytes},
    {"tls.sct.scts_length", "Serialized SCT List Length", FieldType::kUint},
    {"tls.sct.sct_length", "Serialized SCT Length", FieldType::kUint},
    {"tls.sct.sct_version", "SCT Version", FieldType::kUint},
    {"tls.sct.sct_logid", "Log ID", FieldType::kBytes},
    {"tls.sct.sct_timestamp", "Timestamp", FieldType::kTime},
    {"tls.sct.sct_extensions_length", "Extensions length", FieldType::kUint},
    {"tls.sct.sct_signature_length", "Signature Length", FieldType::kUint},
    {"tls.sct.sct_signature", "Signature", FieldType::kBytes},
    {"tls.early_data.max_early_data_size", "Maximum Early Data Size", FieldType::kUint},
    {"tls.handshake.certificates_length", "Certificates Length", FieldType::kUint},
    {"tls.handshake.certificates", "Certificates", FieldType::kNone},
    {"tls.handshake.certificate_length", "Certificate Length", FieldType::kUint},
    {"tls.handshake.certificate", "Certificate", FieldType::kBytes},
    {"tls.handshake.certificate_request_context_length", "Certificate Request Context Length", FieldType::kUint},
    {"tls.handshake.certificate_request_context", "Certificate Request Context", FieldType::kBytes},
    {"tls.handshake.ocsp_response_list_len", "OCSP Response List Length", FieldType::kUint},
    {"tls.handshake.ocsp_response_len", "OCSP Response Length", FieldType::kUint},
    {"tls.handshake.server_curve_type", "Curve Type", FieldType::kUint, Show::kHex, 8, kCurveTypes},
    {"tls.handshake.server_named_curve", "Named Curve", FieldType::kUint, Show::kHex, 16, kGroups},
    {"tls.handshake.server_point_len", "Pubkey Length", FieldType::kUint},
    {"tls.handshake.server_point", "Pubkey", FieldType::kBytes},
    {"tls.handshake.p_len", "p Length", FieldType::kUint},
    {"tls.handshake.p", "p", FieldType::kBytes},
    {"tls.handshake.g_len", "g Length", FieldType::kUint},
    {"tls.handshake.g", "g", FieldType::kBytes},
    {"tls.handshake.ys_len", "Pubkey Length", FieldType::kUint},
    {"tls.handshake.ys", "Pubkey", FieldType::kBytes},
    {"tls.handshake.modulus_len", "Modulus Length", FieldType::kUint},
    {"tls.handshake.modulus", "Modulus", FieldType::kBytes},
    {"tls.handshake.exponent_len", "Exponent Length", FieldType::kUint},
    {"tls.handshake.exponent", "Exponent", FieldType::kBytes},
    {"tls.handshake.sig_len", "Signature Length", FieldType::kUint},
    {"tls.handshake.sig", "Signature", FieldType::kBytes},
    {"tls.handshake.hint_len", "Hint Length", FieldType::kUint},
    {"tls.handshake.hint", "Hint", FieldType::kBytes},
    {"tls.handshake.identity_len", "Identity Length", FieldType::kUint},
    {"tls.handshake.identity", "Identity", FieldType::kBytes},
    {"tls.handshake.client_point_len", "Pubkey Length", FieldType::kUint},
    {"tls.handshake.client_point", "Pubkey", FieldType::kBytes},
    {"tls.handshake.yc_len", "Pubkey Length", FieldType::kUint},
    {"tls.handshake.yc", "Pubkey", FieldType::kBytes},
    {"tls.handshake.epms_len", "Encrypted PreMaster length", FieldType::kUint},
    {"tls.handshake.epms", "Encrypted PreMaster", FieldType::kBytes},
    {"tls.handshake.client_cert_vrfy.sig_len", "Signature length", FieldType::kUint},
    {"tls.handshake.client_cert_vrfy.sig", "Signature", FieldType::kBytes},
    {"tls.handshake.verify_data", "Verify Data", FieldType::kNone},
    {"tls.handshake.md5_hash", "MD5 Hash", FieldType::kNone},
    {"tls.handshake.sha_hash", "SHA-1 Hash", FieldType::kNone},
    {"tls.handshake.cert_types_count", "Certificate types count", FieldType::kUint},
    {"tls.handshake.cert_types", "Certificate types", FieldType::kNone},
    {"tls.handshake.cert_type", "Certificate Type", FieldType::kUint, Show::kDec, 0, kClientCertificateTypes},
    {"tls.handshake.dnames_len", "Distinguished Names Length", FieldType::kUint},
    {"tls.handshake.dnames", "Distinguished Names", FieldType::kNone},
    {"tls.handshake.dname_len", "Distinguished Name Length", FieldType::kUint},
    {"tls.handshake.dname", "Distinguished Name", FieldType::kNone},
    {"tls.handshake.session_ticket_lifetime_hint", "Session Ticket Lifetime Hint", FieldType::kUint},
    {"tls.handshake.session_ticket_age_add", "Session Ticket Age Add", FieldType::kUint},
    {"tls.handshake.session_ticket_nonce_length", "Session Ticket Nonce Length", FieldType::kUint},
    {"tls.handshake.session_ticket_nonce", "Session Ticket Nonce", FieldType::kBytes},
    {"tls.handshake.session_ticket_length", "Session Ticket Length", FieldType::kUint},
    {"tls.handshake.session_ticket", "Session Ticket", FieldType::kBytes},
    {"tls.handshake.key_update.request_update", "Key Update Request", FieldType::kUint, Show::kDec, 0,
     kKeyUpdateRequests},
    {"tls.handshake.npn_selected_protocol_len", "Selected Protocol Length", FieldType::kUint},
    {"tls.handshake.npn_selected_protocol", "Selected Protocol", FieldType::kText},
    {"tls.handshake.npn_padding_len", "Padding Length", FieldType::kUint},
    {"tls.handshake.npn_padding", "Padding", FieldType::kBytes},
    {"tls.handshake.extensions_npn_str_len", "Protocol string length", FieldType::kUint},
    {"tls.handshake.extensions_npn", "Next Protocol", FieldType::kText},
    {"tls.compress_certificate.uncompressed_length", "Uncompressed Length", FieldType::kUint},
    {"tls.compress_certificate.compressed_certificate_message.length", "Length", FieldType::kUint},
    {"tls.compress_certificate.compressed_certificate_message", "Compressed Certificate Message", FieldType::kBytes},
    {"tls.handshake.cipher_spec_len", "Cipher Spec Length", FieldType::kUint},
    {"tls.handshake.challenge_length", "Challenge Length", FieldType::kUint},
    {"tls.handshake.cipherspec", "Cipher Spec", FieldType::kUint, Show::kHex, 24, kSsl2CipherKinds},
    {"tls.handshake.challenge", "Challenge", FieldType::kNone},
    {"tls.handshake.ja3_full", "JA3 Fullstring", FieldType::kText},
    {"tls.handshake.ja3", "JA3", FieldType::kText},
    {"tls.handshake.ja3s_full", "JA3S Fullstring", FieldType::kText},
    {"tls.handshake.ja3s", "JA3S", FieldType::kText},
    {"tls.handshake.ja4", "JA4", FieldType::kText},
    {"tls.handshake.ja4_r", "JA4_r", FieldType::kText},
    {"tls.handshake.ja4_o", "JA4_o", FieldType::kText},
    {"tls.handshake.ja4_ro", "JA4_ro", FieldType::kText},
    {"x509af.version", "version", FieldType::kInt},
    {"x509af.serialNumber", "serialNumber", FieldType::kBytes},
    {"x509af.algorithm.id", "Algorithm Id", FieldType::kText},
    {"x509af.utcTime", "utcTime", FieldType::kText},
    {"x509af.generalizedTime", "generalizedTime", FieldType::kTime},
    {"x509af.notBefore", "notBefore", FieldType::kUint},
    {"x509af.notAfter", "notAfter", FieldType::kUint},
    {"x509af.issuer", "issuer", FieldType::kUint},
    {"x509af.subject", "subject", FieldType::kUint},
    {"x509af.rdnSequence", "rdnSequence", FieldType::kUint},
    {"x509if.rdnSequence", "rdnSequence", FieldType::kUint},
    {"x509if.RDNSequence_item", "RDNSequence item", FieldType::kUint},
    {"x509if.oid", "Object Id", FieldType::kText},
    {"x509sat.DirectoryString", "DirectoryString", FieldType::kUint},
    {"x509sat.CountryName", "CountryName", FieldType::kText},
    {"x509sat.uTF8String", "uTF8String", FieldType::kText},
    {"x509sat.printableString", "printableString", FieldType::kText},
    {"x509sat.teletexString", "teletexString", FieldType::kText},
    {"x509sat.bmpString", "bmpString", FieldType::kText},
    {"x509sat.universalString", "universalString", FieldType::kText},
    {"x509sat.PrintableString", "PrintableString", FieldType::kText},
    {"x509sat.IA5String", "IA5String", FieldType::kText},
    {"x509af.subjectPublicKey", "subjectPublicKey", FieldType::kBytes},
    {"pkcs1.modulus", "modulus", FieldType::kBytes},
    {"pkcs1.publicExponent", "publicExponent", FieldType::kInt},
    {"pkcs1.namedCurve", "namedCurve", FieldType::kText},
    {"x509af.extensions", "extensions", FieldType::kUint},
    {"x509af.extension.id", "Extension Id", FieldType::kText},
    {"x509af.critical", "critical", FieldType::kBool},
    {"x509ce.GeneralNames", "GeneralNames", FieldType::kUint},
    {"x509ce.GeneralName", "GeneralName", FieldType::kUint},
    {"x509ce.dNSName", "dNSName", FieldType::kText},
    {"x509ce.rfc822Name", "rfc822Name", FieldType::kText},
    {"x509ce.uniformResourceIdentifier", "uniformResourceIdentifier", FieldType::kText},
    {"x509ce.IPAddress.ipv4", "iPAddress", FieldType::kIpv4},
    {"x509ce.IPAddress.ipv6", "iPAddress", FieldType::kIpv6},
    {"x509ce.SubjectKeyIdentifier", "SubjectKeyIdentifier", FieldType::kBytes},
    {"x509ce.keyIdentifier", "keyIdentifier", FieldType::kBytes},
    {"x509ce.cA", "cA", FieldType::kBool},
    {"x509ce.pathLenConstraint", "pathLenConstraint", FieldType::kUint},
    {"x509ce.KeyPurposeIDs", "KeyPurposeIDs", FieldType::kUint},
    {"x509ce.KeyPurposeId", "KeyPurposeId", FieldType::kText},
    {"x509af.encrypted", "encrypted", FieldType::kBytes},
};

namespace {

constexpr FieldDef kOwnDtlsFields[std::size_t{kDtlsFieldCount} - std::size_t{kFieldCount}] = {
    {"dtls.record.epoch", "Epoch", FieldType::kUint},
    {"dtls.record.sequence_number", "Sequence Number", FieldType::kUint},
    {"dtls.handshake.message_seq", "Message Sequence", FieldType::kUint},
    {"dtls.handshake.fragment_offset", "Fragment Offset", FieldType::kUint},
    {"dtls.handshake.fragment_length", "Fragment Length", FieldType::kUint},
    {"dtls.handshake.cookie_length", "Cookie Length", FieldType::kUint},
    {"dtls.handshake.cookie", "Cookie", FieldType::kBytes},
    {"dtls.use_srtp.protection_profiles_length", "SRTP Protection Profiles Length", FieldType::kUint},
    {"dtls.use_srtp.protection_profile", "SRTP Protection Profile", FieldType::kUint, Show::kHex, 16, kSrtpProfiles},
    {"dtls.use_srtp.mki_length", "MKI Length", FieldType::kUint},
    {"dtls.use_srtp.mki", "MKI", FieldType::kBytes},
    {"dtls.fragments", "Message fragments", FieldType::kNone},
    {"dtls.fragment.count", "Message fragment count", FieldType::kUint},
    {"dtls.reassembled.length", "Reassembled DTLS length", FieldType::kUint},
};

constexpr std::string_view kTlsPrefix = "tls.";
// These never stand in DTLS: SSL 2, SSL 3, TLS 1.3 and what came before ALPN.
constexpr std::string_view kTlsOnly[] = {"tls.record.opaque_type",
                                         "tls.app_data_proto",
                                         "tls.handshake.md5_hash",
                                         "tls.handshake.sha_hash",
                                         "tls.handshake.cipher_spec_len",
                                         "tls.handshake.challenge_length",
                                         "tls.handshake.cipherspec",
                                         "tls.handshake.challenge",
                                         "tls.handshake.npn_padding",
                                         "tls.handshake.npn_padding_len",
                                         "tls.handshake.npn_selected_protocol",
                                         "tls.handshake.npn_selected_protocol_len"};

constexpr bool renamed(std::string_view name) {
  return name.starts_with(kTlsPrefix) && std::ranges::find(kTlsOnly, name) == std::end(kTlsOnly);
}

// "dtls" and what follows "tls", one after the other with a zero behind each.
constexpr std::size_t dtls_name_octets() {
  std::size_t octets = 0;
  for (const FieldDef& field : kFields) {
    if (renamed(field.name)) octets += std::string_view(field.name).size() + 2;
  }
  return octets;
}
constexpr auto kDtlsNames = [] {
  std::array<char, dtls_name_octets()> names{};
  std::size_t at = 0;
  for (const FieldDef& field : kFields) {
    if (!renamed(field.name)) continue;
    names[at++] = 'd';
    for (const char c : std::string_view(field.name)) names[at++] = c;
    names[at++] = 0;
  }
  return names;
}();
constexpr auto kAllDtlsFields = [] {
  std::array<FieldDef, kDtlsFieldCount> fields{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    fields[i] = kFields[i];
    if (!renamed(kFields[i].name)) continue;
    fields[i].name = &kDtlsNames[at];
    at += std::string_view(kFields[i].name).size() + 2;
  }
  std::ranges::copy(kOwnDtlsFields, fields.begin() + kFieldCount);
  return fields;
}();

}  // namespace

constinit const std::array<FieldDef, kDtlsFieldCount> kDtlsFields = kAllDtlsFields;

}  // namespace pr::dissect::tls
