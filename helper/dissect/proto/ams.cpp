// AMS, the transport of Beckhoff's ADS, over TCP: a head of 6 octets, routing, command, and what it asks for.
#include <string>

#include "helper/dissect/bits.h"
#include "helper/dissect/dissector.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kCommands[] = {{0, "Invalid"},
                                    {1, "ADS Read Device Info"},
                                    {2, "ADS Read"},
                                    {3, "ADS Write"},
                                    {4, "ADS Read State"},
                                    {5, "ADS Write Control"},
                                    {6, "ADS Add Device Notification"},
                                    {7, "ADS Delete Device Notification"},
                                    {8, "ADS Device Notification"},
                                    {9, "ADS Read Write"}};

enum : std::size_t {
  kTargetnetid,
  kTargetport,
  kSendernetid,
  kSenderport,
  kCmdid,
  kStateflags,
  kStateResponse,
  kStateNoreturn,
  kStateAdscmd,
  kStateSyscmd,
  kStateHighprio,
  kStateTimestampadded,
  kStateUdp,
  kStateInitcmd,
  kStateBroadcast,
  kCbdata,
  kErrorcode,
  kInvokeid,
  kAdsresult,
  kAdsIndexgroup,
  kAdsIndexoffset,
  kAdsCblength
};

constexpr FieldDef kFields[] = {
    {"ams.targetnetid", "AMS Target Net Id", FieldType::kText},
    {"ams.targetport", "AMS Target port", FieldType::kUint},
    {"ams.sendernetid", "AMS Sender Net Id", FieldType::kText},
    {"ams.senderport", "AMS Sender port", FieldType::kUint},
    {"ams.cmdid", "CmdId", FieldType::kUint, Show::kDec, 0, kCommands},
    {"ams.stateflags", "StateFlags", FieldType::kUint, Show::kHex, 16},
    {"ams.state_response", "RESPONSE", FieldType::kBool},
    {"ams.state_noreturn", "NO RETURN", FieldType::kBool},
    {"ams.state_adscmd", "ADS COMMAND", FieldType::kBool},
    {"ams.state_syscmd", "SYSTEM COMMAND", FieldType::kBool},
    {"ams.state_highprio", "HIGH PRIORITY COMMAND", FieldType::kBool},
    {"ams.state_timestampadded", "TIMESTAMP ADDED", FieldType::kBool},
    {"ams.state_udp", "UDP COMMAND", FieldType::kBool},
    {"ams.state_initcmd", "INIT COMMAND", FieldType::kBool},
    {"ams.state_broadcast", "BROADCAST", FieldType::kBool},
    {"ams.cbdata", "cbData", FieldType::kUint},
    {"ams.errorcode", "ErrorCode", FieldType::kUint, Show::kHex, 32},
    {"ams.invokeid", "InvokeId", FieldType::kUint, Show::kHex, 32},
    {"ams.adsresult", "Result", FieldType::kUint, Show::kHex, 32},
    {"ams.ads_indexgroup", "IndexGroup", FieldType::kUint, Show::kHex, 32},
    {"ams.ads_indexoffset", "IndexOffset", FieldType::kUint, Show::kHex, 32},
    {"ams.ads_cblength", "CbLength", FieldType::kUint},
};

constexpr Bind kBinds[] = {{"tcp.port", 48898}};
constexpr std::size_t kTcpHead = 6, kHead = 32;
constexpr std::uint32_t kMaxLength = 16U << 20U;

void net_id(Cursor& in, LayerBuilder& out, std::size_t field) {
  const Bytes at = in.take(6);
  if (!out.wanted() || at.empty()) return;
  std::string text;
  for (const std::uint8_t octet : at) text += (text.empty() ? "" : ".") + std::to_string(octet);
  out.add_text(field, text, at);
}

void body(Cursor& in, LayerBuilder& out, std::uint16_t command, bool response) {
  if (response) {
    if (command != 8 && in.left() >= 4) out.u32le(in, kAdsresult);
    if ((command == 2 || command == 9) && in.left() >= 4) out.u32le(in, kAdsCblength);
    return;
  }
  if (command == 2 || command == 3 || command == 6 || command == 9) {
    out.u32le(in, kAdsIndexgroup);
    out.u32le(in, kAdsIndexoffset);
    out.u32le(in, kAdsCblength);
  }
}

Outcome dissect_ams(Cursor& in, LayerBuilder& out) {
  Cursor look(in.peek(kTcpHead));
  const std::uint16_t reserved = look.u16le();
  const std::uint32_t length = look.u32le();
  if (look.ok() && (reserved != 0 || length < kHead || length > kMaxLength)) return Outcome::kNotMine;
  if (!look.ok() || in.left() < kTcpHead + length) {
    if (out.at_end()) return look.ok() ? Outcome::kTruncated : Outcome::kNotMine;
    out.need(look.ok() ? kTcpHead + std::uint64_t{length} : kTcpHead);
    return Outcome::kNeedMore;
  }
  in.skip(kTcpHead);
  Cursor part = in.sub(length);
  net_id(part, out, kTargetnetid);
  out.u16le(part, kTargetport);
  net_id(part, out, kSendernetid);
  out.u16le(part, kSenderport);
  const std::uint16_t command = out.u16le(part, kCmdid);
  const Bytes at = part.peek(2);
  const std::uint16_t flags = out.u16le(part, kStateflags);
  {
    const LayerBuilder::Subtree deeper(out);
    add_bits(out, flags, at,
             {{kStateResponse, 0},
              {kStateNoreturn, 1},
              {kStateAdscmd, 2},
              {kStateSyscmd, 3},
              {kStateHighprio, 4},
              {kStateTimestampadded, 5},
              {kStateUdp, 6},
              {kStateInitcmd, 7},
              {kStateBroadcast, 15}});
  }
  out.u32le(part, kCbdata);
  const std::uint32_t error = out.u32le(part, kErrorcode);
  const std::uint32_t invoke = out.u32le(part, kInvokeid);
  const bool response = (flags & 1U) != 0;
  const std::string_view name = value_name(kCommands, command);
  const Message::Item items[] = {{static_cast<std::uint16_t>(kCmdid), Value::of(std::uint64_t{command})}};
  out.message({.role = command == 8 ? Message::Role::kEvent
                       : response   ? Message::Role::kResponse
                                    : Message::Role::kRequest,
               .id = 1ULL << 32U | invoke,
               .name = name,
               .status = response ? std::int64_t{error} : -1,
               .items = items});
  if (out.wanted()) out.info(std::string(name) + (response ? " Response" : " Request"));
  body(part, out, command, response);
  return Outcome::kDone;
}

Likeness probe_ams(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  const std::uint16_t reserved = in.u16le();
  const std::uint32_t length = in.u32le();
  in.skip(16);
  const std::uint16_t command = in.u16le(), flags = in.u16le();
  const std::uint32_t data = in.u32le();
  if (!hint.tcp || !in.ok() || reserved != 0 || length < kHead || length != data + kHead) return Likeness::kNo;
  return command <= 9 && (flags & 4U) != 0 ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector ams_dissector{.name = "ams",
                                               .title = "AMS",
                                               .column = "AMS",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_ams,
                                               .probe = &probe_ams,
                                               .stream = true};

}  // namespace pr::dissect
