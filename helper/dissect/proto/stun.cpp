// STUN and TURN: RFC 8489 and 5389 (with the cookie) and 8656, over UDP and TCP. RFC 3489's messages are classicstun.
#include <algorithm>

#include "helper/dissect/dissector.h"
#include "helper/dissect/line.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kAttributeNames[] = {
    {0x0001, "MAPPED-ADDRESS"},
    {0x0002, "RESPONSE-ADDRESS"},
    {0x0003, "CHANGE-REQUEST"},
    {0x0004, "SOURCE-ADDRESS"},
    {0x0005, "CHANGED-ADDRESS"},
    {0x0006, "USERNAME"},
    {0x0007, "PASSWORD"},
    {0x0008, "MESSAGE-INTEGRITY"},
    {0x0009, "ERROR-CODE"},
    {0x000a, "UNKNOWN-ATTRIBUTES"},
    {0x000b, "REFLECTED-FROM"},
    {0x000c, "CHANNEL-NUMBER"},
    {0x000d, "LIFETIME"},
    {0x0012, "XOR-PEER-ADDRESS"},
    {0x0013, "DATA"},
    {0x0014, "REALM"},
    {0x0015, "NONCE"},
    {0x0016, "XOR-RELAYED-ADDRESS"},
    {0x0017, "REQUESTED-ADDRESS-FAMILY"},
    {0x0018, "EVEN-PORT"},
    {0x0019, "REQUESTED-TRANSPORT"},
    {0x001a, "DONT-FRAGMENT"},
    {0x001c, "MESSAGE-INTEGRITY-SHA256"},
    {0x001d, "PASSWORD-ALGORITHM"},
    {0x001e, "USERHASH"},
    {0x0020, "XOR-MAPPED-ADDRESS"},
    {0x0022, "RESERVATION-TOKEN"},
    {0x0024, "PRIORITY"},
    {0x0025, "USE-CANDIDATE"},
    {0x0026, "PADDING"},
    {0x0027, "RESPONSE-PORT"},
    {0x002a, "CONNECTION-ID"},
    {0x8022, "SOFTWARE"},
    {0x8023, "ALTERNATE-SERVER"},
    {0x8028, "FINGERPRINT"},
    {0x8029, "ICE-CONTROLLED"},
    {0x802a, "ICE-CONTROLLING"},
    {0x802b, "RESPONSE-ORIGIN"},
    {0x802c, "OTHER-ADDRESS"},
    {0xc057, "GOOG-NETWORK-INFO"},
};

enum Field : std::uint16_t {
  kType,
  kTypeClass,
  kTypeMethod,
  kTypeMethodAssignment,
  kLength,
  kCookie,
  kId,
  kNetworkVersion,
  kResponseTo,
  kTime,
  kAttributes,
  kAttribute,
  kAttType,
  kAttTypeComprehension,
  kAttTypeAssignment,
  kAttLength,
  kAttPadding,
  kAttReserved,
  kAttFamily,
  kAttPort,
  kAttPortXord,
  kAttIpv4,
  kAttIpv4Xord,
  kAttIpv6,
  kAttIpv6Xord,
  kAttUsername,
  kAttRealm,
  kAttNonce,
  kAttSoftware,
  kAttHmac,
  kAttCrc32,
  kAttCrc32Status,
  kAttErrorClass,
  kAttError,
  kAttErrorReason,
  kAttLifetime,
  kAttChannelnum,
  kAttTransp,
  kAttPriority,
  kAttTieBreaker,
  kAttChangeIp,
  kAttChangePort,
  kAttUnknown,
  kAttToken,
  kAttGoogleNetworkId,
  kAttGoogleNetworkCost,
  kValue,
  kUnknownAttribute,
  kWrongMsglen,
  kChannel,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"stun.type", "Message Type", FieldType::kUint, Show::kHex, 16},
    {"stun.type.class", "Message Class", FieldType::kUint, Show::kHex, 16},
    {"stun.type.method", "Message Method", FieldType::kUint, Show::kHex, 16},
    {"stun.type.method-assignment", "Message Method Assignment", FieldType::kUint, Show::kHex, 16},
    {"stun.length", "Message Length", FieldType::kUint},
    {"stun.cookie", "Message Cookie", FieldType::kBytes},
    {"stun.id", "Message Transaction ID", FieldType::kBytes},
    {"stun.network_version", "STUN Network Version", FieldType::kUint},
    {"stun.response-to", "Request In", FieldType::kUint},
    {"stun.time", "Time", FieldType::kDuration},
    {"stun.attributes", "Attributes", FieldType::kNone},
    {"stun.attribute", "Attribute Type", FieldType::kUint, Show::kHex, 16},
    {"stun.att.type", "Attribute Type", FieldType::kUint, Show::kHex, 16, kAttributeNames},
    {"stun.att.type.comprehension", "Attribute Type Comprehension", FieldType::kUint, Show::kHex, 16},
    {"stun.att.type.assignment", "Attribute Type Assignment", FieldType::kUint, Show::kHex, 16},
    {"stun.att.length", "Attribute Length", FieldType::kUint},
    {"stun.att.padding", "Padding", FieldType::kUint},
    {"stun.att.reserved", "Reserved", FieldType::kBytes},
    {"stun.att.family", "Protocol Family", FieldType::kUint, Show::kHex, 8},
    {"stun.att.port", "Port", FieldType::kUint},
    {"stun.att.port-xord", "Port (XOR-d)", FieldType::kBytes},
    {"stun.att.ipv4", "IP", FieldType::kIpv4},
    {"stun.att.ipv4-xord", "IP (XOR-d)", FieldType::kBytes},
    {"stun.att.ipv6", "IP", FieldType::kIpv6},
    {"stun.att.ipv6-xord", "IP (XOR-d)", FieldType::kBytes},
    {"stun.att.username", "Username", FieldType::kText},
    {"stun.att.realm", "Realm", FieldType::kText},
    {"stun.att.nonce", "Nonce", FieldType::kText},
    {"stun.att.software", "Software", FieldType::kText},
    {"stun.att.hmac", "HMAC-SHA1", FieldType::kBytes},
    {"stun.att.crc32", "CRC-32", FieldType::kUint, Show::kHex, 32},
    {"stun.att.crc32.status", "CRC-32 Status", FieldType::kUint},
    {"stun.att.error.class", "Error Class", FieldType::kUint},
    {"stun.att.error", "Error Code", FieldType::kUint},
    {"stun.att.error.reason", "Error Reason Phrase", FieldType::kText},
    {"stun.att.lifetime", "Lifetime", FieldType::kUint},
    {"stun.att.channelnum", "Channel-Number", FieldType::kUint, Show::kHex, 16},
    {"stun.att.transp", "Transport", FieldType::kUint, Show::kHex, 8},
    {"stun.att.priority", "Priority", FieldType::kUint},
    {"stun.att.tie-breaker", "Tie breaker", FieldType::kBytes},
    {"stun.att.change-ip", "Change IP", FieldType::kBool},
    {"stun.att.change-port", "Change Port", FieldType::kBool},
    {"stun.att.unknown", "Unknown Attribute", FieldType::kUint, Show::kHex, 16},
    {"stun.att.token", "Token", FieldType::kBytes},
    {"stun.att.google.network_id", "Google Network ID", FieldType::kUint},
    {"stun.att.google.network_cost", "Google Network Cost", FieldType::kUint},
    {"stun.value", "Value", FieldType::kBytes},
    {"stun.unknown_attribute", "Attribute unknown", FieldType::kNone},
    {"stun.wrong_msglen", "Packet length is not multiple of 4 bytes", FieldType::kNone},
    {"stun.channel", "Channel Number", FieldType::kUint, Show::kHex, 16},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 3478}, {"tcp.port", 3478}};
constexpr std::uint32_t kCookieValue = 0x2112a442;
constexpr std::size_t kHeader = 20, kChannelHeader = 4;
constexpr std::uint8_t kIpv4 = 1, kIpv6 = 2;
enum : std::uint16_t { kRequest = 0, kIndication = 1, kSuccess = 2, kError = 3 };  // class

std::uint16_t class_of(std::uint16_t type) { return static_cast<std::uint16_t>((type >> 7U & 2U) | (type >> 4U & 1U)); }
std::uint16_t method_of(std::uint16_t type) {
  return static_cast<std::uint16_t>((type & 0xfU) | (type >> 1U & 0x70U) | (type >> 2U & 0xf80U));
}

// RFC 8489 18.2: methods above 0xff are assigned to nobody.
bool known_space(std::uint16_t type) { return type < 0x4000 && method_of(type) <= 0xff; }

std::string_view method_name(std::uint16_t method) {
  switch (method) {
    case 1: return "Binding";
    case 2: return "SharedSecret";
    case 3: return "Allocate";
    case 4: return "Refresh";
    case 6: return "Send";
    case 7: return "Data";
    case 8: return "CreatePermission";
    case 9: return "Channel-Bind";
    case 10: return "Connect";
    case 11: return "ConnectionBind";
    case 12: return "ConnectionAttempt";
    default: return "Unknown";
  }
}

std::string_view attribute_name(std::uint16_t type) {
  const auto* const found = std::ranges::find(kAttributeNames, type, &NamedValue::value);
  return found == std::end(kAttributeNames) ? std::string_view{} : found->name;
}

// Everything that a message says beyond its fields.
struct Said {
  Line line;
  std::array<Message::Item, 6> items;
  std::size_t used = 0;
  std::string_view name;
  std::int64_t status = -1;
  Bytes message;  // from its first octet on

  void item(Field field, Value value) {
    if (used < items.size()) items[used++] = {field, value};
  }
};

// mask: cookie and transaction id, which hide the address of XOR- attributes; empty for plain ones.
void address(std::uint16_t type, Cursor& value, Bytes mask, LayerBuilder& out, Said& said) {
  out.bytes(value, kAttReserved, 1);
  const std::uint8_t family = out.u8(value, kAttFamily);
  const Bytes port_at = value.peek(2);
  std::uint16_t port = value.u16();
  const std::size_t size = family == kIpv4 ? 4 : family == kIpv6 ? 16 : 0;
  const Bytes at = value.take(size);
  if (!value.ok() || size == 0) return;
  std::array<std::uint8_t, 16> octets{};
  std::copy(at.begin(), at.end(), octets.begin());
  if (!mask.empty()) {
    out.add(kAttPortXord, port_at, port_at);
    port ^= static_cast<std::uint16_t>(mask[0] << 8U | mask[1]);
    for (std::size_t i = 0; i < size; ++i) octets[i] ^= mask[i];
  }
  out.add(kAttPort, port, port_at);
  if (!mask.empty()) out.add(size == 4 ? kAttIpv4Xord : kAttIpv6Xord, at, at);
  const IpAddress found = IpAddress::from(Bytes(octets.data(), size));
  said.line << " " << attribute_name(type) << ": " << found.text() << ":" << port;
  if (size == 4) {
    out.add(kAttIpv4, found.v4_value(), at);
    said.item(kAttIpv4, Value::of(std::uint64_t{found.v4_value()}));
  } else if (out.wants(kAttIpv6)) {
    out.add_text(kAttIpv6, as_text(Bytes(octets.data(), size)), at);
  }
}

void text(Field field, Cursor& value, LayerBuilder& out, Said& said) {
  const Bytes words = out.bytes(value, field, value.left());
  if (field == kAttUsername) said.name = as_text(words);
  said.item(field, Value::of(words));
}

void error(Cursor& value, LayerBuilder& out, Said& said) {
  out.bytes(value, kAttReserved, 2);
  const Bytes at = value.peek(1);
  const unsigned hundreds = value.u8() & 7U;
  out.add(kAttErrorClass, hundreds, at);
  const unsigned rest = out.u8(value, kAttError);
  if (!value.ok()) return;
  said.status = hundreds * 100 + rest;
  said.line << " error-code: " << static_cast<std::uint64_t>(said.status);
  if (value.left() > 0) said.line << " " << as_text(out.bytes(value, kAttErrorReason, value.left()));
}

// RFC 8489 14.7: over the message up to this attribute.
void fingerprint(Cursor& value, LayerBuilder& out, const Said& said) {
  const std::uint32_t stated = out.u32(value, kAttCrc32);
  if (!value.ok() || !out.wants(kAttCrc32Status)) return;
  const auto size = static_cast<std::size_t>(value.all().data() - 4 - said.message.data());
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t octet : said.message.first(size)) {
    crc ^= octet;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  out.add(kAttCrc32Status, (~crc ^ 0x5354554eU) == stated ? 1 : 0, {});
}

void numbers(std::uint16_t type, Cursor& value, LayerBuilder& out, Said& said) {
  switch (type) {
    case 0x0003: {
      const Bytes where = value.peek(4);
      const std::uint32_t flags = value.u32();
      if (!value.ok()) return;
      out.add(kAttChangeIp, flags >> 2U & 1U, where);
      out.add(kAttChangePort, flags >> 1U & 1U, where);
      return;
    }
    case 0x0008:
    case 0x001c: out.bytes(value, kAttHmac, value.left()); return;
    case 0x000a:
      while (value.left() >= 2) out.u16(value, kAttUnknown);
      return;
    case 0x000c: {
      const std::uint16_t channel = out.u16(value, kAttChannelnum);
      if (value.ok()) said.line << " ChannelNumber=";
      if (value.ok()) said.line.hex(channel);
      out.bytes(value, kAttReserved, 2);
      return;
    }
    case 0x000d: {
      const std::uint32_t seconds = out.u32(value, kAttLifetime);
      if (value.ok()) said.line << " lifetime: " << seconds;
      return;
    }
    case 0x0019: {
      const std::uint8_t transport = out.u8(value, kAttTransp);
      if (value.ok() && (transport == 17 || transport == 6)) said.line << (transport == 17 ? " UDP" : " TCP");
      out.bytes(value, kAttReserved, 3);
      return;
    }
    case 0x0022: out.bytes(value, kAttToken, 8); return;
    case 0x0024: out.u32(value, kAttPriority); return;
    case 0x8028: return fingerprint(value, out, said);
    case 0x8029:
    case 0x802a: out.bytes(value, kAttTieBreaker, 8); return;
    case 0xc057:
      out.u16(value, kAttGoogleNetworkId);
      out.u16(value, kAttGoogleNetworkCost);
      return;
    case 0x0025:
    case 0x001a: return;  // flags without a value
    case 0x0013:
      if (value.left() > 0) out.bytes(value, kValue, value.left());
      return;
    default: break;
  }
  if (value.left() > 0) out.bytes(value, kValue, value.left());
}

void attribute_value(std::uint16_t type, Cursor& value, Bytes mask, LayerBuilder& out, Said& said) {
  switch (type) {
    case 0x0001:
    case 0x0002:
    case 0x0004:
    case 0x0005:
    case 0x000b:
    case 0x8023:
    case 0x802b:
    case 0x802c: return address(type, value, {}, out, said);
    case 0x0012:
    case 0x0016:
    case 0x0020: return address(type, value, mask, out, said);
    case 0x0006:
      text(kAttUsername, value, out, said);
      said.line << " user: " << said.name;
      return;
    case 0x0014: said.line << " realm: " << as_text(value.rest()); return text(kAttRealm, value, out, said);
    case 0x0015: said.line << " with nonce"; return text(kAttNonce, value, out, said);
    case 0x8022: return text(kAttSoftware, value, out, said);
    case 0x0009: return error(value, out, said);
    default: return numbers(type, value, out, said);
  }
}

void attributes(Cursor& in, Bytes mask, LayerBuilder& out, Said& said) {
  if (in.left() == 0) return;
  out.mark(kAttributes, in.rest());
  const LayerBuilder::Subtree all(out);
  while (in.left() >= 4) {
    Cursor look = in;
    const std::uint16_t type = look.u16(), length = look.u16();
    const Bytes where = in.peek(2);
    const Bytes whole = in.peek(std::size_t{4} + length);
    const bool known = !attribute_name(type).empty();
    known ? out.add(kAttribute, type, whole) : out.mark(kUnknownAttribute, whole);
    const LayerBuilder::Subtree tree(out);
    in.skip(2);
    if (known) {
      out.add(kAttType, type, where);
      out.add(kAttTypeComprehension, type >> 15U, where);
      out.add(kAttTypeAssignment, type >> 14U & 1U, where);
    }
    out.u16(in, kAttLength);
    Cursor value = in.sub(length);
    if (!in.ok()) return;
    attribute_value(type, value, mask, out, said);
    const std::size_t padding = (4 - length % 4U) % 4;
    if (padding > 0) out.add(kAttPadding, padding, in.peek(padding));
    in.skip(std::min(padding, in.left()));
  }
}

void relations(LayerBuilder& out) {
  const PacketFacts* facts = out.facts();
  if (facts == nullptr || facts->request_frame == 0) return;
  out.add(kResponseTo, facts->request_frame, {});
  out.add(kTime, static_cast<std::uint64_t>(to_ns(out.packet().ts) - to_ns(facts->request_ts)), {});
}

// A datagram is one message: its length has to fit, unless the capture cut it short.
bool fits(std::size_t stated, std::size_t slack, const Cursor& in, const LayerBuilder& out) {
  if (in.left() > stated + slack) return false;
  return in.left() >= stated || out.packet().bytes.size() < out.packet().wire_len;
}

Outcome channel_data(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  look.skip(2);
  const std::size_t length = look.u16();
  const bool tcp = out.frame().transport == Transport::kTcp;
  const std::size_t total = kChannelHeader + (tcp ? (length + 3) & ~std::size_t{3} : length);
  if (!look.ok() || (tcp && in.left() < total)) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(look.ok() ? total : kChannelHeader);
    return Outcome::kNeedMore;
  }
  if (!tcp && !fits(total, 3, in, out)) return Outcome::kNotMine;
  out.u16(in, kChannel);
  out.u16(in, kLength);
  if (out.wanted()) out.info("ChannelData TURN Message");
  Cursor data = in.sub(std::min(length, in.left()));
  const bool whole = data.left() == length;
  out.data(data);
  in.skip(std::min(total - kChannelHeader - length, in.left()));
  return whole ? Outcome::kDone : Outcome::kTruncated;
}

void header(std::uint16_t type, Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  out.u16(in, kType);
  {
    const LayerBuilder::Subtree tree(out);
    out.add(kTypeClass, (type & 0x110U) >> 4U, where);
    out.add(kTypeMethod, type & 0x3eefU, where);
    out.add(kTypeMethodAssignment, type >> 13U & 1U, where);
  }
  if (out.u16(in, kLength) % 4 != 0) out.mark(kWrongMsglen, {});
}

Outcome dissect_stun(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  const std::uint16_t type = look.u16(), length = look.u16();
  if (look.ok() && type >= 0x4000 && type < 0x8000) return channel_data(in, out);
  const std::uint32_t cookie = look.u32();
  const bool tcp = out.frame().transport == Transport::kTcp;
  if (tcp && (!look.ok() || (cookie == kCookieValue && in.left() < kHeader + length))) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(look.ok() ? kHeader + length : 8);
    return Outcome::kNeedMore;
  }
  if (!look.ok() || !known_space(type) || cookie != kCookieValue) return Outcome::kNotMine;
  if (!tcp && !fits(kHeader + length, 0, in, out)) return Outcome::kNotMine;
  const std::uint16_t kind = class_of(type);
  if (kind >= kSuccess) relations(out);
  header(type, in, out);
  const Bytes mask = in.peek(16);
  out.bytes(in, kCookie, 4);
  const Bytes id = out.bytes(in, kId, 12);
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kNetworkVersion, 3, {});
  Said said;
  said.message = in.all();
  said.line << method_name(method_of(type))
            << (kind == kRequest      ? " Request"
                : kind == kIndication ? " Indication"
                : kind == kSuccess    ? " Success Response"
                                      : " Error Response");
  const bool whole = in.left() >= length;
  Cursor body = in.sub(std::min<std::size_t>(length, in.left()));
  attributes(body, mask, out, said);
  if (out.wanted()) out.info(std::string(said.line.text()));
  Cursor number(id);
  const std::uint64_t low = number.u64();
  out.message({.role = kind == kRequest      ? Message::Role::kRequest
                       : kind == kIndication ? Message::Role::kEvent
                                             : Message::Role::kResponse,
               .id = (low ^ std::uint64_t{number.u32()} << 32U) | 1U,
               .name = said.name,
               .summary = said.line.text(),
               .status = said.status,
               .items = {said.items.data(), said.used}});
  if (!body.ok()) return Outcome::kMalformed;
  return whole ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_stun(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  const std::uint16_t type = in.u16(), length = in.u16();
  if (!in.ok()) return Likeness::kNo;
  if (type >= 0x4000 && type < 0x8000) {
    const bool fits = hint.tcp || start.size() - kChannelHeader <= length + 3U;
    return fits && length > 0 ? Likeness::kMaybe : Likeness::kNo;
  }
  const bool cookie = in.u32() == kCookieValue && in.ok();
  if (!cookie || !known_space(type) || (!hint.tcp && start.size() > kHeader + length)) return Likeness::kNo;
  return Likeness::kYes;
}

}  // namespace

extern constinit const Dissector stun_dissector{.name = "stun",
                                                .title = "Session Traversal Utilities for NAT",
                                                .column = "STUN",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_stun,
                                                .probe = &probe_stun,
                                                .stream = true,
                                                .datagram = true,
                                                .carrier = true};  // it prepares the way for what follows

}  // namespace pr::dissect
