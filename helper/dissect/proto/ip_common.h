// What several link and network dissectors share: names of numbers, and lengths on the wire.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "helper/dissect/layer_builder.h"

namespace pr::dissect {

// Numbers of the IP protocol field, IANA protocol-numbers.
enum IpProto : std::uint8_t {
  kIpProtoHopByHop = 0,
  kIpProtoIcmp = 1,
  kIpProtoIgmp = 2,
  kIpProtoIpv4 = 4,
  kIpProtoTcp = 6,
  kIpProtoUdp = 17,
  kIpProtoIpv6 = 41,
  kIpProtoRouting = 43,
  kIpProtoFragment = 44,
  kIpProtoAh = 51,
  kIpProtoIcmpv6 = 58,
  kIpProtoNoNext = 59,
  kIpProtoDestOptions = 60,
  kIpProtoSctp = 132,
  kIpProtoMobility = 135,
};

inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeArp = 0x0806;
inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;

inline constexpr NamedValue kIpProtoNames[] = {
    {0, "IPv6 Hop-by-Hop Option"},
    {1, "ICMP"},
    {2, "IGMP"},
    {3, "GGP"},
    {4, "IPIP"},
    {6, "TCP"},
    {8, "EGP"},
    {9, "IGRP"},
    {17, "UDP"},
    {27, "RDP"},
    {33, "DCCP"},
    {41, "IPv6"},
    {43, "Routing Header for IPv6"},
    {44, "Fragment Header for IPv6"},
    {46, "RSVP"},
    {47, "Generic Routing Encapsulation"},
    {50, "Encap Security Payload"},
    {51, "Authentication Header"},
    {58, "ICMPv6"},
    {59, "No Next Header for IPv6"},
    {60, "Destination Options for IPv6"},
    {88, "EIGRP"},
    {89, "OSPF IGP"},
    {94, "IPIP"},
    {97, "EtherIP"},
    {103, "PIM"},
    {108, "IPComp"},
    {112, "VRRP"},
    {115, "Layer 2 Tunneling"},
    {124, "ISIS over IPv4"},
    {132, "SCTP"},
    {133, "Fibre Channel"},
    {135, "Mobile IPv6"},
    {136, "UDPlite"},
    {137, "MPLS in IP"},
};

inline constexpr NamedValue kEtherTypeNames[] = {
    {0x0800, "IPv4"},
    {0x0806, "ARP"},
    {0x0842, "Wake on LAN"},
    {0x2000, "Cisco Discovery Protocol"},
    {0x22f3, "TRILL"},
    {0x6002, "DEC DNA Remote Console"},
    {0x6003, "DEC DNA Routing"},
    {0x6558, "Transparent Ethernet bridging"},
    {0x8035, "RARP"},
    {0x809b, "AppleTalk LLAP bridging"},
    {0x80f3, "AppleTalk Address Resolution Protocol"},
    {0x8100, "802.1Q Virtual LAN"},
    {0x8137, "Netware IPX/SPX"},
    {0x86dd, "IPv6"},
    {0x8808, "MAC Control"},
    {0x8809, "Slow Protocols"},
    {0x8847, "MPLS label switched packet"},
    {0x8848, "MPLS multicast label switched packet"},
    {0x8863, "PPPoE Discovery"},
    {0x8864, "PPPoE Session"},
    {0x888e, "802.1X Authentication"},
    {0x8892, "PROFINET"},
    {0x88a2, "ATA over Ethernet"},
    {0x88a4, "EtherCAT frame"},
    {0x88a8, "802.1ad Provider Bridge (Q-in-Q)"},
    {0x88b8, "IEC 61850/GOOSE"},
    {0x88ba, "IEC 61850/SV (Sampled Value Transmission"},
    {0x88cc, "802.1 Link Layer Discovery Protocol (LLDP)"},
    {0x88e5, "802.1AE (MACsec)"},
    {0x88f7, "PTPv2 over Ethernet (IEEE1588)"},
    {0x8902, "IEEE 802.1Q Connectivity Fault Management (CFM) protocol"},
    {0x8906, "FCoE"},
    {0x893a, "IEEE 1905.1a"},
    {0x9000, "Configuration Test Protocol (loop)"},
    {0x9100, "QinQ: VLAN tag"},
};

// "0800": how columns show a number that has no name.
inline std::string hex16(std::uint16_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  return {kDigits[value >> 12U], kDigits[value >> 8U & 15U], kDigits[value >> 4U & 15U], kDigits[value & 15U]};
}

// The name of a value in a sorted or short table, or `unknown`.
inline std::string_view name_of(std::span<const NamedValue> names, std::uint64_t value, std::string_view unknown) {
  for (const NamedValue& name : names) {
    if (name.value == value) return name.name;
  }
  return unknown;
}

// Octets left on the wire where `in` has octets left in the capture: more when the snap length cut the frame and `in`
// reaches up to the cut.
inline std::size_t wire_left(const Cursor& in, const LayerBuilder& out) {
  const Bytes captured = out.packet().bytes;
  const Bytes here = in.all();
  const bool at_cut = here.data() + here.size() == captured.data() + captured.size();
  const std::size_t cut = out.packet().wire_len > captured.size() ? out.packet().wire_len - captured.size() : 0;
  return in.left() + (at_cut ? cut : 0);
}

// The length that the payload of an Ethernet type states itself, whatever padding follows; nothing: it does not.
inline std::optional<std::size_t> stated_length(std::uint16_t ethertype, Bytes payload) {
  const auto be16 = [payload](std::size_t at) { return static_cast<std::size_t>(payload[at] << 8U | payload[at + 1]); };
  if (ethertype == kEtherTypeIpv4 && payload.size() >= 4 && payload[0] >> 4U == 4) {
    const std::size_t total = be16(2);
    if (total >= (payload[0] & 15U) * std::size_t{4}) return total;
  }
  if (ethertype == kEtherTypeIpv6 && payload.size() >= 6 && be16(4) != 0) return be16(4) + 40;
  if ((ethertype == kEtherTypeArp || ethertype == 0x8035) && payload.size() >= 6) {
    return 8U + 2U * payload[4] + 2U * payload[5];
  }
  if ((ethertype == 0x8863 || ethertype == 0x8864) && payload.size() >= 6) return be16(4) + 6;
  return std::nullopt;
}

// Field numbers of what may follow the payload of an Ethernet frame.
struct TrailerFields {
  std::size_t padding, trailer, fcs, fcs_status;
  bool has_fcs;  // the protocol has fields for a frame check sequence
};

// Fields of what stands behind the payload: octets from `payload_wire` (its length on the wire) on are padding up to
// 60 octets of frame if they are zero, else a trailer, with a frame check sequence at the end of frames of 64 octets
// or more. in: at the payload's start. Requires: somebody wants fields.
void add_trailer(const Cursor& in, LayerBuilder& out, std::size_t payload_wire, const TrailerFields& fields);

}  // namespace pr::dissect
