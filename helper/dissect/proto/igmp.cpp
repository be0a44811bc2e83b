// Internet Group Management Protocol: version 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376).
#include "helper/dissect/checksum.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kVersion,
  kType,
  kReserved,
  kMaxResp,
  kMaxRespExp,
  kMaxRespMant,
  kChecksum,
  kChecksumStatus,
  kMaddr,
  kS,
  kQrv,
  kQqic,
  kNumSrc,
  kSaddr,
  kNumGroups,
  kRecordType,
  kAuxLen,
  kAuxData,
  kFieldCount
};

enum : std::uint8_t { kQuery = 0x11, kReport1 = 0x12, kReport2 = 0x16, kLeave = 0x17, kReport3 = 0x22 };

constexpr NamedValue kTypes[] = {{kQuery, "Membership Query"}, {kReport1, "Membership Report"},
                                 {kReport2, "Membership Report"}, {kLeave, "Leave Group"},
                                 {kReport3, "Membership Report"}};
constexpr NamedValue kRecords[] = {{1, "Mode Is Include"}, {2, "Mode Is Exclude"}, {3, "Change To Include Mode"},
                                   {4, "Change To Exclude Mode"}, {5, "Allow New Sources"}, {6, "Block Old Sources"}};
constexpr NamedValue kStatus[] = {{0, "Bad"}, {1, "Good"}};
constexpr FieldDef kFields[] = {
    {"igmp.version", "IGMP Version", FieldType::kUint},
    {"igmp.type", "Type", FieldType::kUint, Show::kHex, 8, kTypes},
    {"igmp.reserved", "Reserved", FieldType::kBytes},
    {"igmp.max_resp", "Max Resp Time", FieldType::kUint},
    {"igmp.max_resp.exp", "Exponent", FieldType::kUint, Show::kHex, 8},
    {"igmp.max_resp.mant", "Mantissa", FieldType::kUint, Show::kHex, 8},
    {"igmp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"igmp.checksum.status", "Checksum Status", FieldType::kUint, Show::kDec, 0, kStatus},
    {"igmp.maddr", "Multicast Address", FieldType::kIpv4},
    {"igmp.s", "S", FieldType::kBool},
    {"igmp.qrv", "QRV", FieldType::kUint},
    {"igmp.qqic", "QQIC", FieldType::kUint},
    {"igmp.num_src", "Num Src", FieldType::kUint},
    {"igmp.saddr", "Source Address", FieldType::kIpv4},
    {"igmp.num_grp_recs", "Num Group Records", FieldType::kUint},
    {"igmp.record_type", "Record Type", FieldType::kUint, Show::kDec, 0, kRecords},
    {"igmp.aux_data_len", "Aux Data Len", FieldType::kUint},
    {"igmp.aux_data", "Aux Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);
constexpr Bind kBinds[] = {{"ip.proto", kIpProtoIgmp}};
constexpr std::size_t kQuery3Length = 12;

void add_checksum(Cursor& in, LayerBuilder& out) {
  out.u16(in, kChecksum);
  const bool whole = out.packet().bytes.size() >= out.packet().wire_len;
  if (out.wanted() && whole && in.ok()) out.add(kChecksumStatus, internet_checksum({in.all()}) == 0 ? 1 : 0, Bytes{});
}

// RFC 3376 4.1.1: from 128 on the time is a small floating point number.
void add_max_resp(Cursor& in, LayerBuilder& out, bool version3) {
  const Bytes where = in.peek(1);
  const std::uint8_t raw = in.u8();
  if (!in.ok()) return;
  const bool floating = version3 && raw >= 0x80;
  const unsigned value = floating ? ((raw & 0x0fU) | 0x10U) << ((raw >> 4U & 7U) + 3U) : raw;
  out.add(kMaxResp, value, where);
  if (!floating) return;
  out.add(kMaxRespExp, raw >> 4U & 7U, where);
  out.add(kMaxRespMant, raw & 0x0fU, where);
}

void query3(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = in.u8();
  if (!in.ok()) return;
  out.add(kS, flags >> 3U & 1U, where);
  out.add(kQrv, flags & 7U, where);
  out.u8(in, kQqic);
  const std::uint16_t sources = out.u16(in, kNumSrc);
  for (std::uint16_t i = 0; i < sources && in.left() > 0; ++i) out.ipv4(in, kSaddr);
}

void report3(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kReserved, 2);
  const std::uint16_t records = out.u16(in, kNumGroups);
  for (std::uint16_t i = 0; i < records && in.left() > 0; ++i) {
    out.u8(in, kRecordType);
    const std::size_t aux = std::size_t{out.u8(in, kAuxLen)} * 4;
    const std::uint16_t sources = out.u16(in, kNumSrc);
    out.ipv4(in, kMaddr);
    for (std::uint16_t k = 0; k < sources && in.left() > 0; ++k) out.ipv4(in, kSaddr);
    if (aux > 0) out.bytes(in, kAuxData, aux);
  }
}

Outcome dissect_igmp(Cursor& in, LayerBuilder& out) {
  const std::size_t length = in.left();
  const Bytes first = in.peek(2);
  if (first.size() < 2) return Outcome::kTruncated;
  const std::uint8_t type = first[0];
  const bool known = type == kQuery || type == kReport1 || type == kReport2 || type == kLeave || type == kReport3;
  if (!known) {
    out.u8(in, kType);
    out.data(in);
    return Outcome::kDone;
  }
  const bool query_of_3 = type == kQuery && length >= kQuery3Length;
  const unsigned version = type == kReport3 || query_of_3                        ? 3
                           : type == kReport1 || (type == kQuery && first[1] == 0) ? 1
                                                                                   : 2;
  out.add(kVersion, version, Bytes{});
  out.u8(in, kType);
  if (type == kReport3 || version == 1) {
    out.bytes(in, kReserved, 1);
  } else {
    add_max_resp(in, out, version == 3);
  }
  add_checksum(in, out);
  if (type == kReport3) {
    report3(in, out);
  } else {
    out.ipv4(in, kMaddr);
    if (version == 3) query3(in, out);
  }
  if (out.wanted()) out.column("IGMPv" + std::to_string(version));
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector igmp_dissector{.name = "igmp",
                                                .title = "Internet Group Management Protocol",
                                                .column = "IGMP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_igmp};

}  // namespace pr::dissect
