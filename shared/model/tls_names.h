// Names of TLS numbers (IANA registries, and those of older drafts that are still met).
#pragma once

#include <cstdint>
#include <span>

#include "shared/model/field.h"

namespace pr {

inline constexpr std::size_t kTlsCipherSuiteCount = 422;
// Sorted by number; entry by entry {0x1301, "TLS_AES_128_GCM_SHA256"}.
extern const NamedValue kTlsCipherSuites[kTlsCipherSuiteCount];

// "TLS_AES_128_GCM_SHA256"; null for a number that has no name.
const char* tls_cipher_suite_name(std::uint16_t number);

}  // namespace pr
