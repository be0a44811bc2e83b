// Cisco Unidirectional Link Detection, RFC 5171, over SNAP.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kOpcodeNames[] = {{0, "Reserved"}, {1, "Probe"}, {2, "Echo"}, {3, "Flush"}};
constexpr NamedValue kTlvNames[] = {{1, "Device ID"},        {2, "Port ID"},          {3, "Echo"},
                                    {4, "Message interval"}, {5, "Timeout interval"}, {6, "Device name"},
                                    {7, "Sequence number"}};

enum Field : std::size_t {
  kVersion,
  kOpcode,
  kFlags,
  kFlagsRt,
  kFlagsRsy,
  kChecksum,
  kTlvType,
  kTlvLen,
  kDeviceId,
  kSentThroughInterface,
  kData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"udld.version", "Version", FieldType::kUint},
    {"udld.opcode", "Opcode", FieldType::kUint, Show::kDec, 0, kOpcodeNames},
    {"udld.flags", "Flags", FieldType::kUint},
    {"udld.flags.rt", "Recommended timeout", FieldType::kUint, Show::kHex, 8},
    {"udld.flags.rsy", "ReSynch", FieldType::kUint, Show::kHex, 8},
    {"udld.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"udld.tlv.type", "Type", FieldType::kUint, Show::kHex, 16, kTlvNames},
    {"udld.tlv.len", "Length", FieldType::kUint},
    {"udld.device_id", "Device ID", FieldType::kText},
    {"udld.sent_through_interface", "Sent through Interface", FieldType::kText},
    {"udld.data", "Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"llc.cisco_pid", 0x0111}};

Outcome dissect_udld(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.take(2);
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kVersion, head[0] >> 5U, head.first(1));
  out.add(kOpcode, head[0] & 0x1fU, head.first(1));
  out.add(kFlags, head[1], head.subspan(1));
  add_bits(head[1], head.subspan(1), out, {{kFlagsRt, 0}, {kFlagsRsy, 1}});
  out.u16(in, kChecksum);
  Bytes device, port;
  while (in.left() >= 4) {
    const std::uint16_t type = out.u16(in, kTlvType);
    const std::uint16_t length = out.u16(in, kTlvLen);
    if (length < 4) return Outcome::kMalformed;
    const Bytes value = in.take(std::min<std::size_t>(length - 4U, in.left()));
    if (type == 1) {
      device = value;
      out.add(kDeviceId, value, value);
    } else if (type == 2) {
      port = value;
      out.add(kSentThroughInterface, value, value);
    } else if (!value.empty()) {
      out.add(kData, value, value);
    }
  }
  if (out.wanted())
    out.info("Device ID: " + std::string(as_text(device)) + "  Port ID: " + std::string(as_text(port)) + "  ");
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector udld_dissector{.name = "udld",
                                                .title = "Unidirectional Link Detection",
                                                .column = "UDLD",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_udld};

}  // namespace pr::dissect
