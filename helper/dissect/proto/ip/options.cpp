// IPv4 options: RFC 791, 1063 (MTU), 1108 (security), 1393 (traceroute), 1770 (SDB), 2113 (router alert),
// 4782 (quick start).
#include "helper/dissect/proto/ip/fields.h"
#include "shared/model/address.h"

namespace pr::dissect::ipv4 {
namespace {

enum OptionType : std::uint8_t {
  kOptEnd = 0,
  kOptNop = 1,
  kOptRecordRoute = 7,
  kOptMtuProbe = 11,
  kOptMtuReply = 12,
  kOptQuickStart = 25,
  kOptTimestamp = 68,
  kOptTraceroute = 82,
  kOptSecurity = 130,
  kOptLooseRoute = 131,
  kOptExtSecurity = 133,
  kOptCipso = 134,
  kOptStreamId = 136,
  kOptStrictRoute = 137,
  kOptRouterAlert = 148,
  kOptSdb = 149
};

struct Option {
  std::uint8_t type;
  std::size_t field;
  std::uint8_t min_length;
};
constexpr Option kOptions[] = {{kOptEnd, kOptionsEol, 1},
                               {kOptNop, kOptionsNop, 1},
                               {kOptRecordRoute, kOptionsRecordRoute, 3},
                               {kOptMtuProbe, kOptionsMtuProbe, 4},
                               {kOptMtuReply, kOptionsMtuReply, 4},
                               {kOptQuickStart, kOptionsQs, 8},
                               {kOptTimestamp, kOptionsTimestamp, 4},
                               {kOptTraceroute, kOptionsTraceroute, 12},
                               {kOptSecurity, kOptionsSecurity, 3},
                               {kOptLooseRoute, kOptionsRoute, 3},
                               {kOptExtSecurity, kOptionsExtSecurity, 3},
                               {kOptCipso, kOptionsCipso, 10},
                               {kOptStreamId, kOptionsSid, 4},
                               {kOptStrictRoute, kOptionsSourceRoute, 3},
                               {kOptRouterAlert, kOptionsRouteralert, 4},
                               {kOptSdb, kOptionsSdb, 4}};

const Option* find_option(std::uint8_t type) {
  for (const Option& option : kOptions) {
    if (option.type == type) return &option;
  }
  return nullptr;
}

// pointer counts from 1 at the option's first octet; the first address stands at 4.
void add_route(Cursor& in, LayerBuilder& out, bool recorded) {
  const std::uint8_t pointer = out.u8(in, kOptPtr);
  for (std::size_t at = 4; in.left() >= 4; at += 4) {
    const Bytes where = in.peek(4);
    const std::uint32_t address = in.u32();
    const bool last = in.left() < 4;
    if (at < pointer) {
      add_address(out, kRecRt, kRecRtHost, address, where);
    } else if (recorded) {
      add_address(out, kEmptyRt, kEmptyRtHost, address, where);
    } else if (last) {
      add_address(out, kDst, kDstHost, address, where);
    } else {
      add_address(out, kSrcRt, kSrcRtHost, address, where);
    }
  }
}

void add_timestamps(Cursor& in, LayerBuilder& out) {
  out.u8(in, kOptPtr);
  const Bytes where = in.peek(1);
  const std::uint8_t both = in.u8();
  if (!in.ok()) return;
  out.add(kOptOverflow, both >> 4U, where);
  out.add(kOptFlag, both & 15U, where);
  const bool with_addresses = (both & 15U) == 1 || (both & 15U) == 3;
  while (in.left() >= (with_addresses ? 8U : 4U)) {
    if (with_addresses) out.ipv4(in, kOptTimeStampAddr);
    out.u32(in, kOptTimeStamp);
  }
}

void add_security(Cursor& in, LayerBuilder& out) {
  if (in.left() == 9) {  // RFC 791's form
    out.u16(in, kOptSecRfc791Sec);
    out.u16(in, kOptSecRfc791Comp);
    out.bytes(in, kOptSecRfc791Hr, 2);
    out.bytes(in, kOptSecRfc791Tcc, 3);
    return;
  }
  out.u8(in, kOptSecCl);
  if (in.left() > 0) out.u8(in, kOptSecProtAuthFlags);
}

void add_cipso(Cursor& in, LayerBuilder& out) {
  out.u32(in, kCipsoDoi);
  while (in.left() >= 4) {
    const std::uint8_t tag = out.u8(in, kCipsoTagType);
    const std::uint8_t length = in.u8();
    Cursor body = in.sub(length < 2 ? in.left() : length - std::size_t{2});
    if (tag != 1 && tag != 2 && tag != 5) continue;
    body.skip(1);  // alignment
    out.u8(body, kCipsoSensitivityLevel);
  }
}

void add_quick_start(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t both = in.u8();
  if (!in.ok()) return;
  out.add(kOptQsFunc, both >> 4U, where);
  out.add(kOptQsRate, both & 15U, where);
  if (both >> 4U == 0) out.u8(in, kOptQsTtl);  // of a request; reports have none
}

void add_body(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kOptRecordRoute: return add_route(in, out, true);
    case kOptLooseRoute:
    case kOptStrictRoute: return add_route(in, out, false);
    case kOptTimestamp: return add_timestamps(in, out);
    case kOptSecurity: return add_security(in, out);
    case kOptCipso: return add_cipso(in, out);
    case kOptQuickStart: return add_quick_start(in, out);
    case kOptMtuProbe:
    case kOptMtuReply: out.u16(in, kOptMtu); return;
    case kOptStreamId: out.u16(in, kOptSid); return;
    case kOptRouterAlert: out.u16(in, kOptRa); return;
    case kOptTraceroute:
      out.u16(in, kOptIdNumber);
      out.u16(in, kOptOhc);
      out.u16(in, kOptRhc);
      out.ipv4(in, kOptOriginator);
      return;
    case kOptSdb:
      while (in.left() >= 4) out.ipv4(in, kOptAddr);
      return;
    default: return;
  }
}

void add_type(std::uint8_t type, Bytes where, LayerBuilder& out) {
  out.add(kOptType, type, where);
  LayerBuilder::Subtree below(out);
  out.add(kOptTypeCopy, type >> 7U, where);
  out.add(kOptTypeClass, type >> 5U & 3U, where);
  out.add(kOptTypeNumber, type & 31U, where);
}

}  // namespace

void add_address(LayerBuilder& out, std::size_t field, std::size_t host_field, std::uint32_t address, Bytes where) {
  out.add(field, address, where);
  if (out.wants(host_field)) out.add_text(host_field, IpAddress::v4(address).text(), where);
}

void add_options(Bytes options, LayerBuilder& out) {
  Cursor in(options);
  while (in.left() > 0) {
    const std::uint8_t type = in.rest()[0];
    const bool single = type == kOptEnd || type == kOptNop;
    const std::size_t length = single ? 1 : in.left() < 2 ? 0 : in.rest()[1];
    const Option* known = find_option(type);
    if (length == 0 || length > in.left() || (known != nullptr && length < known->min_length)) return;
    if (!single && length < 2) return;
    Cursor part = in.sub(length);
    const Bytes whole = part.all();
    if (known != nullptr) out.add(known->field, whole, whole);
    LayerBuilder::Subtree below(out);
    part.skip(1);
    add_type(type, whole.first(1), out);
    if (type == kOptEnd) return;
    if (single) continue;
    out.u8(part, kOptLen);
    add_body(type, part, out);
  }
}

std::optional<std::uint32_t> final_destination(Bytes options) {
  Cursor in(options);
  while (in.left() >= 2) {
    const std::uint8_t type = in.rest()[0];
    if (type == kOptEnd) break;
    if (type == kOptNop) {
      in.skip(1);
      continue;
    }
    const std::size_t length = in.rest()[1];
    if (length < 2 || length > in.left()) break;
    const Bytes option = in.take(length);
    if (type != kOptLooseRoute && type != kOptStrictRoute) continue;
    if (length < 7 || option[2] > length || option[2] < 4) break;
    return IpAddress::from(option.last(4)).v4_value();
  }
  return std::nullopt;
}

}  // namespace pr::dissect::ipv4
