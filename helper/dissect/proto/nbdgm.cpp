// NetBIOS datagram service, RFC 1002 4.4: mostly announcements of Windows' browsers, in SMB mail slots.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/nbns/name.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{16, "Direct_unique datagram"},
                                     {17, "Direct_group datagram"},
                                     {18, "Broadcast datagram"},
                                     {19, "Datagram error"},
                                     {20, "Datagram query request"},
                                     {21, "Datagram positive query response"},
                                     {22, "Datagram negative query response"}};

enum Field : std::uint16_t {
  kType,
  kSrcPort,
  kSrcIp,
  kSourceName,
  kPktOffset,
  kNodeType,
  kNext,
  kFlags,
  kFirst,
  kDgramLen,
  kDgramId,
  kDestinationName,
  kErrorCode,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"nbdgm.type", "Message Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"nbdgm.src.port", "Source Port", FieldType::kUint},
    {"nbdgm.src.ip", "Source IP", FieldType::kIpv4},
    {"nbdgm.source_name", "Source name", FieldType::kText},
    {"nbdgm.pkt_offset", "Packet offset", FieldType::kUint},
    {"nbdgm.node_type", "Node Type", FieldType::kUint},
    {"nbdgm.next", "More fragments follow", FieldType::kBool},
    {"nbdgm.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"nbdgm.first", "This is first fragment", FieldType::kBool},
    {"nbdgm.dgram_len", "Datagram length", FieldType::kUint},
    {"nbdgm.dgram_id", "Datagram ID", FieldType::kUint, Show::kHex, 16},
    {"nbdgm.destination_name", "Destination name", FieldType::kText},
    {"nbdgm.error_code", "Error code", FieldType::kUint, Show::kHex, 8},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 138}};
constexpr std::uint8_t kDirectUnique = 16, kBroadcast = 18, kError = 19, kNegativeResponse = 22;
constexpr std::uint32_t kSmb = 0xff534d42;

bool name(Cursor& in, LayerBuilder& out, Field field) {
  nbns::Name read;
  const std::size_t start = in.at();
  if (!read.read(in, in.all())) return false;
  read.describe();
  out.add_text(field, read.text(), in.since(start));
  return true;
}

Outcome dissect_nbdgm(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.peek(2);
  if (start.size() < 2 || start[0] < kDirectUnique || start[0] > kNegativeResponse) return Outcome::kNotMine;
  const std::uint8_t type = out.u8(in, kType);
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kFlags);
  {
    const LayerBuilder::Subtree tree(out);
    out.add(kNext, flags & 1U, where);
    out.add(kFirst, flags >> 1U & 1U, where);
    out.add(kNodeType, flags >> 2U & 3U, where);
  }
  out.u16(in, kDgramId);
  out.ipv4(in, kSrcIp);
  out.u16(in, kSrcPort);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info(kTypeNames[type - kDirectUnique].name);
  if (type == kError) {
    out.u8(in, kErrorCode);
    return in.ok() ? Outcome::kDone : Outcome::kTruncated;
  }
  if (type > kError) return name(in, out, kDestinationName) ? Outcome::kDone : Outcome::kTruncated;
  out.u16(in, kDgramLen);
  out.u16(in, kPktOffset);
  if (!in.ok()) return Outcome::kTruncated;
  if (!name(in, out, kSourceName) || !name(in, out, kDestinationName))
    return in.ok() ? Outcome::kMalformed : Outcome::kTruncated;
  Cursor look = in;
  if (look.u32() == kSmb && look.ok() && out.next("smb", in)) return Outcome::kDone;
  out.data(in);
  return Outcome::kDone;
}

Likeness probe_nbdgm(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.size() < 10 || start[0] < kDirectUnique || start[0] > kNegativeResponse) return Likeness::kNo;
  if (start[1] > 15) return Likeness::kNo;
  const bool names = start[0] <= kBroadcast && start.size() > 14 && nbns::looks_like_name(start.subspan(14));
  return names ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector nbdgm_dissector{.name = "nbdgm",
                                                 .title = "NetBIOS Datagram Service",
                                                 .column = "NBDS",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_nbdgm,
                                                 .probe = &probe_nbdgm,
                                                 .datagram = true};

}  // namespace pr::dissect
