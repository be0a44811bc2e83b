#include "helper/identity/fingerprint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "helper/identity/digest.h"
#include "shared/base/hex.h"
#include "shared/model/tls_names.h"

namespace pr::identity {
namespace {

using Numbers = std::vector<std::uint16_t>;

constexpr std::uint16_t kServerName = 0x0000, kAlpn = 0x0010;
constexpr std::size_t kHashDigits = 12;  // of a SHA-256 in a JA4

// RFC 8701: values that mean nothing, sent to keep servers tolerant.
constexpr bool is_grease(std::uint16_t value) { return (value & 0x0f0fU) == 0x0a0aU && value >> 8U == (value & 0xffU); }

Numbers without_grease(const Numbers& values) {
  Numbers kept;
  std::ranges::copy_if(values, std::back_inserter(kept), [](std::uint16_t v) { return !is_grease(v); });
  return kept;
}

void append_number(std::string& out, unsigned value) {
  std::array<char, 12> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

// "4-5-10", GREASE left out.
template <typename List>
void append_dashed(std::string& out, const List& values) {
  bool first = true;
  for (const auto value : values) {
    if (sizeof(value) == 2 && is_grease(value)) continue;
    if (!first) out += '-';
    first = false;
    append_number(out, value);
  }
}

// "002f,0035"
std::string hex_list(const Numbers& values) {
  std::string out;
  for (const std::uint16_t value : values) {
    if (!out.empty()) out += ',';
    const std::array<std::uint8_t, 2> octets{static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
    out += hex_text(octets);
  }
  return out;
}

std::string short_hash(const std::string& text) {
  if (text.empty()) return std::string(kHashDigits, '0');
  return sha256_hex(as_bytes(text)).substr(0, kHashDigits);
}

// Newer is higher; DTLS counts downwards.
int version_rank(std::uint16_t version) { return version >> 8U == 0xfeU ? 0x10000 - version : version; }

const char* ja4_version(const ClientHello& hello) {
  std::uint16_t version = 0;
  for (const std::uint16_t offered : hello.supported_versions) {
    if (!is_grease(offered) && (version == 0 || version_rank(offered) > version_rank(version))) version = offered;
  }
  if (version == 0) version = hello.version;
  switch (version) {
    case 0x0304: return "13";
    case 0x0303: return "12";
    case 0x0302: return "11";
    case 0x0301: return "10";
    case 0x0300: return "s3";
    case 0x0002: return "s2";
    case 0xfeff: return "d1";
    case 0xfefd: return "d2";
    case 0xfefc: return "d3";
    default: return "00";
  }
}

void append_count(std::string& out, std::size_t count) {
  const std::size_t shown = std::min<std::size_t>(count, 99);
  out += static_cast<char>('0' + shown / 10);
  out += static_cast<char>('0' + shown % 10);
}

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// First and last character of the first protocol name; of its hexadecimal form where one of them is no letter or digit.
std::string ja4_alpn(const ClientHello& hello) {
  if (hello.alpn.empty() || hello.alpn.front().empty()) return "00";
  const std::string_view name = hello.alpn.front();
  if (is_alphanumeric(name.front()) && is_alphanumeric(name.back())) return {name.front(), name.back()};
  const std::string digits = hex_text(as_bytes(name));
  return {digits.front(), digits.back()};
}

std::string ja4_head(const ClientHello& hello, std::size_t ciphers, std::size_t extensions) {
  std::string out;
  out += hello.transport == HelloTransport::kQuic ? 'q' : hello.transport == HelloTransport::kDtls ? 'd' : 't';
  out += ja4_version(hello);
  out += std::ranges::find(hello.extensions, kServerName) != hello.extensions.end() ? 'd' : 'i';
  append_count(out, ciphers);
  append_count(out, extensions);
  out += ja4_alpn(hello);
  return out;
}

void fill_ja4(const ClientHello& hello, ClientFingerprint* out) {
  Numbers ciphers = without_grease(hello.ciphers);
  Numbers extensions = without_grease(hello.extensions);
  const std::string signatures = hex_list(without_grease(hello.signature_algorithms));
  const std::string head = ja4_head(hello, ciphers.size(), extensions.size());
  const auto with_signatures = [&signatures](std::string list) {
    return signatures.empty() ? list : std::move(list) + "_" + signatures;
  };
  const std::string ciphers_sent = hex_list(ciphers), extensions_sent = with_signatures(hex_list(extensions));
  std::ranges::sort(ciphers);
  std::ranges::sort(extensions);
  std::erase_if(extensions, [](std::uint16_t e) { return e == kServerName || e == kAlpn; });
  const std::string ciphers_sorted = hex_list(ciphers), extensions_sorted = with_signatures(hex_list(extensions));
  const std::string hashed = extensions.empty() && signatures.empty() ? std::string() : extensions_sorted;
  out->ja4 = head + "_" + short_hash(ciphers_sorted) + "_" + short_hash(hashed);
  out->ja4_r = head + "_" + ciphers_sorted + "_" + extensions_sorted;
  out->ja4_o = head + "_" + short_hash(ciphers_sent) + "_" + short_hash(extensions_sent);
  out->ja4_ro = head + "_" + ciphers_sent + "_" + extensions_sent;
}

void fill_ja3(const ClientHello& hello, ClientFingerprint* out) {
  std::string& full = out->ja3_full;
  append_number(full, hello.version);
  full += ',';
  append_dashed(full, hello.ciphers);
  full += ',';
  append_dashed(full, hello.extensions);
  full += ',';
  append_dashed(full, hello.groups);
  full += ',';
  append_dashed(full, hello.point_formats);
  out->ja3 = md5_hex(as_bytes(full));
}

std::string number_name(std::uint16_t number) {
  const std::array<std::uint8_t, 2> octets{static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
  return "0x" + hex_text(octets);
}

}  // namespace

ClientFingerprint fingerprint(const ClientHello& hello) {
  ClientFingerprint out;
  if (!hello.ssl2) fill_ja3(hello, &out);
  fill_ja4(hello, &out);
  return out;
}

ServerFingerprint fingerprint(const ServerHello& hello) {
  ServerFingerprint out;
  append_number(out.ja3s_full, hello.version);
  out.ja3s_full += ',';
  append_number(out.ja3s_full, hello.cipher);
  out.ja3s_full += ',';
  append_dashed(out.ja3s_full, hello.extensions);
  out.ja3s = md5_hex(as_bytes(out.ja3s_full));
  return out;
}

SshFingerprint fingerprint(const SshKexInit& kexinit, bool from_client) {
  SshFingerprint out;
  const auto& [encryption, mac, compression] =
      from_client ? std::tie(kexinit.encryption_c2s, kexinit.mac_c2s, kexinit.compression_c2s)
                  : std::tie(kexinit.encryption_s2c, kexinit.mac_s2c, kexinit.compression_s2c);
  out.full = kexinit.kex;
  for (const std::string_view names : {encryption, mac, compression}) out.full.append(";").append(names);
  out.hash = md5_hex(as_bytes(out.full));
  return out;
}

std::string tls_version_name(std::uint16_t version) {
  switch (version) {
    case 0x0002: return "SSLv2";
    case 0x0101: return "GMTLSv1";
    case 0x0300: return "SSLv3";
    case 0x0301: return "TLSv1";
    case 0x0302: return "TLSv1.1";
    case 0x0303: return "TLSv1.2";
    case 0x0304: return "TLSv1.3";
    case 0x0100: return "DTLS 1.0 (OpenSSL pre 0.9.8f)";
    case 0xfeff: return "DTLSv1.0";
    case 0xfefd: return "DTLSv1.2";
    case 0xfefc: return "DTLSv1.3";
    default: break;
  }
  // Drafts of TLS 1.3, the standard's and Facebook's.
  if (version >> 8U == 0x7fU || version == 0xfb17U || version == 0xfb1aU) return "TLSv1.3";
  return number_name(version);
}

std::string cipher_name(std::uint16_t cipher) {
  const char* name = tls_cipher_suite_name(cipher);
  return name != nullptr ? name : number_name(cipher);
}

}  // namespace pr::identity
