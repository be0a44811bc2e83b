// A digest by OpenSSL, looked up and set up once: for short inputs both cost more than the digest itself.
#pragma once

#include <array>

#include "shared/base/bytes.h"

struct evp_md_st;
struct evp_md_ctx_st;

namespace pr {

// One thread at a time.
class Digest {
 public:
  static constexpr std::size_t kMaxOctets = 64;

  // "MD5", "SHA1", "SHA256" ...
  explicit Digest(const char* algorithm);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  // Valid until the next call. Empty where the library has no such algorithm (a FIPS build without MD5).
  Bytes of(Bytes bytes);

 private:
  evp_md_st* algorithm_;
  evp_md_ctx_st* context_;
  std::array<std::uint8_t, kMaxOctets> result_{};
};

}  // namespace pr
