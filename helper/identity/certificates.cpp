#include "helper/identity/certificates.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "helper/identity/digest.h"
#include "shared/base/hex.h"
#include "shared/base/text.h"

namespace pr::identity {
namespace {

constexpr std::size_t kMaxDer = 64U * 1024U;
constexpr int kMaxNames = 1000;       // of one certificate's subjectAltName
constexpr int kMaxVerifyBits = 4096;  // larger keys are not worth the time to verify

struct Free {
  void operator()(X509* p) const { X509_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
  void operator()(ASN1_SEQUENCE_ANY* p) const { sk_ASN1_TYPE_pop_free(p, ASN1_TYPE_free); }
};
using X509Ptr = std::unique_ptr<X509, Free>;
using BioPtr = std::unique_ptr<BIO, Free>;

std::string name_text(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  // UTF-8 stays readable: only what RFC 2253 needs is escaped.
  const unsigned long flags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!out || name == nullptr || X509_NAME_print_ex(out.get(), name, 0, flags) < 0) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string serial_text(const ASN1_INTEGER* serial) {
  const std::unique_ptr<BIGNUM, Free> number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (!number) return {};
  const int size = std::clamp(BN_num_bytes(number.get()), 1, static_cast<int>(kMaxDer));
  std::vector<std::uint8_t> octets(static_cast<std::size_t>(size));
  BN_bn2binpad(number.get(), octets.data(), size);
  return (BN_is_negative(number.get()) != 0 ? "-" : "") + hex_text(octets);
}

Timestamp time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  using namespace std::chrono;
  const auto day = year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
  const sys_seconds at = sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
  // Nanoseconds in 64 bits end in 2262; certificates say 9999.
  constexpr sys_seconds kFirst = floor<seconds>(Timestamp::min()) + seconds(1);
  constexpr sys_seconds kLast = floor<seconds>(Timestamp::max());
  return std::clamp(at, kFirst, kLast);
}

std::string_view text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::vector<std::string> alternative_names(const X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, Free> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!all) return names;
  for (int i = 0; i < std::min(sk_GENERAL_NAME_num(all.get()), kMaxNames); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type);
    if (value == nullptr) continue;
    if (type == GEN_DNS) names.emplace_back(text_of(static_cast<const ASN1_STRING*>(value)));
    if (type == GEN_IPADD) {
      const auto address = IpAddress::from(as_bytes(text_of(static_cast<const ASN1_STRING*>(value))));
      if (!address.empty()) names.push_back(address.text());
    }
  }
  return names;
}

// OpenSSL 3 makes a key of each certificate that it reads, with whatever decoder the library context offers, which
// takes many times as long as the rest of the certificate. A context without decoders leaves the key's octets as they
// are.
OSSL_LIB_CTX* context_without_keys() {
  static OSSL_LIB_CTX* const context = [] {
    OSSL_LIB_CTX* made = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(made, "null");  // else the default one comes by itself
    return made;
  }();
  return context;
}

X509Ptr read_certificate(Bytes der, OSSL_LIB_CTX* context) {
  const std::uint8_t* at = der.data();
  X509* certificate = X509_new_ex(context, nullptr);
  if (d2i_X509(&certificate, &at, static_cast<long>(der.size())) == nullptr) return nullptr;  // which has freed it
  return X509Ptr(certificate);
}

std::uint32_t rsa_bits(Bytes key) {
  const std::uint8_t* at = key.data();
  const std::unique_ptr<ASN1_SEQUENCE_ANY, Free> parts(
      d2i_ASN1_SEQUENCE_ANY(nullptr, &at, static_cast<long>(key.size())));
  const ASN1_TYPE* modulus = parts && sk_ASN1_TYPE_num(parts.get()) > 0 ? sk_ASN1_TYPE_value(parts.get(), 0) : nullptr;
  if (modulus == nullptr || modulus->type != V_ASN1_INTEGER) return 0;
  const std::unique_ptr<BIGNUM, Free> number(ASN1_INTEGER_to_BN(modulus->value.integer, nullptr));
  return number ? static_cast<std::uint32_t>(BN_num_bits(number.get())) : 0;
}

std::uint32_t curve_bits(const X509_ALGOR* algorithm) {
  int type = 0;
  const void* curve = nullptr;
  X509_ALGOR_get0(nullptr, &type, &curve, algorithm);
  if (type != V_ASN1_OBJECT) return 0;
  switch (OBJ_obj2nid(static_cast<const ASN1_OBJECT*>(curve))) {
    case NID_X9_62_prime256v1: return 256;
    case NID_secp384r1: return 384;
    case NID_secp521r1: return 521;
    default: return 0;
  }
}

// Type and size of the keys that nearly all certificates have, from their octets. False: it takes a decoder.
bool fill_common_key(X509* certificate, Certificate* out) {
  ASN1_OBJECT* type = nullptr;
  X509_ALGOR* algorithm = nullptr;
  const std::uint8_t* key = nullptr;
  int size = 0;
  X509_PUBKEY_get0_param(&type, &key, &size, &algorithm, X509_get_X509_PUBKEY(certificate));
  const int nid = type != nullptr ? OBJ_obj2nid(type) : NID_undef;
  if (nid == NID_rsaEncryption) {
    out->key_type = "RSA";
    out->key_bits = rsa_bits({key, static_cast<std::size_t>(size)});
  } else if (nid == NID_X9_62_id_ecPublicKey) {
    out->key_type = "EC";
    out->key_bits = curve_bits(algorithm);
  }
  return out->key_bits != 0;
}

const char* key_type_name(int id) {
  switch (id) {
    case EVP_PKEY_RSA: return "RSA";
    case EVP_PKEY_RSA_PSS: return "RSA-PSS";
    case EVP_PKEY_EC: return "EC";
    case EVP_PKEY_DSA: return "DSA";
    case EVP_PKEY_DH: return "DH";
    case EVP_PKEY_SM2: return "SM2";
    default: return OBJ_nid2sn(id);
  }
}

void fill_key(X509* certificate, Certificate* out) {
  if (const EVP_PKEY* key = X509_get0_pubkey(certificate)) {
    const char* name = key_type_name(EVP_PKEY_get_base_id(key));
    out->key_type = name != nullptr ? name : "";
    out->key_bits = static_cast<std::uint32_t>(std::max(0, EVP_PKEY_get_bits(key)));
    return;
  }
  // A key that OpenSSL cannot use still says what it is.
  ASN1_OBJECT* algorithm = nullptr;
  X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, X509_get_X509_PUBKEY(certificate));
  if (algorithm == nullptr) return;
  char text[80];
  if (OBJ_obj2txt(text, sizeof text, algorithm, 0) > 0) out->key_type = text;
}

bool is_self_issued(const X509* certificate) {
  return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

// Signed with its own key, where that can be checked at reasonable cost.
bool is_signed_by_itself(X509* certificate, std::uint32_t key_bits) {
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr || key_bits > kMaxVerifyBits) return true;
  return X509_verify(certificate, key) != 0;  // below zero: an algorithm of other times, the names decide
}

// The last (most specific) CN of a subject in RFC 2253 text, where it stands first. "" if there is none.
std::string common_name(std::string_view subject) {
  std::string out;
  for (bool start = true; !subject.empty();) {
    if (start && subject.starts_with("CN=")) {
      subject.remove_prefix(3);
      for (; !subject.empty() && subject[0] != ',' && subject[0] != '+'; subject.remove_prefix(1)) {
        if (subject[0] == '\\' && subject.size() > 1) subject.remove_prefix(1);
        out += subject[0];
      }
      return out;
    }
    const bool escaped = subject[0] == '\\' && subject.size() > 1;
    if (escaped) subject.remove_prefix(1);
    start = !escaped && (subject[0] == ',' || subject[0] == '+');
    subject.remove_prefix(1);
  }
  return out;
}

std::string_view without_final_dot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

// RFC 6125 6.4.3: the wildcard is the whole left-most label and stands for one label.
bool dns_name_matches(std::string_view pattern, std::string_view name) {
  pattern = without_final_dot(pattern);
  name = without_final_dot(name);
  if (equals_ignoring_case(pattern, name)) return !name.empty();
  if (!pattern.starts_with("*.") || pattern.find('.', 2) == std::string_view::npos) return false;
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && dot > 0 && equals_ignoring_case(pattern.substr(1), name.substr(dot));
}

}  // namespace

std::optional<Certificate> parse_certificate(Bytes der) {
  if (der.empty() || der.size() > kMaxDer) return std::nullopt;
  const X509Ptr parsed = read_certificate(der, context_without_keys());
  if (!parsed) {
    ERR_clear_error();
    return std::nullopt;
  }
  X509* certificate = parsed.get();
  Certificate out;
  out.sha256 = sha256_hex(der);
  out.sha1 = sha1_hex(der);
  out.subject = name_text(X509_get_subject_name(certificate));
  out.issuer = name_text(X509_get_issuer_name(certificate));
  out.serial = serial_text(X509_get0_serialNumber(certificate));
  out.san = alternative_names(certificate);
  out.not_before = time_of(X509_get0_notBefore(certificate));
  out.not_after = time_of(X509_get0_notAfter(certificate));
  const bool self_issued = is_self_issued(certificate);
  if (self_issued || !fill_common_key(certificate, &out)) {
    if (const X509Ptr with_key = read_certificate(der, nullptr)) {
      fill_key(with_key.get(), &out);
      out.self_signed = self_issued && is_signed_by_itself(with_key.get(), out.key_bits);
    }
  }
  out.der.assign(der.begin(), der.end());
  ERR_clear_error();
  return out;
}

bool matches_name(const Certificate& certificate, std::string_view name) {
  if (name.empty()) return false;
  const auto address = IpAddress::parse(name);
  const auto matches = [&](std::string_view entry) {
    const auto entry_address = IpAddress::parse(entry);
    if (address || entry_address) return address && entry_address && *address == *entry_address;
    return dns_name_matches(entry, name);
  };
  if (!certificate.san.empty()) return std::ranges::any_of(certificate.san, matches);
  // Certificates from before subjectAltName name the server in the subject.
  return matches(common_name(certificate.subject));
}

std::uint16_t verdicts(const Certificate& leaf, std::string_view server_name, Timestamp at) {
  unsigned bits = 0;
  if (!server_name.empty()) bits |= matches_name(leaf, server_name) ? kMatchesSan : kSanMismatch;
  if (at > leaf.not_after) bits |= kExpired;
  if (at < leaf.not_before) bits |= kNotYetValid;
  if (leaf.self_signed) bits |= kSelfSigned;
  return static_cast<std::uint16_t>(bits);
}

}  // namespace pr::identity
