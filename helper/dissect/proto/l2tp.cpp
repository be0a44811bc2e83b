// Layer Two Tunneling Protocol: version 2 (RFC 2661) over UDP with PPP inside, version 3 (RFC 3931) over UDP and IP.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0, "Data Message"}, {1, "Control Message"}};
constexpr NamedValue kMessageNames[] = {{0, "Zero-Length Bit"},
                                        {1, "Start_Control_Request"},
                                        {2, "Start_Control_Reply"},
                                        {3, "Start_Control_Connected"},
                                        {4, "Stop_Control_Notification"},
                                        {6, "Hello"},
                                        {7, "Outgoing_Call_Request"},
                                        {8, "Outgoing_Call_Reply"},
                                        {9, "Outgoing_Call_Connected"},
                                        {10, "Incoming_Call_Request"},
                                        {11, "Incoming_Call_Reply"},
                                        {12, "Incoming_Call_Connected"},
                                        {14, "Call_Disconnect_Notification"},
                                        {15, "WAN_Error_Notify"},
                                        {16, "Set_Link_Info"},
                                        {20, "Explicit Acknowledgement"}};

enum Field : std::size_t {
  kFlags,
  kType,
  kLengthBit,
  kSequenceBit,
  kOffsetBit,
  kPriority,
  kVersion,
  kLength,
  kTunnel,
  kSession,
  kNs,
  kNr,
  kOffset,
  kSid,
  kCcid,
  kReserved,
  kAvpMandatory,
  kAvpHidden,
  kAvpLength,
  kAvpVendor,
  kAvpType,
  kAvpMessage,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"l2tp.flags", "Flags", FieldType::kUint, Show::kHex, 16},
    {"l2tp.type", "Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"l2tp.length_bit", "Length Bit", FieldType::kBool},
    {"l2tp.seq_bit", "Sequence Bit", FieldType::kBool},
    {"l2tp.offset_bit", "Offset bit", FieldType::kBool},
    {"l2tp.priority", "Priority", FieldType::kBool},
    {"l2tp.version", "Version", FieldType::kUint},
    {"l2tp.length", "Length", FieldType::kUint},
    {"l2tp.tunnel", "Tunnel ID", FieldType::kUint},
    {"l2tp.session", "Session ID", FieldType::kUint},
    {"l2tp.Ns", "Ns", FieldType::kUint},
    {"l2tp.Nr", "Nr", FieldType::kUint},
    {"l2tp.offset", "Offset", FieldType::kUint},
    {"l2tp.sid", "Session ID", FieldType::kUint, Show::kHex, 32},
    {"l2tp.ccid", "Control Connection ID", FieldType::kUint, Show::kHex, 32},
    {"l2tp.res", "Reserved", FieldType::kUint, Show::kHex, 16},
    {"l2tp.avp.mandatory", "Mandatory", FieldType::kBool},
    {"l2tp.avp.hidden", "Hidden", FieldType::kBool},
    {"l2tp.avp.length", "Length", FieldType::kUint},
    {"l2tp.avp.vendor_id", "Vendor ID", FieldType::kUint},
    {"l2tp.avp.type", "AVP Type", FieldType::kUint},
    {"l2tp.avp.message_type", "Message Type", FieldType::kUint, Show::kDec, 0, kMessageNames},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.tunnel", 1701}, {"ip.proto", 115}};
constexpr std::uint16_t kControl = 0x8000, kHasLength = 0x4000, kHasSequence = 0x0800, kHasOffset = 0x0200,
                        kVersionMask = 0x000f, kReservedMask = 0x34f0;
constexpr std::size_t kAvpHeader = 6;

void add_flags(std::uint16_t flags, Bytes where, LayerBuilder& out) {
  out.add(kFlags, flags, where);
  LayerBuilder::Subtree below(out);
  out.add(kType, flags >> 15U, where);
  out.add(kLengthBit, flags >> 14U & 1U, where);
  out.add(kSequenceBit, flags >> 11U & 1U, where);
  if ((flags & kVersionMask) == 2) {
    out.add(kOffsetBit, flags >> 9U & 1U, where);
    out.add(kPriority, flags >> 8U & 1U, where);
  }
  out.add(kVersion, flags & kVersionMask, where);
}

void add_avps(Cursor in, LayerBuilder& out) {
  while (in.left() >= kAvpHeader) {
    const Bytes head = in.peek(kAvpHeader);
    const std::size_t length = static_cast<std::size_t>(head[0] << 8U | head[1]) & 0x3ffU;
    if (length < kAvpHeader) return;
    Cursor avp = in.sub(std::min(length, in.left()));
    out.add(kAvpMandatory, head[0] >> 7U, head.first(2));
    out.add(kAvpHidden, head[0] >> 6U & 1U, head.first(2));
    out.add(kAvpLength, length, head.first(2));
    avp.skip(2);
    const std::uint16_t vendor = out.u16(avp, kAvpVendor);
    const Bytes where = avp.peek(2);
    const std::uint16_t type = avp.u16();
    if (vendor != 0) continue;
    out.add(kAvpType, type, where);
    if (type != 0) continue;
    const std::uint16_t message = out.u16(avp, kAvpMessage);
    if (avp.ok()) out.info("Control Message - " + std::string(name_of(kMessageNames, message, "Unknown")));
  }
}

Outcome dissect_control(Cursor& in, LayerBuilder& out, std::uint16_t flags) {
  if ((flags & kVersionMask) == 2) {
    out.u16(in, kTunnel);
    out.u16(in, kSession);
  } else {
    out.u32(in, kCcid);
  }
  if ((flags & kHasSequence) != 0) {
    out.u16(in, kNs);
    out.u16(in, kNr);
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.info("Control Message - Zero Length Body");
    add_avps(in, out);
  }
  in.skip(in.left());
  return Outcome::kDone;
}

// Which pseudo-wire a session of version 3 carries was agreed on before: unknown here.
Outcome dissect_session3(Cursor& in, LayerBuilder& out) {
  out.u32(in, kSid);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("Data Message");
  out.data(in);
  return Outcome::kDone;
}

Outcome dissect_data2(Cursor& in, LayerBuilder& out, std::uint16_t flags) {
  const std::uint16_t tunnel = out.u16(in, kTunnel);
  const std::uint16_t session = out.u16(in, kSession);
  if ((flags & kHasSequence) != 0) {
    out.u16(in, kNs);
    out.u16(in, kNr);
  }
  if ((flags & kHasOffset) != 0) in.skip(out.u16(in, kOffset));
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.info("Data Message (tunnel id=" + std::to_string(tunnel) + ", session id=" + std::to_string(session) + ")");
  }
  if (in.left() == 0) return Outcome::kDone;
  const std::uint32_t id = std::uint32_t{tunnel} << 16U | session;
  if (!out.enter_tunnel({.name = "l2tp", .id = id, .has_id = true}, in)) return Outcome::kDone;
  if (!out.next("ppp", in)) out.data(in);
  return Outcome::kDone;
}

Outcome dissect_udp_message(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(4);
  if (head.size() < 4) return Outcome::kNotMine;
  const auto flags = static_cast<std::uint16_t>(head[0] << 8U | head[1]);
  const unsigned version = flags & kVersionMask;
  const bool control = (flags & kControl) != 0;
  if ((version != 2 && version != 3) || (flags & kReservedMask) != 0) return Outcome::kNotMine;
  if (control && (flags & (kHasLength | kHasSequence)) == 0) return Outcome::kNotMine;
  const auto length = static_cast<std::size_t>(head[2] << 8U | head[3]);
  if ((flags & kHasLength) != 0 && (length > wire_left(in, out) || length < 8)) return Outcome::kNotMine;
  if (out.wanted()) add_flags(flags, head.first(2), out);
  in.skip(2);
  if (version == 3 && !control) {
    out.u16(in, kReserved);
    return dissect_session3(in, out);
  }
  if ((flags & kHasLength) != 0) out.u16(in, kLength);
  if (control) return dissect_control(in, out, flags);
  return dissect_data2(in, out, flags);
}

// Directly over IP: a session identifier of zero stands for a control message.
Outcome dissect_ip_message(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(8);
  if (head.size() < 4) return Outcome::kTruncated;
  const bool control = head[0] == 0 && head[1] == 0 && head[2] == 0 && head[3] == 0;
  if (!control) return dissect_session3(in, out);
  out.u32(in, kSid);
  const Bytes where = in.peek(2);
  const std::uint16_t flags = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) add_flags(flags, where, out);
  out.u16(in, kLength);
  return dissect_control(in, out, flags | 3U);
}

Outcome dissect_l2tp(Cursor& in, LayerBuilder& out) {
  const bool over_udp = out.frame().ip_proto == kIpProtoUdp;
  return over_udp ? dissect_udp_message(in, out) : dissect_ip_message(in, out);
}

}  // namespace

extern constinit const Dissector l2tp_dissector{.name = "l2tp",
                                                .title = "Layer 2 Tunneling Protocol",
                                                .column = "L2TP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_l2tp};

}  // namespace pr::dissect
