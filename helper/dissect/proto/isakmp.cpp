// IKE: version 1 (RFC 2408, 2409) and version 2 (RFC 7296), as far as it is not encrypted.
#include "helper/dissect/proto/isakmp/isakmp.h"

#include <algorithm>
#include <string>

#include "helper/dissect/proto/isakmp/value_names.h"
#include "shared/base/hex.h"

namespace pr::dissect {
namespace {

using namespace isakmp;

enum Payload : std::uint8_t {
  kNone = 0,
  kSa1 = 1,
  kProposal = 2,
  kTransform = 3,
  kKe1 = 4,
  kId1 = 5,
  kNonce1 = 10,
  kNotify1 = 11,
  kVid1 = 13,
  kNatD = 20,
  kSa2 = 33,
  kKe2 = 34,
  kIdInitiator = 35,
  kIdResponder = 36,
  kNonce2 = 40,
  kNotify2 = 41,
  kVid2 = 43,
  kEncrypted = 46,
};

constexpr std::size_t kHeader = 28;
constexpr std::size_t kMaxPayloads = 256;  // of a message, nested ones included
constexpr std::uint8_t kIsakmp = 1;        // proposal for IKE itself
constexpr Bind kBinds[] = {{"udp.port", 500}};

struct Reader {
  LayerBuilder& out;
  bool v2 = false;
  std::size_t payloads = 0;
  std::uint8_t protocol = 0;  // of the proposal that is being read

  void chain(std::uint8_t type, Cursor& in);
  void body(std::uint8_t type, Cursor& in);
  void security_association(Cursor& in);
  void proposal(Cursor& in);
  void transform(Cursor& in);
  void attribute(Cursor& in);
  void identification(Cursor& in);
  void notification(Cursor& in);
  void vendor(Cursor& in);
};

void Reader::security_association(Cursor& in) {
  if (!v2) {
    out.u32(in, kSaDoi);
    const Bytes situation = out.bytes(in, kSaSituation, 4);
    if (!in.ok()) return;
    const LayerBuilder::Subtree below(out);
    out.add(kIdentityOnly, situation[3] & 1U, situation);
    out.add(kSecrecy, situation[3] >> 1U & 1U, situation);
    out.add(kIntegrityBit, situation[3] >> 2U & 1U, situation);
  }
  chain(kProposal, in);
}

void Reader::proposal(Cursor& in) {
  out.u8(in, kProposalNumber);
  protocol = out.u8(in, kProposalProtocol);
  const std::uint8_t size = out.u8(in, kSpiSize);
  out.u8(in, kProposalTransforms);
  if (size > 0) out.bytes(in, kSpi, size);
  chain(kTransform, in);
}

void Reader::transform(Cursor& in) {
  if (!v2) {
    out.u8(in, kTransformNumber);
    out.u8(in, kTransformId);
    out.bytes(in, kReserved, 2);
    if (protocol != kIsakmp) return;
  } else {
    constexpr Field kIds[] = {kTfEncr, kTfPrf, kTfInteg, kTfDh, kTfEsn};
    const std::uint8_t type = out.u8(in, kTfType);
    out.bytes(in, kReserved, 1);
    if (type == 0 || type > std::size(kIds)) return;
    out.u16(in, kIds[type - 1]);
  }
  while (in.left() >= 4) attribute(in);
}

void Reader::attribute(Cursor& in) {
  constexpr std::uint16_t kKeyLength = 14;
  Cursor look = in;
  const std::uint16_t head = look.u16();
  const bool short_form = (head & 0x8000U) != 0;
  const std::uint16_t length = look.u16();
  Cursor part = in.sub(short_form ? 4 : 4 + std::size_t{length});
  if (!in.ok()) return;
  out.mark(v2 ? kAttr2 : kAttr, part.all());
  const LayerBuilder::Subtree below(out);
  const Bytes at = part.peek(2);
  out.add(v2 ? kAttr2Format : kAttrFormat, head >> 15U, at);
  out.add(v2 ? kAttr2Type : kAttrType, head & 0x7fffU, at);
  part.skip(2);
  if (!short_form) out.u16(part, v2 ? kAttr2Length : kAttrLength);
  const Bytes value = part.rest();
  out.add(v2 ? kAttr2Value : kAttrValue, value, value);
  if (value.size() > 8 || value.empty()) return;
  std::uint64_t number = 0;
  for (const std::uint8_t octet : value) number = number << 8U | octet;
  if (v2) {
    if ((head & 0x7fffU) == kKeyLength) out.add(kAttr2KeyLength, number, value);
    return;
  }
  switch (head & 0x7fffU) {
    case 1: return out.add(kAttrEncryption, number, value);
    case 2: return out.add(kAttrHash, number, value);
    case 3: return out.add(kAttrAuthentication, number, value);
    case 4: return out.add(kAttrGroup, number, value);
    case 11: return out.add(kAttrLifeType, number, value);
    case 12: return out.add(kAttrLifeDuration, number, value);
    case kKeyLength: return out.add(kAttrKeyLength, number, value);
    default: return;
  }
}

void Reader::identification(Cursor& in) {
  const std::uint8_t type = out.u8(in, kIdType);
  if (v2) {
    out.bytes(in, kReserved, 3);
  } else {
    out.u8(in, kIdProtocol);
    out.u16(in, kIdPort);
  }
  if (!in.ok()) return;
  out.mark(kIdData, in.rest());
  const LayerBuilder::Subtree below(out);
  if (type == 1 && in.left() >= 4) out.ipv4(in, kIdIpv4);
  if (type == 2) out.bytes(in, kIdFqdn, in.left());
  if (type == 3) out.bytes(in, kIdUserFqdn, in.left());
  if (type == 5 && in.left() >= 16) out.bytes(in, kIdIpv6, 16);
}

void Reader::notification(Cursor& in) {
  if (!v2) out.u32(in, kNotifyDoi);
  out.u8(in, kNotifyProtocol);
  const std::uint8_t size = out.u8(in, kSpiSize);
  out.u16(in, kNotifyType);
  if (size > 0) out.bytes(in, kSpi, size);
  if (in.left() > 0) out.bytes(in, kNotifyData, in.left());
}

// Vendor ids that stand at the start of what is sent.
struct Vendor {
  const char* hex;
  const char* name;
};
constexpr Vendor kVendors[] = {
    {"afcad71368a1f1c96b8696fc77570100", "RFC 3706 DPD (Dead Peer Detection)"},
    {"4a131c81070358455c5728f20e95452f", "RFC 3947 Negotiation of NAT-Traversal in the IKE"},
    {"4048b7d56ebce88525e7de7f00d6c2d3", "Cisco Fragmentation"},
    {"09002689dfd6b712", "XAUTH"},
};

void Reader::vendor(Cursor& in) {
  const Bytes id = out.bytes(in, kVidBytes, in.left());
  if (!out.wanted()) return;
  const std::string hex = hex_text(id);
  const auto found = std::ranges::find_if(kVendors, [&hex](const Vendor& one) { return hex.starts_with(one.hex); });
  out.add_text(kVidString, found == std::end(kVendors) ? "Unknown Vendor ID" : found->name, id);
}

void Reader::body(std::uint8_t type, Cursor& in) {
  constexpr std::size_t kIv = 4;  // as long as nobody knows the cipher
  switch (type) {
    case kSa1:
    case kSa2: return security_association(in);
    case kProposal: return proposal(in);
    case kTransform: return transform(in);
    case kKe2:
      out.u16(in, kKeGroup);
      out.bytes(in, kReserved, 2);
      [[fallthrough]];
    case kKe1: out.bytes(in, kKeData, in.left()); return;
    case kId1:
    case kIdInitiator:
    case kIdResponder: return identification(in);
    case kNonce1:
    case kNonce2: out.bytes(in, kNonce, in.left()); return;
    case kNotify1:
    case kNotify2: return notification(in);
    case kVid1:
    case kVid2: return vendor(in);
    case kNatD: out.bytes(in, kNatHash, in.left()); return;
    case kEncrypted:
      if (in.left() >= kIv) out.bytes(in, kEncIv, kIv);
      out.mark(kEncData, in.rest());
      return;
    default: return;
  }
}

// Payloads in a row: each names the type of the next. Proposals and transforms are rows of their own.
void Reader::chain(std::uint8_t type, Cursor& in) {
  constexpr std::size_t kPayloadHeader = 4;
  while (type != kNone && in.left() >= kPayloadHeader && ++payloads <= kMaxPayloads) {
    Cursor look = in;
    const std::uint8_t next = look.u8();
    look.skip(1);
    const std::uint16_t length = look.u16();
    if (length < kPayloadHeader || length > in.left()) {
      out.issue(IssueKind::kMalformed, in);
      return;
    }
    Cursor part = in.sub(length);
    out.add(kTypePayload, type, part.all());
    const LayerBuilder::Subtree below(out);
    out.u8(part, kNextPayload);
    const Bytes at = part.peek(1);
    if (v2 && type != kProposal && type != kTransform) {
      out.add(kCritical, at[0] >> 7U, at);
      out.add(kReserved7, at[0] & 0x7fU, at);
      part.skip(1);
    } else {
      out.bytes(part, kReserved, 1);
    }
    out.u16(part, kPayloadLength);
    body(type, part);
    if (!part.ok()) out.issue(IssueKind::kMalformed, part);
    if (v2 && type == kEncrypted) return;  // the next one is inside
    type = next;
  }
}

void flags(Cursor& in, LayerBuilder& out, bool v2) {
  const Bytes at = in.peek(1);
  const std::uint8_t value = out.u8(in, kFlags);
  const LayerBuilder::Subtree below(out);
  if (v2) {
    out.add(kFlagI, value >> 3U & 1U, at);
    out.add(kFlagV, value >> 4U & 1U, at);
    out.add(kFlagR, value >> 5U & 1U, at);
  } else {
    out.add(kFlagE, value & 1U, at);
    out.add(kFlagC, value >> 1U & 1U, at);
    out.add(kFlagA, value >> 2U & 1U, at);
  }
}

const char* exchange_name(std::uint8_t type) {
  const auto found = std::ranges::find(kExchanges, type, &NamedValue::value);
  return found == std::end(kExchanges) ? "Unknown" : found->name;
}

void tell(LayerBuilder& out, std::uint8_t exchange, std::uint8_t flag, std::uint32_t id, bool v2) {
  const char* name = exchange_name(exchange);
  if (v2) {
    const bool response = (flag & 0x20U) != 0;
    out.message({.role = response ? Message::Role::kResponse : Message::Role::kRequest,
                 .id = std::uint64_t{id} + 1,
                 .name = name,
                 .summary = name});
  }
  if (!out.wanted()) return;
  std::string text = name;
  if (v2) {
    const std::uint8_t low[] = {static_cast<std::uint8_t>(id)};
    text += " MID=" + hex_text(low) + ((flag & 8U) != 0 ? " Initiator" : " Responder") +
            ((flag & 0x20U) != 0 ? " Response" : " Request");
  }
  out.info(std::move(text));
}

Outcome dissect_isakmp(Cursor& in, LayerBuilder& out) {
  if (!is_message(in.rest())) return Outcome::kNotMine;
  out.bytes(in, kInitiatorSpi, 8);
  out.bytes(in, kResponderSpi, 8);
  const std::uint8_t next = out.u8(in, kNextPayload);
  const Bytes version_at = in.peek(1);
  const std::uint8_t version = out.u8(in, kVersion);
  const bool v2 = version >> 4U == 2;
  {
    const LayerBuilder::Subtree below(out);
    out.add(kMajor, version >> 4U, version_at);
    out.add(kMinor, version & 0x0fU, version_at);
  }
  const std::uint8_t exchange = out.u8(in, kExchangeType);
  const std::uint8_t flag = in.peek(1)[0];
  flags(in, out, v2);
  const std::uint32_t id = out.u32(in, kMessageId);
  const std::uint32_t length = out.u32(in, kLength);
  tell(out, exchange, flag, id, v2);
  Cursor rest = in.sub(std::min<std::size_t>(length - kHeader, in.left()));
  if (!v2 && (flag & 1U) != 0) {
    if (rest.left() > 0) out.mark(kEncData, rest.rest());
  } else {
    Reader reader{.out = out, .v2 = v2};
    if (out.wanted()) reader.chain(next, rest);
  }
  return Outcome::kDone;
}

Likeness probe_isakmp(Bytes start, const ProbeHint& hint) {
  return !hint.tcp && is_message(start) ? Likeness::kYes : Likeness::kNo;
}

}  // namespace

namespace isakmp {

bool is_message(Bytes bytes) {
  if (bytes.size() < kHeader) return false;
  Cursor in(bytes);
  const std::uint64_t initiator = in.u64();
  in.skip(8);
  const std::uint8_t next = in.u8(), version = in.u8(), exchange = in.u8(), flag = in.u8();
  in.skip(4);
  const std::uint32_t length = in.u32();
  const bool v2 = version >> 4U == 2;
  if ((initiator == 0 && length != bytes.size()) || (!v2 && version != 0x10) || (version & 0x0fU) != 0) return false;
  if (v2 ? exchange < 34 || exchange > 43 || (flag & 0xc7U) != 0
         : exchange > 33 || (exchange > 6 && exchange < 32) || (flag & 0xf8U) != 0)
    return false;
  if (v2 ? next != 0 && (next < 33 || next > 54) : next > 130) return false;
  return length >= kHeader && length <= 0xffffU && length >= bytes.size();
}

}  // namespace isakmp

extern constinit const Dissector isakmp_dissector{.name = "isakmp",
                                                  .title = "Internet Security Association and Key Management Protocol",
                                                  .column = "ISAKMP",
                                                  .fields = isakmp::kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_isakmp,
                                                  .probe = &probe_isakmp,
                                                  .datagram = true};

}  // namespace pr::dissect
