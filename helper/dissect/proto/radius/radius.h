// Fields and attributes of RADIUS, as tables.
#pragma once

#include "helper/dissect/dissector.h"

namespace pr::dissect::radius {

enum Field : std::uint16_t {
  kCode,
  kId,
  kLength,
  kAuthenticator,
  kReq,
  kRsp,
  kReqframe,
  kTime,
  kAvp,
  kAvpType,
  kAvpLength,
  kAvpVendorId,
  kAvpVendorType,
  kAvpVendorLen,
  kUnknownAttribute,
  kEapFragment,
  kUserPasswordEncrypted,
  kCHAPIdent,
  kCHAPString,
  kTunnelPasswordEncrypted,
  kUserName,
  kNASIPAddress,
  kNASPort,
  kServiceType,
  kFramedProtocol,
  kFramedIPAddress,
  kFramedIPNetmask,
  kFramedRouting,
  kFilterId,
  kFramedMTU,
  kFramedCompression,
  kLoginIPHost,
  kLoginService,
  kLoginTCPPort,
  kReplyMessage,
  kCallbackNumber,
  kCallbackId,
  kFramedRoute,
  kFramedIPXNetwork,
  kState,
  kClass,
  kSessionTimeout,
  kIdleTimeout,
  kTerminationAction,
  kCalledStationId,
  kCallingStationId,
  kNASIdentifier,
  kProxyState,
  kLoginLATService,
  kLoginLATNode,
  kLoginLATGroup,
  kFramedAppleTalkLink,
  kFramedAppleTalkNetwork,
  kFramedAppleTalkZone,
  kAcctStatusType,
  kAcctDelayTime,
  kAcctInputOctets,
  kAcctOutputOctets,
  kAcctSessionId,
  kAcctAuthentic,
  kAcctSessionTime,
  kAcctInputPackets,
  kAcctOutputPackets,
  kAcctTerminateCause,
  kAcctMultiSessionId,
  kAcctLinkCount,
  kAcctInputGigawords,
  kAcctOutputGigawords,
  kEventTimestamp,
  kIngressFilters,
  kCHAPChallenge,
  kNASPortType,
  kPortLimit,
  kLoginLATPort,
  kTunnelType,
  kTunnelTypeTag,
  kTunnelMediumType,
  kTunnelMediumTypeTag,
  kTunnelClientEndpoint,
  kTunnelClientEndpointTag,
  kTunnelServerEndpoint,
  kTunnelServerEndpointTag,
  kAcctTunnelConnection,
  kARAPFeatures,
  kARAPZoneAccess,
  kARAPSecurity,
  kARAPSecurityData,
  kPasswordRetry,
  kPrompt,
  kConnectInfo,
  kConfigurationToken,
  kMessageAuthenticator,
  kTunnelPrivateGroupId,
  kTunnelPrivateGroupIdTag,
  kTunnelAssignmentId,
  kTunnelAssignmentIdTag,
  kTunnelPreference,
  kTunnelPreferenceTag,
  kARAPChallengeResponse,
  kAcctInterimInterval,
  kAcctTunnelPacketsLost,
  kNASPortId,
  kFramedPool,
  kChargeableUserIdentity,
  kTunnelClientAuthId,
  kTunnelClientAuthIdTag,
  kTunnelServerAuthId,
  kTunnelServerAuthIdTag,
  kOriginatingLineInfo,
  kNASIPv6Address,
  kFramedInterfaceId,
  kFramedIPv6Prefix,
  kLoginIPv6Host,
  kFramedIPv6Route,
  kFramedIPv6Pool,
  kErrorCause,
  kEAPKeyName,
  kDelegatedIPv6Prefix,
  kLocationCapable,
  kFramedIPv6Address,
  kDNSServerIPv6Address,
  kCiscoAVPair,
  kMSCHAPChallenge,
  kMSMPPESendKey,
  kMSMPPERecvKey,
  kMSCHAP2Response,
  kMSCHAP2Success,
  kAirespaceWlanId,
  kAirespaceQOSLevel,
  kAirespaceInterfaceName,
  kAirespaceACLName,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];

enum class Kind : std::uint8_t { kText, kOctets, kU32, kIpv4, kIpv6, kTime, kTaggedNumber, kTaggedText };

struct Rule {
  std::uint8_t type;
  Kind kind;
  Field field;
  Field tag;
};
struct VendorRule {
  std::uint32_t vendor;
  std::uint8_t type;
  Kind kind;
  Field field;
};
// null: unknown, or more than a value.
const Rule* find_rule(std::uint8_t type);
const VendorRule* find_vendor_rule(std::uint32_t vendor, std::uint8_t type);
std::string_view code_name(std::uint8_t code);  // "Access-Request"; "" if unknown

}  // namespace pr::dissect::radius
