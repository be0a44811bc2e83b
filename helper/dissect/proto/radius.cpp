// RADIUS, RFC 2865 and 2866: attributes by table, those of vendors within attribute 26.
#include "helper/dissect/proto/radius/radius.h"
#include <algorithm>

#include "helper/dissect/line.h"

namespace pr::dissect {
namespace {

using namespace radius;

constexpr Bind kBinds[] = {
    {"udp.port", 1812}, {"udp.port", 1813}, {"udp.port", 1645}, {"udp.port", 1646}, {"udp.port", 3799}};
constexpr std::size_t kHeader = 20, kMaxLength = 4096;
enum : std::uint8_t {
  kUserNameType = 1,
  kUserPassword = 2,
  kChapPasswordType = 3,
  kNasAddress = 4,
  kVendorSpecific = 26,
  kCallingStation = 31,
  kTunnelPassword = 69,
  kEapMessage = 79
};

bool is_request(std::uint8_t code) {
  return code == 1 || code == 4 || code == 12 || code == 13 || code == 40 || code == 43;
}
bool is_response(std::uint8_t code) {
  return code == 2 || code == 3 || code == 5 || code == 11 || code == 41 || code == 42 || code == 44 || code == 45;
}

void value(Kind kind, Field field, Field tag, Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  switch (kind) {
    case Kind::kText: {  // ends at its first NUL
      const auto end = std::ranges::find(all, 0);
      out.add(field, all.first(static_cast<std::size_t>(end - all.begin())), all);
      return;
    }
    case Kind::kOctets: out.bytes(in, field, in.left()); return;
    case Kind::kU32:
      if (all.size() == 4) out.u32(in, field);
      return;
    case Kind::kIpv4:
      if (all.size() == 4) out.ipv4(in, field);
      return;
    case Kind::kIpv6:
      if (all.size() == 16) out.bytes(in, field, 16);
      return;
    case Kind::kTime:
      if (all.size() == 4) out.add(field, std::uint64_t{in.u32()} * 1'000'000'000, all);
      return;
    case Kind::kTaggedNumber:
      if (all.size() != 4) return;
      if (all[0] <= 0x1f) out.u8(in, tag);
      in.left() == 3 ? out.u24(in, field) : out.u32(in, field);
      return;
    case Kind::kTaggedText:
      if (!all.empty() && all[0] <= 0x1f) out.u8(in, tag);
      out.bytes(in, field, in.left());
      return;
  }
}

void vendor(Cursor& in, LayerBuilder& out) {
  const std::uint32_t id = out.u32(in, kAvpVendorId);
  while (in.left() >= 2) {
    const std::uint8_t type = out.u8(in, kAvpVendorType);
    const std::uint8_t length = out.u8(in, kAvpVendorLen);
    if (length < 2) return;
    Cursor part = in.sub(length - 2U);
    if (!in.ok() || part.left() == 0) return;
    const VendorRule* rule = find_vendor_rule(id, type);
    if (rule != nullptr) {
      value(rule->kind, rule->field, kFieldCount, part, out);
    } else {
      out.bytes(part, kUnknownAttribute, part.left());
    }
  }
}

void attribute(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kVendorSpecific: return vendor(in, out);
    case kUserPassword: out.bytes(in, kUserPasswordEncrypted, in.left()); return;
    case kTunnelPassword:
      in.skip(1);
      out.bytes(in, kTunnelPasswordEncrypted, in.left());
      return;
    case kChapPasswordType:
      out.u8(in, kCHAPIdent);
      out.bytes(in, kCHAPString, in.left());
      return;
    case kEapMessage: out.bytes(in, kEapFragment, in.left()); return;
    default: break;
  }
  const Rule* rule = find_rule(type);
  if (rule != nullptr) value(rule->kind, rule->field, rule->tag, in, out);
}

// What is told of a message beyond its code.
struct Said {
  Bytes user, station;
  std::uint32_t nas = 0;
};

Outcome attributes(Cursor& in, LayerBuilder& out, Said& said) {
  while (in.left() > 0) {
    Cursor look = in;
    const std::uint8_t type = look.u8(), length = look.u8();
    if (!look.ok() || length < 2) return Outcome::kMalformed;
    if (length > in.left()) return Outcome::kTruncated;
    const Bytes whole = in.peek(length);
    const Bytes content = whole.subspan(2);
    if (type == kUserNameType) said.user = content;
    if (type == kCallingStation) said.station = content;
    if (type == kNasAddress && content.size() == 4) said.nas = Cursor(content).u32();
    out.add(kAvp, whole, whole);
    const LayerBuilder::Subtree tree(out);
    out.u8(in, kAvpType);
    out.u8(in, kAvpLength);
    Cursor part = in.sub(content.size());
    if (out.wanted() && part.left() > 0) attribute(type, part, out);
  }
  return Outcome::kDone;
}

void relations(LayerBuilder& out) {
  const PacketFacts* facts = out.facts();
  if (facts == nullptr || facts->request_frame == 0) return;
  out.add(kReqframe, facts->request_frame, {});
  out.add(kTime, static_cast<std::uint64_t>(to_ns(out.packet().ts) - to_ns(facts->request_ts)), {});
}

Outcome dissect_radius(Cursor& in, LayerBuilder& out) {
  const std::uint8_t code = out.u8(in, kCode);
  const std::uint8_t id = out.u8(in, kId);
  const std::uint16_t length = out.u16(in, kLength);
  out.bytes(in, kAuthenticator, 16);
  if (!in.ok()) return Outcome::kTruncated;
  if (length < kHeader) return Outcome::kMalformed;
  Line line;
  const std::string_view name = code_name(code);
  line << (name.empty() ? "Unknown-Message" : name) << " id=" << id;
  if (out.wanted()) out.info(std::string(line.text()));
  if (is_request(code)) out.add(kReq, 1, {});
  if (is_response(code)) {
    out.add(kRsp, 1, {});
    relations(out);
  }
  const std::size_t stated = length - kHeader;
  Said said;
  Cursor body = in.sub(std::min(stated, in.left()));
  const bool whole = body.left() == stated;
  in.skip(in.left());  // padding
  Outcome outcome = attributes(body, out, said);
  if (outcome == Outcome::kDone && !whole) outcome = Outcome::kTruncated;
  std::array<Message::Item, 4> items;
  std::size_t used = 0;
  items[used++] = {kCode, Value::of(std::uint64_t{code})};
  if (!said.user.empty()) items[used++] = {kUserName, Value::of(said.user)};
  if (!said.station.empty()) items[used++] = {kCallingStationId, Value::of(said.station)};
  if (said.nas != 0) items[used++] = {kNASIPAddress, Value::of(std::uint64_t{said.nas})};
  out.message({.role = is_response(code) ? Message::Role::kResponse : Message::Role::kRequest,
               .id = std::uint64_t{id} + 1,
               .name = as_text(said.user),
               .summary = line.text(),
               .status = is_response(code) ? code : -1,
               .items = {items.data(), used}});
  return outcome;
}

// Attributes have to fill the message to the last octet.
Likeness probe_radius(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  const std::uint8_t code = in.u8();
  in.skip(1);
  const std::uint16_t length = in.u16();
  in.skip(16);
  if (hint.tcp || !in.ok() || code_name(code).empty() || length < kHeader || length > kMaxLength) return Likeness::kNo;
  if (length > start.size()) return Likeness::kMaybe;
  Cursor body = in.sub(length - kHeader);
  unsigned count = 0, known = 0;
  while (body.left() > 0) {
    const std::uint8_t type = body.u8(), size = body.u8();
    if (!body.ok() || size < 2) return Likeness::kMaybe;
    const Rule* rule = find_rule(type);
    const bool number = rule != nullptr && (rule->kind == Kind::kU32 || rule->kind == Kind::kIpv4);
    if (number && size == 6) ++known;
    if (type == 80 && size == 18) known += 2;
    ++count;
    body.skip(size - 2U);
  }
  return body.ok() && count >= 2 && known >= 2 && start.size() - length < 4 ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector radius_dissector{.name = "radius",
                                                  .title = "RADIUS Protocol",
                                                  .column = "RADIUS",
                                                  .fields = {radius::kFields, radius::kFieldCount},
                                                  .binds = kBinds,
                                                  .dissect = &dissect_radius,
                                                  .probe = &probe_radius,
                                                  .datagram = true};

}  // namespace pr::dissect
