// NetBIOS session service (RFC 1002 4.3), and SMB directly over TCP, which frames messages the same way.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kType,
  kFlags,
  kFlagsE,
  kLength,
  kCalledName,
  kCallingName,
  kErrorCode,
  kRetargetIp,
  kRetargetPort,
  kFieldCount
};
enum Type : std::uint8_t {
  kMessage = 0x00,
  kRequest = 0x81,
  kPositive = 0x82,
  kNegative = 0x83,
  kRetarget = 0x84,
  kKeepAlive = 0x85,
};
constexpr NamedValue kTypes[] = {{kMessage, "Session message"},
                                 {kRequest, "Session request"},
                                 {kPositive, "Positive session response"},
                                 {kNegative, "Negative session response"},
                                 {kRetarget, "Retarget session response"},
                                 {kKeepAlive, "Session keep-alive"}};
constexpr NamedValue kErrors[] = {{0x80, "Not listening on called name"},
                                  {0x81, "Not listening for calling name"},
                                  {0x82, "Called name not present"},
                                  {0x83, "Called name present, but insufficient resources"},
                                  {0x8f, "Unspecified error"}};
constexpr FieldDef kFields[kFieldCount] = {
    {"nbss.type", "Message Type", FieldType::kUint, Show::kHex, 8, kTypes},
    {"nbss.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"nbss.flags.e", "Extend", FieldType::kBool},
    {"nbss.length", "Length", FieldType::kUint},
    {"nbss.called_name", "Called name", FieldType::kText},
    {"nbss.calling_name", "Calling name", FieldType::kText},
    {"nbss.error_code", "Error code", FieldType::kUint, Show::kHex, 8, kErrors},
    {"nbss.retarget_ip_address", "Retarget IP address", FieldType::kIpv4},
    {"nbss.retarget_port", "Retarget port", FieldType::kUint},
};
constexpr Bind kBinds[] = {{"tcp.port", 139}, {"tcp.port", 445}};
constexpr std::size_t kHeader = 4;
constexpr std::size_t kNameField = 34;  // length, 32 half octets, end
// Of longer messages, which carry file contents, the head is read and the rest is not kept.
constexpr std::size_t kMaxKept = 1U << 17U, kHead = 512;

bool is_smb(Bytes body) {
  const std::string_view text = as_text(body);
  if (text.size() < 4 || text.substr(1, 3) != "SMB") return false;
  const auto first = static_cast<std::uint8_t>(text[0]);
  return first >= 0xfc;
}

// 16 octets as 32 letters from A on; the last octet says what the name is for: "WS023<20>". Empty: no such name.
std::string netbios_name(Bytes field) {
  if (field.size() < kNameField || field[0] != 32) return {};
  std::string out;
  std::uint8_t last = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    const unsigned high = field[1 + 2 * i] - unsigned{'A'}, low = field[2 + 2 * i] - unsigned{'A'};
    if (high > 15 || low > 15) return {};
    last = static_cast<std::uint8_t>(high << 4U | low);
    if (i < 15) out += static_cast<char>(last);
  }
  while (out.ends_with(' ')) out.pop_back();
  static constexpr char kHex[] = "0123456789abcdef";
  return out + '<' + kHex[last >> 4U] + kHex[last & 15U] + '>';
}

void name(Cursor& in, LayerBuilder& out, Field field) {
  const Bytes octets = in.take(kNameField);
  if (in.ok() && out.wants(field)) out.add_text(field, netbios_name(octets), octets);
}

void session_service(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kRequest:
      name(in, out, kCalledName);
      name(in, out, kCallingName);
      break;
    case kNegative: out.u8(in, kErrorCode); break;
    case kRetarget:
      out.ipv4(in, kRetargetIp);
      out.u16(in, kRetargetPort);
      break;
    default: break;
  }
}

bool plausible(std::uint8_t type, std::uint32_t length) {
  switch (type) {
    case kMessage: return length >= 4;
    case kRequest: return length >= 2 * kNameField && length <= 600;
    case kPositive:
    case kKeepAlive: return length == 0;
    case kNegative: return length == 1;
    case kRetarget: return length == 6;
    default: return false;
  }
}

Outcome dissect_nbss(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  const std::uint8_t type = look.u8();
  const std::uint32_t length = look.u24();
  if (!look.ok()) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(kHeader);
    return Outcome::kNeedMore;
  }
  if (!plausible(type, length)) return Outcome::kNotMine;
  if (type == kMessage && look.left() >= 4 && !is_smb(look.peek(4))) return Outcome::kNotMine;
  const bool large = length > kMaxKept;
  const std::size_t wanted = large ? kHead : length;
  if (look.left() < wanted) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(kHeader + std::uint64_t{wanted});
    return Outcome::kNeedMore;
  }
  out.u8(in, kType);
  if (type == kMessage) {
    out.u24(in, kLength);
  } else {
    const Bytes where = in.peek(1);
    const std::uint8_t flags = out.u8(in, kFlags);
    {
      LayerBuilder::Subtree below(out);
      out.add(kFlagsE, flags & 1U, where);
    }
    out.u16(in, kLength);
  }
  Cursor body = in.sub(std::min<std::size_t>(length, in.left()));
  if (large) out.message_length(kHeader + std::uint64_t{length});
  if (type != kMessage) {
    session_service(type, body, out);
    if (out.wanted()) {
      const auto found = std::ranges::find(kTypes, std::uint64_t{type}, &NamedValue::value);
      out.info(found != std::end(kTypes) ? found->name : "Unknown");
    }
    return body.ok() ? Outcome::kDone : Outcome::kMalformed;
  }
  if (!out.next(Cursor(body.peek(1)).u8() == 0xff ? "smb" : "smb2", body)) out.data(body);
  return Outcome::kDone;
}

Likeness probe_nbss(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) return Likeness::kNo;
  Cursor in(start);
  const std::uint8_t type = in.u8();
  const std::uint32_t length = in.u24();
  if (!in.ok()) return Likeness::kMaybe;
  if (!plausible(type, length)) return Likeness::kNo;
  if (type == kMessage) {
    if (in.left() < 4) return Likeness::kMaybe;
    return is_smb(in.peek(4)) ? Likeness::kYes : Likeness::kNo;
  }
  if (type == kRequest && in.left() >= 2 * kNameField) {
    const bool names = !netbios_name(in.peek(kNameField)).empty();
    return names && length == 2 * kNameField ? Likeness::kYes : Likeness::kNo;
  }
  return Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector nbss_dissector{.name = "nbss",
                                                .title = "NetBIOS Session Service",
                                                .column = "NBSS",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_nbss,
                                                .probe = &probe_nbss,
                                                .stream = true,
                                                .carrier = true};

}  // namespace pr::dissect
