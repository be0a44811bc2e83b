// EDNS options (RFC 6891, 7871, 7873, 7828, 7830, 8914, 5001, 6975, 7901) and service binding parameters (RFC 9460).
#include <algorithm>

#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect::dns {
namespace {

void each_octet(std::size_t f, Cursor& data, LayerBuilder& out) {
  while (data.left() > 0) out.u8(data, f);
}

// The address is cut after its last octet that the prefix length needs.
void client_subnet(Cursor& data, LayerBuilder& out) {
  const std::uint16_t family = out.u16(data, kOptClientFamily);
  out.u8(data, kOptClientNetmask);
  out.u8(data, kOptClientScope);
  if (!data.ok()) return;
  const Bytes address = data.take(data.left());
  std::array<std::uint8_t, 16> whole{};
  std::ranges::copy(address.first(std::min(address.size(), whole.size())), whole.begin());
  if (family == 1) {
    Cursor number(whole);
    out.add(kOptClientAddr4, number.u32(), address);
  } else if (family == 2) {
    out.add_text(kOptClientAddr6, as_text(whole), address);
  } else {
    out.add(kOptClientAddr, address, address);
  }
}

void dissect_option(std::uint16_t code, Cursor data, LayerBuilder& out) {
  enum : std::uint16_t {
    kDau = 5,
    kDhu = 6,
    kN3u = 7,
    kSubnet = 8,
    kCookie = 10,
    kKeepalive = 11,
    kPadding = 12,
    kChain = 13,
    kExtendedError = 15
  };
  switch (code) {
    case kDau: each_octet(kOptDau, data, out); break;
    case kDhu: each_octet(kOptDhu, data, out); break;
    case kN3u: each_octet(kOptN3u, data, out); break;
    case kSubnet: client_subnet(data, out); break;
    case kCookie:
      out.bytes(data, kOptCookieClient, 8);
      out.bytes(data, kOptCookieServer, data.left());
      break;
    case kKeepalive:
      if (data.left() == 2) out.u16(data, kOptEdnsTcpKeepaliveTimeout);
      break;
    case kPadding: out.bytes(data, kOptPadding, data.left()); break;
    case kChain: {  // shown raw, up to the root's length octet
      const Bytes name = data.rest();
      const auto end = std::ranges::find(name, std::uint8_t{0}) - name.begin();
      out.add(kOptChainFqdn, name.first(static_cast<std::size_t>(end)), name);
      break;
    }
    case kExtendedError:
      out.u16(data, kOptExtErrorInfoCode);
      if (data.left() > 0) out.bytes(data, kOptExtErrorExtraText, data.left());
      break;
    default: break;
  }
}

void dissect_parameter(std::uint16_t key, Cursor value, LayerBuilder& out) {
  enum : std::uint16_t { kMandatory, kAlpn, kNoDefaultAlpn, kPort, kIpv4Hint, kEch, kIpv6Hint, kOdoh = 32769 };
  switch (key) {
    case kMandatory:
      while (value.left() > 0) out.u16(value, kSvcbSvcparamMandatoryKey);
      break;
    case kAlpn:
      while (value.left() > 0) {
        const std::uint8_t length = out.u8(value, kSvcbSvcparamAlpnLength);
        out.bytes(value, kSvcbSvcparamAlpn, length);
      }
      break;
    case kNoDefaultAlpn: break;
    case kPort: out.u16(value, kSvcbSvcparamPort); break;
    case kIpv4Hint:
      while (value.left() > 0) out.ipv4(value, kSvcbSvcparamIpv4hintIp);
      break;
    case kEch: out.bytes(value, kSvcbSvcparamEchconfig, value.left()); break;
    case kIpv6Hint:
      while (value.left() > 0) out.bytes(value, kSvcbSvcparamIpv6hintIp, 16);
      break;
    case kOdoh: out.bytes(value, kSvcbSvcparamOdohconfig, value.left()); break;
    default:
      if (value.left() > 0) out.bytes(value, kSvcbSvcparamValue, value.left());
  }
}

}  // namespace

Outcome dissect_options(Bytes /*message*/, Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    Cursor look = in;
    look.skip(2);
    const std::uint16_t length = look.u16();
    out.mark(kOpt, in.peek(std::size_t{4} + length));
    const LayerBuilder::Subtree tree(out);
    const std::uint16_t code = out.u16(in, kOptCode);
    out.u16(in, kOptLen);
    const Bytes data = out.bytes(in, kOptData, length);
    if (!in.ok()) return Outcome::kTruncated;
    dissect_option(code, Cursor(data), out);
  }
  return Outcome::kDone;
}

Outcome dissect_svcb(Bytes message, Cursor& in, LayerBuilder& out) {
  out.u16(in, kSvcbSvcpriority);
  if (!in.ok()) return Outcome::kTruncated;
  Name name;
  if (!add_name(kSvcbTargetname, message, in, out, &name)) return name_failure(in);
  while (in.left() > 0) {
    Cursor look = in;
    look.skip(2);
    const std::uint16_t length = look.u16();
    out.mark(kSvcbSvcparam, in.peek(std::size_t{4} + length));
    const LayerBuilder::Subtree tree(out);
    const std::uint16_t key = out.u16(in, kSvcbSvcparamKey);
    out.u16(in, kSvcbSvcparamValueLength);
    const Bytes value = in.take(length);
    if (!in.ok()) return Outcome::kTruncated;
    dissect_parameter(key, Cursor(value), out);
  }
  return Outcome::kDone;
}

}  // namespace pr::dissect::dns
