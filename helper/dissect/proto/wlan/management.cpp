#include "helper/dissect/proto/wlan/fields.h"

namespace pr::dissect::wlan {
namespace {

enum Subtype : std::uint8_t {
  kAssociationRequest = 0,
  kAssociationResponse = 1,
  kReassociationRequest = 2,
  kReassociationResponse = 3,
  kProbeRequest = 4,
  kProbeResponse = 5,
  kBeaconFrame = 8,
  kDisassociate = 10,
  kAuthentication = 11,
  kDeauthentication = 12,
  kAction = 13,
};

// Octets in front of the tags.
std::size_t fixed_length(unsigned subtype) {
  switch (subtype) {
    case kAssociationRequest: return 4;
    case kAssociationResponse:
    case kReassociationResponse:
    case kAuthentication: return 6;
    case kReassociationRequest: return 10;
    case kProbeResponse:
    case kBeaconFrame: return 12;
    case kDisassociate:
    case kDeauthentication: return 2;
    default: return 0;
  }
}

void add_fixed(Cursor in, unsigned subtype, LayerBuilder& out) {
  switch (subtype) {
    case kProbeResponse:
    case kBeaconFrame:
      out.u64le(in, kTimestamp);
      out.u16le(in, kBeacon);
      out.u16le(in, kCapabilities);
      break;
    case kAssociationRequest:
    case kReassociationRequest:
      out.u16le(in, kCapabilities);
      out.u16le(in, kListenInterval);
      if (subtype == kReassociationRequest) out.bytes(in, kCurrentAp, 6);
      break;
    case kAssociationResponse:
    case kReassociationResponse: {
      out.u16le(in, kCapabilities);
      out.u16le(in, kStatusCode);
      const Bytes where = in.peek(2);
      const std::uint16_t id = in.u16le();
      if (in.ok()) out.add(kAssociationId, id & 0x3fffU, where);
      break;
    }
    case kAuthentication:
      out.u16le(in, kAuthAlgorithm);
      out.u16le(in, kAuthSequence);
      out.u16le(in, kStatusCode);
      break;
    case kDisassociate:
    case kDeauthentication: out.u16le(in, kReasonCode); break;
    default: break;
  }
}

void add_tag(std::uint8_t number, Cursor in, LayerBuilder& out) {
  switch (number) {
    case 0: out.add(kSsid, in.rest(), in.rest()); break;
    case 1:
      while (in.left() > 0) out.u8(in, kRates);
      break;
    case 3: out.u8(in, kDsChannel); break;
    case 50:
      while (in.left() > 0) out.u8(in, kExtendedRates);
      break;
    case 221: out.u24(in, kTagOui); break;
    default: break;
  }
}

void add_tags(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return;
  out.mark(kTaggedAll, in.rest());
  LayerBuilder::Subtree below(out);
  while (in.left() >= 2) {
    const Bytes head = in.peek(2);
    out.mark(kTag, in.peek(2U + head[1]));
    LayerBuilder::Subtree inside(out);
    const std::uint8_t number = out.u8(in, kTagNumber);
    const std::uint8_t length = out.u8(in, kTagLength);
    const Cursor value = in.sub(length);
    if (!in.ok()) return;
    add_tag(number, value, out);
  }
}

}  // namespace

void add_management(Cursor& in, unsigned subtype, LayerBuilder& out) {
  if (subtype == kAction) {
    out.u8(in, kCategory);
    return;
  }
  const std::size_t fixed = fixed_length(subtype);
  if (fixed == 0 && subtype != kProbeRequest) return;
  if (fixed > 0) {
    out.mark(kFixedAll, in.peek(fixed));
    LayerBuilder::Subtree below(out);
    add_fixed(in.sub(fixed), subtype, out);
  }
  if (in.ok()) add_tags(in, out);
}

}  // namespace pr::dissect::wlan
