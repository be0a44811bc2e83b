// Link Layer Discovery Protocol, IEEE 802.1AB.
#include "helper/dissect/proto/lldp/lldp.h"
#include "shared/base/hex.h"
#include "shared/model/address.h"

namespace pr::dissect {
namespace lldp {
namespace {

constexpr Bind kBinds[] = {{"ethertype", 0x88cc}};

enum Type : std::uint8_t {
  kEnd = 0,
  kChassis,
  kPort,
  kTtl,
  kPortDescription,
  kName,
  kDescription,
  kCapabilities,
  kManagement,
  kOrganization = 127
};

// An address with its family in front (IANA address family numbers). Returns its text. v4: field of the IPv4 form; the
// IPv6 form has the field v6.
std::string read_network(std::size_t v4, std::size_t v6, Cursor& in, LayerBuilder& out) {
  const std::uint8_t family = out.u8(in, kNetworkAddressSubtype);
  const Bytes address = in.rest();
  if (family == 1 && address.size() == 4) {
    out.ipv4(in, v4);
  } else if (family == 2 && address.size() == 16) {
    out.bytes(in, v6, 16);
  } else {
    return {};
  }
  return IpAddress::from(address).text();
}

std::string read_chassis(Cursor& in, LayerBuilder& out) {
  const std::uint8_t subtype = out.u8(in, kChassisSubtype);
  const Bytes rest = in.rest();
  if (subtype == 4 && rest.size() == 6) {
    out.bytes(in, kChassisIdMac, 6);
    return "MA/" + hex_text(rest, ':');
  }
  if (subtype == 5) return "NA/" + read_network(kChassisIdIp4, kChassisIdIp6, in, out);
  out.bytes(in, kChassisId, rest.size());
  constexpr const char* kShort[] = {"", "CC/", "IA/", "PC/", "MA/", "NA/", "IN/", "LA/"};
  return (subtype < std::size(kShort) ? kShort[subtype] : "") + std::string(as_text(rest));
}

std::string read_port(Cursor& in, LayerBuilder& out) {
  const std::uint8_t subtype = out.u8(in, kPortSubtype);
  const Bytes rest = in.rest();
  if (subtype == 3 && rest.size() == 6) {
    out.bytes(in, kPortIdMac, 6);
    return "MA/" + hex_text(rest, ':');
  }
  if (subtype == 4) return "NA/" + read_network(kPortIdIp4, kPortIdIp6, in, out);
  out.bytes(in, kPortId, rest.size());
  constexpr const char* kShort[] = {"", "IA/", "PC/", "MA/", "NA/", "IN/", "AC/", "LA/"};
  return (subtype < std::size(kShort) ? kShort[subtype] : "") + std::string(as_text(rest));
}

void read_capabilities(Cursor& in, LayerBuilder& out) {
  const Bytes has = in.take(2);
  const Bytes uses = in.take(2);
  if (!in.ok()) return;
  out.add(kTlvSystemCap, number_of(has), has);
  add_low_bits(kTlvSystemCapOther, kTlvSystemCapStationOnly, number_of(has), has, out);
  out.add(kTlvEnableSystemCap, number_of(uses), uses);
  add_low_bits(kTlvEnableSystemCapOther, kTlvEnableSystemCapStationOnly, number_of(uses), uses, out);
}

void read_management(Cursor& in, LayerBuilder& out) {
  const std::uint8_t length = out.u8(in, kMgnAddressLen);
  const std::uint8_t family = out.u8(in, kMgnAddressSubtype);
  const std::size_t octets = length == 0 ? 0 : length - 1U;
  if (family == 1 && octets == 4) {
    out.ipv4(in, kMgnAddrIp4);
  } else if (octets > 0) {
    out.bytes(in, family == 2 && octets == 16 ? kMgnAddrIp6 : kMgnAddrHex, octets);
  }
  read_pieces(in, out, {{kMgnInterfaceSubtype, 1}, {kMgnInterfaceNumber, 4}, {kMgnObjLen, 1}});
}

std::string read_text(std::size_t field, Cursor& in, LayerBuilder& out) {
  const Bytes text = in.take(in.left());
  if (!text.empty()) out.add(field, text, text);
  return std::string(as_text(text));
}

std::string read_element(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kChassis: return read_chassis(in, out) + " ";
    case kPort: return read_port(in, out) + " ";
    case kTtl: return std::to_string(out.u16(in, kTimeToLive)) + " ";
    case kPortDescription: read_text(kPortDesc, in, out); return {};
    case kName: return "SysN=" + read_text(kTlvSystemName, in, out) + " ";
    case kDescription: return "SysD=" + read_text(kTlvSystemDesc, in, out) + " ";
    case kCapabilities: read_capabilities(in, out); return {};
    case kManagement: read_management(in, out); return {};
    case kOrganization: read_organization(in, out); return {};
    default: return {};
  }
}

// The first three elements are mandatory, in this order.
Outcome dissect_lldp(Cursor& in, LayerBuilder& out) {
  std::string info;
  for (std::size_t n = 0; in.left() >= 2; ++n) {
    const Bytes where = in.take(2);
    const auto type = static_cast<std::uint8_t>(where[0] >> 1U);
    const std::size_t length = (where[0] & 1U) << 8U | where[1];
    if (n < 3 && type != n + 1) return n == 0 ? Outcome::kNotMine : Outcome::kMalformed;
    out.add(kTlvType, type, where);
    out.add(kTlvLen, length, where);
    Cursor value = in.sub(length);
    if (!in.ok()) return Outcome::kTruncated;
    std::string said = read_element(type, value, out);
    if (out.wanted()) info += said;
    if (!value.ok()) return Outcome::kTruncated;
    if (type == kEnd) break;
  }
  if (out.wanted()) out.info(std::move(info));
  return Outcome::kDone;
}

}  // namespace
}  // namespace lldp

extern constinit const Dissector lldp_dissector{.name = "lldp",
                                                .title = "Link Layer Discovery Protocol",
                                                .column = "LLDP",
                                                .fields = lldp::kFields,
                                                .binds = lldp::kBinds,
                                                .dissect = &lldp::dissect_lldp};

}  // namespace pr::dissect
