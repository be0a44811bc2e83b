#include "helper/dissect/proto/ipv6/options.h"

namespace pr::dissect::ipv6 {
namespace {

enum OptionType : std::uint8_t {
  kTypePad1 = 0x00,
  kTypePadN = 0x01,
  kTypeTunnelLimit = 0x04,
  kTypeRouterAlert = 0x05,
  kTypePdm = 0x0f,
  kTypeQuickStart = 0x26,
  kTypeRpl = 0x63,
  kTypeJumbo = 0xc2,
  kTypeHomeAddress = 0xc9
};

void add_type(std::uint8_t type, Bytes where, LayerBuilder& out) {
  out.add(kOptType, type, where);
  if (type == kTypePad1) return;
  LayerBuilder::Subtree below(out);
  out.add(kOptTypeAction, type >> 6U, where);
  out.add(kOptTypeChange, type >> 5U & 1U, where);
  out.add(kOptTypeRest, type & 31U, where);
}

void add_metrics(Cursor& in, LayerBuilder& out) {
  out.u8(in, kOptPdmScaleDtlr);
  out.u8(in, kOptPdmScaleDtls);
  out.u16(in, kOptPdmPsnThisPkt);
  out.u16(in, kOptPdmPsnLastRecv);
  out.u16(in, kOptPdmDeltaLastRecv);
  out.u16(in, kOptPdmDeltaLastSent);
}

void add_quick_start(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t both = in.u8();
  if (!in.ok()) return;
  out.add(kOptQsFunc, both >> 4U, where);
  out.add(kOptQsRate, both & 15U, where);
  if (both >> 4U == 0) {
    out.u8(in, kOptQsTtl);
  } else {
    in.skip(1);  // reports have none
  }
  const Bytes nonce = in.peek(4);
  const std::uint32_t word = in.u32();
  if (in.ok()) out.add(kOptQsNonce, word >> 2U, nonce);
}

void add_rpl(Cursor& in, LayerBuilder& out) {
  out.u8(in, kOptRplFlag);
  out.u8(in, kOptRplInstanceId);
  out.u16(in, kOptRplSenderRank);
}

// The home address takes the place of the source, RFC 6275 section 6.3.
void read_home_address(Cursor& in, LayerBuilder& out) {
  const Bytes address = out.bytes(in, kOptHomeAddress, 16);
  if (in.ok() && !out.quoted()) out.frame().src.ip = IpAddress::from(address);
}

void read_option(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.rest();
  const std::uint8_t type = in.u8();
  const std::uint8_t length = type == kTypePad1 ? 0 : in.u8();
  Cursor body = in.sub(length);
  if (!in.ok()) return;
  const Bytes whole = start.first(start.size() - in.left());
  out.mark(kOpt, whole);
  LayerBuilder::Subtree below(out);
  add_type(type, whole.first(1), out);
  if (type == kTypePad1) return out.mark(kOptPad1, whole);
  out.add(kOptLength, length, whole.subspan(1, 1));
  switch (type) {
    case kTypePadN: out.bytes(body, kOptPadn, length); return;
    case kTypeTunnelLimit: out.u8(body, kOptTel); return;
    case kTypeRouterAlert: out.u16(body, kOptRouterAlert); return;
    case kTypeJumbo: out.u32(body, kOptJumbo); return;
    case kTypeHomeAddress: return read_home_address(body, out);
    case kTypePdm: return add_metrics(body, out);
    case kTypeQuickStart: return add_quick_start(body, out);
    case kTypeRpl: return add_rpl(body, out);
    default:
      if (length > 0) out.bytes(body, kOptUnknown, length);
      return;
  }
}

}  // namespace

Outcome dissect_options(Cursor& in, LayerBuilder& out) {
  if (!enter_extension(in, out)) return Outcome::kDone;
  const std::uint8_t next = out.u8(in, kNxt);
  const Bytes where = in.peek(1);
  const std::uint8_t units = out.u8(in, kLen);
  if (!in.ok()) return Outcome::kTruncated;
  const std::size_t length = (units + std::size_t{1}) * 8;
  out.add(kLenOct, length, where);
  Cursor options = in.sub(std::min(length - 2, in.left()));
  const bool whole = options.left() == length - 2;
  while (options.left() > 0) read_option(options, out);
  if (!whole || !options.ok()) return Outcome::kTruncated;
  dissect_next(next, length, in, out);
  return Outcome::kDone;
}

}  // namespace pr::dissect::ipv6
