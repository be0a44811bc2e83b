#include "shared/base/cipher.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

namespace pr {
namespace {

constexpr std::size_t kTag = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

int size_of(Bytes bytes) { return static_cast<int>(bytes.size()); }

Sha256 hmac(Bytes key, Bytes data) {
  Sha256 out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), size_of(key), data.data(), data.size(), out.data(), &size);
  return out;
}

}  // namespace

Sha256 hkdf_extract(Bytes salt, Bytes key) { return hmac(salt, key); }

void hkdf_expand_label(const Sha256& secret, std::string_view label, std::span<std::uint8_t> out) {
  constexpr std::string_view kPrefix = "tls13 ";
  std::vector<std::uint8_t> info{0, static_cast<std::uint8_t>(out.size()),
                                 static_cast<std::uint8_t>(kPrefix.size() + label.size())};
  info.insert(info.end(), kPrefix.begin(), kPrefix.end());
  info.insert(info.end(), label.begin(), label.end());
  info.insert(info.end(), {0, 1});  // no context, first block
  const Sha256 block = hmac(secret, info);
  std::copy_n(block.begin(), std::min(out.size(), block.size()), out.begin());
}

AesBlock aes128_block(Bytes key, const AesBlock& in) {
  AesBlock out{};
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int size = 0;
  if (EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr) == 1) {
    EVP_EncryptUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size()));
  }
  return out;
}

std::vector<std::uint8_t> aes128_gcm_open(Bytes key, Bytes nonce, Bytes head, Bytes sealed) {
  if (sealed.size() <= kTag) return {};
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const Bytes text = sealed.first(sealed.size() - kTag);
  std::array<std::uint8_t, kTag> tag{};
  std::ranges::copy(sealed.last(kTag), tag.begin());
  std::vector<std::uint8_t> out(text.size());
  int size = 0;
  EVP_CIPHER_CTX* c = context.get();
  const bool good = EVP_DecryptInit_ex(c, EVP_aes_128_gcm(), nullptr, nullptr, nullptr) == 1 &&
                    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, size_of(nonce), nullptr) == 1 &&
                    EVP_DecryptInit_ex(c, nullptr, nullptr, key.data(), nonce.data()) == 1 &&
                    EVP_DecryptUpdate(c, nullptr, &size, head.data(), size_of(head)) == 1 &&
                    EVP_DecryptUpdate(c, out.data(), &size, text.data(), size_of(text)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
                    EVP_DecryptFinal_ex(c, out.data() + size, &size) == 1;
  if (!good) out.clear();
  return out;
}

}  // namespace pr
