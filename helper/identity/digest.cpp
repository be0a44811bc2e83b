#include "helper/identity/digest.h"

#include <openssl/evp.h>

#include <array>

#include "shared/base/hex.h"

namespace pr::identity {
namespace {

std::string digest_hex(const EVP_MD* method, Bytes bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  // Fails only where the library has no such method (a FIPS build without MD5): then there is no fingerprint.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, method, nullptr) != 1) return {};
  return hex_text(Bytes(digest.data(), size));
}

}  // namespace

std::string md5_hex(Bytes bytes) { return digest_hex(EVP_md5(), bytes); }
std::string sha1_hex(Bytes bytes) { return digest_hex(EVP_sha1(), bytes); }
std::string sha256_hex(Bytes bytes) { return digest_hex(EVP_sha256(), bytes); }

}  // namespace pr::identity
