#include "shared/base/digest.h"

#include <openssl/evp.h>

namespace pr {

static_assert(Digest::kMaxOctets == EVP_MAX_MD_SIZE);

Digest::Digest(const char* algorithm)
    : algorithm_(EVP_MD_fetch(nullptr, algorithm, nullptr)), context_(EVP_MD_CTX_new()) {}

Digest::~Digest() {
  EVP_MD_CTX_free(context_);
  EVP_MD_free(algorithm_);
}

Bytes Digest::of(Bytes bytes) {
  if (algorithm_ == nullptr || context_ == nullptr) return {};
  unsigned size = 0;
  const bool done = EVP_DigestInit_ex2(context_, algorithm_, nullptr) == 1 &&
                    EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context_, result_.data(), &size) == 1;
  return done ? Bytes(result_).first(size) : Bytes{};
}

}  // namespace pr
