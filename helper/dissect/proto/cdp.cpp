// Cisco Discovery Protocol, over SNAP.
#include "helper/dissect/checksum.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTlvNames[] = {{1, "Device ID"},
                                    {2, "Addresses"},
                                    {3, "Port ID"},
                                    {4, "Capabilities"},
                                    {5, "Software version"},
                                    {6, "Platform"},
                                    {7, "IP Prefix/Gateway (used for ODR)"},
                                    {8, "Protocol Hello"},
                                    {9, "VTP Management Domain"},
                                    {10, "Native VLAN"},
                                    {11, "Duplex"},
                                    {14, "VoIP VLAN Reply"},
                                    {15, "VoIP VLAN Query"},
                                    {16, "Power consumption"},
                                    {17, "MTU"},
                                    {18, "Trust Bitmap"},
                                    {19, "Untrusted Port CoS"},
                                    {20, "System Name"},
                                    {21, "System Object ID"},
                                    {22, "Management Address"},
                                    {23, "Location"},
                                    {25, "Power Request"},
                                    {26, "Power Available"},
                                    {31, "Spare PoE"}};
constexpr NamedValue kProtocolTypeNames[] = {{1, "NLPID"}, {2, "802.2"}};
constexpr NamedValue kHelloNames[] = {{0x0112, "Cluster Management"}};

enum Field : std::size_t {
  kVersion,
  kTtl,
  kChecksum,
  kChecksumStatus,
  kTlvType,
  kTlvLen,
  kDeviceid,
  kSoftwareVersion,
  kPlatform,
  kNumberOfAddresses,
  kProtocolType,
  kProtocolLength,
  kProtocol,
  kAddressLength,
  kNrgyzIpAddress,
  kNrgyzIpv6Address,
  kAddress,
  kPortid,
  kCapabilities,
  kCapabilitiesRouter,
  kCapabilitiesTransBridge,
  kCapabilitiesSrcBridge,
  kCapabilitiesSwitch,
  kCapabilitiesHost,
  kCapabilitiesIgmpCapable,
  kCapabilitiesRepeater,
  kCapabilitiesVoipPhone,
  kCapabilitiesRemote,
  kCapabilitiesCvta,
  kCapabilitiesMacRelay,
  kOdrDefaultGateway,
  kIpPrefix,
  kOui,
  kProtocolId,
  kClusterMasterIp,
  kClusterIp,
  kClusterVersion,
  kClusterSubVersion,
  kClusterStatus,
  kClusterUnknown,
  kClusterCommanderMac,
  kClusterSwitchMac,
  kClusterManagementVlan,
  kVtpManagementDomain,
  kNativeVlan,
  kDuplex,
  kData,
  kVoiceVlan,
  kPowerConsumption,
  kMtu,
  kTrustBitmap,
  kUntrustedPortCos,
  kSystemName,
  kSystemObjectIdentifier,
  kLocationUnknown,
  kLocation,
  kRequestId,
  kManagementId,
  kPowerRequested,
  kPowerAvailable,
  kSparePoeTlv,
  kSparePoeTlvPoe,
  kSparePoeTlvSparePairArch,
  kSparePoeTlvReqSparePairPoe,
  kSparePoeTlvPseSparePairPoe,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"cdp.version", "Version", FieldType::kUint},
    {"cdp.ttl", "TTL", FieldType::kUint},
    {"cdp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"cdp.checksum.status", "Checksum Status", FieldType::kUint},
    {"cdp.tlv.type", "Type", FieldType::kUint, Show::kHex, 16, kTlvNames},
    {"cdp.tlv.len", "Length", FieldType::kUint},
    {"cdp.deviceid", "Device ID", FieldType::kText},
    {"cdp.software_version", "Software version", FieldType::kText},
    {"cdp.platform", "Platform", FieldType::kText},
    {"cdp.number_of_addresses", "Number of addresses", FieldType::kUint},
    {"cdp.protocol_type", "Protocol type", FieldType::kUint, Show::kHex, 8, kProtocolTypeNames},
    {"cdp.protocol_length", "Protocol length", FieldType::kUint},
    {"cdp.protocol", "Protocol", FieldType::kBytes},
    {"cdp.address_length", "Address length", FieldType::kUint},
    {"cdp.nrgyz.ip_address", "IP Address", FieldType::kIpv4},
    {"cdp.nrgyz.ipv6_address", "IPv6 Address", FieldType::kIpv6},
    {"cdp.address", "Address", FieldType::kBytes},
    {"cdp.portid", "Sent through Interface", FieldType::kText},
    {"cdp.capabilities", "Capabilities", FieldType::kUint, Show::kHex, 32},
    {"cdp.capabilities.router", "Router", FieldType::kBool},
    {"cdp.capabilities.trans_bridge", "Transparent Bridge", FieldType::kBool},
    {"cdp.capabilities.src_bridge", "Source Route Bridge", FieldType::kBool},
    {"cdp.capabilities.switch", "Switch", FieldType::kBool},
    {"cdp.capabilities.host", "Host", FieldType::kBool},
    {"cdp.capabilities.igmp_capable", "IGMP capable", FieldType::kBool},
    {"cdp.capabilities.repeater", "Repeater", FieldType::kBool},
    {"cdp.capabilities.voip_phone", "VoIP Phone", FieldType::kBool},
    {"cdp.capabilities.remote", "Remotely Managed Device", FieldType::kBool},
    {"cdp.capabilities.cvta", "CVTA/STP Dispute Resolution/Cisco VT Camera", FieldType::kBool},
    {"cdp.capabilities.mac_relay", "Two Port Mac Relay", FieldType::kBool},
    {"cdp.odr_default_gateway", "ODR Default gateway", FieldType::kIpv4},
    {"cdp.ip_prefix", "IP Prefix", FieldType::kIpv4},
    {"cdp.oui", "OUI", FieldType::kUint},
    {"cdp.protocol_id", "Protocol ID", FieldType::kUint, Show::kHex, 16, kHelloNames},
    {"cdp.cluster.master_ip", "Cluster Master IP", FieldType::kIpv4},
    {"cdp.cluster.ip", "IP?", FieldType::kIpv4},
    {"cdp.cluster.version", "Version?", FieldType::kUint, Show::kHex, 8},
    {"cdp.cluster.sub_version", "Sub Version?", FieldType::kUint, Show::kHex, 8},
    {"cdp.cluster.status", "Status?", FieldType::kUint, Show::kHex, 8},
    {"cdp.cluster.unknown", "UNKNOWN", FieldType::kUint, Show::kHex, 8},
    {"cdp.cluster.commander_mac", "Cluster Commander MAC", FieldType::kEther},
    {"cdp.cluster.switch_mac", "Switch's MAC", FieldType::kEther},
    {"cdp.cluster.management_vlan", "Management VLAN", FieldType::kUint},
    {"cdp.vtp_management_domain", "VTP Management Domain", FieldType::kText},
    {"cdp.native_vlan", "Native VLAN", FieldType::kUint},
    {"cdp.duplex", "Duplex", FieldType::kBool},
    {"cdp.data", "Data", FieldType::kBytes},
    {"cdp.voice_vlan", "Voice VLAN", FieldType::kUint},
    {"cdp.power_consumption", "Power Consumption", FieldType::kUint},
    {"cdp.mtu", "MTU", FieldType::kUint},
    {"cdp.trust_bitmap", "Trust Bitmap", FieldType::kUint, Show::kHex, 8},
    {"cdp.untrusted_port_cos", "Untrusted port CoS", FieldType::kUint, Show::kHex, 8},
    {"cdp.system_name", "System Name", FieldType::kText},
    {"cdp.system_object_identifier", "System Object Identifier", FieldType::kBytes},
    {"cdp.location.unknown", "UNKNOWN", FieldType::kUint, Show::kHex, 8},
    {"cdp.location", "Location", FieldType::kText},
    {"cdp.request_id", "Request-ID", FieldType::kUint},
    {"cdp.management_id", "Management-ID", FieldType::kUint},
    {"cdp.power_requested", "Power Requested", FieldType::kUint},
    {"cdp.power_available", "Power Available", FieldType::kUint},
    {"cdp.spare_poe_tlv", "Spare Pair PoE", FieldType::kUint, Show::kHex, 8},
    {"cdp.spare_poe_tlv.poe", "PSE Four-Wire PoE", FieldType::kBool},
    {"cdp.spare_poe_tlv.spare_pair_arch", "PD Spare Pair Architecture", FieldType::kBool},
    {"cdp.spare_poe_tlv.req_spare_pair_poe", "PD Request Spare Pair PoE", FieldType::kBool},
    {"cdp.spare_poe_tlv.pse_spare_pair_poe", "PSE Spare Pair PoE", FieldType::kBool},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {
    {"llc.cisco_pid", 0x2000}, {"ethertype", 0x2000}, {"chdlc.protocol", 0x2000}, {"ppp.protocol", 0x0207}};

struct Names {
  Bytes device, port;
};

void read_text(std::size_t field, Cursor& in, LayerBuilder& out) {
  const Bytes where = in.take(in.left());
  out.add(field, where, where);
}

void read_version_lines(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const std::string_view rest = as_text(in.rest());
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const Bytes line = in.take(end);
    out.add(kSoftwareVersion, line, line);
    if (in.left() > 0) in.skip(1);
  }
}

void read_addresses(Cursor& in, LayerBuilder& out) {
  const std::uint32_t count = out.u32(in, kNumberOfAddresses);
  for (std::uint32_t i = 0; i < count && in.left() > 0; ++i) {
    const std::uint8_t type = out.u8(in, kProtocolType);
    const std::uint8_t size = out.u8(in, kProtocolLength);
    const Bytes protocol = out.bytes(in, kProtocol, size);
    const std::uint16_t length = out.u16(in, kAddressLength);
    if (!in.ok()) return;
    if (type == 1 && size == 1 && protocol[0] == 0xcc && length == 4) {
      out.ipv4(in, kNrgyzIpAddress);
    } else if (type == 2 && size == 8 && number_of(protocol) == 0xaaaa0300000086ddULL && length == 16) {
      out.bytes(in, kNrgyzIpv6Address, 16);
    } else if (length > 0) {
      out.bytes(in, kAddress, length);
    }
  }
}

void read_capabilities(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t bits = out.u32(in, kCapabilities);
  if (!in.ok()) return;
  const LayerBuilder::Subtree below(out);
  for (std::size_t i = 0; i <= kCapabilitiesMacRelay - kCapabilitiesRouter; ++i)
    out.add(kCapabilitiesRouter + i, bits >> i & 1U, where);
}

void read_hello(Cursor& in, LayerBuilder& out) {
  out.u24(in, kOui);
  if (out.u16(in, kProtocolId) != 0x0112) return;
  read_pieces(in, out,
              {{kClusterMasterIp, 4},
               {kClusterIp, 4},
               {kClusterVersion, 1},
               {kClusterSubVersion, 1},
               {kClusterStatus, 1},
               {kClusterUnknown, 1},
               {kClusterCommanderMac, 6, true},
               {kClusterSwitchMac, 6, true},
               {kClusterUnknown, 1},
               {kClusterManagementVlan, 2}});
}

void read_power(std::size_t field, Cursor& in, LayerBuilder& out) {
  read_pieces(in, out, {{kRequestId, 2}, {kManagementId, 2}});
  while (in.left() >= 4) out.u32(in, field);
}

void read_prefixes(std::size_t length, Cursor& in, LayerBuilder& out) {
  if (length == 4) {
    out.ipv4(in, kOdrDefaultGateway);
    return;
  }
  while (in.left() >= 5) read_pieces(in, out, {{kIpPrefix, 4}, {kSkipped, 1}});
}

void read_spare(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t bits = out.u8(in, kSparePoeTlv);
  if (!in.ok()) return;
  add_bits(bits, where, out,
           {{kSparePoeTlvPoe, 0},
            {kSparePoeTlvSparePairArch, 1},
            {kSparePoeTlvReqSparePairPoe, 2},
            {kSparePoeTlvPseSparePairPoe, 3}});
}

void read_value(std::uint16_t type, Cursor& in, LayerBuilder& out, Names* names) {
  switch (type) {
    case 1: names->device = in.rest(); return read_text(kDeviceid, in, out);
    case 2:
    case 22: return read_addresses(in, out);
    case 3: names->port = in.rest(); return read_text(kPortid, in, out);
    case 4: return read_capabilities(in, out);
    case 5: return read_version_lines(in, out);
    case 6: return read_text(kPlatform, in, out);
    case 7: return read_prefixes(in.left(), in, out);
    case 8: return read_hello(in, out);
    case 9: return read_text(kVtpManagementDomain, in, out);
    case 10: out.u16(in, kNativeVlan); return;
    case 11: {
      const Bytes where = in.take(1);
      if (in.ok()) out.add(kDuplex, where[0] != 0 ? 1 : 0, where);
      return;
    }
    case 14:
    case 15:
      if (in.left() >= 3) {
        read_pieces(in, out, {{kData, 1, true}, {kVoiceVlan, 2}});
      } else {
        read_text(kData, in, out);
      }
      return;
    case 16: out.u16(in, kPowerConsumption); return;
    case 17: out.u32(in, kMtu); return;
    case 18: out.u8(in, kTrustBitmap); return;
    case 19: out.u8(in, kUntrustedPortCos); return;
    case 20: return read_text(kSystemName, in, out);
    case 21: return read_text(kSystemObjectIdentifier, in, out);
    case 23: out.u8(in, kLocationUnknown); return read_text(kLocation, in, out);
    case 25: return read_power(kPowerRequested, in, out);
    case 26: return read_power(kPowerAvailable, in, out);
    case 31: return read_spare(in, out);
    default:
      if (in.left() > 0) read_text(kData, in, out);
  }
}

// The last octet of an odd number counts as a signed low octet: an old mistake that everybody keeps.
bool good_checksum(Bytes message) {
  if (message.size() % 2 == 0) return internet_checksum({message}) == 0;
  const std::uint8_t last = message.back();
  const std::uint8_t low = last >= 0x80 ? static_cast<std::uint8_t>(last - 1U) : last;
  const std::uint8_t word[] = {static_cast<std::uint8_t>(last >= 0x80 ? 0xff : 0), low};
  return internet_checksum({message.first(message.size() - 1), word}) == 0;
}

Outcome dissect_cdp(Cursor& in, LayerBuilder& out) {
  const Bytes message = in.rest();
  read_pieces(in, out, {{kVersion, 1}, {kTtl, 1}, {kChecksum, 2}});
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wants(kChecksumStatus)) {
    const bool whole = out.packet().bytes.size() >= out.packet().wire_len;
    const auto status = !whole                   ? ChecksumStatus::kUnverified
                        : good_checksum(message) ? ChecksumStatus::kGood
                                                 : ChecksumStatus::kBad;
    out.add(kChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
  }
  Names names;
  while (in.left() >= 4) {
    const std::uint16_t type = out.u16(in, kTlvType);
    const std::uint16_t length = out.u16(in, kTlvLen);
    if (length < 4) return Outcome::kMalformed;
    Cursor value = in.sub(std::min<std::size_t>(length - 4U, in.left()));
    read_value(type, value, out, &names);
    if (!value.ok()) return Outcome::kTruncated;
  }
  if (out.wanted()) {
    std::string info;
    if (!names.device.empty()) info += "Device ID: " + std::string(as_text(names.device)) + "  ";
    if (!names.port.empty()) info += "Port ID: " + std::string(as_text(names.port)) + "  ";
    out.info(std::move(info));
  }
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector cdp_dissector{.name = "cdp",
                                               .title = "Cisco Discovery Protocol",
                                               .column = "CDP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_cdp};

}  // namespace pr::dissect
