// The few operations that opening a packet with public keys takes, by OpenSSL: HKDF with SHA-256 (RFC 5869, labels as
// in RFC 8446 7.1), one block of AES-128, AES-128-GCM. Any thread.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"

namespace pr {

using Sha256 = std::array<std::uint8_t, 32>;
using AesBlock = std::array<std::uint8_t, 16>;

Sha256 hkdf_extract(Bytes salt, Bytes key);
// HKDF-Expand-Label with an empty context; the label without "tls13 ". At most 32 octets.
void hkdf_expand_label(const Sha256& secret, std::string_view label, std::span<std::uint8_t> out);
AesBlock aes128_block(Bytes key, const AesBlock& in);
// Empty: the tag (the last 16 octets of sealed) is not right.
std::vector<std::uint8_t> aes128_gcm_open(Bytes key, Bytes nonce, Bytes head, Bytes sealed);

}  // namespace pr
