// ISO presentation (X.226): which syntaxes are used, and values in them.
#include "helper/dissect/asn1.h"
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

using asn1::application;
using asn1::context;
using asn1::kAnyTag;
using asn1::Kind;
using asn1::kNoField;
using asn1::Member;
using asn1::Type;
using asn1::universal;

enum Field : std::uint16_t {
  kCpType,
  kCpaPpdu,
  kModeSelector,
  kModeValue,
  kNormalMode,
  kCallingSelector,
  kCalledSelector,
  kRespondingSelector,
  kDefinitionList,
  kDefinitionItem,
  kContextId,
  kAbstractSyntax,
  kTransferList,
  kTransferName,
  kResultList,
  kResultItem,
  kResult,
  kTransferSyntax,
  kUserData,
  kFullyEncoded,
  kPdvList,
  kValues,
  kSingle,
  kFieldCount
};
constexpr FieldDef kFields[kFieldCount] = {
    {"pres.cptype", "CP-type", FieldType::kNone},
    {"pres.cpapdu", "CPA-PPDU", FieldType::kNone},
    {"pres.mode_selector_element", "mode-selector", FieldType::kNone},
    {"pres.mode_value", "mode-value", FieldType::kInt},
    {"pres.normal_mode_parameters_element", "normal-mode-parameters", FieldType::kNone},
    {"pres.calling_presentation_selector", "calling-presentation-selector", FieldType::kBytes},
    {"pres.called_presentation_selector", "called-presentation-selector", FieldType::kBytes},
    {"pres.responding_presentation_selector", "responding-presentation-selector", FieldType::kBytes},
    {"pres.presentation_context_definition_list", "presentation-context-definition-list", FieldType::kUint},
    {"pres.Context_list_item_element", "Context-list item", FieldType::kNone},
    {"pres.presentation_context_identifier", "presentation-context-identifier", FieldType::kInt},
    {"pres.abstract_syntax_name", "abstract-syntax-name", FieldType::kText},
    {"pres.transfer_syntax_name_list", "transfer-syntax-name-list", FieldType::kUint},
    {"pres.Transfer_syntax_name", "Transfer-syntax-name", FieldType::kText},
    {"pres.presentation_context_definition_result_list", "presentation-context-definition-result-list",
     FieldType::kUint},
    {"pres.Result_list_item_element", "Result-list item", FieldType::kNone},
    {"pres.result", "result", FieldType::kInt},
    {"pres.transfer_syntax_name", "transfer-syntax-name", FieldType::kText},
    {"pres.user_data", "user-data", FieldType::kUint},
    {"pres.fully_encoded_data", "fully-encoded-data", FieldType::kUint},
    {"pres.PDV_list_element", "PDV-list", FieldType::kNone},
    {"pres.presentation_data_values", "presentation-data-values", FieldType::kUint},
    {"pres.single_ASN1_type_element", "single-ASN1-type", FieldType::kNone},
};

constexpr Type kInt{.kind = Kind::kInteger};
constexpr Type kOctets{.kind = Kind::kOctets};
constexpr Type kOid{.kind = Kind::kOid};
constexpr Member kValueMembers[] = {{context(0), kSingle, &kOctets}};
constexpr Type kValueType{.kind = Kind::kChoice, .members = kValueMembers};
constexpr Member kPdvMembers[] = {
    {universal(6), kTransferSyntax, &kOid}, {universal(2), kContextId, &kInt}, {kAnyTag, kValues, &kValueType}};
constexpr Type kPdv{.kind = Kind::kSequence, .members = kPdvMembers};
constexpr Member kPdvItems[] = {{kAnyTag, kPdvList, &kPdv}};
constexpr Type kEncoded{.kind = Kind::kSequenceOf, .members = kPdvItems};
constexpr Member kUserMembers[] = {{application(1), kFullyEncoded, &kEncoded}};
constexpr Type kUserType{.kind = Kind::kChoice, .members = kUserMembers};

constexpr Member kTransferItems[] = {{kAnyTag, kTransferName, &kOid}};
constexpr Type kTransfers{.kind = Kind::kSequenceOf, .members = kTransferItems};
constexpr Member kDefinitionMembers[] = {{universal(2), kContextId, &kInt},
                                         {universal(6), kAbstractSyntax, &kOid},
                                         {universal(16), kTransferList, &kTransfers}};
constexpr Type kDefinition{.kind = Kind::kSequence, .members = kDefinitionMembers};
constexpr Member kDefinitionItems[] = {{kAnyTag, kDefinitionItem, &kDefinition}};
constexpr Type kDefinitions{.kind = Kind::kSequenceOf, .members = kDefinitionItems};
constexpr Member kResultMembers[] = {{context(0), kResult, &kInt}, {context(1), kTransferSyntax, &kOid}};
constexpr Type kResultType{.kind = Kind::kSequence, .members = kResultMembers};
constexpr Member kResultItems[] = {{kAnyTag, kResultItem, &kResultType}};
constexpr Type kResults{.kind = Kind::kSequenceOf, .members = kResultItems};
constexpr Member kModeMembers[] = {{context(0), kModeValue, &kInt}};
constexpr Type kMode{.kind = Kind::kSequence, .members = kModeMembers};
constexpr Member kNormalMembers[] = {
    {context(1), kCallingSelector, &kOctets},    {context(2), kCalledSelector, &kOctets},
    {context(3), kRespondingSelector, &kOctets}, {context(4), kDefinitionList, &kDefinitions},
    {context(5), kResultList, &kResults},        {kAnyTag, kUserData, &kUserType}};
constexpr Type kNormal{.kind = Kind::kSequence, .members = kNormalMembers};
constexpr Member kConnectMembers[] = {{context(0), kModeSelector, &kMode}, {context(2), kNormalMode, &kNormal}};
constexpr Type kConnect{.kind = Kind::kSequence, .members = kConnectMembers};

class Values final : public asn1::Listener {
 public:
  explicit Values(LayerBuilder& out) : out_(out) {}
  bool value(std::uint16_t field, const Type& /*type*/, Bytes contents, std::uint64_t /*number*/) override {
    if (field != kSingle) return false;
    Cursor in(contents);
    if (!contents.empty() && (contents[0] & 0xc0U) == 0x40) {
      out_.next("acse", in);
    } else {
      out_.next("mms", in);
    }
    return true;
  }

 private:
  LayerBuilder& out_;
};

Outcome dissect_pres(Cursor& in, LayerBuilder& out) {
  Values values(out);
  asn1::Reader reader(out, values);
  ber::Header head;
  if (ber::look(in.rest(), &head) != ber::Sight::kWhole) return Outcome::kNotMine;
  bool good = false;
  if (head.identifier == ber::kSet) {
    // An answer differs by who speaks: its parameters name a responding selector or results.
    good = reader.element(in, kConnect, out.from_orig() ? kCpType : kCpaPpdu);
  } else if (head.identifier == ber::application(1)) {
    good = reader.element(in, kUserType, kUserData);
  } else {
    return Outcome::kNotMine;
  }
  in.skip(in.left());
  return good ? Outcome::kDone : Outcome::kMalformed;
}

}  // namespace

extern constinit const Dissector pres_dissector{.name = "pres",
                                                .title = "ISO 8823 OSI Presentation Protocol",
                                                .column = "PRES",
                                                .fields = kFields,
                                                .dissect = &dissect_pres,
                                                .carrier = true};

}  // namespace pr::dissect
