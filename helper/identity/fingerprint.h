// JA3 and JA3S (salesforce/ja3), JA4 (FoxIO's TLS client method, BSD-3; formats are public), HASSH
// (salesforce/hassh). Pure functions of what was read from the handshake.
#pragma once

#include "shared/model/handshake.h"

namespace pr::identity {

ClientFingerprint fingerprint(const ClientHello& hello);
ServerFingerprint fingerprint(const ServerHello& hello);
// from_client picks the name lists of that direction.
SshFingerprint fingerprint(const SshKexInit& kexinit, bool from_client);

// "TLSv1.3", "SSLv3", ... as tshark's Protocol column; "0x1234" for what has no name.
std::string tls_version_name(std::uint16_t version);
// "TLS_AES_128_GCM_SHA256"; "0x1301" style for what has no name.
std::string cipher_name(std::uint16_t cipher);

}  // namespace pr::identity
