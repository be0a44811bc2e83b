// Options: a code, a length and a value each (RFC 2132); what is in them by code.
#include <algorithm>

#include "helper/dissect/proto/dhcp/dhcp.h"
#include "helper/dissect/proto/dns/dns.h"
#include "helper/dissect/windows.h"
#include "shared/base/hex.h"

namespace pr::dissect::dhcp {
namespace {

enum : std::uint8_t {
  kPad = 0,
  kHostname = 12,
  kRequestedAddress = 50,
  kLease = 51,
  kOverload = 52,
  kMessageType = 53,
  kServerId = 54,
  kClientId = 61,
  kUserClass = 77,
  kFqdn = 81,
  kRelayAgent = 82,
  kMachineId = 97,
  kSearchList = 119,
  kStaticRoutes = 121,
  kVendorSpecific = 125,
  kMicrosoftRoutes = 249,
  kEnd = 255
};

// Text ends at its first NUL: some clients send one along.
Bytes text_of(Bytes value) {
  return value.first(static_cast<std::size_t>(std::ranges::find(value, 0) - value.begin()));
}

void simple(const Rule& rule, Cursor& value, LayerBuilder& out) {
  switch (rule.kind) {
    case Kind::kIpv4:
      if (value.left() >= 4) out.ipv4(value, rule.field);
      return;
    case Kind::kIpv4s:
      while (value.left() >= 4) out.ipv4(value, rule.field);
      return;
    case Kind::kU8:
      if (value.left() >= 1) out.u8(value, rule.field);
      return;
    case Kind::kU8s:
      while (value.left() > 0) out.u8(value, rule.field);
      return;
    case Kind::kU16:
      if (value.left() >= 2) out.u16(value, rule.field);
      return;
    case Kind::kU16s:
      while (value.left() >= 2) out.u16(value, rule.field);
      return;
    case Kind::kU32:
      if (value.left() >= 4) out.u32(value, rule.field);
      return;
    case Kind::kI32: {
      const Bytes where = value.peek(4);
      const auto number = static_cast<std::int32_t>(value.u32());
      if (value.ok()) out.add(rule.field, static_cast<std::uint64_t>(std::int64_t{number}), where);
      return;
    }
    case Kind::kText: out.add(rule.field, text_of(value.rest()), value.rest()); return;
  }
}

// As ARP shows it: with colons where it is one of a LAN.
void link_address(Cursor& value, std::uint16_t hardware, LayerBuilder& out) {
  const Bytes address = value.rest();
  if (address.empty()) return;
  const bool lan = (hardware == 1 || hardware == 6) && address.size() == 6;
  out.add_text(kClientIdLinkLayerAddress, lan ? hex_text(address, ':') : hex_text(address), address);
}

// RFC 4361: the association's and the client's DHCPv6 names.
void unique_id(Cursor& value, LayerBuilder& out) {
  const Bytes association = value.take(4);
  if (!value.ok()) return;
  out.add_text(kClientIdIaid, hex_text(association), association);
  const std::uint16_t type = out.u16(value, kClientIdDuidType);
  if (type == 1) {
    const std::uint16_t hardware = out.u16(value, kClientIdDuidLltHwType);
    out.u32(value, kClientIdTime);
    link_address(value, hardware, out);
  } else if (type == 2) {
    out.u32(value, kClientIdEnterpriseNum);
  } else if (type == 3) {
    link_address(value, out.u16(value, kClientIdDuidLlHwType), out);
  }
}

void client_id(Cursor& value, LayerBuilder& out, bool may_be_unique) {
  const std::size_t length = value.left();
  const Bytes first = value.peek(1);
  if (length < 2) return;
  if (length == 7 && first[0] > 0 && first[0] < 48) {
    out.u8(value, kHwType);
    out.bytes(value, kHwMacAddr, 6);
  } else if (length == 17 && first[0] == 0) {
    const Bytes id = value.rest().subspan(1);
    out.add_text(kClientIdUuid, windows::guid_text(id), id);
  } else if (first[0] == 0) {
    out.u8(value, kClientIdType);
    out.add(kClientIdUndef, text_of(value.rest()), value.rest());
  } else if (first[0] == 255 && may_be_unique) {
    value.skip(1);
    unique_id(value, out);
  }
}

void full_name(Cursor& value, LayerBuilder& out) {
  const Bytes where = value.peek(1);
  const std::uint8_t flags = out.u8(value, kFqdnFlags);
  if (!value.ok()) return;
  {
    const LayerBuilder::Subtree tree(out);
    out.add(kFqdnMbz, flags >> 4U, where);
    out.add(kFqdnN, flags >> 3U & 1U, where);
    out.add(kFqdnE, flags >> 2U & 1U, where);
    out.add(kFqdnO, flags >> 1U & 1U, where);
    out.add(kFqdnS, flags & 1U, where);
  }
  out.u8(value, kFqdnRcode1);
  out.u8(value, kFqdnRcode2);
  if (value.left() == 0) return;
  const Bytes rest = value.rest();
  if ((flags & 4U) == 0) {
    out.add(kFqdnName, text_of(rest), rest);
  } else if (dns::Name name; out.wants(kFqdnName) && name.read(value, value.all())) {
    out.add_text(kFqdnName, name.text(), rest);
  }
}

void relay_agent(Cursor& value, LayerBuilder& out) {
  while (value.left() >= 2) {
    const std::uint8_t code = value.u8();
    const std::uint8_t length = out.u8(value, kOptionSuboptionLength);
    Cursor part = value.sub(length);
    if (part.left() == 0) continue;
    switch (code) {
      case 1: out.bytes(part, kOptionAgentInformationOptionAgentCircuitId, part.left()); break;
      case 2: out.bytes(part, kOptionAgentInformationOptionAgentRemoteId, part.left()); break;
      case 5: out.ipv4(part, kOptionAgentInformationOptionLinkSelection); break;
      case 6: out.bytes(part, kOptionAgentInformationOptionSubscriberId, part.left()); break;
      case 11: out.ipv4(part, kOptionAgentInformationOptionServerIdOverride); break;
      default: break;
    }
  }
}

void routes(Cursor& value, LayerBuilder& out) {
  while (value.left() >= 5) {
    const std::size_t network = (Cursor(value.peek(1)).u8() + 7U) / 8;
    if (network > 4) return;
    out.bytes(value, kOptionClasslessStaticRoute, 1 + network + 4);
  }
}

void classes(Cursor& value, LayerBuilder& out) {
  for (std::uint64_t i = 0; value.left() > 0; ++i) {
    out.add(kOptionUserClass, i, value.rest());
    const LayerBuilder::Subtree tree(out);
    const std::uint8_t length = out.u8(value, kOptionUserClassLength);
    out.bytes(value, kOptionUserClassData, length);
  }
}

void vendors(Cursor& value, LayerBuilder& out) {
  while (value.left() >= 5) {
    out.u32(value, kOptionViEnterprise);
    const std::uint8_t length = out.u8(value, kOptionViLength);
    Cursor parts = value.sub(length);
    while (parts.left() >= 2) {
      parts.skip(1);
      const std::uint8_t size = out.u8(parts, kOptionSuboptionLength);
      out.bytes(parts, kOptionViValue, size);
    }
  }
}

void shown(std::uint8_t code, Cursor& value, LayerBuilder& out) {
  switch (code) {
    case kClientId: return client_id(value, out, true);
    case kMachineId: return client_id(value, out, false);
    case kUserClass: return classes(value, out);
    case kFqdn: return full_name(value, out);
    case kRelayAgent: return relay_agent(value, out);
    case kStaticRoutes:
    case kMicrosoftRoutes: return routes(value, out);
    case kVendorSpecific: return vendors(value, out);
    case kSearchList: {
      dns::Name name;
      for (std::size_t at = 0; value.left() > 0; at = value.at()) {
        if (!name.read(value, value.all()) || value.at() == at) return;
        out.add_text(kOptionDhcpDnsDomainSearchListFqdn, name.text(), value.since(at));
      }
      return;
    }
    default: break;
  }
  const Rule* rule = find_rule(code);
  if (rule != nullptr) simple(*rule, value, out);
}

void learn(std::uint8_t code, Bytes value, Facts& facts) {
  Cursor in(value);
  switch (code) {
    case kMessageType: facts.type = in.u8(); break;
    case kOverload: facts.overload = in.u8(); break;
    case kHostname: facts.host = as_text(text_of(value)); break;
    case kRequestedAddress: facts.requested = in.u32(); break;
    case kServerId: facts.server = in.u32(); break;
    case kLease: facts.lease = in.u32(); break;
    case kFqdn:
      if (value.size() > 3 && (value[0] & 4U) == 0) facts.host = as_text(text_of(value.subspan(3)));
      break;
    default: break;
  }
}

}  // namespace

Facts scan_options(Bytes options) {
  Facts facts;
  Cursor in(options);
  while (in.left() > 0) {
    const std::uint8_t code = in.u8();
    if (code == kPad) continue;
    if (code == kEnd) break;
    const Bytes value = in.take(in.u8());
    if (in.ok()) learn(code, value, facts);
  }
  return facts;
}

bool dissect_options(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const Bytes rest = in.rest();
    if (rest[0] == kPad) {
      const auto pads = static_cast<std::size_t>(
          std::ranges::find_if(rest, [](std::uint8_t octet) { return octet != kPad; }) - rest.begin());
      out.bytes(in, kOptionPadding, pads);
      continue;
    }
    const std::uint8_t code = in.u8();
    out.add(kOptionType, code == kEnd ? 0 : code, rest.first(1));  // tshark gives the end mark the value 0
    const LayerBuilder::Subtree tree(out);
    if (code == kEnd) {
      out.add(kOptionEnd, kEnd, rest.first(1));
      if (in.left() > 0) out.bytes(in, kOptionPadding, in.left());
      return true;
    }
    const std::uint8_t length = out.u8(in, kOptionLength);
    const Bytes value = in.take(length);
    if (!in.ok()) return false;
    if (length == 0) continue;
    out.add(kOptionValue, value, value);
    Cursor part(value);
    if (out.wanted()) shown(code, part, out);
  }
  return true;
}

}  // namespace pr::dissect::dhcp
