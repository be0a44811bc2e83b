// Mobility header of IPv6, RFC 6275 section 6.1; flags of RFC 3963 and 5213. Options are left undecoded.
#include "helper/dissect/proto/ipv6/extension.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0, "Binding Refresh Request"},
                                     {1, "Home Test Init"},
                                     {2, "Care-of Test Init"},
                                     {3, "Home Test"},
                                     {4, "Care-of Test"},
                                     {5, "Binding Update"},
                                     {6, "Binding Acknowledgement"},
                                     {7, "Binding Error"},
                                     {8, "Fast Binding Update"},
                                     {9, "Fast Binding Acknowledgment"},
                                     {10, "Fast Neighbor Advertisement"},
                                     {12, "Home Agent Switch"},
                                     {13, "Heartbeat"}};

enum Field : std::size_t {
  kProto,
  kHlen,
  kMhtype,
  kReserved,
  kCsum,
  kHotiCookie,
  kCotiCookie,
  kHotNindex,
  kHotCookie,
  kHotToken,
  kCotNindex,
  kCotCookie,
  kBuSeqnr,
  kBuAFlag,
  kBuHFlag,
  kBuLFlag,
  kBuKFlag,
  kBuMFlag,
  kNemoBuRFlag,
  kBuPFlag,
  kBuFFlag,
  kBuTFlag,
  kBuBFlag,
  kBuLifetime,
  kBaStatus,
  kBaKFlag,
  kNemoBaRFlag,
  kBaPFlag,
  kBaTFlag,
  kBaBFlag,
  kBaSeqnr,
  kBaLifetime,
  kBeStatus,
  kBeHaddr,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"mip6.proto", "Payload protocol", FieldType::kUint, Show::kDec, 0, kIpProtoNames},
    {"mip6.hlen", "Header length", FieldType::kUint},
    {"mip6.mhtype", "Mobility Header Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"mip6.reserved", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"mip6.csum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"mip6.hoti.cookie", "Home Init Cookie", FieldType::kUint, Show::kHex, 64},
    {"mip6.coti.cookie", "Care-of Init Cookie", FieldType::kUint, Show::kHex, 64},
    {"mip6.hot.nindex", "Home Nonce Index", FieldType::kUint},
    {"mip6.hot.cookie", "Home Init Cookie", FieldType::kUint, Show::kHex, 64},
    {"mip6.hot.token", "Home Keygen Token", FieldType::kUint, Show::kHex, 64},
    {"mip6.cot.nindex", "Care-of Nonce Index", FieldType::kUint},
    {"mip6.cot.cookie", "Care-of Init Cookie", FieldType::kUint, Show::kHex, 64},
    {"mip6.bu.seqnr", "Sequence number", FieldType::kUint},
    {"mip6.bu.a_flag", "Acknowledge (A) flag", FieldType::kBool},
    {"mip6.bu.h_flag", "Home Registration (H) flag", FieldType::kBool},
    {"mip6.bu.l_flag", "Link-Local Compatibility (L) flag", FieldType::kBool},
    {"mip6.bu.k_flag", "Key Management Compatibility (K) flag", FieldType::kBool},
    {"mip6.bu.m_flag", "MAP Registration Compatibility (M) flag", FieldType::kBool},
    {"mip6.nemo.bu.r_flag", "Mobile Router (R) flag", FieldType::kBool},
    {"mip6.bu.p_flag", "Proxy Registration (P) flag", FieldType::kBool},
    {"mip6.bu.f_flag", "Forcing UDP encapsulation (F) flag", FieldType::kBool},
    {"mip6.bu.t_flag", "TLV-header format (T) flag", FieldType::kBool},
    {"mip6.bu.b_flag", "Bulk-Binding-Update flag (B)", FieldType::kBool},
    {"mip6.bu.lifetime", "Lifetime", FieldType::kUint},
    {"mip6.ba.status", "Status", FieldType::kUint},
    {"mip6.ba.k_flag", "Key Management Compatibility (K) flag", FieldType::kBool},
    {"mip6.nemo.ba.r_flag", "Mobile Router (R) flag", FieldType::kBool},
    {"mip6.ba.p_flag", "Proxy Registration (P) flag", FieldType::kBool},
    {"mip6.ba.t_flag", "TLV-header format (T) flag", FieldType::kBool},
    {"mip6.ba.b_flag", "Bulk-Binding-Update flag (B)", FieldType::kBool},
    {"mip6.ba.seqnr", "Sequence number", FieldType::kUint},
    {"mip6.ba.lifetime", "Lifetime", FieldType::kUint},
    {"mip6.be.status", "Status", FieldType::kUint},
    {"mip6.be.haddr", "Home Address", FieldType::kIpv6},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoMobility}};

enum Type : std::uint8_t {
  kHomeTestInit = 1,
  kCareOfTestInit = 2,
  kHomeTest = 3,
  kCareOfTest = 4,
  kUpdate = 5,
  kAcknowledgement = 6,
  kError = 7
};

void add_flags(LayerBuilder& out, std::uint64_t bits, unsigned top, Bytes where, std::size_t first, std::size_t last) {
  for (std::size_t f = first; f <= last; ++f) out.add(f, bits >> (top - (f - first)) & 1U, where);
}

void add_body(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kHomeTestInit:
      in.skip(2);
      out.u64(in, kHotiCookie);
      return;
    case kCareOfTestInit:
      in.skip(2);
      out.u64(in, kCotiCookie);
      return;
    case kHomeTest:
      out.u16(in, kHotNindex);
      out.u64(in, kHotCookie);
      out.u64(in, kHotToken);
      return;
    case kCareOfTest:
      out.u16(in, kCotNindex);
      out.u64(in, kCotCookie);
      out.u64(in, kHotToken);
      return;
    case kUpdate: {
      out.u16(in, kBuSeqnr);
      const Bytes where = in.peek(2);
      const std::uint16_t flags = in.u16();
      if (in.ok()) add_flags(out, flags, 15, where, kBuAFlag, kBuBFlag);
      out.u16(in, kBuLifetime);
      return;
    }
    case kAcknowledgement: {
      out.u8(in, kBaStatus);
      const Bytes where = in.peek(1);
      const std::uint8_t flags = in.u8();
      if (in.ok()) add_flags(out, flags, 7, where, kBaKFlag, kBaBFlag);
      out.u16(in, kBaSeqnr);
      out.u16(in, kBaLifetime);
      return;
    }
    case kError:
      out.u8(in, kBeStatus);
      in.skip(1);
      out.bytes(in, kBeHaddr, 16);
      return;
    default: return;
  }
}

Outcome dissect_mipv6(Cursor& in, LayerBuilder& out) {
  out.u8(in, kProto);
  const std::uint8_t units = out.u8(in, kHlen);
  const std::uint8_t type = out.u8(in, kMhtype);
  out.u8(in, kReserved);
  out.u16(in, kCsum);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info(std::string(name_of(kTypeNames, type, "Unknown")));
  const std::size_t length = (units + std::size_t{1}) * 8;
  if (out.wanted()) out.layer_length(length);
  Cursor body = in.sub(std::min(length - 6, in.left()));
  add_body(type, body, out);
  return body.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector mipv6_dissector{.name = "mipv6",
                                                 .title = "Mobile IPv6",
                                                 .column = "MIPv6",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_mipv6};

}  // namespace pr::dissect
