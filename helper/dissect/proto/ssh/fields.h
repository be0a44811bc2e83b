// The fields of SSH.
#pragma once

#include <cstdint>

#include "shared/model/field.h"

namespace pr::dissect::ssh {

// Indexes into kFields.
enum Field : std::uint16_t {
  kProtocol,
  kDirection,
  kPacketLength,
  kPacketLengthEncrypted,
  kPaddingLength,
  kPayload,
  kEncryptedPacket,
  kPaddingString,
  kMessageCode,
  kCookie,
  kKexAlgorithmsLength,
  kKexAlgorithms,
  kServerHostKeyAlgorithmsLength,
  kServerHostKeyAlgorithms,
  kEncryptionC2sLength,
  kEncryptionC2s,
  kEncryptionS2cLength,
  kEncryptionS2c,
  kMacC2sLength,
  kMacC2s,
  kMacS2cLength,
  kMacS2c,
  kCompressionC2sLength,
  kCompressionC2s,
  kCompressionS2cLength,
  kCompressionS2c,
  kLanguagesC2sLength,
  kLanguagesC2s,
  kLanguagesS2cLength,
  kLanguagesS2c,
  kFirstKexPacketFollows,
  kKexReserved,
  kKexHasshAlgorithms,
  kKexHassh,
  kKexHasshserverAlgorithms,
  kKexHasshserver,
  kHostKeyLength,
  kHostKeyTypeLength,
  kHostKeyType,
  kHostKeyData,
  kHostKeyRsaN,
  kHostKeyRsaE,
  kHostKeyDsaP,
  kHostKeyDsaQ,
  kHostKeyDsaG,
  kHostKeyDsaY,
  kHostKeyEcdsaId,
  kHostKeyEcdsaIdLength,
  kHostKeyEcdsaQ,
  kHostKeyEcdsaQLength,
  kHostKeyEddsaKey,
  kHostKeyEddsaKeyLength,
  kHostSigLength,
  kHostSigTypeLength,
  kHostSigType,
  kHostSigRsa,
  kHostSigDsa,
  kDhE,
  kDhF,
  kDhGexMin,
  kDhGexNbits,
  kDhGexMax,
  kDhGexP,
  kDhGexG,
  kEcdhQC,
  kEcdhQCLength,
  kEcdhQS,
  kEcdhQSLength,
  kMpintLength,
  kDisconnectReason,
  kDisconnectDescriptionLength,
  kDisconnectDescription,
  kLangTagLength,
  kLangTag,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];
// Names of message codes that mean the same whatever the key exchange.
extern const std::span<const NamedValue> kCommonMessages;

}  // namespace pr::dissect::ssh
