// The types of RFC 4511 as tables.
#include <algorithm>
#include <string>

#include "helper/dissect/asn1.h"
#include "helper/dissect/proto/ldap/ldap.h"

namespace pr::dissect::ldap {
namespace {

using asn1::application;
using asn1::context;
using asn1::kAnyTag;
using asn1::Kind;
using asn1::kNoField;
using asn1::Member;
using asn1::Type;
using asn1::universal;

constexpr Type kInt{.kind = Kind::kInteger};
constexpr Type kFlag{.kind = Kind::kBoolean};
constexpr Type kString{.kind = Kind::kText};
constexpr Type kOctets{.kind = Kind::kOctets};
constexpr Type kNothing{.kind = Kind::kNull};
constexpr std::uint32_t kEnumerated = universal(10), kIntegerTag = universal(2), kOctetTag = universal(4),
                        kBooleanTag = universal(1), kSequenceTag = universal(16), kSetTag = universal(17);

// Filters hold filters.
extern const Type kFilterType;
const Member kAndItems[] = {{kAnyTag, kAndItem, &kFilterType}};
const Type kAndType{.kind = Kind::kSequenceOf, .members = kAndItems};
const Member kOrItems[] = {{kAnyTag, kOrItem, &kFilterType}};
const Type kOrType{.kind = Kind::kSequenceOf, .members = kOrItems};
constexpr Member kAssertionMembers[] = {{kOctetTag, kAttributeDesc, &kString}, {kOctetTag, kAssertionValue, &kString}};
constexpr Type kAssertion{.kind = Kind::kSequence, .members = kAssertionMembers};
constexpr Member kSubstringMembers[] = {
    {context(0), kInitial, &kString}, {context(1), kAny, &kString}, {context(2), kFinal, &kString}};
constexpr Type kSubstring{.kind = Kind::kChoice, .members = kSubstringMembers};
constexpr Member kSubstringItems[] = {{kAnyTag, kSubstringsItem, &kSubstring}};
constexpr Type kSubstringList{.kind = Kind::kSequenceOf, .members = kSubstringItems};
constexpr Member kSubstringsMembers[] = {{kOctetTag, kType, &kString}, {kSequenceTag, kSubstrings, &kSubstringList}};
constexpr Type kSubstringsType{.kind = Kind::kSequence, .members = kSubstringsMembers};
constexpr Member kExtensibleMembers[] = {{context(1), kMatchingRule, &kString},
                                         {context(2), kType, &kString},
                                         {context(3), kMatchValue, &kString},
                                         {context(4), kDnAttributes, &kFlag}};
constexpr Type kExtensible{.kind = Kind::kSequence, .members = kExtensibleMembers};
const Member kFilterMembers[] = {
    {context(0), kAnd, &kAndType},
    {context(1), kOr, &kOrType},
    {context(2), kNot, &kFilterType, true},
    {context(3), kEqualityMatchElement, &kAssertion},
    {context(4), kSubstringsElement, &kSubstringsType},
    {context(5), kGreaterOrEqualElement, &kAssertion},
    {context(6), kLessOrEqualElement, &kAssertion},
    {context(7), kPresent, &kString},
    {context(8), kApproxMatchElement, &kAssertion},
    {context(9), kExtensibleMatchElement, &kExtensible},
};
const Type kFilterType{.kind = Kind::kChoice, .members = kFilterMembers};

constexpr Member kSaslMembers[] = {{kOctetTag, kMechanism, &kString}, {kOctetTag, kCredentials, &kOctets}};
constexpr Type kSasl{.kind = Kind::kSequence, .members = kSaslMembers};
constexpr Member kAuthenticationMembers[] = {{context(0), kSimple, &kString},
                                             {context(3), kSaslElement, &kSasl},
                                             {context(10), kCredentials, &kOctets},
                                             {context(11), kCredentials, &kOctets}};
constexpr Type kAuthenticationType{.kind = Kind::kChoice, .members = kAuthenticationMembers};
constexpr Member kBindRequestMembers[] = {
    {kIntegerTag, kVersion, &kInt}, {kOctetTag, kName, &kString}, {kAnyTag, kAuthentication, &kAuthenticationType}};
constexpr Type kBindRequest{.kind = Kind::kSequence, .members = kBindRequestMembers};

constexpr Member kUrlItems[] = {{kAnyTag, kLDAPURL, &kString}};
constexpr Type kUrlList{.kind = Kind::kSequenceOf, .members = kUrlItems};
constexpr Member kResultMembers[] = {{kEnumerated, kResultCode, &kInt},        {kOctetTag, kMatchedDN, &kString},
                                     {kOctetTag, kErrorMessage, &kString},     {context(3), kReferral, &kUrlList},
                                     {context(7), kServerSaslCreds, &kOctets}, {context(10), kResponseName, &kString},
                                     {context(11), kResponse, &kOctets}};
constexpr Type kResult{.kind = Kind::kSequence, .members = kResultMembers};

constexpr Member kDescriptionItems[] = {{kAnyTag, kAttributeDescription, &kString}};
constexpr Type kDescriptionList{.kind = Kind::kSequenceOf, .members = kDescriptionItems};
const Member kSearchRequestMembers[] = {{kOctetTag, kBaseObject, &kString},
                                        {kEnumerated, kScope, &kInt},
                                        {kEnumerated, kDerefAliases, &kInt},
                                        {kIntegerTag, kSizeLimit, &kInt},
                                        {kIntegerTag, kTimeLimit, &kInt},
                                        {kBooleanTag, kTypesOnly, &kFlag},
                                        {kSequenceTag, kAttributes, &kDescriptionList},
                                        {kAnyTag, kFilter, &kFilterType}};
const Type kSearchRequest{.kind = Kind::kSequence, .members = kSearchRequestMembers};

constexpr Member kValueItems[] = {{kAnyTag, kAttributeValue, &kOctets}};
constexpr Type kValueList{.kind = Kind::kSequenceOf, .members = kValueItems};
constexpr Member kAttributeMembers[] = {{kOctetTag, kType, &kString}, {kSetTag, kVals, &kValueList}};
constexpr Type kAttribute{.kind = Kind::kSequence, .members = kAttributeMembers};
constexpr Member kPartialItems[] = {{kAnyTag, kPartialAttributeListItemElement, &kAttribute}};
constexpr Type kPartialList{.kind = Kind::kSequenceOf, .members = kPartialItems};
constexpr Member kEntryMembers[] = {{kOctetTag, kObjectName, &kString}, {kSequenceTag, kAttributes, &kPartialList}};
constexpr Type kEntryType{.kind = Kind::kSequence, .members = kEntryMembers};

constexpr Member kChangeMembers[] = {{kEnumerated, kOperation, &kInt},
                                     {kSequenceTag, kModificationElement, &kAttribute}};
constexpr Type kChange{.kind = Kind::kSequence, .members = kChangeMembers};
constexpr Member kChangeItems[] = {{kAnyTag, kModificationItemElement, &kChange}};
constexpr Type kChangeList{.kind = Kind::kSequenceOf, .members = kChangeItems};
constexpr Member kModifyMembers[] = {{kOctetTag, kObject, &kString}, {kSequenceTag, kModification, &kChangeList}};
constexpr Type kModifyRequest{.kind = Kind::kSequence, .members = kModifyMembers};
constexpr Member kAddItems[] = {{kAnyTag, kAttributeListItemElement, &kAttribute}};
constexpr Type kAddList{.kind = Kind::kSequenceOf, .members = kAddItems};
constexpr Member kAddMembers[] = {{kOctetTag, kEntry, &kString}, {kSequenceTag, kAttributes, &kAddList}};
constexpr Type kAddRequest{.kind = Kind::kSequence, .members = kAddMembers};
constexpr Member kModDnMembers[] = {{kOctetTag, kEntry, &kString},
                                    {kOctetTag, kNewrdn, &kString},
                                    {kBooleanTag, kDeleteoldrdn, &kFlag},
                                    {context(0), kNewSuperior, &kString}};
constexpr Type kModDnRequest{.kind = Kind::kSequence, .members = kModDnMembers};
constexpr Member kCompareMembers[] = {{kOctetTag, kEntry, &kString}, {kSequenceTag, kNoField, &kAssertion}};
constexpr Type kCompareRequest{.kind = Kind::kSequence, .members = kCompareMembers};
constexpr Member kExtendedMembers[] = {{context(0), kRequestName, &kString}, {context(1), kRequestValue, &kOctets}};
constexpr Type kExtendedRequest{.kind = Kind::kSequence, .members = kExtendedMembers};
constexpr Member kIntermediateMembers[] = {{context(0), kResponseName, &kString}, {context(1), kResponse, &kOctets}};
constexpr Type kIntermediate{.kind = Kind::kSequence, .members = kIntermediateMembers};

enum Operation : std::uint32_t {
  kOpBindRequest = 0,
  kOpBindResponse = 1,
  kOpUnbind = 2,
  kOpSearchRequest = 3,
  kOpSearchEntry = 4,
  kOpSearchDone = 5,
  kOpModifyResponse = 7,
  kOpAddResponse = 9,
  kOpDelResponse = 11,
  kOpModDnResponse = 13,
  kOpCompareResponse = 15,
  kOpAbandon = 16,
  kOpSearchRef = 19,
  kOpExtendedRequest = 23,
  kOpExtendedResponse = 24,
  kOpIntermediate = 25,
};
const Member kOperationMembers[] = {
    {application(0), kBindRequestElement, &kBindRequest},
    {application(1), kBindResponseElement, &kResult},
    {application(2), kUnbindRequestElement, &kNothing},
    {application(3), kSearchRequestElement, &kSearchRequest},
    {application(4), kSearchResEntryElement, &kEntryType},
    {application(5), kSearchResDoneElement, &kResult},
    {application(6), kModifyRequestElement, &kModifyRequest},
    {application(7), kModifyResponseElement, &kResult},
    {application(8), kAddRequestElement, &kAddRequest},
    {application(9), kAddResponseElement, &kResult},
    {application(10), kDelRequest, &kString},
    {application(11), kDelResponseElement, &kResult},
    {application(12), kModDNRequestElement, &kModDnRequest},
    {application(13), kModDNResponseElement, &kResult},
    {application(14), kCompareRequestElement, &kCompareRequest},
    {application(15), kCompareResponseElement, &kResult},
    {application(16), kAbandonRequest, &kInt},
    {application(19), kSearchResRef, &kUrlList},
    {application(23), kExtendedReqElement, &kExtendedRequest},
    {application(24), kExtendedRespElement, &kResult},
    {application(25), kIntermediateResponseElement, &kIntermediate},
};
const Type kOperationType{.kind = Kind::kChoice, .members = kOperationMembers};
constexpr Member kControlMembers[] = {
    {kOctetTag, kControlType, &kString}, {kBooleanTag, kCriticality, &kFlag}, {kOctetTag, kControlValue, &kOctets}};
constexpr Type kControl{.kind = Kind::kSequence, .members = kControlMembers};
constexpr Member kControlItems[] = {{kAnyTag, kControlElement, &kControl}};
constexpr Type kControlList{.kind = Kind::kSequenceOf, .members = kControlItems};
const Member kMessageMembers[] = {
    {kIntegerTag, kMessageID, &kInt}, {context(0), kControls, &kControlList}, {kAnyTag, kProtocolOp, &kOperationType}};
const Type kMessageType{.kind = Kind::kSequence, .members = kMessageMembers};

constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";

const char* operation_name(std::uint32_t operation) {
  const auto names = kFields[kProtocolOp].names;
  const auto found = std::ranges::find(names, std::uint64_t{operation}, &NamedValue::value);
  return found == names.end() ? "unknown" : found->name;
}

class Reading final : public asn1::Listener {
 public:
  Reading(LayerBuilder& out, State& state) : out_(out), state_(state) {}

  bool value(std::uint16_t field, const Type& /*type*/, Bytes contents, std::uint64_t number) override;
  void tell();

 private:
  bool token(std::uint16_t field, Bytes contents);

  LayerBuilder& out_;
  State& state_;
  std::uint64_t id_ = 0;
  std::uint32_t operation_ = 0;
  std::int64_t result_ = -1;
  std::uint64_t scope_ = 0;
  Bytes name_, extended_, mechanism_, error_;
  bool tls_answer_ = false;
};

bool Reading::value(std::uint16_t field, const Type& /*type*/, Bytes contents, std::uint64_t number) {
  switch (field) {
    case kMessageID: id_ = number; return false;
    case kProtocolOp: operation_ = static_cast<std::uint32_t>(number); return false;
    case kResultCode: result_ = static_cast<std::int64_t>(number); return false;
    case kErrorMessage: error_ = contents; return false;
    case kMatchedDN:  // where Windows puts the challenge when a bind was by NTLM alone
      if (!as_text(contents).starts_with("NTLMSSP")) return false;
      out_.add(field, contents, contents);
      if (Cursor in(contents); out_.wanted()) out_.next("ntlmssp", in);
      return true;
    case kMechanism: mechanism_ = contents; return false;
    case kScope: scope_ = number; return false;
    case kName:
    case kBaseObject:
    case kObject:
    case kEntry:
    case kObjectName:
    case kDelRequest: name_ = contents; return false;
    case kRequestName: extended_ = contents; return false;
    case kCredentials:
    case kServerSaslCreds: return token(field, contents);
    default: return false;
  }
}

// Credentials of a bind; a bare NTLM message is shown by its own fields only.
bool Reading::token(std::uint16_t field, Bytes contents) {
  const bool ntlm = as_text(contents).starts_with("NTLMSSP");
  const bool sasl = field == kServerSaslCreds || !mechanism_.empty();
  if (sasl) out_.add(field, contents, contents);
  if (!out_.wanted() || contents.empty()) return true;
  Cursor in(contents);
  if (ntlm && !sasl) {
    out_.next("ntlmssp", in);
  } else if (mechanism_.empty() || as_text(mechanism_).starts_with("GSS")) {
    out_.next("gss-api", in);
  }
  return true;
}

void Reading::tell() {
  const bool answer = operation_ == kOpBindResponse || operation_ == kOpSearchDone || operation_ == kOpModifyResponse ||
                      operation_ == kOpAddResponse || operation_ == kOpDelResponse || operation_ == kOpModDnResponse ||
                      operation_ == kOpCompareResponse || operation_ == kOpExtendedResponse;
  const bool silent = operation_ == kOpSearchEntry || operation_ == kOpSearchRef || operation_ == kOpIntermediate;
  if (operation_ == kOpExtendedRequest && as_text(extended_) == kStartTls) state_.wants_tls = true;
  if (operation_ == kOpExtendedResponse && state_.wants_tls) {
    state_.wants_tls = false;
    if (result_ == 0) out_.upgrade(nullptr);
  }
  if (operation_ == kOpBindResponse && result_ == 0) state_.wrapped = true;
  if (out_.wanted()) {
    std::string line = std::string(operation_name(operation_)) + "(" + std::to_string(id_) + ")";
    if (answer && result_ >= 0) {
      const auto names = kFields[kResultCode].names;
      const auto found = std::ranges::find(names, static_cast<std::uint64_t>(result_), &NamedValue::value);
      line += std::string(" ") + (found == names.end() ? "unknown" : found->name);
      if (!error_.empty()) line += " (" + std::string(as_text(error_).substr(0, 200)) + ")";
    } else if (!name_.empty() || operation_ == kOpBindRequest || operation_ == kOpSearchRequest) {
      line += " \"" + (name_.empty() ? "<ROOT>" : std::string(as_text(name_).substr(0, 200))) + "\"";
      static constexpr const char* kScopeNames[] = {" baseObject", " singleLevel", " wholeSubtree"};
      if (operation_ == kOpSearchRequest && scope_ < 3) line += kScopeNames[scope_];
    }
    out_.info(std::move(line));
  }
  if (silent) return;
  const bool lonely = operation_ == kOpUnbind || operation_ == kOpAbandon || (answer && id_ == 0);
  const Message::Item items[] = {{kProtocolOp, Value::of(std::uint64_t{operation_})}, {kBaseObject, Value::of(name_)}};
  out_.message({.role = answer && !lonely ? Message::Role::kResponse
                        : lonely          ? Message::Role::kEvent
                                          : Message::Role::kRequest,
                .id = id_ + 1,
                .name = as_text(name_.empty() ? extended_ : name_),
                .summary = operation_name(operation_),
                .status = answer ? result_ : -1,
                .items = std::span(items, answer                           ? 0
                                          : operation_ == kOpSearchRequest ? 2
                                                                           : 1)});
}

}  // namespace

bool is_message(Bytes start) {
  Cursor in(start);
  ber::Header outer, id, operation;
  if (ber::look(in.rest(), &outer) != ber::Sight::kWhole || outer.identifier != ber::kSequence) return false;
  in.skip(outer.size);
  const std::size_t begin = in.at();
  if (ber::look(in.rest(), &id) != ber::Sight::kWhole || id.identifier != ber::kInteger) return false;
  if (id.length == 0 || id.length > 5 || id.total() > in.left()) return false;
  in.skip(id.total());
  if (ber::look(in.rest(), &operation) != ber::Sight::kWhole) return false;
  const bool primitive = operation.number == 2 || operation.number == 10 || operation.number == 16;
  const bool known =
      operation.number <= 16 || operation.number == 19 || (operation.number >= 23 && operation.number <= 25);
  if ((operation.identifier & 0xc0U) != 0x40 || operation.constructed() == primitive || !known) return false;
  const std::size_t used = in.at() - begin + operation.total();
  return used == outer.length || (used < outer.length && outer.length - used >= 2);
}

bool read_message(Cursor& in, LayerBuilder& out, State& state) {
  Reading reading(out, state);
  asn1::Reader reader(out, reading);
  const bool good = reader.element(in, kMessageType, kLDAPMessageElement);
  if (good) reading.tell();
  return good;
}

}  // namespace pr::dissect::ldap
