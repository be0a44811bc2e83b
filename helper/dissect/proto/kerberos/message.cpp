// The types of RFC 4120 as tables, and what pre-authentication data and error data hold.
#include <algorithm>
#include <array>

#include "helper/dissect/asn1.h"
#include "helper/dissect/proto/kerberos/kerberos.h"

namespace pr::dissect::kerberos {
namespace {

using asn1::application;
using asn1::context;
using asn1::Kind;
using asn1::kNoField;
using asn1::Member;
using asn1::Type;

constexpr Type kInt{.kind = Kind::kInteger};
constexpr Type kString{.kind = Kind::kText};
constexpr Type kOctetString{.kind = Kind::kOctets};
constexpr Type kKerberosTime{.kind = Kind::kTime};
constexpr Type kBool{.kind = Kind::kBoolean};

// Everything in Kerberos is tagged explicitly.
constexpr Member at(std::uint32_t number, std::uint16_t field, const Type& type) {
  return {context(number), field, &type, true};
}

constexpr Member kCnameItem[] = {{asn1::kAnyTag, kCnameString, &kString}};
constexpr Member kSnameItem[] = {{asn1::kAnyTag, kSnameString, &kString}};
constexpr Member kNameItem[] = {{asn1::kAnyTag, kKerberosString, &kString}};
constexpr Type kCnameList{.kind = Kind::kSequenceOf, .members = kCnameItem};
constexpr Type kSnameList{.kind = Kind::kSequenceOf, .members = kSnameItem};
constexpr Type kNameList{.kind = Kind::kSequenceOf, .members = kNameItem};
constexpr Member kCnameMembers[] = {at(0, kNameType, kInt), at(1, kCnameStrings, kCnameList)};
constexpr Member kSnameMembers[] = {at(0, kNameType, kInt), at(1, kSnameStrings, kSnameList)};
constexpr Member kNameMembers[] = {at(0, kNameType, kInt), at(1, kNameStrings, kNameList)};
constexpr Type kCnameType{.kind = Kind::kSequence, .members = kCnameMembers};
constexpr Type kSnameType{.kind = Kind::kSequence, .members = kSnameMembers};
constexpr Type kPrincipalName{.kind = Kind::kSequence, .members = kNameMembers};

constexpr Member kEncryptedMembers[] = {at(0, kEtype, kInt), at(1, kKvno, kInt), at(2, kCipher, kOctetString)};
constexpr Type kEncrypted{.kind = Kind::kSequence, .members = kEncryptedMembers};
constexpr Member kChecksumMembers[] = {at(0, kCksumtype, kInt), at(1, kChecksum, kOctetString)};
constexpr Type kChecksumType{.kind = Kind::kSequence, .members = kChecksumMembers};

constexpr Member kTicketMembers[] = {at(0, kTktVno, kInt), at(1, kRealm, kString), at(2, kSname, kSnameType),
                                     at(3, kEncPart, kEncrypted)};
constexpr Type kTicketBody{.kind = Kind::kSequence, .members = kTicketMembers};
// [APPLICATION 1], explicit: an element of its own around the body.
constexpr Member kTicketTag[] = {{application(1), kTicket, &kTicketBody, true}};
constexpr Type kTicketType{.kind = Kind::kChoice, .members = kTicketTag};
constexpr Member kTicketItemTag[] = {{application(1), kTicketItem, &kTicketBody, true}};
constexpr Type kTicketItemType{.kind = Kind::kChoice, .members = kTicketItemTag};
constexpr Member kTicketItems[] = {{asn1::kAnyTag, kNoField, &kTicketItemType}};
constexpr Type kTicketList{.kind = Kind::kSequenceOf, .members = kTicketItems};

constexpr Member kAddressMembers[] = {at(0, kAddrType, kInt), at(1, kAddress, kOctetString)};
constexpr Type kAddressType{.kind = Kind::kSequence, .members = kAddressMembers};
constexpr Member kAddressItem[] = {{asn1::kAnyTag, kHostAddress, &kAddressType}};
constexpr Type kAddressList{.kind = Kind::kSequenceOf, .members = kAddressItem};

constexpr Member kPaDataMembers[] = {at(1, kPadataType, kInt), at(2, kPadataValue, kOctetString)};
constexpr Type kPaDataType{.kind = Kind::kSequence, .members = kPaDataMembers};
constexpr Member kPaDataItem[] = {{asn1::kAnyTag, kPaData, &kPaDataType}};
constexpr Type kPaDataList{.kind = Kind::kSequenceOf, .members = kPaDataItem};

constexpr Member kEnctypeItem[] = {{asn1::kAnyTag, kEnctype, &kInt}};
constexpr Type kEtypeList{.kind = Kind::kSequenceOf, .members = kEnctypeItem};
constexpr Type kKdcOptionsType{.kind = Kind::kBits, .flags = kKdcReserved, .flag_count = 32, .padding = kBitPadding};
constexpr Type kApOptionsType{.kind = Kind::kBits, .flags = kApReserved, .flag_count = 3, .padding = kBitPadding};
constexpr Type kPacOptionsType{.kind = Kind::kBits, .flags = kPacClaims, .flag_count = 4, .padding = kBitPadding};

constexpr Member kReqBodyMembers[] = {at(0, kKdcOptions, kKdcOptionsType),
                                      at(1, kCname, kCnameType),
                                      at(2, kRealm, kString),
                                      at(3, kSname, kSnameType),
                                      at(4, kFrom, kKerberosTime),
                                      at(5, kTill, kKerberosTime),
                                      at(6, kRtime, kKerberosTime),
                                      at(7, kNonce, kInt),
                                      at(8, kEtypes, kEtypeList),
                                      at(9, kAddresses, kAddressList),
                                      at(10, kEncAuthorizationData, kEncrypted),
                                      at(11, kAdditionalTickets, kTicketList)};
constexpr Type kReqBodyType{.kind = Kind::kSequence, .members = kReqBodyMembers};
constexpr Member kKdcReqMembers[] = {at(1, kPvno, kInt), at(2, kMsgType, kInt), at(3, kPadataList, kPaDataList),
                                     at(4, kReqBody, kReqBodyType)};
constexpr Type kKdcReq{.kind = Kind::kSequence, .members = kKdcReqMembers};
constexpr Member kKdcRepMembers[] = {
    at(0, kPvno, kInt),        at(1, kMsgType, kInt),        at(2, kPadataList, kPaDataList), at(3, kCrealm, kString),
    at(4, kCname, kCnameType), at(5, kNoField, kTicketType), at(6, kEncPart, kEncrypted)};
constexpr Type kKdcRep{.kind = Kind::kSequence, .members = kKdcRepMembers};
constexpr Member kApReqMembers[] = {at(0, kPvno, kInt), at(1, kMsgType, kInt), at(2, kApOptions, kApOptionsType),
                                    at(3, kNoField, kTicketType), at(4, kAuthenticator, kEncrypted)};
constexpr Type kApReqType{.kind = Kind::kSequence, .members = kApReqMembers};
constexpr Member kApRepMembers[] = {at(0, kPvno, kInt), at(1, kMsgType, kInt), at(2, kEncPart, kEncrypted)};
constexpr Type kApRepType{.kind = Kind::kSequence, .members = kApRepMembers};
constexpr Member kPrivMembers[] = {at(0, kPvno, kInt), at(1, kMsgType, kInt), at(3, kEncPart, kEncrypted)};
constexpr Type kPrivType{.kind = Kind::kSequence, .members = kPrivMembers};
constexpr Member kSafeBodyMembers[] = {
    at(0, kUserData, kOctetString), at(1, kTimestamp, kKerberosTime), at(2, kUsec, kInt),
    at(3, kSeqNumber, kInt),        at(4, kSAddress, kAddressType),   at(5, kRAddress, kAddressType)};
constexpr Type kSafeBodyType{.kind = Kind::kSequence, .members = kSafeBodyMembers};
constexpr Member kSafeMembers[] = {at(0, kPvno, kInt), at(1, kMsgType, kInt), at(2, kSafeBody, kSafeBodyType),
                                   at(3, kCksumElement, kChecksumType)};
constexpr Type kSafeType{.kind = Kind::kSequence, .members = kSafeMembers};
constexpr Member kCredMembers[] = {at(0, kPvno, kInt), at(1, kMsgType, kInt), at(2, kTickets, kTicketList),
                                   at(3, kEncPart, kEncrypted)};
constexpr Type kCredType{.kind = Kind::kSequence, .members = kCredMembers};
constexpr Member kErrorMembers[] = {
    at(0, kPvno, kInt),           at(1, kMsgType, kInt),  at(2, kCtime, kKerberosTime), at(3, kCusec, kInt),
    at(4, kStime, kKerberosTime), at(5, kSusec, kInt),    at(6, kErrorCode, kInt),      at(7, kCrealm, kString),
    at(8, kCname, kCnameType),    at(9, kRealm, kString), at(10, kSname, kSnameType),   at(11, kEText, kString),
    at(12, kEData, kOctetString)};
constexpr Type kErrorType{.kind = Kind::kSequence, .members = kErrorMembers};

constexpr Member kMessageMembers[] = {
    {application(10), kAsReq, &kKdcReq, true},     {application(11), kAsRep, &kKdcRep, true},
    {application(12), kTgsReq, &kKdcReq, true},    {application(13), kTgsRep, &kKdcRep, true},
    {application(14), kApReq, &kApReqType, true},  {application(15), kApRep, &kApRepType, true},
    {application(20), kKrbSafe, &kSafeType, true}, {application(21), kKrbPriv, &kPrivType, true},
    {application(22), kKrbCred, &kCredType, true}, {application(30), kKrbError, &kErrorType, true},
};
constexpr Type kMessageType{.kind = Kind::kChoice, .members = kMessageMembers};

// Pre-authentication data.
constexpr Member kInfoMembers[] = {at(0, kEtype, kInt), at(1, kInfoSalt, kOctetString)};
constexpr Type kInfoType{.kind = Kind::kSequence, .members = kInfoMembers};
constexpr Member kInfoItem[] = {{asn1::kAnyTag, kEtypeInfoEntry, &kInfoType}};
constexpr Type kInfoList{.kind = Kind::kSequenceOf, .members = kInfoItem};
constexpr Member kInfo2Members[] = {at(0, kEtype, kInt), at(1, kInfo2Salt, kString), at(2, kS2kparams, kOctetString)};
constexpr Type kInfo2Type{.kind = Kind::kSequence, .members = kInfo2Members};
constexpr Member kInfo2Item[] = {{asn1::kAnyTag, kEtypeInfo2Entry, &kInfo2Type}};
constexpr Type kInfo2List{.kind = Kind::kSequenceOf, .members = kInfo2Item};
constexpr Member kPacRequestMembers[] = {at(0, kIncludePac, kBool)};
constexpr Type kPacRequest{.kind = Kind::kSequence, .members = kPacRequestMembers};
constexpr Member kPacOptionsMembers[] = {at(0, kPacOptions, kPacOptionsType)};
constexpr Type kPacOptionsSequence{.kind = Kind::kSequence, .members = kPacOptionsMembers};
constexpr Member kForUserMembers[] = {at(0, kUserName, kPrincipalName), at(1, kRealm, kString),
                                      at(2, kCksumElement, kChecksumType), at(3, kAuthPackage, kString)};
constexpr Type kForUser{.kind = Kind::kSequence, .members = kForUserMembers};
constexpr Member kArmorMembers[] = {at(0, kArmorType, kInt), at(1, kArmorValue, kOctetString)};
constexpr Type kArmorElement{.kind = Kind::kSequence, .members = kArmorMembers};
// The request's and the reply's armored data have different members under different tags, except [0].
constexpr Member kFastRequestMembers[] = {at(0, kArmor, kArmorElement), at(1, kReqChecksum, kChecksumType),
                                          at(2, kEncFastReq, kEncrypted)};
constexpr Type kFastRequest{.kind = Kind::kSequence, .members = kFastRequestMembers};
constexpr Member kFastReplyMembers[] = {at(0, kEncFastRep, kEncrypted)};
constexpr Type kFastReply{.kind = Kind::kSequence, .members = kFastReplyMembers};
constexpr Member kFastRequestChoice[] = {at(0, kArmoredData, kFastRequest)};
constexpr Type kFastRequestType{.kind = Kind::kChoice, .members = kFastRequestChoice};
constexpr Member kFastReplyChoice[] = {at(0, kArmoredData, kFastReply)};
constexpr Type kFastReplyType{.kind = Kind::kChoice, .members = kFastReplyChoice};

enum PaType : std::int64_t {
  kPaTgsReq = 1,
  kPaEncTimestamp = 2,
  kPaPwSalt = 3,
  kPaEtypeInfo = 11,
  kPaEtypeInfo2 = 19,
  kPaPacRequest = 128,
  kPaForUser = 129,
  kPaFast = 136,
  kPaEncryptedChallenge = 138,
  kPaReqEncPaRep = 149,
  kPaSupportedEtypes = 165,
  kPaPacOptions = 167,
};

// "HTTP/www.example.org": the parts of a principal's name in a buffer of its own.
class Name {
 public:
  void add(Bytes part) {
    if (used_ != 0) put('/');
    for (const std::uint8_t c : part) put(static_cast<char>(c));
  }
  void clear() { used_ = 0; }
  [[nodiscard]] std::string_view text() const { return {text_.data(), used_}; }

 private:
  void put(char c) {
    if (used_ < text_.size()) text_[used_++] = c;
  }
  std::array<char, 256> text_;
  std::size_t used_ = 0;
};

class Message final : public asn1::Listener {
 public:
  explicit Message(LayerBuilder& out) : out_(out), reader_(out, *this) {}

  bool read(Cursor& in) { return reader_.element(in, kMessageType, kNoField); }
  void tell();

  bool value(std::uint16_t field, const Type& type, Bytes contents, std::uint64_t number) override;
  void begin(std::uint16_t field) override {
    // A ticket's server is that of an answer, but not that of a request, which has its own.
    if (field == kTicket) in_ticket_ = true;
    if (field == kReqBody) in_ticket_ = false;
    if (field == kSname && (type_ == kTypeAsRep || type_ == kTypeTgsRep || !in_ticket_)) server_.clear();
  }

 private:
  void pre_authentication(Bytes value);
  void salt(Cursor in);
  void supported_etypes(Cursor in);
  bool address(Bytes value);
  void inner(Bytes value, const Type& type) {
    Cursor in(value);
    LayerBuilder::Subtree below(out_);
    reader_.element(in, type, kNoField);
  }
  [[nodiscard]] bool wants_server() const { return !in_ticket_ || type_ == kTypeAsRep || type_ == kTypeTgsRep; }

  LayerBuilder& out_;
  asn1::Reader reader_;
  std::int64_t type_ = 0, error_ = 0, pa_type_ = 0, address_type_ = 0, etype_ = 0;
  unsigned nested_ = 0;
  bool in_ticket_ = false;
  Bytes realm_;
  Name client_, server_;
};

bool Message::address(Bytes value) {
  LayerBuilder& out = out_;
  if (address_type_ == 2 && value.size() == 4) {
    out.add(kAddrIp, Cursor(value).u32(), value);
  } else if (address_type_ == 24 && value.size() == 16) {
    out.add(kAddrIpv6, value, value);
  } else if (address_type_ == 20 && value.size() == 16) {
    std::string_view name = as_text(value.first(15));
    while (name.ends_with(' ')) name.remove_suffix(1);
    out.add(kAddrNb, as_bytes(name), value);
  } else {
    return false;
  }
  return true;
}

// A string to key salt, or what Windows puts there: a status, a reserved word and flags.
void Message::salt(Cursor in) {
  if (in.left() == 12) {
    out_.u32le(in, kNtStatus);
    out_.u32le(in, kExtErrorReserved);
    out_.u32le(in, kExtErrorFlags);
  } else if (in.left() > 0) {
    out_.bytes(in, kPwSalt, in.left());
  }
}

void Message::supported_etypes(Cursor in) {
  const Bytes where = in.peek(4);
  const std::uint32_t value = out_.u32le(in, kSupportedEtypes);
  LayerBuilder::Subtree below(out_);
  static constexpr std::uint8_t kBit[] = {0, 1, 2, 3, 4, 16, 17, 18, 19};
  if (!in.ok()) return;
  for (std::size_t i = 0; i < std::size(kBit); ++i) out_.add(kSupDesCrc + i, value >> kBit[i] & 1U, where);
}

void Message::pre_authentication(Bytes value) {
  if (value.empty() || nested_ >= 4) return;
  ++nested_;
  switch (pa_type_) {
    case kPaTgsReq: inner(value, kMessageType); break;
    case kPaEncTimestamp:
    case kPaEncryptedChallenge: inner(value, kEncrypted); break;
    case kPaPwSalt: {
      LayerBuilder::Subtree below(out_);
      salt(Cursor(value));
      break;
    }
    case kPaEtypeInfo: inner(value, kInfoList); break;
    case kPaEtypeInfo2: inner(value, kInfo2List); break;
    case kPaPacRequest: inner(value, kPacRequest); break;
    case kPaForUser: inner(value, kForUser); break;
    case kPaFast: inner(value, type_ == kTypeAsReq || type_ == kTypeTgsReq ? kFastRequestType : kFastReplyType); break;
    case kPaReqEncPaRep: inner(value, kChecksumType); break;
    case kPaSupportedEtypes: {
      LayerBuilder::Subtree below(out_);
      supported_etypes(Cursor(value));
      break;
    }
    case kPaPacOptions: inner(value, kPacOptionsSequence); break;
    default: break;
  }
  --nested_;
}

bool Message::value(std::uint16_t field, const Type& /*type*/, Bytes contents, std::uint64_t number) {
  const auto narrow = static_cast<std::int64_t>(number);
  switch (field) {
    case kMsgType:
      if (nested_ == 0) type_ = narrow;
      return false;
    case kErrorCode: error_ = narrow; return false;
    case kRealm:
    case kCrealm:
      if (nested_ == 0) realm_ = contents;
      return false;
    case kCnameString: client_.add(contents); return false;
    case kSnameString:
      if (wants_server() && nested_ == 0) server_.add(contents);
      return false;
    case kKvno:
    case kNonce:
    case kSeqNumber: out_.add(field, number & 0xffffffffU, contents); return true;
    case kEtype: etype_ = narrow; return false;
    case kAddrType: address_type_ = narrow; return false;
    case kAddress: return address(contents);
    case kPadataType: pa_type_ = narrow; return false;
    case kPadataValue: {
      LayerBuilder::Subtree below(out_);
      out_.add(field, contents, contents);
      pre_authentication(contents);
      return true;
    }
    case kEData: {
      constexpr std::int64_t kPreauthFailed = 24, kPreauthRequired = 25, kEtypeUnsupported = 14;
      out_.add(field, contents, contents);
      if (error_ == kPreauthRequired || error_ == kPreauthFailed || error_ == kEtypeUnsupported) {
        inner(contents, kPaDataList);
      } else if (error_ == 13 || error_ == 18 || error_ == 23 || error_ == 12) {
        inner(contents, kPaDataType);
      }
      return true;
    }
    default: return false;
  }
}

const char* type_name(std::int64_t type) {
  switch (type) {
    case 10: return "AS-REQ";
    case 11: return "AS-REP";
    case 12: return "TGS-REQ";
    case 13: return "TGS-REP";
    case 14: return "AP-REQ";
    case 15: return "AP-REP";
    case 20: return "KRB-SAFE";
    case 21: return "KRB-PRIV";
    case 22: return "KRB-CRED";
    default: return "KRB Error";
  }
}

void Message::tell() {
  using pr::Message;
  std::array<char, 640> line;
  std::size_t used = 0;
  const auto put = [&](std::string_view text) {
    const std::size_t n = std::min(text.size(), line.size() - used);
    std::copy_n(text.begin(), n, line.begin() + static_cast<std::ptrdiff_t>(used));
    used += n;
  };
  put(type_name(type_));
  if (type_ == kTypeError) {
    put(": ");
    const auto found = std::ranges::find(kErrors, static_cast<std::uint64_t>(error_), &NamedValue::value);
    put(found != kErrors.end() ? found->name : "Unknown error");
  }
  if (out_.wanted()) out_.info(std::string(line.data(), used));
  const bool request = type_ == kTypeAsReq || type_ == kTypeTgsReq;
  const bool answer = type_ == kTypeAsRep || type_ == kTypeTgsRep || type_ == kTypeError;
  if (!request && !answer) return;
  for (const std::string_view part : {client_.text(), server_.text()}) {
    if (!part.empty()) put(" ");
    put(part);
  }
  std::array<Message::Item, 4> items;
  std::size_t n = 0;
  if (!client_.text().empty()) items[n++] = {kCnameString, Value::of(as_bytes(client_.text()))};
  if (!server_.text().empty()) items[n++] = {kSnameString, Value::of(as_bytes(server_.text()))};
  if (!realm_.empty()) items[n++] = {request ? kRealm : kCrealm, Value::of(realm_)};
  if (type_ == kTypeError) {
    items[n++] = {kErrorCode, Value::of(static_cast<std::uint64_t>(error_))};
  } else if (answer) {
    items[n++] = {kEtype, Value::of(static_cast<std::uint64_t>(etype_))};
  }
  const std::string_view name = type_ == kTypeAsReq && !client_.text().empty() ? client_.text() : server_.text();
  out_.message({.role = request ? Message::Role::kRequest : Message::Role::kResponse,
                .id = 0,
                .name = name,
                .summary = {line.data(), used},
                .status = request               ? -1
                          : type_ == kTypeError ? error_
                                                : 0,
                .items = {items.data(), n}});
}

}  // namespace

bool is_message(Bytes start) {
  Cursor in(start);
  ber::Header outer, inner, version;
  if (ber::look(in.rest(), &outer) != ber::Sight::kWhole) return false;
  const bool known =
      (outer.number >= 10 && outer.number <= 15) || (outer.number >= 20 && outer.number <= 22) || outer.number == 30;
  if ((outer.identifier & 0xe0U) != 0x60 || !known) return false;
  in.skip(outer.size);
  if (ber::look(in.rest(), &inner) != ber::Sight::kWhole) return false;
  if (inner.identifier != ber::kSequence || inner.total() != outer.length) return false;
  in.skip(inner.size);
  if (ber::look(in.rest(), &version) != ber::Sight::kWhole || version.length != 3) return false;
  const unsigned first = outer.number == kTypeAsReq || outer.number == kTypeTgsReq ? 1 : 0;
  if (version.identifier != ber::context(first)) return false;
  in.skip(version.size);
  return in.u16() == 0x0201 && in.u8() == 5 && in.ok();
}

bool read_message(Cursor& in, LayerBuilder& out, bool tell) {
  Message message(out);
  const bool good = message.read(in);
  if (good && tell) message.tell();
  return good;
}

}  // namespace pr::dissect::kerberos
