// LDAP messages (RFC 4511), which CLDAP sends too.
#pragma once

#include <cstdint>

#include "helper/dissect/layer_builder.h"
#include "shared/model/field.h"

namespace pr::dissect::ldap {

// Indexes into kFields.
enum Field : std::uint16_t {
  kLDAPMessageElement,
  kMessageID,
  kProtocolOp,
  kBindRequestElement,
  kVersion,
  kName,
  kAuthentication,
  kSimple,
  kSaslElement,
  kMechanism,
  kCredentials,
  kBindResponseElement,
  kResultCode,
  kMatchedDN,
  kErrorMessage,
  kReferral,
  kLDAPURL,
  kServerSaslCreds,
  kUnbindRequestElement,
  kSearchRequestElement,
  kBaseObject,
  kScope,
  kDerefAliases,
  kSizeLimit,
  kTimeLimit,
  kTypesOnly,
  kFilter,
  kAnd,
  kAndItem,
  kOr,
  kOrItem,
  kNot,
  kEqualityMatchElement,
  kGreaterOrEqualElement,
  kLessOrEqualElement,
  kApproxMatchElement,
  kAttributeDesc,
  kAssertionValue,
  kSubstringsElement,
  kType,
  kSubstrings,
  kSubstringsItem,
  kInitial,
  kAny,
  kFinal,
  kPresent,
  kExtensibleMatchElement,
  kMatchingRule,
  kMatchValue,
  kDnAttributes,
  kAttributes,
  kAttributeDescription,
  kSearchResEntryElement,
  kObjectName,
  kPartialAttributeListItemElement,
  kVals,
  kAttributeValue,
  kSearchResDoneElement,
  kSearchResRef,
  kModifyRequestElement,
  kObject,
  kModification,
  kModificationItemElement,
  kOperation,
  kModificationElement,
  kModifyResponseElement,
  kAddRequestElement,
  kEntry,
  kAttributeListItemElement,
  kAddResponseElement,
  kDelRequest,
  kDelResponseElement,
  kModDNRequestElement,
  kNewrdn,
  kDeleteoldrdn,
  kNewSuperior,
  kModDNResponseElement,
  kCompareRequestElement,
  kCompareResponseElement,
  kAbandonRequest,
  kExtendedReqElement,
  kRequestName,
  kRequestValue,
  kExtendedRespElement,
  kResponseName,
  kResponse,
  kIntermediateResponseElement,
  kControls,
  kControlElement,
  kControlType,
  kCriticality,
  kControlValue,
  kSaslBufferLength,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];

// A conversation's memory.
struct State {
  bool confirmed;  // a message was seen
  bool wants_tls;  // the client asked for StartTLS
  bool wrapped;    // messages go in buffers of the security layer agreed on
};

// True if a message may start here: its lengths, its number, its operation.
bool is_message(Bytes start);
// One message. False: it is none.
bool read_message(Cursor& in, LayerBuilder& out, State& state);

}  // namespace pr::dissect::ldap
