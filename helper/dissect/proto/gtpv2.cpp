// GTP version 2, control plane (3GPP TS 29.274): the header.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kMessageNames[] = {{1, "Echo Request"},
                                        {2, "Echo Response"},
                                        {3, "Version Not Supported Indication"},
                                        {32, "Create Session Request"},
                                        {33, "Create Session Response"},
                                        {34, "Modify Bearer Request"},
                                        {35, "Modify Bearer Response"},
                                        {36, "Delete Session Request"},
                                        {37, "Delete Session Response"},
                                        {38, "Change Notification Request"},
                                        {39, "Change Notification Response"},
                                        {64, "Modify Bearer Command"},
                                        {66, "Delete Bearer Command"},
                                        {68, "Bearer Resource Command"},
                                        {95, "Create Bearer Request"},
                                        {96, "Create Bearer Response"},
                                        {97, "Update Bearer Request"},
                                        {98, "Update Bearer Response"},
                                        {99, "Delete Bearer Request"},
                                        {100, "Delete Bearer Response"},
                                        {128, "Identification Request"},
                                        {129, "Identification Response"},
                                        {130, "Context Request"},
                                        {131, "Context Response"},
                                        {132, "Context Acknowledge"},
                                        {133, "Forward Relocation Request"},
                                        {134, "Forward Relocation Response"},
                                        {170, "Release Access Bearers Request"},
                                        {171, "Release Access Bearers Response"},
                                        {176, "Downlink Data Notification"},
                                        {177, "Downlink Data Notification Acknowledgement"}};

enum Field : std::size_t {
  kFlags,
  kVersion,
  kPiggyback,
  kHasTeid,
  kPriority,
  kMessage,
  kLength,
  kTeid,
  kSeq,
  kSpare,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"gtpv2.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"gtpv2.version", "Version", FieldType::kUint},
    {"gtpv2.p", "Piggybacking flag (P)", FieldType::kUint},
    {"gtpv2.t", "TEID flag (T)", FieldType::kUint},
    {"gtpv2.mp", "Message Priority(MP)", FieldType::kUint},
    {"gtpv2.message_type", "Message Type", FieldType::kUint, Show::kDec, 0, kMessageNames},
    {"gtpv2.msg_length", "Message Length", FieldType::kUint},
    {"gtpv2.teid", "Tunnel Endpoint Identifier", FieldType::kUint, Show::kHex, 32},
    {"gtpv2.seq", "Sequence Number", FieldType::kUint, Show::kHex, 24},
    {"gtpv2.spare", "Spare", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 2123}};
constexpr std::size_t kFixed = 4;

bool is_header(Bytes data) {
  if (data.size() < 8 || data[0] >> 5U != 2 || (data[0] & 3U) != 0) return false;
  const auto length = static_cast<std::size_t>(data[2] << 8U | data[3]);
  const bool piggyback = (data[0] & 0x10U) != 0;
  const std::size_t whole = length + kFixed;
  return name_of(kMessageNames, data[1], "") != "" && (piggyback ? whole < data.size() : whole == data.size());
}

Likeness probe_gtpv2(Bytes start, const ProbeHint& hint) {
  return !hint.tcp && is_header(start) ? Likeness::kMaybe : Likeness::kNo;
}

Outcome dissect_gtpv2(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(1);
  if (!is_header(in.rest())) return Outcome::kNotMine;
  const std::uint8_t flags = in.u8();
  if (out.wanted()) {
    out.add(kFlags, flags, head);
    LayerBuilder::Subtree below(out);
    out.add(kVersion, flags >> 5U, head);
    out.add(kPiggyback, flags >> 4U & 1U, head);
    out.add(kHasTeid, flags >> 3U & 1U, head);
    out.add(kPriority, flags >> 2U & 1U, head);
  }
  const std::uint8_t type = out.u8(in, kMessage);
  out.u16(in, kLength);
  if ((flags & 8U) != 0) out.u32(in, kTeid);
  out.u24(in, kSeq);
  out.u8(in, kSpare);
  if (out.wanted()) out.info(std::string(name_of(kMessageNames, type, "Unknown")));
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector gtpv2_dissector{.name = "gtpv2",
                                                 .title = "GPRS Tunneling Protocol V2",
                                                 .column = "GTPv2",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_gtpv2,
                                                 .probe = &probe_gtpv2,
                                                 .datagram = true};

}  // namespace pr::dissect
