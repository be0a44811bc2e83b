// SPNEGO (RFC 4178, MS-SPNG): which mechanism both sides take, and its tokens.
#include "helper/dissect/asn1.h"
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

using asn1::context;
using asn1::Kind;
using asn1::kNoField;
using asn1::Member;
using asn1::Type;

enum Field : std::uint16_t {
  kOid,
  kNegTokenInit,
  kNegTokenTarg,
  kMechTypes,
  kMechType,
  kReqFlags,
  kMechToken,
  kNegHints,
  kHintName,
  kHintAddress,
  kMechListMic,
  kNegResult,
  kSupportedMech,
  kResponseToken,
  kFieldCount
};
constexpr NamedValue kResults[] = {
    {0, "accept-completed"}, {1, "accept-incomplete"}, {2, "reject"}, {3, "request-mic"}};
constexpr FieldDef kFields[kFieldCount] = {
    {"gss-api.OID", "OID", FieldType::kText},
    {"spnego.negTokenInit_element", "negTokenInit", FieldType::kNone},
    {"spnego.negTokenTarg_element", "negTokenTarg", FieldType::kNone},
    {"spnego.mechTypes", "mechTypes", FieldType::kUint},
    {"spnego.MechType", "MechType", FieldType::kText},
    {"spnego.reqFlags", "reqFlags", FieldType::kBytes},
    {"spnego.mechToken", "mechToken", FieldType::kBytes},
    {"spnego.negHints_element", "negHints", FieldType::kNone},
    {"spnego.hintName", "hintName", FieldType::kText},
    {"spnego.hintAddress", "hintAddress", FieldType::kBytes},
    {"spnego.mechListMIC", "mechListMIC", FieldType::kBytes},
    {"spnego.negResult", "negResult", FieldType::kUint, Show::kDec, 0, kResults},
    {"spnego.supportedMech", "supportedMech", FieldType::kText},
    {"spnego.responseToken", "responseToken", FieldType::kBytes},
};

constexpr Type kOidType{.kind = Kind::kOid};
constexpr Type kOctets{.kind = Kind::kOctets};
constexpr Type kText{.kind = Kind::kText};
constexpr Type kNumber{.kind = Kind::kInteger};
constexpr Type kBits{.kind = Kind::kBits};
constexpr Member at(std::uint32_t number, std::uint16_t field, const Type& type) {
  return {context(number), field, &type, true};
}
constexpr Member kMechItem[] = {{asn1::kAnyTag, kMechType, &kOidType}};
constexpr Type kMechList{.kind = Kind::kSequenceOf, .members = kMechItem};
constexpr Member kHintMembers[] = {at(0, kHintName, kText), at(1, kHintAddress, kOctets)};
constexpr Type kHints{.kind = Kind::kSequence, .members = kHintMembers};
// [3] is a signature in RFC 4178 and hints in MS-SPNG.
constexpr Member kMicOrHints[] = {{asn1::universal(16), kNegHints, &kHints},
                                  {asn1::universal(4), kMechListMic, &kOctets}};
constexpr Type kMicOrHintsType{.kind = Kind::kChoice, .members = kMicOrHints};
constexpr Member kInitMembers[] = {at(0, kMechTypes, kMechList), at(1, kReqFlags, kBits), at(2, kMechToken, kOctets),
                                   at(3, kNoField, kMicOrHintsType), at(4, kMechListMic, kOctets)};
constexpr Type kInit{.kind = Kind::kSequence, .members = kInitMembers};
constexpr Member kTargMembers[] = {at(0, kNegResult, kNumber), at(1, kSupportedMech, kOidType),
                                   at(2, kResponseToken, kOctets), at(3, kMechListMic, kOctets)};
constexpr Type kTarg{.kind = Kind::kSequence, .members = kTargMembers};
constexpr Member kTokenMembers[] = {at(0, kNegTokenInit, kInit), at(1, kNegTokenTarg, kTarg)};
constexpr Type kToken{.kind = Kind::kChoice, .members = kTokenMembers};

class Tokens final : public asn1::Listener {
 public:
  explicit Tokens(LayerBuilder& out) : out_(out) {}
  bool value(std::uint16_t field, const Type& /*type*/, Bytes contents, std::uint64_t /*number*/) override {
    if (field != kMechToken && field != kResponseToken && field != kMechListMic) return false;
    out_.add(field, contents, contents);
    Cursor in(contents);
    const std::uint32_t start = Cursor(in.peek(4)).u32();
    if (as_text(contents).starts_with("NTLMSSP") || (start == 0x01000000 && contents.size() == 16)) {
      out_.next("ntlmssp", in);
    } else if (!contents.empty() && (contents[0] == 0x60 || contents[0] == 0x6e || contents[0] == 0x6f ||
                                     contents[0] == 0x7e || start >> 16U == 0x0404 || start >> 16U == 0x0504)) {
      out_.next("spnego-krb5", in);
    }
    return true;
  }

 private:
  LayerBuilder& out_;
};

Outcome dissect_spnego(Cursor& in, LayerBuilder& out) {
  ber::Element token, oid;
  if (ber::next_if(in, ber::application(0), &token)) {  // where nobody has looked at the GSS-API token around it
    in = token.in();
    if (!ber::expect(in, ber::kObjectIdentifier, &oid)) return Outcome::kMalformed;
    const ber::OidText name(oid.contents);
    if (name.text() != "1.3.6.1.5.5.2") return Outcome::kNotMine;
    if (out.wants(kOid)) out.add_text(kOid, name.text(), oid.contents);
  }
  Tokens tokens(out);
  asn1::Reader reader(out, tokens);
  if (!reader.element(in, kToken, kNoField)) return Outcome::kMalformed;
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector spnego_dissector{
    .name = "spnego", .title = "Simple Protected Negotiation", .fields = kFields, .dissect = &dissect_spnego};

}  // namespace pr::dissect
