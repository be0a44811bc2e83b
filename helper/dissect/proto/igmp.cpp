// IGMP versions 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376).
#include "helper/dissect/checksum.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"
#include "shared/model/address.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0x11, "Membership Query"},
                                     {0x12, "Membership Report"},
                                     {0x13, "DVMRP Protocol"},
                                     {0x14, "PIMv1 Protocol"},
                                     {0x15, "Cisco Trace Messages"},
                                     {0x16, "Membership Report"},
                                     {0x17, "Leave Group"},
                                     {0x1e, "Multicast Traceroute Response"},
                                     {0x1f, "Multicast Traceroute Query or Request"},
                                     {0x22, "Membership Report"}};
constexpr NamedValue kRecordNames[] = {{1, "Mode Is Include"},        {2, "Mode Is Exclude"},
                                       {3, "Change To Include Mode"}, {4, "Change To Exclude Mode"},
                                       {5, "Allow New Sources"},      {6, "Block Old Sources"}};
constexpr NamedValue kChecksumStatusNames[] = {{0, "Bad"}, {1, "Good"}, {2, "Unverified"}, {3, "Not present"}};

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
  kNumGrpRecs,
  kRecordType,
  kAuxDataLen,
  kAuxData,
  kData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"igmp.version", "IGMP Version", FieldType::kUint},
    {"igmp.type", "Type", FieldType::kUint, Show::kHex, 8, kTypeNames},
    {"igmp.reserved", "Reserved", FieldType::kBytes},
    {"igmp.max_resp", "Max Resp Time", FieldType::kUint},
    {"igmp.max_resp.exp", "Exponent", FieldType::kUint, Show::kHex, 8},
    {"igmp.max_resp.mant", "Mantissa", FieldType::kUint, Show::kHex, 8},
    {"igmp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"igmp.checksum.status", "Checksum Status", FieldType::kUint, Show::kDec, 0, kChecksumStatusNames},
    {"igmp.maddr", "Multicast Address", FieldType::kIpv4},
    {"igmp.s", "S", FieldType::kBool},
    {"igmp.qrv", "QRV", FieldType::kUint},
    {"igmp.qqic", "QQIC", FieldType::kUint},
    {"igmp.num_src", "Num Src", FieldType::kUint},
    {"igmp.saddr", "Source Address", FieldType::kIpv4},
    {"igmp.num_grp_recs", "Num Group Records", FieldType::kUint},
    {"igmp.record_type", "Record Type", FieldType::kUint, Show::kDec, 0, kRecordNames},
    {"igmp.aux_data_len", "Aux Data Len", FieldType::kUint},
    {"igmp.aux_data", "Aux Data", FieldType::kBytes},
    {"igmp.data", "Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoIgmp}};
constexpr const char* kTables[] = {"igmp.type"};

enum Type : std::uint8_t { kQuery = 0x11, kReportV1 = 0x12, kReportV2 = 0x16, kLeave = 0x17, kReportV3 = 0x22 };

std::uint8_t version_of(Bytes message) {
  switch (message[0]) {
    case kQuery: return message.size() >= 12 ? 3 : message.size() > 1 && message[1] == 0 ? 1 : 2;
    case kReportV1: return 1;
    case kReportV2:
    case kLeave: return 2;
    case kReportV3: return 3;
    default: return 0;
  }
}

std::string text_of(std::uint32_t address) { return IpAddress::v4(address).text(); }

void read_checksum(Bytes message, bool whole, Cursor& in, LayerBuilder& out) {
  out.u16(in, kChecksum);
  if (!in.ok() || !out.wants(kChecksumStatus)) return;
  const bool good = whole && internet_checksum({message}) == 0;
  const ChecksumStatus status = !whole ? ChecksumStatus::kUnverified
                                : good ? ChecksumStatus::kGood
                                       : ChecksumStatus::kBad;
  out.add(kChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
}

// Codes from 128 on are a small floating point number, RFC 3376 section 4.1.1.
void read_max_response(std::uint8_t version, Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t code = in.u8();
  if (!in.ok()) return;
  if (version < 3 || code < 128) return out.add(kMaxResp, code, where);
  const unsigned exponent = code >> 4U & 7U, mantissa = code & 15U;
  out.add(kMaxResp, (mantissa | 0x10U) << (exponent + 3U), where);
  LayerBuilder::Subtree below(out);
  out.add(kMaxRespExp, exponent, where);
  out.add(kMaxRespMant, mantissa, where);
}

// Returns the addresses as Info shows them: "{1.2.3.4, 5.6.7.8}".
std::string read_sources(std::uint16_t count, Cursor& in, LayerBuilder& out) {
  std::string text = "{";
  for (unsigned i = 0; i < count && in.ok(); ++i) {
    const std::uint32_t address = out.ipv4(in, kSaddr);
    if (out.wanted() && in.ok()) text += (i == 0 ? "" : ", ") + text_of(address);
  }
  return text + "}";
}

std::string read_query(Cursor& in, LayerBuilder& out, std::uint32_t group) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = in.u8();
  if (in.ok()) {
    out.add(kS, flags >> 3U & 1U, where);
    out.add(kQrv, flags & 7U, where);
  }
  out.u8(in, kQqic);
  const std::uint16_t sources = out.u16(in, kNumSrc);
  const std::string list = read_sources(sources, in, out);
  if (!out.wanted()) return {};
  std::string text = "Membership Query, ";
  text += group == 0 ? "general" : "specific for group " + text_of(group);
  return sources == 0 ? text : text + ", source" + (sources > 1 ? "s " : " ") + list;
}

std::string record_text(std::uint8_t type, std::uint16_t sources, std::uint32_t group, const std::string& list) {
  const std::string name = text_of(group);
  switch (type) {
    case 1:
    case 3:
      return sources == 0 ? " / Leave group " + name
                          : " / Join group " + name + " for source" + (sources > 1 ? "s " : " ") + list;
    case 2:
    case 4:
      return sources == 0 ? " / Join group " + name + " for any sources"
                          : " / Join group " + name + ", not for source" + (sources > 1 ? "s " : " ") + list;
    case 5: return " / Group " + name + ", new source" + (sources > 1 ? "s " : " ") + list;
    case 6: return " / Group " + name + ", block source" + (sources > 1 ? "s " : " ") + list;
    default: return {};
  }
}

std::string read_report(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kReserved, 2);
  const std::uint16_t records = out.u16(in, kNumGrpRecs);
  std::string text = "Membership Report";
  for (unsigned i = 0; i < records && in.ok(); ++i) {
    const std::uint8_t type = out.u8(in, kRecordType);
    const std::uint8_t auxiliary = out.u8(in, kAuxDataLen);
    const std::uint16_t sources = out.u16(in, kNumSrc);
    const std::uint32_t group = out.ipv4(in, kMaddr);
    const std::string list = read_sources(sources, in, out);
    if (auxiliary > 0) out.bytes(in, kAuxData, auxiliary * std::size_t{4});
    if (!in.ok()) break;
    if (out.wanted()) text += record_text(type, sources, group, list);
  }
  return text;
}

std::string read_body(std::uint8_t version, std::uint8_t type, Bytes message, bool whole, Cursor& in,
                      LayerBuilder& out) {
  if (type == kReportV3) {
    out.bytes(in, kReserved, 1);
    read_checksum(message, whole, in, out);
    return read_report(in, out);
  }
  if (version == 1) {
    out.bytes(in, kReserved, 1);
  } else {
    read_max_response(version, in, out);
  }
  read_checksum(message, whole, in, out);
  const std::uint32_t group = out.ipv4(in, kMaddr);
  if (version == 3) return read_query(in, out, group);
  if (!out.wanted()) return {};
  const std::string name(name_of(kTypeNames, type, "Unknown"));
  if (version == 1) return name;
  if (type == kQuery) return name + (group == 0 ? ", general" : ", specific for group " + text_of(group));
  return name + (type == kReportV2 ? " group " : " ") + text_of(group);
}

Outcome dissect_igmp(Cursor& in, LayerBuilder& out) {
  if (!out.has_flow()) return Outcome::kWantsFlow;
  const Bytes message = in.rest();
  const bool whole = out.quoted() || message.size() >= out.frame().payload_len;
  if (message.empty()) return Outcome::kTruncated;
  const std::uint8_t version = version_of(message);
  const std::uint8_t type = message[0];
  constexpr std::uint8_t kMtrace = 0x1f;
  if (version != 0 || type == kMtrace) out.mention("igmp");  // a dissector for each version
  if (version == 0 && out.next(0, type, in)) return Outcome::kDone;
  if (version == 0) {
    out.u8(in, kType);
    if (in.left() > 0) out.bytes(in, kData, in.left());
    if (out.wanted()) out.info(std::string(name_of(kTypeNames, type, "Unknown Type")));
    return Outcome::kDone;
  }
  out.add(kVersion, version, Bytes{});
  out.u8(in, kType);
  std::string info = read_body(version, type, message, whole, in, out);
  if (out.wanted()) {
    out.column("IGMPv" + std::to_string(version));
    out.info(std::move(info));
  }
  return in.ok() || out.quoted() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector igmp_dissector{.name = "igmp",
                                                .title = "Internet Group Management Protocol",
                                                .column = "IGMP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_igmp,
                                                .datagram = true};

}  // namespace pr::dissect
