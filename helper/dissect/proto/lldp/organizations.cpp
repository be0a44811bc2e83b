// Elements of organisations: IEEE 802.1 and 802.3 (IEEE 802.1AB annexes), data center bridging (802.1Qaz), media
// endpoint discovery (TIA-1057), manufacturer usage descriptions (RFC 8520).
#include "helper/dissect/proto/lldp/lldp.h"

namespace pr::dissect::lldp {
namespace {

enum Oui : std::uint32_t { kIeee8021 = 0x0080c2, kIeee8023 = 0x00120f, kMedia = 0x0012bb, kIana = 0x00005e };

// A number and the bits in it, lowest first.
void read_flags(std::size_t field, std::uint8_t octets, std::size_t first, std::size_t last, Cursor& in,
                LayerBuilder& out) {
  const Bytes where = in.take(octets);
  if (!in.ok()) return;
  out.add(field, number_of(where), where);
  add_low_bits(first, last, number_of(where), where, out);
}

void read_aggregation(std::size_t status, std::size_t port, Cursor& in, LayerBuilder& out) {
  read_flags(status, 1, status + 1, status + 2, in, out);
  out.u32(in, port);
}

void read_link(Cursor& in, LayerBuilder& out) {
  read_flags(kIeee8023MacPhyAutoNegStatus, 1, kIeee8023MacPhyAutoNegStatusSupported,
             kIeee8023MacPhyAutoNegStatusEnabled, in, out);
  const Bytes where = in.take(2);
  if (!in.ok()) return;
  const std::uint64_t modes = number_of(where);
  out.add(kIeee8023PmdAutoNegAdvertisedCaps, modes, where);
  add_low_bits(kIeee8023PmdAutoNegAdvertisedCaps1000baseTfd, kIeee8023PmdAutoNegAdvertisedCapsOther, modes, where, out);
  {  // some senders have the bits the other way round: shown in both
    const LayerBuilder::Subtree below(out);
    for (std::size_t i = 0; i < 16; ++i)
      out.add(kIeee8023PmdAutoNegAdvertisedCapsInv1000baseTfd + i, modes >> (15U - i) & 1U, where);
  }
  out.u16(in, kIeee8023PmdMauType);
}

void read_8023(Cursor& in, LayerBuilder& out) {
  switch (out.u8(in, kIeee8023Subtype)) {
    case 1: return read_link(in, out);
    case 2:
      read_flags(kIeee8023MdiPowerSupport, 1, kIeee8023MdiPowerSupportPortClass, kIeee8023MdiPowerSupportPsePairs, in,
                 out);
      read_pieces(in, out, {{kIeee8023MdiPsePair, 1}, {kIeee8023MdiPowerClass, 1}});
      return;
    case 3: return read_aggregation(kIeee8023AggregationStatus, kIeee8023AggregatedPortId, in, out);
    case 4: out.u16(in, kIeee8023MaxFrameSize); return;
    default: return;
  }
}

void read_flow_control(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.take(2);
  if (!in.ok()) return;
  out.add(kDcbxIeeeWilling, where[0] >> 7U, where.first(1));
  out.add(kDcbxIeeePfcMbc, where[0] >> 6U & 1U, where.first(1));
  out.add(kDcbxIeeePfcNumtcs, where[0] & 15U, where.first(1));
  add_low_bits(kDcbxFeaturePfcPrio0, kDcbxFeaturePfcPrio7, where[1], where.subspan(1), out);
}

void read_applications(Cursor& in, LayerBuilder& out) {
  out.u8(in, kDcbxIeeeAppReserved);
  while (in.left() >= 3) {
    const Bytes where = in.take(1);
    out.add(kDcbxIeeeAppPrio, where[0] >> 5U, where);
    out.add(kDcbxIeeAppSf, where[0] & 7U, where);
    out.u16(in, kDcbxFeatureAppProto);
  }
}

void read_8021(Cursor& in, LayerBuilder& out) {
  switch (out.u8(in, kIeee8021Subtype)) {
    case 1: out.u16(in, kIeee8021PortVlanId); return;
    case 2: {
      const Bytes where = in.take(1);
      if (!in.ok()) return;
      out.add(kIeee8021PortAndVlanIdFlag, where[0], where);
      add_bits(where[0], where, out,
               {{kIeee8021PortAndVlanIdFlagSupported, 1}, {kIeee8021PortAndVlanIdFlagEnabled, 2}});
      out.u16(in, kIeee8021PortProtoVlanId);
      return;
    }
    case 3: {
      out.u16(in, kIeee8021VlanId);
      const std::uint8_t length = out.u8(in, kIeee8021VlanNameLen);
      if (length > 0) out.bytes(in, kIeee8021VlanName, length);
      return;
    }
    case 4: {
      const std::uint8_t length = out.u8(in, kIeee8021ProtoIdLength);
      if (length > 0) out.bytes(in, kIeee8021ProtoId, length);
      return;
    }
    case 7: {
      const Bytes where = in.take(1);
      if (!in.ok()) return;
      out.add(kIeee8021AggregationStatus, where[0], where);
      add_bits(where[0], where, out,
               {{kIeee8021AggregationStatusCap, 0},
                {kIeee8021AggregationStatusEnabled, 1},
                {kIeee8021AggregationStatusPorttype, 2, 3}});
      out.u32(in, kIeee8021AggregatedPortId);
      return;
    }
    case 11: return read_flow_control(in, out);
    case 12: return read_applications(in, out);
    default: return;
  }
}

void read_policy(Cursor& in, LayerBuilder& out) {
  out.u8(in, kMediaAppType);
  const Bytes where = in.take(3);
  if (!in.ok()) return;
  const std::uint64_t policy = number_of(where);
  out.add(kMediaPolicyFlag, policy >> 23U, where);
  out.add(kMediaTagFlag, policy >> 22U & 1U, where);
  out.add(kMediaVlanId, policy >> 9U & 0xfffU, where);
  out.add(kMediaL2Prio, policy >> 6U & 7U, where);
  out.add(kMediaDscp, policy & 0x3fU, where);
}

void read_media(Cursor& in, LayerBuilder& out) {
  const std::uint8_t subtype = out.u8(in, kMediaSubtype);
  switch (subtype) {
    case 1:
      read_flags(kMediaSubtypeCaps, 2, kMediaSubtypeCapsLlpd, kMediaSubtypeCapsInventory, in, out);
      out.u8(in, kMediaSubtypeClass);
      return;
    case 2: return read_policy(in, out);
    case 4: {
      const Bytes where = in.take(1);
      if (!in.ok()) return;
      out.add(kMediaPowerType, where[0] >> 6U, where);
      out.add(kMediaPowerSource, where[0] >> 4U & 3U, where);
      out.add(kMediaPowerPrio, where[0] & 15U, where);
      out.u16(in, kMediaPowerValue);
      return;
    }
    default: break;
  }
  constexpr std::size_t kInventory[] = {kMediaHardware,     kMediaFirmware, kMediaSoftware, kMediaSn,
                                        kMediaManufacturer, kMediaModel,    kMediaAsset};
  if (subtype < 5 || subtype > 11 || in.left() == 0) return;
  const Bytes where = in.take(in.left());
  const std::string_view text = as_text(where);
  out.add_text(kInventory[subtype - 5U], text.substr(0, text.find('\0')), where);
}

}  // namespace

void read_organization(Cursor& in, LayerBuilder& out) {
  const std::uint32_t oui = out.u24(in, kOrgtlvOui);
  switch (oui) {
    case kIeee8021: return read_8021(in, out);
    case kIeee8023: return read_8023(in, out);
    case kMedia: return read_media(in, out);
    case kIana:
      if (out.u8(in, kIanaSubtype) == 1 && in.left() > 0) out.bytes(in, kIanaMudurl, in.left());
      return;
    default:
      out.u8(in, kUnknownSubtype);
      if (in.left() > 0) out.bytes(in, kUnknownSubtypeContent, in.left());
  }
}

}  // namespace pr::dissect::lldp
