#include "helper/identity/digest.h"

#include "shared/base/digest.h"
#include "shared/base/hex.h"

namespace pr::identity {

std::string md5_hex(Bytes bytes) {
  thread_local Digest md5("MD5");
  return hex_text(md5.of(bytes));
}

std::string sha1_hex(Bytes bytes) {
  thread_local Digest sha1("SHA1");
  return hex_text(sha1.of(bytes));
}

std::string sha256_hex(Bytes bytes) {
  thread_local Digest sha256("SHA256");
  return hex_text(sha256.of(bytes));
}

}  // namespace pr::identity
