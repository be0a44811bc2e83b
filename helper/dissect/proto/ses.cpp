// ISO session (X.225): opening, data and end; MMS comes in it.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kType,
  kLength,
  kParameterType,
  kParameterLength,
  kCallingSelector,
  kCalledSelector,
  kRespondingSelector,
  kFieldCount
};
enum Spdu : std::uint8_t {
  kGiveTokens = 1,
  kFinish = 9,
  kDisconnect = 10,
  kRefuse = 12,
  kConnect = 13,
  kAccept = 14,
  kAbort = 25
};
constexpr NamedValue kTypes[] = {{1, "Give tokens PDU"},   {9, "FINISH (FN) SPDU"},   {10, "DISCONNECT (DN) SPDU"},
                                 {12, "REFUSE (RF) SPDU"}, {13, "CONNECT (CN) SPDU"}, {14, "ACCEPT (AC) SPDU"},
                                 {25, "ABORT (AB) SPDU"}};
constexpr NamedValue kParameters[] = {{5, "Connect Accept Item"},          {19, "Protocol Options"},
                                      {20, "Session Requirement"},         {22, "Version Number"},
                                      {51, "Calling Session Selector"},    {52, "Called Session Selector"},
                                      {53, "Responding Session Selector"}, {193, "Session user data"}};
constexpr FieldDef kFields[kFieldCount] = {
    {"ses.type", "SPDU Type", FieldType::kUint, Show::kDec, 0, kTypes},
    {"ses.length", "Length", FieldType::kUint},
    {"ses.parameter_type", "Parameter type", FieldType::kUint, Show::kDec, 0, kParameters},
    {"ses.parameter_length", "Parameter length", FieldType::kUint},
    {"ses.calling_session_selector", "Calling Session Selector", FieldType::kBytes},
    {"ses.called_session_selector", "Called Session Selector", FieldType::kBytes},
    {"ses.responding_session_selector", "Responding Session Selector", FieldType::kBytes},
};
constexpr unsigned kMaxParameters = 32;

// One octet, or three of which the first says so.
std::size_t length(Cursor& in, LayerBuilder& out, Field field) {
  const Bytes where = in.peek(1);
  std::size_t value = in.u8();
  if (value == 0xff) value = in.u16();
  if (in.ok()) out.add(field, value, where);
  return value;
}

Bytes parameters(Cursor in, LayerBuilder& out) {
  constexpr std::uint8_t kAcceptItem = 5, kCalling = 51, kCalled = 52, kResponding = 53, kUserData = 193;
  Bytes user_data;
  for (unsigned i = 0; i < kMaxParameters && in.left() >= 2; ++i) {
    LayerBuilder::Subtree below(out);
    const std::uint8_t type = out.u8(in, kParameterType);
    const std::size_t size = length(in, out, kParameterLength);
    if (type == kAcceptItem) continue;  // its own parameters follow
    const Bytes value = in.take(size);
    if (!in.ok()) break;
    if (type == kCalling) out.add(kCallingSelector, value, value);
    if (type == kCalled) out.add(kCalledSelector, value, value);
    if (type == kResponding) out.add(kRespondingSelector, value, value);
    if (type == kUserData) user_data = value;
  }
  return user_data;
}

Outcome dissect_ses(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.peek(2);
  if (start.size() < 2) return Outcome::kNotMine;
  const std::uint8_t type = start[0];
  const bool known = std::ranges::any_of(kTypes, [type](const NamedValue& named) { return named.value == type; });
  if (!known || (type == kGiveTokens ? start[1] != 0 : start[1] == 0)) return Outcome::kNotMine;
  if (type != kGiveTokens && start[1] != 0xff && start[1] + std::size_t{2} != in.left()) return Outcome::kNotMine;
  out.u8(in, kType);
  const std::size_t size = length(in, out, kLength);
  Cursor part = in.sub(size);
  if (!in.ok()) return Outcome::kMalformed;
  if (out.wanted()) {
    const auto found = std::ranges::find(kTypes, std::uint64_t{type}, &NamedValue::value);
    out.info(found->name);
  }
  Bytes user_data = parameters(part, out);
  if (type == kGiveTokens && in.left() >= 2) {  // data: a second unit of the same number
    out.u8(in, kType);
    in.skip(length(in, out, kLength));
    user_data = in.rest();
  }
  if (!user_data.empty()) {
    Cursor user(user_data);
    if (!out.next("pres", user)) out.data(user);
  }
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ses_dissector{.name = "ses",
                                               .title = "ISO 8327-1 OSI Session Protocol",
                                               .column = "SES",
                                               .fields = kFields,
                                               .dissect = &dissect_ses,
                                               .carrier = true};

}  // namespace pr::dissect
