// DNS messages: RFC 1035, with the record types and options that came since. One function for all protocols that
// send such messages (dns, and by other ports mdns and llmnr): each is a dissector of its own with kFields as its
// table.
#pragma once

#include <array>
#include <string_view>

#include "helper/dissect/dissector.h"

namespace pr::dissect::dns {

// Indexes into kFields.
enum Field : std::uint16_t {
  kLength,
  kFlags,
  kFlagsResponse,
  kFlagsOpcode,
  kFlagsAuthoritative,
  kFlagsConflict,
  kFlagsTruncated,
  kFlagsRecdesired,
  kFlagsTentative,
  kFlagsRecavail,
  kFlagsZ,
  kFlagsAuthenticated,
  kFlagsCheckdisable,
  kFlagsRcode,
  kId,
  kQryType,
  kQryClass,
  kQryQu,
  kQryName,
  kQryNameLen,
  kCountLabels,
  kRespType,
  kRespClass,
  kRespCacheFlush,
  kRespExtRcode,
  kRespEdns0Version,
  kRespZ,
  kRespZDo,
  kRespZReserved,
  kSrvService,
  kSrvProto,
  kSrvName,
  kSrvPriority,
  kSrvWeight,
  kSrvPort,
  kSrvTarget,
  kNaptrOrder,
  kNaptrPreference,
  kNaptrFlagsLength,
  kNaptrFlags,
  kNaptrServiceLength,
  kNaptrService,
  kNaptrRegexLength,
  kNaptrRegex,
  kNaptrReplacementLength,
  kNaptrReplacement,
  kRespName,
  kRespTtl,
  kRespLen,
  kA,
  kMd,
  kMf,
  kMb,
  kMg,
  kMr,
  kNull,
  kAaaa,
  kCname,
  kRrUdpPayloadSize,
  kSoaMname,
  kSoaRname,
  kSoaSerialNumber,
  kSoaRefreshInterval,
  kSoaRetryInterval,
  kSoaExpireLimit,
  kSoaMinimumTtl,
  kPtrDomainName,
  kWksAddress,
  kWksProtocol,
  kWksBits,
  kHinfoCpuLength,
  kHinfoCpu,
  kHinfoOsLength,
  kHinfoOs,
  kMinfoR,
  kMinfoE,
  kMxPreference,
  kMxMailExchange,
  kTxtLength,
  kTxt,
  kOpenpgpkey,
  kCsyncSoa,
  kCsyncFlags,
  kCsyncFlagsImmediate,
  kCsyncFlagsSoaminimum,
  kCsyncTypeBitmap,
  kZonemdSerial,
  kZonemdScheme,
  kZonemdHashAlgo,
  kZonemdDigest,
  kSvcbSvcpriority,
  kSvcbTargetname,
  kSvcbSvcparamKey,
  kSvcbSvcparamValueLength,
  kSvcbSvcparamValue,
  kSvcbSvcparam,
  kSvcbSvcparamMandatoryKey,
  kSvcbSvcparamAlpnLength,
  kSvcbSvcparamAlpn,
  kSvcbSvcparamPort,
  kSvcbSvcparamIpv4hintIp,
  kSvcbSvcparamEchconfig,
  kSvcbSvcparamIpv6hintIp,
  kSvcbSvcparamOdohconfig,
  kSpfLength,
  kSpf,
  kIlnpNidPreference,
  kIlnpNid,
  kIlnpL32Preference,
  kIlnpL32,
  kIlnpL64Preference,
  kIlnpL64,
  kIlnpLpPreference,
  kIlnpLp,
  kEui48,
  kEui64,
  kRrsigTypeCovered,
  kRrsigAlgorithm,
  kRrsigLabels,
  kRrsigOriginalTtl,
  kRrsigSignatureExpiration,
  kRrsigSignatureInception,
  kRrsigKeyTag,
  kRrsigSignersName,
  kRrsigSignature,
  kDnskeyFlags,
  kDnskeyFlagsZoneKey,
  kDnskeyFlagsKeyRevoked,
  kDnskeyFlagsSecureEntryPoint,
  kDnskeyFlagsReserved,
  kDnskeyProtocol,
  kDnskeyAlgorithm,
  kDnskeyKeyId,
  kDnskeyPublicKey,
  kKeyFlags,
  kKeyFlagsAuthentication,
  kKeyFlagsConfidentiality,
  kKeyFlagsRequired,
  kKeyFlagsAssociatedUser,
  kKeyFlagsAssociatedNamedEntity,
  kKeyFlagsIpsec,
  kKeyFlagsMime,
  kKeyFlagsSignatory,
  kKeyProtocol,
  kKeyAlgorithm,
  kKeyKeyId,
  kKeyPublicKey,
  kPxPreference,
  kPxMap822,
  kPxMap400,
  kTkeyAlgoName,
  kTkeySignatureExpiration,
  kTkeySignatureInception,
  kTkeyMode,
  kTkeyError,
  kTkeyKeySize,
  kTkeyKeyData,
  kTkeyOtherSize,
  kTkeyOtherData,
  kIpseckeyGatewayPrecedence,
  kIpseckeyGatewayAlgorithm,
  kIpseckeyGatewayType,
  kIpseckeyGatewayIpv4,
  kIpseckeyGatewayIpv6,
  kIpseckeyGatewayDns,
  kIpseckeyPublicKey,
  kXpfIpVersion,
  kXpfProtocol,
  kXpfSourceIpv4,
  kXpfDestinationIpv4,
  kXpfSourceIpv6,
  kXpfDestinationIpv6,
  kXpfSport,
  kXpfDport,
  kA6PrefixLen,
  kA6AddressSuffix,
  kA6PrefixName,
  kDname,
  kLocVersion,
  kLocSize,
  kLocHorizontalPrecision,
  kLocVerticalPrecision,
  kLocLatitude,
  kLocLongitude,
  kLocAltitude,
  kLocUnknownData,
  kNxtNextDomainName,
  kKxPreference,
  kKxKeyExchange,
  kCertType,
  kCertKeyTag,
  kCertAlgorithm,
  kCertCertificate,
  kNsecNextDomainName,
  kNs,
  kOpt,
  kOptCode,
  kOptLen,
  kOptData,
  kOptDau,
  kOptDhu,
  kOptN3u,
  kOptClientFamily,
  kOptClientNetmask,
  kOptClientScope,
  kOptClientAddr,
  kOptClientAddr4,
  kOptClientAddr6,
  kOptCookieClient,
  kOptCookieServer,
  kOptEdnsTcpKeepaliveTimeout,
  kOptPadding,
  kOptChainFqdn,
  kOptExtErrorInfoCode,
  kOptExtErrorExtraText,
  kCountQueries,
  kCountZones,
  kCountAnswers,
  kCountPrerequisites,
  kCountAuthRr,
  kCountUpdates,
  kNsec3Algo,
  kNsec3Flags,
  kNsec3FlagsOptOut,
  kNsec3Iterations,
  kNsec3SaltLength,
  kNsec3SaltValue,
  kNsec3HashLength,
  kNsec3HashValue,
  kTlsaCertificateUsage,
  kTlsaSelector,
  kTlsaMatchingType,
  kTlsaCertificateAssociationData,
  kTsigAlgorithmName,
  kTsigTimeSigned,
  kTsigOriginalId,
  kTsigError,
  kTsigFudge,
  kTsigMacSize,
  kTsigOtherLen,
  kTsigMac,
  kTsigOtherData,
  kResponseTo,
  kTime,
  kCountAddRr,
  kSshfpAlgorithm,
  kSshfpFingerprintType,
  kSshfpFingerprint,
  kHipHitLength,
  kHipHitPkAlgo,
  kHipPkLength,
  kHipHit,
  kHipPk,
  kHipRendezvousServer,
  kDhcidRdata,
  kDsKeyId,
  kDsAlgorithm,
  kDsDigestType,
  kDsDigest,
  kAplAddressFamily,
  kAplCodedPrefix,
  kAplNegation,
  kAplAfdlength,
  kAplAfdpartIpv4,
  kAplAfdpartIpv6,
  kAplAfdpartData,
  kGposLongitudeLength,
  kGposLongitude,
  kGposLatitudeLength,
  kGposLatitude,
  kGposAltitudeLength,
  kGposAltitude,
  kRpMailbox,
  kRpTxtRr,
  kAfsdbSubtype,
  kAfsdbHostname,
  kX25Length,
  kX25PsdnAddress,
  kIdsnLength,
  kIdsnAddress,
  kIdsnSaLength,
  kIdsnSaAddress,
  kRtSubtype,
  kRtIntermediateHost,
  kNsapRdata,
  kNsapPtrOwner,
  kCaaFlags,
  kCaaFlagsIssuerCritical,
  kCaaIssue,
  kCaaIssuewild,
  kCaaIodef,
  kCaaUnknown,
  kCaaTagLength,
  kCaaTag,
  kCaaValue,
  kExtraneousData,
  kExtraneousLength,
  kWinsLocalFlag,
  kWinsLookupTimeout,
  kWinsCacheTimeout,
  kWinsNbWinsServers,
  kWinsWinsServer,
  kWinsrLocalFlag,
  kWinsrLookupTimeout,
  kWinsrCacheTimeout,
  kWinsrNameResultDomain,
  kData,
  kDso,
  kDsoTlv,
  kDsoTlvType,
  kDsoTlvLength,
  kDsoTlvData,
  kDsoTlvKeepaliveInactivity,
  kDsoTlvKeepaliveInterval,
  kDsoTlvRetrydelayRetrydelay,
  kDsoTlvEncpadPadding,
  kUndecodedType,
  kTtlHighBitSet,
  kTsigNoalg,
  kExtraneous,
  kQuery,
  kAnswer,
  kAuthority,
  kAdditional,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];

enum class Flavour : std::uint8_t { kDns, kMdns, kLlmnr };

// A message from its transaction id to the end of `in`, which it consumes. What stands before damage is shown.
Outcome dissect_message(Cursor& in, LayerBuilder& out, Flavour flavour);

// Text of bounded length, made without the heap; what does not fit is left out.
class Line {
 public:
  Line& operator<<(std::string_view text);
  Line& operator<<(std::uint64_t number);
  Line& hex(std::uint16_t number);  // 0x0abc
  void clear() { used_ = 0; }
  [[nodiscard]] std::string_view text() const { return {text_.data(), used_}; }

 private:
  std::array<char, 2048> text_;
  std::size_t used_ = 0;
};

// A domain name as Wireshark writes it: labels joined by dots, "<Root>", control characters escaped (\t, \001),
// what is not UTF-8 replaced. Compression: at most 128 pointers; a longer chain is a loop and says so in the text.
class Name {
 public:
  // Reads the name at `in`; pointers count from message's start. False: it ends too early (`in` has failed), or
  // it is no name at all (`in` is still ok).
  bool read(Cursor& in, Bytes message);
  [[nodiscard]] std::string_view text() const { return {text_.data(), used_}; }
  [[nodiscard]] std::size_t length() const { return length_; }  // octets without escapes, dots counted
  [[nodiscard]] std::size_t labels() const { return labels_; }

 private:
  static constexpr std::size_t kMaxOctets = 253;  // RFC 1035 2.3.4, without the last dot
  bool walk(Cursor& in, Bytes message);
  bool put_label(Bytes label);
  void say(std::string_view text);
  void escape();

  std::array<std::uint8_t, kMaxOctets> raw_;
  std::array<char, 4 * kMaxOctets> text_;
  std::size_t length_ = 0, used_ = 0, labels_ = 0;
};

std::string_view type_name(std::uint16_t type);      // "AAAA"; "" if unknown
std::string_view rcode_name(std::uint16_t rcode);    // "No such name"; "" if unknown
std::string_view opcode_name(std::uint16_t opcode);  // "Standard query"; "" if unknown
std::string_view class_name(std::uint16_t klass);    // "IN"; "Unknown"

// A record's head, and where its data lies.
struct Record {
  std::string_view owner;
  std::uint16_t type = 0, klass = 0;
  std::uint32_t ttl = 0;
  Bytes message;  // names may point anywhere in it
};

// Fields of a record's data. Adds what the Info column says of it to info (" 192.0.2.1").
// in: the data; consumed as far as understood. kDone, kMalformed or kTruncated (then `in` has failed).
Outcome dissect_rdata(const Record& record, Cursor& in, LayerBuilder& out, Line& info);
// Types that are more than a list of values; false: this is none of them.
bool dissect_special_rdata(const Record& record, Cursor& in, LayerBuilder& out, Outcome* outcome);
Outcome dissect_options(Bytes message, Cursor& in, LayerBuilder& out);  // OPT, RFC 6891
Outcome dissect_svcb(Bytes message, Cursor& in, LayerBuilder& out);     // SVCB and HTTPS, RFC 9460

// Type bit maps to the end of `in` (RFC 4034 4.1.2), and one of them: bit n stands for type 256 * window + n.
void add_types(Cursor& in, LayerBuilder& out);
void add_type_bits(unsigned window, Bytes bits, LayerBuilder& out);

// Reads a name and adds it as field f. The name is left in *name.
bool add_name(std::size_t f, Bytes message, Cursor& in, LayerBuilder& out, Name* name);
// A name failed: which outcome that is.
inline Outcome name_failure(const Cursor& in) { return in.ok() ? Outcome::kMalformed : Outcome::kTruncated; }

}  // namespace pr::dissect::dns
