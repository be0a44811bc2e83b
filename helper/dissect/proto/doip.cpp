// DoIP (ISO 13400-2): a version and its complement, a type, a length, and the payload of that type.
#include <string>

#include "helper/dissect/dissector.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kVersions[] = {{1, "DoIP ISO/DIS 13400-2:2010"},
                                    {2, "DoIP ISO 13400-2:2012"},
                                    {3, "DoIP ISO 13400-2:2019"},
                                    {0xff, "Default value for vehicle identification request messages"}};
constexpr NamedValue kTypes[] = {{0x0000, "Generic DoIP header NACK"},
                                 {0x0001, "Vehicle identification request"},
                                 {0x0002, "Vehicle identification request with EID"},
                                 {0x0003, "Vehicle identification request with VIN"},
                                 {0x0004, "Vehicle announcement message/vehicle identification response message"},
                                 {0x0005, "Routing activation request"},
                                 {0x0006, "Routing activation response"},
                                 {0x0007, "Alive check request"},
                                 {0x0008, "Alive check response"},
                                 {0x4001, "DoIP entity status request"},
                                 {0x4002, "DoIP entity status response"},
                                 {0x4003, "Diagnostic power mode information request"},
                                 {0x4004, "Diagnostic power mode information response"},
                                 {0x8001, "Diagnostic message"},
                                 {0x8002, "Diagnostic message ACK"},
                                 {0x8003, "Diagnostic message NACK"}};

enum : std::size_t {
  kVersion,
  kInverse,
  kType,
  kLength,
  kNackCode,
  kVin,
  kLogicalAddress,
  kEid,
  kGid,
  kFutherAction,
  kSyncStatus,
  kPowerMode,
  kNodeType,
  kMaxSockets,
  kSockets,
  kMaxDataSize,
  kSourceAddress,
  kTargetAddress
};

constexpr FieldDef kFields[] = {
    {"doip.version", "Version", FieldType::kUint, Show::kHex, 8, kVersions},
    {"doip.inverse", "Inverse version", FieldType::kUint, Show::kHex, 8},
    {"doip.type", "Type", FieldType::kUint, Show::kHex, 16, kTypes},
    {"doip.length", "Length", FieldType::kUint},
    {"doip.nack_code", "DoIP Header NACK code", FieldType::kUint, Show::kHex, 8},
    {"doip.vin", "VIN", FieldType::kText},
    {"doip.logical_address", "Logical Address", FieldType::kUint, Show::kHex, 16},
    {"doip.eid", "EID", FieldType::kBytes},
    {"doip.gid", "GID", FieldType::kBytes},
    {"doip.futher_action", "Further action required", FieldType::kUint, Show::kHex, 8},
    {"doip.sync_status", "VIN/GID sync. status", FieldType::kUint, Show::kHex, 8},
    {"doip.power_mode", "Diagnostic power mode", FieldType::kUint, Show::kHex, 8},
    {"doip.node_type", "Node type", FieldType::kUint, Show::kHex, 8},
    {"doip.max_sockets", "Max concurrent sockets", FieldType::kUint},
    {"doip.sockets", "Currently open sockets", FieldType::kUint},
    {"doip.max_data_size", "Max data size", FieldType::kUint},
    {"doip.source_address", "Source Address", FieldType::kUint, Show::kHex, 16},
    {"doip.target_address", "Target Address", FieldType::kUint, Show::kHex, 16},
};

constexpr Bind kBinds[] = {{"tcp.port", 13400}, {"udp.port", 13400}};
constexpr std::size_t kHead = 8;
constexpr std::uint32_t kMaxLength = 1U << 24U;

bool known_version(std::uint8_t version, std::uint8_t inverse) {
  return (version ^ inverse) == 0xff && ((version >= 1 && version <= 4) || version == 0xff);
}

void body(Cursor& in, LayerBuilder& out, std::uint16_t type) {
  switch (type) {
    case 0x0000: out.u8(in, kNackCode); return;
    case 0x0002: out.bytes(in, kEid, 6); return;
    case 0x0003: out.bytes(in, kVin, 17); return;
    case 0x0004:
      out.bytes(in, kVin, 17);
      out.u16(in, kLogicalAddress);
      out.bytes(in, kEid, 6);
      out.bytes(in, kGid, 6);
      out.u8(in, kFutherAction);
      if (in.left() > 0) out.u8(in, kSyncStatus);
      return;
    case 0x0005:
    case 0x0008: out.u16(in, kSourceAddress); return;
    case 0x4002:
      out.u8(in, kNodeType);
      out.u8(in, kMaxSockets);
      out.u8(in, kSockets);
      if (in.left() >= 4) out.u32(in, kMaxDataSize);
      return;
    case 0x4004: out.u8(in, kPowerMode); return;
    case 0x8001:
    case 0x8002:
    case 0x8003:
      out.u16(in, kSourceAddress);
      out.u16(in, kTargetAddress);
      return;
    default: return;
  }
}

Outcome dissect_doip(Cursor& in, LayerBuilder& out) {
  Cursor look(in.peek(kHead));
  const std::uint8_t version = look.u8(), inverse = look.u8();
  const std::uint16_t type = look.u16();
  const std::uint32_t length = look.u32();
  if (look.ok() && (!known_version(version, inverse) || length > kMaxLength)) return Outcome::kNotMine;
  if (!look.ok() || in.left() < kHead + length) {
    if (out.at_end()) return look.ok() ? Outcome::kTruncated : Outcome::kNotMine;
    out.need(look.ok() ? kHead + std::uint64_t{length} : kHead);
    return Outcome::kNeedMore;
  }
  out.u8(in, kVersion);
  out.u8(in, kInverse);
  out.u16(in, kType);
  out.u32(in, kLength);
  Cursor payload = in.sub(length);
  body(payload, out, type);
  if (out.wanted()) out.info(std::string(value_name(kTypes, type)));
  return Outcome::kDone;
}

Likeness probe_doip(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  const std::uint8_t version = in.u8(), inverse = in.u8();
  const std::uint16_t type = in.u16();
  const std::uint32_t length = in.u32();
  if (!in.ok() || !known_version(version, inverse)) return Likeness::kNo;
  const bool whole = hint.tcp ? in.left() >= length : in.left() == length;
  return whole && !value_name(kTypes, type).empty() ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector doip_dissector{.name = "doip",
                                                .title = "DoIP (ISO13400) Protocol",
                                                .column = "DoIP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_doip,
                                                .probe = &probe_doip,
                                                .stream = true,
                                                .datagram = true};

}  // namespace pr::dissect
