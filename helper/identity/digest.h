// Digests of bytes as lower-case hexadecimal text.
#pragma once

#include <string>

#include "shared/base/bytes.h"

namespace pr::identity {

std::string md5_hex(Bytes bytes);
std::string sha1_hex(Bytes bytes);
std::string sha256_hex(Bytes bytes);

}  // namespace pr::identity
