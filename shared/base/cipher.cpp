#include "shared/base/cipher.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>
#include <string>

namespace pr {
namespace {

constexpr std::size_t kTag = 16;

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* p) const {
    kFree(p);
  }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free<&EVP_CIPHER_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Free<&EVP_MAC_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER, Free<&EVP_CIPHER_free>>;
using Mac = std::unique_ptr<EVP_MAC, Free<&EVP_MAC_free>>;

int size_of(Bytes bytes) { return static_cast<int>(bytes.size()); }

// Finding an algorithm by name takes OpenSSL 3 longer than a packet's work with it: found once a thread.
struct Algorithms {
  Cipher ecb{EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr)};
  Cipher gcm{EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)};
  Mac hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  Context context{EVP_CIPHER_CTX_new()};
  MacContext mac{EVP_MAC_CTX_new(hmac.get())};
  Algorithms() {
    std::string digest = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_end()};
    EVP_MAC_CTX_set_params(mac.get(), parameters);
  }
};

Algorithms& algorithms() {
  thread_local Algorithms found;
  return found;
}

Sha256 hmac(Bytes key, Bytes data) {
  // A key of no octets is a null pointer, which would mean the key of before.
  static constexpr std::uint8_t kNone = 0;
  Sha256 out{};
  std::size_t size = 0;
  EVP_MAC_CTX* c = algorithms().mac.get();
  if (EVP_MAC_init(c, key.empty() ? &kNone : key.data(), key.size(), nullptr) == 1) {
    EVP_MAC_update(c, data.data(), data.size());
    EVP_MAC_final(c, out.data(), &size, out.size());
  }
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
  const Algorithms& with = algorithms();
  int size = 0;
  if (EVP_EncryptInit_ex2(with.context.get(), with.ecb.get(), key.data(), nullptr, nullptr) == 1) {
    EVP_EncryptUpdate(with.context.get(), out.data(), &size, in.data(), static_cast<int>(in.size()));
  }
  return out;
}

std::vector<std::uint8_t> aes128_gcm_open(Bytes key, Bytes nonce, Bytes head, Bytes sealed) {
  if (sealed.size() <= kTag) return {};
  const Algorithms& with = algorithms();
  const Bytes text = sealed.first(sealed.size() - kTag);
  std::array<std::uint8_t, kTag> tag{};
  std::ranges::copy(sealed.last(kTag), tag.begin());
  std::vector<std::uint8_t> out(text.size());
  int size = 0;
  EVP_CIPHER_CTX* c = with.context.get();
  const bool good = EVP_DecryptInit_ex2(c, with.gcm.get(), nullptr, nullptr, nullptr) == 1 &&
                    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, size_of(nonce), nullptr) == 1 &&
                    EVP_DecryptInit_ex2(c, nullptr, key.data(), nonce.data(), nullptr) == 1 &&
                    EVP_DecryptUpdate(c, nullptr, &size, head.data(), size_of(head)) == 1 &&
                    EVP_DecryptUpdate(c, out.data(), &size, text.data(), size_of(text)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
                    EVP_DecryptFinal_ex(c, out.data() + size, &size) == 1;
  if (!good) out.clear();
  return out;
}

}  // namespace pr
