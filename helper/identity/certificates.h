// Certificates as OpenSSL reads them, and what a flow's names say about them.
#pragma once

#include <optional>
#include <string_view>

#include "shared/base/bytes.h"
#include "shared/model/flow.h"
#include "shared/model/handshake.h"

namespace pr::identity {

// nullopt: not DER of a certificate (hostile input is the normal case; at most 64 KiB are looked at).
std::optional<Certificate> parse_certificate(Bytes der);
// RFC 6125: exact or one left-most wildcard label; addresses compare as addresses.
bool matches_name(const Certificate& certificate, std::string_view name);
// Verdict bits of this certificate for a server name (may be empty) at packet time.
std::uint16_t verdicts(const Certificate& leaf, std::string_view server_name, Timestamp at);

}  // namespace pr::identity
