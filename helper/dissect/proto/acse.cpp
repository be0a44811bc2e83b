// ACSE (X.227): associations between applications, with the first message of what they speak.
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
  kAarq,
  kAare,
  kRlrq,
  kRlre,
  kAbrt,
  kContextName,
  kResult,
  kUserInformation,
  kExternal,
  kDirectReference,
  kIndirectReference,
  kEncoding,
  kSingle,
  kFieldCount
};
constexpr FieldDef kFields[kFieldCount] = {
    {"acse.aarq_element", "aarq", FieldType::kNone},
    {"acse.aare_element", "aare", FieldType::kNone},
    {"acse.rlrq_element", "rlrq", FieldType::kNone},
    {"acse.rlre_element", "rlre", FieldType::kNone},
    {"acse.abrt_element", "abrt", FieldType::kNone},
    {"acse.aSO_context_name", "aSO-context-name", FieldType::kText},
    {"acse.result", "result", FieldType::kUint},
    {"acse.user_information", "user-information", FieldType::kUint},
    {"acse.EXTERNALt_element", "Association-data", FieldType::kNone},
    {"acse.direct_reference", "direct-reference", FieldType::kText},
    {"acse.indirect_reference", "indirect-reference", FieldType::kInt},
    {"acse.encoding", "encoding", FieldType::kUint},
    {"acse.single_ASN1_type_element", "single-ASN1-type", FieldType::kNone},
};

constexpr Type kInt{.kind = Kind::kInteger};
constexpr Type kOctets{.kind = Kind::kOctets};
constexpr Type kOid{.kind = Kind::kOid};
constexpr Member kEncodingMembers[] = {{context(0), kSingle, &kOctets}};
constexpr Type kEncodingType{.kind = Kind::kChoice, .members = kEncodingMembers};
constexpr Member kExternalMembers[] = {{universal(6), kDirectReference, &kOid},
                                       {universal(2), kIndirectReference, &kInt},
                                       {kAnyTag, kEncoding, &kEncodingType}};
constexpr Type kExternalType{.kind = Kind::kSequence, .members = kExternalMembers};
// EXTERNAL has a universal number of its own.
constexpr Member kExternalTag[] = {{universal(8), kExternal, &kExternalType}};
constexpr Type kExternalItem{.kind = Kind::kChoice, .members = kExternalTag};
constexpr Member kInformationItems[] = {{kAnyTag, kNoField, &kExternalItem}};
constexpr Type kInformation{.kind = Kind::kSequenceOf, .members = kInformationItems};
constexpr Member kAssociationMembers[] = {{context(1), kContextName, &kOid, true},
                                          {context(30), kUserInformation, &kInformation}};
constexpr Type kRequest{.kind = Kind::kSequence, .members = kAssociationMembers};
constexpr Member kAnswerMembers[] = {{context(1), kContextName, &kOid, true},
                                     {context(2), kResult, &kInt, true},
                                     {context(30), kUserInformation, &kInformation}};
constexpr Type kAnswer{.kind = Kind::kSequence, .members = kAnswerMembers};
constexpr Member kApduMembers[] = {{application(0), kAarq, &kRequest},
                                   {application(1), kAare, &kAnswer},
                                   {application(2), kRlrq, &kRequest},
                                   {application(3), kRlre, &kRequest},
                                   {application(4), kAbrt, &kRequest}};
constexpr Type kApdu{.kind = Kind::kChoice, .members = kApduMembers};

class Information final : public asn1::Listener {
 public:
  explicit Information(LayerBuilder& out) : out_(out) {}
  bool value(std::uint16_t field, const Type& /*type*/, Bytes contents, std::uint64_t /*number*/) override {
    if (field != kSingle) return false;
    Cursor in(contents);
    out_.next("mms", in);
    return true;
  }

 private:
  LayerBuilder& out_;
};

Outcome dissect_acse(Cursor& in, LayerBuilder& out) {
  Information information(out);
  asn1::Reader reader(out, information);
  return reader.element(in, kApdu, kNoField) ? Outcome::kDone : Outcome::kMalformed;
}

}  // namespace

extern constinit const Dissector acse_dissector{.name = "acse",
                                                .title = "ISO 8650-1 OSI Association Control Service",
                                                .column = "ACSE",
                                                .fields = kFields,
                                                .dissect = &dissect_acse,
                                                .carrier = true};

}  // namespace pr::dissect
