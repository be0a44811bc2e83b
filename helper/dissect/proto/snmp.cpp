// SNMP v1 (RFC 1157), v2c (RFC 3416) and v3 (RFC 3412, 3414): messages in BER, variables with their names as numbers.
#include <algorithm>

#include "helper/dissect/ber.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/line.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kVersionNames[] = {{0, "version-1"}, {1, "v2c"}, {2, "v2u"}, {3, "snmpv3"}};
constexpr NamedValue kPduNames[] = {
    {0, "get-request"},    {1, "get-next-request"}, {2, "get-response"}, {3, "set-request"}, {4, "trap"},
    {5, "getBulkRequest"}, {6, "informRequest"},    {7, "snmpV2-trap"},  {8, "report"}};
constexpr NamedValue kErrorNames[] = {{0, "noError"},
                                      {1, "tooBig"},
                                      {2, "noSuchName"},
                                      {3, "badValue"},
                                      {4, "readOnly"},
                                      {5, "genErr"},
                                      {6, "noAccess"},
                                      {7, "wrongType"},
                                      {8, "wrongLength"},
                                      {9, "wrongEncoding"},
                                      {10, "wrongValue"},
                                      {11, "noCreation"},
                                      {12, "inconsistentValue"},
                                      {13, "resourceUnavailable"},
                                      {14, "commitFailed"},
                                      {15, "undoFailed"},
                                      {16, "authorizationError"},
                                      {17, "notWritable"},
                                      {18, "inconsistentName"}};
constexpr NamedValue kGenericNames[] = {
    {0, "coldStart"},       {1, "warmStart"},         {2, "linkDown"}, {3, "linkUp"}, {4, "authenticationFailure"},
    {5, "egpNeighborLoss"}, {6, "enterpriseSpecific"}};

enum Field : std::uint16_t {
  kVersion,
  kCommunity,
  kData,
  kGetRequestElement,
  kGetNextRequestElement,
  kGetResponseElement,
  kSetRequestElement,
  kTrapElement,
  kGetBulkRequestElement,
  kInformRequestElement,
  kSnmpV2TrapElement,
  kReportElement,
  kRequestId,
  kErrorStatus,
  kErrorIndex,
  kNonRepeaters,
  kMaxRepetitions,
  kVariableBindings,
  kName,
  kValueNull,
  kValueInt,
  kValueOctets,
  kValueOid,
  kValueIpv4,
  kValueCounter,
  kValueG32,
  kValueU32,
  kValueTimeticks,
  kValueOpaque,
  kNoSuchObject,
  kNoSuchInstance,
  kEndOfMibView,
  kEnterprise,
  kAgentAddr,
  kGenericTrap,
  kSpecificTrap,
  kTimeStamp,
  kMsgVersion,
  kMsgGlobalDataElement,
  kMsgID,
  kMsgMaxSize,
  kMsgFlags,
  kV3FlagsAuth,
  kV3FlagsCrypt,
  kV3FlagsReport,
  kMsgSecurityModel,
  kMsgAuthoritativeEngineID,
  kMsgAuthoritativeEngineBoots,
  kMsgAuthoritativeEngineTime,
  kMsgUserName,
  kMsgAuthenticationParameters,
  kMsgPrivacyParameters,
  kMsgData,
  kPlaintextElement,
  kEncryptedPDU,
  kContextEngineID,
  kContextName,
  kEngineidConform,
  kEngineidEnterprise,
  kEngineidFormat,
  kEngineidIpv4,
  kEngineidIpv6,
  kEngineidMac,
  kEngineidText,
  kEngineidData,
  kEngineidTime,
  kResponseTo,
  kTime,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"snmp.version", "version", FieldType::kInt, Show::kDec, 0, kVersionNames},
    {"snmp.community", "community", FieldType::kText},
    {"snmp.data", "data", FieldType::kUint, Show::kDec, 0, kPduNames},
    {"snmp.get_request_element", "get-request", FieldType::kNone},
    {"snmp.get_next_request_element", "get-next-request", FieldType::kNone},
    {"snmp.get_response_element", "get-response", FieldType::kNone},
    {"snmp.set_request_element", "set-request", FieldType::kNone},
    {"snmp.trap_element", "trap", FieldType::kNone},
    {"snmp.getBulkRequest_element", "getBulkRequest", FieldType::kNone},
    {"snmp.informRequest_element", "informRequest", FieldType::kNone},
    {"snmp.snmpV2_trap_element", "snmpV2-trap", FieldType::kNone},
    {"snmp.report_element", "report", FieldType::kNone},
    {"snmp.request_id", "request-id", FieldType::kInt},
    {"snmp.error_status", "error-status", FieldType::kInt, Show::kDec, 0, kErrorNames},
    {"snmp.error_index", "error-index", FieldType::kInt},
    {"snmp.non_repeaters", "non-repeaters", FieldType::kUint},
    {"snmp.max_repetitions", "max-repetitions", FieldType::kUint},
    {"snmp.variable_bindings", "variable-bindings", FieldType::kUint},
    {"snmp.name", "Object Name", FieldType::kText},
    {"snmp.value.null", "Value (Null)", FieldType::kNone},
    {"snmp.value.int", "Value (Integer32)", FieldType::kInt},
    {"snmp.value.octets", "Value (OctetString)", FieldType::kBytes},
    {"snmp.value.oid", "Value (OID)", FieldType::kText},
    {"snmp.value.ipv4", "Value (IpAddress)", FieldType::kIpv4},
    {"snmp.value.counter", "Value (Counter32)", FieldType::kUint},
    {"snmp.value.g32", "Value (Gauge32)", FieldType::kInt},
    {"snmp.value.u32", "Value (Unsigned32)", FieldType::kInt},
    {"snmp.value.timeticks", "Value (Timeticks)", FieldType::kUint},
    {"snmp.value.opaque", "Value (Opaque)", FieldType::kBytes},
    {"snmp.noSuchObject", "noSuchObject", FieldType::kNone},
    {"snmp.noSuchInstance", "noSuchInstance", FieldType::kNone},
    {"snmp.endOfMibView", "endOfMibView", FieldType::kNone},
    {"snmp.enterprise", "enterprise", FieldType::kText},
    {"snmp.agent_addr", "agent-addr", FieldType::kIpv4},
    {"snmp.generic_trap", "generic-trap", FieldType::kInt, Show::kDec, 0, kGenericNames},
    {"snmp.specific_trap", "specific-trap", FieldType::kInt},
    {"snmp.time_stamp", "time-stamp", FieldType::kUint},
    {"snmp.msgVersion", "msgVersion", FieldType::kInt, Show::kDec, 0, kVersionNames},
    {"snmp.msgGlobalData_element", "msgGlobalData", FieldType::kNone},
    {"snmp.msgID", "msgID", FieldType::kUint},
    {"snmp.msgMaxSize", "msgMaxSize", FieldType::kUint},
    {"snmp.msgFlags", "msgFlags", FieldType::kBytes},
    {"snmp.v3.flags.auth", "Authenticated", FieldType::kBool},
    {"snmp.v3.flags.crypt", "Encrypted", FieldType::kBool},
    {"snmp.v3.flags.report", "Reportable", FieldType::kBool},
    {"snmp.msgSecurityModel", "msgSecurityModel", FieldType::kUint},
    {"snmp.msgAuthoritativeEngineID", "msgAuthoritativeEngineID", FieldType::kBytes},
    {"snmp.msgAuthoritativeEngineBoots", "msgAuthoritativeEngineBoots", FieldType::kUint},
    {"snmp.msgAuthoritativeEngineTime", "msgAuthoritativeEngineTime", FieldType::kUint},
    {"snmp.msgUserName", "msgUserName", FieldType::kText},
    {"snmp.msgAuthenticationParameters", "msgAuthenticationParameters", FieldType::kBytes},
    {"snmp.msgPrivacyParameters", "msgPrivacyParameters", FieldType::kBytes},
    {"snmp.msgData", "msgData", FieldType::kUint},
    {"snmp.plaintext_element", "plaintext", FieldType::kNone},
    {"snmp.encryptedPDU", "encryptedPDU", FieldType::kBytes},
    {"snmp.contextEngineID", "contextEngineID", FieldType::kBytes},
    {"snmp.contextName", "contextName", FieldType::kText},
    {"snmp.engineid.conform", "Engine ID Conformance", FieldType::kBool},
    {"snmp.engineid.enterprise", "Engine Enterprise ID", FieldType::kUint},
    {"snmp.engineid.format", "Engine ID Format", FieldType::kUint},
    {"snmp.engineid.ipv4", "Engine ID Data: IPv4 address", FieldType::kIpv4},
    {"snmp.engineid.ipv6", "Engine ID Data: IPv6 address", FieldType::kIpv6},
    {"snmp.engineid.mac", "Engine ID Data: MAC address", FieldType::kEther},
    {"snmp.engineid.text", "Engine ID Data: Text", FieldType::kText},
    {"snmp.engineid.data", "Engine ID Data", FieldType::kBytes},
    {"snmp.engineid.time", "Engine ID Data: Creation Time", FieldType::kTime},
    {"snmp.response_to", "Response To", FieldType::kUint},
    {"snmp.time", "Time", FieldType::kDuration},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 161}, {"udp.port", 162}};
constexpr std::uint8_t kV3 = 3, kEncrypted = 2;
constexpr unsigned kGetResponse = 2, kTrap = 4, kGetBulk = 5, kV2Trap = 7, kReport = 8;
constexpr Field kPduFields[] = {kGetRequestElement,    kGetNextRequestElement, kGetResponseElement,
                                kSetRequestElement,    kTrapElement,           kGetBulkRequestElement,
                                kInformRequestElement, kSnmpV2TrapElement,     kReportElement};

struct Said {
  Line line;
  std::uint64_t id = 0;
  std::int64_t status = -1;
  unsigned pdu = 0;
  Bytes community, user;
  Bytes first;  // name of the first variable, BER
};

std::uint64_t integer(Cursor& in, LayerBuilder& out, Field field) {
  ber::Element element;
  if (!ber::expect(in, ber::kInteger, &element)) return 0;
  const auto value = static_cast<std::uint64_t>(ber::signed_integer(element.contents));
  out.add(field, value, element.contents);
  return value;
}

std::uint64_t natural(Cursor& in, LayerBuilder& out, Field field) {
  ber::Element element;
  if (!ber::expect(in, ber::kInteger, &element)) return 0;
  const std::uint64_t value = ber::unsigned_integer(element.contents) & 0xffffffffU;
  out.add(field, value, element.contents);
  return value;
}

Bytes octets(Cursor& in, LayerBuilder& out, Field field) {
  ber::Element element;
  if (!ber::expect(in, ber::kOctetString, &element)) return {};
  out.add(field, element.contents, element.contents);
  return element.contents;
}

void oid(const ber::Element& element, LayerBuilder& out, Field field) {
  if (out.wants(field)) out.add_text(field, ber::OidText(element.contents).text(), element.contents);
}

void value(const ber::Element& element, LayerBuilder& out) {
  const Bytes contents = element.contents;
  const auto number = [&](Field field) { out.add(field, ber::unsigned_integer(contents), contents); };
  switch (element.identifier) {
    case ber::kInteger: out.add(kValueInt, static_cast<std::uint64_t>(ber::signed_integer(contents)), contents); return;
    case ber::kOctetString: out.add(kValueOctets, contents, contents); return;
    case ber::kNull: out.mark(kValueNull, contents); return;
    case ber::kObjectIdentifier: oid(element, out, kValueOid); return;
    case 0x40:
      if (contents.size() == 4) number(kValueIpv4);
      return;
    case 0x41:
    case 0x46: number(kValueCounter); return;
    case 0x42: number(kValueG32); return;
    case 0x47: number(kValueU32); return;
    case 0x43: number(kValueTimeticks); return;
    case 0x44: out.add(kValueOpaque, contents, contents); return;
    case 0x80: out.mark(kNoSuchObject, contents); return;
    case 0x81: out.mark(kNoSuchInstance, contents); return;
    case 0x82: out.mark(kEndOfMibView, contents); return;
    default: return;
  }
}

void variables(Cursor& in, LayerBuilder& out, Said& said) {
  ber::Element list, pair, name, bound;
  if (!ber::expect(in, ber::kSequence, &list)) return;
  if (out.wanted()) {
    std::uint64_t count = 0;
    for (Cursor look = list.in(); ber::next(look, &pair);) ++count;
    out.add(kVariableBindings, count, list.whole);
  }
  const LayerBuilder::Subtree tree(out);
  for (Cursor pairs = list.in(); pairs.left() > 0;) {
    if (!ber::expect(pairs, ber::kSequence, &pair)) break;
    Cursor parts = pair.in();
    if (!ber::expect(parts, ber::kObjectIdentifier, &name)) break;
    if (said.first.empty()) said.first = name.contents;
    if (!out.wanted()) break;  // the first name is all that anybody else asks for
    const ber::OidText text(name.contents);
    said.line << " " << text.text();
    out.add_text(kName, text.text(), name.contents);
    const LayerBuilder::Subtree below(out);
    if (ber::next(parts, &bound)) value(bound, out);
  }
}

void old_trap(Cursor& in, LayerBuilder& out, Said& said) {
  ber::Element element;
  if (!ber::expect(in, ber::kObjectIdentifier, &element)) return;
  oid(element, out, kEnterprise);
  said.first = element.contents;
  if (!ber::expect(in, 0x40, &element)) return;
  if (element.contents.size() == 4) out.add(kAgentAddr, ber::unsigned_integer(element.contents), element.contents);
  integer(in, out, kGenericTrap);
  integer(in, out, kSpecificTrap);
  if (!ber::expect(in, 0x43, &element)) return;
  out.add(kTimeStamp, ber::unsigned_integer(element.contents), element.contents);
}

// False: not a PDU that SNMP knows, or a damaged one.
bool pdu(Cursor& in, LayerBuilder& out, Said& said) {
  ber::Element element;
  if (!ber::next(in, &element)) return false;
  if ((element.identifier & 0xe0U) != 0xa0U || element.number > kReport) return false;
  said.pdu = element.number;
  out.add(kData, said.pdu, element.whole);
  const LayerBuilder::Subtree outer(out);
  out.mark(kPduFields[said.pdu], element.contents);
  const LayerBuilder::Subtree tree(out);
  said.line << kPduNames[said.pdu].name;
  Cursor parts = element.in();
  if (said.pdu == kTrap) {
    old_trap(parts, out, said);
  } else {
    said.id = integer(parts, out, kRequestId);
    const std::uint64_t first = integer(parts, out, said.pdu == kGetBulk ? kNonRepeaters : kErrorStatus);
    integer(parts, out, said.pdu == kGetBulk ? kMaxRepetitions : kErrorIndex);
    if (said.pdu == kGetResponse) said.status = static_cast<std::int64_t>(first);
  }
  variables(parts, out, said);
  return parts.ok();
}

// RFC 3411, SnmpEngineID.
void engine(Bytes id, Field field, LayerBuilder& out) {
  out.add(field, id, id);
  if (!out.wanted() || id.size() < 5) return;
  const LayerBuilder::Subtree tree(out);
  Cursor in(id);
  const std::uint32_t enterprise = in.u32();
  out.add(kEngineidConform, enterprise >> 31U, id.first(1));
  out.add(kEngineidEnterprise, enterprise & 0x7fffffffU, id.first(4));
  if (enterprise >> 31U == 0) {
    out.bytes(in, kEngineidData, in.left());
    return;
  }
  const std::uint8_t format = out.u8(in, kEngineidFormat);
  constexpr std::uint32_t kNetSnmp = 8072;
  if (format == 1 && in.left() == 4) {
    out.ipv4(in, kEngineidIpv4);
  } else if (format == 2 && in.left() == 16) {
    out.bytes(in, kEngineidIpv6, 16);
  } else if (format == 3 && in.left() >= 6) {
    out.bytes(in, kEngineidMac, 6);
  } else if (format == 4) {
    out.bytes(in, kEngineidText, in.left());
  } else if (format == 128 && (enterprise & 0x7fffffffU) == kNetSnmp && in.left() >= 8) {
    out.bytes(in, kEngineidData, 4);
    const Bytes where = in.peek(4);
    out.add(kEngineidTime, std::uint64_t{in.u32le()} * 1'000'000'000, where);
  } else if (in.left() > 0) {
    out.bytes(in, kEngineidData, in.left());
  }
}

// The user-based security model's parameters: a SEQUENCE within an OCTET STRING. Of other models, the octets.
void security(Cursor& in, LayerBuilder& out, Said& said) {
  ber::Element wrapped, list, id;
  if (!ber::expect(in, ber::kOctetString, &wrapped)) return;
  Cursor inner = wrapped.in();
  if (!ber::expect(inner, ber::kSequence, &list)) return;
  Cursor parts = list.in();
  if (!ber::expect(parts, ber::kOctetString, &id)) return;
  engine(id.contents, kMsgAuthoritativeEngineID, out);
  natural(parts, out, kMsgAuthoritativeEngineBoots);
  natural(parts, out, kMsgAuthoritativeEngineTime);
  said.user = octets(parts, out, kMsgUserName);
  octets(parts, out, kMsgAuthenticationParameters);
  octets(parts, out, kMsgPrivacyParameters);
}

bool version3(Cursor& in, LayerBuilder& out, Said& said) {
  ber::Element global, flags, scoped, id;
  if (!ber::expect(in, ber::kSequence, &global)) return false;
  out.mark(kMsgGlobalDataElement, global.contents);
  Cursor parts = global.in();
  std::uint64_t message_id = 0;
  {
    const LayerBuilder::Subtree tree(out);
    message_id = natural(parts, out, kMsgID);
    natural(parts, out, kMsgMaxSize);
    if (!ber::expect(parts, ber::kOctetString, &flags) || flags.contents.empty()) return false;
    out.add(kMsgFlags, flags.contents, flags.contents);
    const LayerBuilder::Subtree below(out);
    out.add(kV3FlagsReport, flags.contents[0] >> 2U & 1U, flags.contents);
    out.add(kV3FlagsCrypt, flags.contents[0] >> 1U & 1U, flags.contents);
    out.add(kV3FlagsAuth, flags.contents[0] & 1U, flags.contents);
  }
  constexpr std::uint64_t kUserBased = 3;
  if (natural(parts, out, kMsgSecurityModel) == kUserBased) {
    security(in, out, said);
  } else {
    ber::Element skipped;
    ber::next(in, &skipped);
  }
  said.id = message_id;
  if ((flags.contents[0] & kEncrypted) != 0) {
    out.add(kMsgData, 1, in.rest());
    octets(in, out, kEncryptedPDU);
    said.line << "encryptedPDU: privKey Unknown";
    return in.ok();
  }
  out.add(kMsgData, 0, in.rest());
  if (!ber::expect(in, ber::kSequence, &scoped)) return false;
  const LayerBuilder::Subtree tree(out);
  out.mark(kPlaintextElement, scoped.contents);
  const LayerBuilder::Subtree below(out);
  Cursor inner = scoped.in();
  if (!ber::expect(inner, ber::kOctetString, &id)) return false;
  engine(id.contents, kContextEngineID, out);
  octets(inner, out, kContextName);
  const bool whole = inner.ok() && pdu(inner, out, said);
  said.id = message_id;  // a report answers by this, with a request id of its own
  return whole;
}

void tell(const Said& said, LayerBuilder& out) {
  if (out.wanted()) out.info(std::string(said.line.text()));
  Message::Role role = Message::Role::kRequest;
  if (said.pdu == kTrap || said.pdu == kV2Trap) role = Message::Role::kEvent;
  if (said.pdu == kGetResponse || said.pdu == kReport) role = Message::Role::kResponse;
  const ber::OidText name(said.first);
  std::array<Message::Item, 3> items;
  std::size_t used = 0;
  items[used++] = {kData, Value::of(std::uint64_t{said.pdu})};
  if (!said.community.empty()) items[used++] = {kCommunity, Value::of(said.community)};
  if (!said.user.empty()) items[used++] = {kMsgUserName, Value::of(said.user)};
  out.message({.role = role,
               .id = (said.id & 0xffffffffU) + 1,
               .name = name.text(),
               .summary = said.line.text(),
               .status = said.status,
               .items = {items.data(), used}});
}

void relations(LayerBuilder& out) {
  const PacketFacts* facts = out.facts();
  if (facts == nullptr || facts->request_frame == 0) return;
  out.add(kResponseTo, facts->request_frame, {});
  out.add(kTime, static_cast<std::uint64_t>(to_ns(out.packet().ts) - to_ns(facts->request_ts)), {});
}

Outcome dissect_snmp(Cursor& in, LayerBuilder& out) {
  ber::Header head;
  ber::Element message;
  const ber::Sight sight = ber::look(in.rest(), &head);
  if (sight == ber::Sight::kBad || (!in.rest().empty() && in.rest()[0] != ber::kSequence)) return Outcome::kNotMine;
  if (sight == ber::Sight::kShort || head.total() > in.left()) {
    in.skip(in.left());
    return Outcome::kTruncated;
  }
  ber::next(in, &message);
  in.skip(in.left());  // padding
  Cursor parts = message.in();
  ber::Element version;
  if (!ber::expect(parts, ber::kInteger, &version) || version.contents.size() != 1) return Outcome::kNotMine;
  Said said;
  const std::uint8_t number = version.contents[0];
  out.add(number == kV3 ? kMsgVersion : kVersion, number, version.contents);
  bool whole = true;
  if (number == kV3) {
    whole = version3(parts, out, said);
  } else {
    said.community = octets(parts, out, kCommunity);
    whole = parts.ok() && pdu(parts, out, said);
  }
  tell(said, out);
  if (number != kV3 && said.pdu == kGetResponse) relations(out);
  return whole ? Outcome::kDone : Outcome::kMalformed;
}

Likeness probe_snmp(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.empty() || start[0] != ber::kSequence) return Likeness::kNo;
  ber::Header head;
  if (ber::look(start, &head) != ber::Sight::kWhole) return Likeness::kNo;
  if (head.total() != start.size()) return head.total() > start.size() ? Likeness::kMaybe : Likeness::kNo;
  Cursor in(start.subspan(head.size));
  ber::Element element;
  if (!ber::expect(in, ber::kInteger, &element) || element.contents.size() != 1) return Likeness::kNo;
  const std::uint8_t version = element.contents[0];
  if (version == kV3) {
    if (!ber::expect(in, ber::kSequence, &element)) return Likeness::kNo;
    Cursor global = element.in();
    const bool fits = ber::expect(global, ber::kInteger, &element) && ber::expect(global, ber::kInteger, &element) &&
                      ber::expect(global, ber::kOctetString, &element) && element.contents.size() == 1 &&
                      ber::expect(global, ber::kInteger, &element) && global.left() == 0;
    return fits ? Likeness::kYes : Likeness::kNo;
  }
  if (version > 2 || !ber::expect(in, ber::kOctetString, &element) || !ber::next(in, &element)) return Likeness::kNo;
  const bool fits = (element.identifier & 0xe0U) == 0xa0U && element.number <= kReport && in.left() == 0;
  return fits ? Likeness::kYes : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector snmp_dissector{.name = "snmp",
                                                .title = "Simple Network Management Protocol",
                                                .column = "SNMP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_snmp,
                                                .probe = &probe_snmp,
                                                .datagram = true};

}  // namespace pr::dissect
