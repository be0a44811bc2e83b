// MMS (ISO 9506-2), which IEC 61850 and ICCP speak: which service, of which variables.
#include <algorithm>
#include <string>

#include "helper/dissect/asn1.h"
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kConfirmedRequest,
  kConfirmedResponse,
  kConfirmedError,
  kUnconfirmed,
  kReject,
  kInitiateRequest,
  kInitiateResponse,
  kInitiateError,
  kConcludeRequest,
  kConcludeResponse,
  kConcludeError,
  kInvokeId,
  kRequestService,
  kResponseService,
  kUnconfirmedService,
  kFieldCount
};
constexpr NamedValue kServices[] = {{0, "status"},
                                    {1, "getNameList"},
                                    {2, "identify"},
                                    {3, "rename"},
                                    {4, "read"},
                                    {5, "write"},
                                    {6, "getVariableAccessAttributes"},
                                    {11, "defineNamedVariableList"},
                                    {12, "getNamedVariableListAttributes"},
                                    {13, "deleteNamedVariableList"},
                                    {72, "fileOpen"},
                                    {73, "fileRead"},
                                    {74, "fileClose"},
                                    {76, "fileDelete"},
                                    {77, "fileDirectory"}};
constexpr FieldDef kFields[kFieldCount] = {
    {"mms.confirmed_RequestPDU_element", "confirmed-RequestPDU", FieldType::kNone},
    {"mms.confirmed_ResponsePDU_element", "confirmed-ResponsePDU", FieldType::kNone},
    {"mms.confirmed_ErrorPDU_element", "confirmed-ErrorPDU", FieldType::kNone},
    {"mms.unconfirmed_PDU_element", "unconfirmed-PDU", FieldType::kNone},
    {"mms.rejectPDU_element", "rejectPDU", FieldType::kNone},
    {"mms.initiate_RequestPDU_element", "initiate-RequestPDU", FieldType::kNone},
    {"mms.initiate_ResponsePDU_element", "initiate-ResponsePDU", FieldType::kNone},
    {"mms.initiate_ErrorPDU_element", "initiate-ErrorPDU", FieldType::kNone},
    {"mms.conclude_RequestPDU_element", "conclude-RequestPDU", FieldType::kNone},
    {"mms.conclude_ResponsePDU_element", "conclude-ResponsePDU", FieldType::kNone},
    {"mms.conclude_ErrorPDU_element", "conclude-ErrorPDU", FieldType::kNone},
    {"mms.invokeID", "invokeID", FieldType::kUint},
    {"mms.confirmedServiceRequest", "confirmedServiceRequest", FieldType::kUint, Show::kDec, 0, kServices},
    {"mms.confirmedServiceResponse", "confirmedServiceResponse", FieldType::kUint, Show::kDec, 0, kServices},
    {"mms.unconfirmedService", "unconfirmedService", FieldType::kUint},
};

// The kinds of messages by tag; kFieldCount: none that is read further than its length.
constexpr std::uint16_t kByTag[] = {kConfirmedRequest, kConfirmedResponse, kConfirmedError, kUnconfirmed,
                                    kReject,           kFieldCount,        kFieldCount,     kFieldCount,
                                    kInitiateRequest,  kInitiateResponse,  kInitiateError,  kConcludeRequest,
                                    kConcludeResponse, kConcludeError};

Outcome dissect_mms(Cursor& in, LayerBuilder& out) {
  ber::Header head;
  if (ber::look(in.rest(), &head) != ber::Sight::kWhole) return Outcome::kNotMine;
  if ((head.identifier & 0xc0U) != 0x80 || head.number >= std::size(kByTag) || head.total() > in.left())
    return Outcome::kNotMine;
  ber::Element message, id, service;
  if (!ber::next(in, &message)) return Outcome::kMalformed;
  const std::uint16_t kind = kByTag[head.number];
  if (kind != kFieldCount) out.mark(kind, message.whole);
  if (out.wanted() && kind != kFieldCount) out.info(kFields[kind].label);
  if (kind > kUnconfirmed) return Outcome::kDone;
  LayerBuilder::Subtree below(out);
  Cursor inside = message.in();
  std::uint64_t invoke = 0;
  if (kind != kUnconfirmed) {
    if (!ber::next(inside, &id)) return Outcome::kMalformed;
    invoke = ber::unsigned_integer(id.contents);
    out.add(kInvokeId, invoke, id.contents);
  }
  if (kind == kConfirmedError || !ber::next(inside, &service)) return Outcome::kDone;
  if (service.is(ber::kSequence) && !ber::next(inside, &service)) return Outcome::kDone;  // modifiers come first
  const Field field = kind == kConfirmedRequest    ? kRequestService
                      : kind == kConfirmedResponse ? kResponseService
                                                   : kUnconfirmedService;
  out.add(field, service.number, service.whole);
  const auto found = std::ranges::find(kServices, std::uint64_t{service.number}, &NamedValue::value);
  const char* name = found != std::end(kServices) ? found->name : "service";
  if (out.wanted() && kind != kUnconfirmed) out.info(std::to_string(invoke) + " " + kFields[kind].label + " " + name);
  if (kind == kUnconfirmed) return Outcome::kDone;
  const Message::Item items[] = {{kRequestService, Value::of(std::uint64_t{service.number})}};
  const bool request = kind == kConfirmedRequest;
  out.message({.role = request ? Message::Role::kRequest : Message::Role::kResponse,
               .id = invoke + 1,
               .name = name,
               .summary = request ? name : "",
               .status = request ? -1 : 0,
               .items = std::span(items, request ? 1 : 0)});
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector mms_dissector{
    .name = "mms", .title = "MMS", .column = "MMS", .fields = kFields, .dissect = &dissect_mms};

}  // namespace pr::dissect
