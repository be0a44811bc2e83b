// NTP: RFC 5905 with extension fields, control messages (mode 6, RFC 9327) and what ntpd's own tools send (mode 7).
#include "helper/dissect/dissector.h"
#include "helper/dissect/line.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kModeNames[] = {{0, "reserved"}, {1, "symmetric active"}, {2, "symmetric passive"},
                                     {3, "client"},   {4, "server"},           {5, "broadcast"},
                                     {6, "control"},  {7, "private"}};
constexpr NamedValue kNullNames[] = {{0, "NULL"}};
constexpr NamedValue kOpcodeNames[] = {{1, "read status"},
                                       {2, "read variables"},
                                       {3, "write variables"},
                                       {4, "read clock variables"},
                                       {5, "write clock variables"},
                                       {6, "set trap"},
                                       {7, "trap"},
                                       {8, "configuration"},
                                       {9, "export configuration"},
                                       {10, "read MRU list"},
                                       {11, "read ordered list"},
                                       {12, "request nonce"},
                                       {31, "unset trap"}};

enum Field : std::uint16_t {
  kFlags,
  kFlagsLi,
  kFlagsVn,
  kFlagsMode,
  kStratum,
  kPpoll,
  kPrecision,
  kRootdelay,
  kRootdispersion,
  kRefid,
  kReftime,
  kOrg,
  kRec,
  kXmt,
  kKeyid,
  kMac,
  kExt,
  kExtType,
  kExtLength,
  kExtValue,
  kCtrlFlags2,
  kCtrlFlags2R,
  kCtrlFlags2Error,
  kCtrlFlags2More,
  kCtrlFlags2Opcode,
  kCtrlSequence,
  kCtrlStatus,
  kCtrlErrStatus,
  kCtrlSysStatusLi,
  kCtrlSysStatusClksrc,
  kCtrlSysStatusCount,
  kCtrlSysStatusCode,
  kCtrlPeerStatusConfig,
  kCtrlPeerStatusAuthenable,
  kCtrlPeerStatusAuthentic,
  kCtrlPeerStatusReach,
  kCtrlPeerStatusBcast,
  kCtrlPeerStatusSelection,
  kCtrlPeerStatusCount,
  kCtrlPeerStatusCode,
  kCtrlClockStatusStatus,
  kCtrlClockStatusCode,
  kCtrlAssocid,
  kCtrlOffset,
  kCtrlCount,
  kCtrlData,
  kCtrlItem,
  kCtrlTrapmsg,
  kCtrlConfiguration,
  kCtrlMru,
  kCtrlOrdlist,
  kCtrlNonce,
  kPrivFlagsR,
  kPrivFlagsMore,
  kPrivAuthSeq,
  kPrivAuth,
  kPrivSeq,
  kPrivImpl,
  kPrivReqcode,
  kPrivErr,
  kPrivNumitems,
  kPrivReserved,
  kPrivItemsize,
  kPrivMode7Item,
  kPrivMonlistAvgint,
  kPrivMonlistLsint,
  kPrivMonlistRestr,
  kPrivMonlistCount,
  kPrivMonlistRemoteAddress,
  kPrivMonlistLocalAddress,
  kPrivMonlistFlags,
  kPrivMonlistPort,
  kPrivMonlistMode,
  kPrivMonlistVersion,
  kPrivMonlistIpv6,
  kPrivMonlistUnused,
  kPrivMonlistAddr6,
  kPrivMonlistDaddr6,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ntp.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"ntp.flags.li", "Leap Indicator", FieldType::kUint},
    {"ntp.flags.vn", "Version number", FieldType::kUint},
    {"ntp.flags.mode", "Mode", FieldType::kUint, Show::kDec, 0, kModeNames},
    {"ntp.stratum", "Peer Clock Stratum", FieldType::kUint},
    {"ntp.ppoll", "Peer Polling Interval", FieldType::kUint},
    {"ntp.precision", "Peer Clock Precision", FieldType::kUint},
    {"ntp.rootdelay", "Root Delay", FieldType::kUint},
    {"ntp.rootdispersion", "Root Dispersion", FieldType::kUint},
    {"ntp.refid", "Reference ID", FieldType::kBytes},
    {"ntp.reftime", "Reference Timestamp", FieldType::kTime, Show::kDec, 0, kNullNames},
    {"ntp.org", "Origin Timestamp", FieldType::kTime, Show::kDec, 0, kNullNames},
    {"ntp.rec", "Receive Timestamp", FieldType::kTime, Show::kDec, 0, kNullNames},
    {"ntp.xmt", "Transmit Timestamp", FieldType::kTime, Show::kDec, 0, kNullNames},
    {"ntp.keyid", "Key ID", FieldType::kBytes},
    {"ntp.mac", "Message Authentication Code", FieldType::kBytes},
    {"ntp.ext", "Extension", FieldType::kNone},
    {"ntp.ext.type", "Field Type", FieldType::kUint, Show::kHex, 16},
    {"ntp.ext.length", "Length", FieldType::kUint},
    {"ntp.ext.value", "Value", FieldType::kBytes},
    {"ntp.ctrl.flags2", "Flags 2", FieldType::kUint, Show::kHex, 8},
    {"ntp.ctrl.flags2.r", "Response bit", FieldType::kUint},
    {"ntp.ctrl.flags2.error", "Error bit", FieldType::kUint},
    {"ntp.ctrl.flags2.more", "More bit", FieldType::kUint},
    {"ntp.ctrl.flags2.opcode", "Opcode", FieldType::kUint, Show::kDec, 0, kOpcodeNames},
    {"ntp.ctrl.sequence", "Sequence", FieldType::kUint},
    {"ntp.ctrl.status", "Status", FieldType::kUint, Show::kHex, 16},
    {"ntp.ctrl.err_status", "Error Status Word", FieldType::kUint},
    {"ntp.ctrl.sys_status.li", "Leap Indicator", FieldType::kUint},
    {"ntp.ctrl.sys_status.clksrc", "Clock Source", FieldType::kUint},
    {"ntp.ctrl.sys_status.count", "System Event Counter", FieldType::kUint},
    {"ntp.ctrl.sys_status.code", "System Event Code", FieldType::kUint},
    {"ntp.ctrl.peer_status.config", "Peer Status", FieldType::kBool},
    {"ntp.ctrl.peer_status.authenable", "Peer Status", FieldType::kBool},
    {"ntp.ctrl.peer_status.authentic", "Peer Status", FieldType::kBool},
    {"ntp.ctrl.peer_status.reach", "Peer Status", FieldType::kBool},
    {"ntp.ctrl.peer_status.bcast", "Peer Status broadcast association", FieldType::kBool},
    {"ntp.ctrl.peer_status.selection", "Peer Selection", FieldType::kUint},
    {"ntp.ctrl.peer_status.count", "Peer Event Counter", FieldType::kUint},
    {"ntp.ctrl.peer_status.code", "Peer Event Code", FieldType::kUint},
    {"ntp.ctrl.clock_status.status", "Clock Status", FieldType::kUint},
    {"ntp.ctrl.clock_status.code", "Clock Event Code", FieldType::kUint},
    {"ntp.ctrl.associd", "AssociationID", FieldType::kUint},
    {"ntp.ctrl.offset", "Offset", FieldType::kUint},
    {"ntp.ctrl.count", "Count", FieldType::kUint},
    {"ntp.ctrl.data", "Data", FieldType::kNone},
    {"ntp.ctrl.item", "Item", FieldType::kNone},
    {"ntp.ctrl.trapmsg", "Trap message", FieldType::kText},
    {"ntp.ctrl.configuration", "Configuration", FieldType::kText},
    {"ntp.ctrl.mru", "MRU", FieldType::kText},
    {"ntp.ctrl.ordlist", "Ordered List", FieldType::kText},
    {"ntp.ctrl.nonce", "Nonce", FieldType::kText},
    {"ntp.priv.flags.r", "Response bit", FieldType::kUint},
    {"ntp.priv.flags.more", "More bit", FieldType::kUint},
    {"ntp.priv.auth_seq", "Auth, sequence", FieldType::kUint},
    {"ntp.priv.auth", "Auth bit", FieldType::kUint},
    {"ntp.priv.seq", "Sequence number", FieldType::kUint},
    {"ntp.priv.impl", "Implementation", FieldType::kUint},
    {"ntp.priv.reqcode", "Request code", FieldType::kUint},
    {"ntp.priv.err", "Err", FieldType::kUint, Show::kHex, 8},
    {"ntp.priv.numitems", "Number of data items", FieldType::kUint},
    {"ntp.priv.reserved", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"ntp.priv.itemsize", "Size of data item", FieldType::kUint},
    {"ntp.priv.mode7.item", "Mode7 item", FieldType::kText},
    {"ntp.priv.monlist.avgint", "avgint", FieldType::kUint},
    {"ntp.priv.monlist.lsint", "lsint", FieldType::kUint},
    {"ntp.priv.monlist.restr", "restr", FieldType::kUint, Show::kHex, 32},
    {"ntp.priv.monlist.count", "count", FieldType::kUint},
    {"ntp.priv.monlist.remote_address", "remote address", FieldType::kIpv4},
    {"ntp.priv.monlist.local_address", "local address", FieldType::kIpv4},
    {"ntp.priv.monlist.flags", "flags", FieldType::kUint, Show::kHex, 32},
    {"ntp.priv.monlist.port", "port", FieldType::kUint},
    {"ntp.priv.monlist.mode", "mode", FieldType::kUint},
    {"ntp.priv.monlist.version", "version", FieldType::kUint},
    {"ntp.priv.monlist.ipv6", "ipv6", FieldType::kUint, Show::kHex, 32},
    {"ntp.priv.monlist.unused", "unused", FieldType::kUint, Show::kHex, 32},
    {"ntp.priv.monlist.addr6", "ipv6 remote addr", FieldType::kIpv6},
    {"ntp.priv.monlist.daddr6", "ipv6 local addr", FieldType::kIpv6},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint16_t kPort = 123;
constexpr Bind kBinds[] = {{"udp.port", kPort}};

constexpr std::size_t kHeader = 48;
constexpr std::size_t kMaxMac = 24;  // RFC 5905 7.3: key id and at most 20 octets; RFC 7822 tells extensions by this
constexpr unsigned kSymmetricActive = 1, kSymmetricPassive = 2, kClient = 3, kServer = 4, kBroadcast = 5, kControl = 6,
                   kPrivate = 7;
constexpr std::uint8_t kMonGetList = 20, kMonGetList1 = 42;

// Seconds since 1900, or since 2036 where the first bit is not set (RFC 4330 3), and their fraction.
std::uint64_t nanoseconds(std::uint64_t stamp) {
  constexpr std::uint64_t k1900 = 2'208'988'800, kEra = 1ULL << 32U;
  std::uint64_t seconds = stamp >> 32U;
  if (stamp == 0) return 0;
  if ((seconds & 0x80000000U) == 0) seconds += kEra;
  return (seconds - k1900) * 1'000'000'000 + ((stamp & 0xffffffffU) * 1'000'000'000 >> 32U);
}

std::uint64_t timestamp(Cursor& in, LayerBuilder& out, Field field) {
  const Bytes where = in.peek(8);
  const std::uint64_t stamp = in.u64();
  if (in.ok()) out.add(field, nanoseconds(stamp), where);
  return stamp;
}

struct Talk {
  LayerBuilder& out;
  std::uint8_t flags = 0;
  [[nodiscard]] unsigned version() const { return flags >> 3U & 7U; }
  [[nodiscard]] unsigned mode() const { return flags & 7U; }
};

void tell(const Talk& talk, Message::Role role, std::uint64_t id, std::span<const Message::Item> items) {
  constexpr std::string_view kModes[] = {"reserved", "symmetric active", "symmetric passive", "client",
                                         "server",   "broadcast",        "control",           "private"};
  Line line;
  line << "NTP Version " << talk.version() << ", " << kModes[talk.mode()];
  if (talk.out.wanted()) talk.out.info(std::string(line.text()));
  talk.out.message({.role = role, .id = id, .summary = line.text(), .items = items});
}

void authenticator(Cursor& in, LayerBuilder& out) {
  if (in.left() < 4) return;
  out.bytes(in, kKeyid, 4);
  if (in.left() > 0) out.bytes(in, kMac, in.left());
}

void extensions(Cursor& in, LayerBuilder& out) {
  while (in.left() > kMaxMac) {
    Cursor look = in;
    look.skip(2);
    const std::uint16_t length = look.u16();
    if (length < 4 || length > in.left()) break;
    out.mark(kExt, in.peek(length));
    const LayerBuilder::Subtree tree(out);
    out.u16(in, kExtType);
    out.u16(in, kExtLength);
    out.bytes(in, kExtValue, length - 4U);
  }
}

Outcome time_message(Cursor& in, const Talk& talk) {
  LayerBuilder& out = talk.out;
  const std::uint8_t stratum = out.u8(in, kStratum);
  out.u8(in, kPpoll);
  out.u8(in, kPrecision);
  out.u32(in, kRootdelay);
  out.u32(in, kRootdispersion);
  const Bytes reference = out.bytes(in, kRefid, 4);
  timestamp(in, out, kReftime);
  const std::uint64_t origin = timestamp(in, out, kOrg);
  timestamp(in, out, kRec);
  const std::uint64_t transmit = timestamp(in, out, kXmt);
  const bool whole = in.ok();
  const bool asks = talk.mode() == kClient || talk.mode() == kSymmetricActive || talk.mode() == 0;
  const bool answers = talk.mode() == kServer || talk.mode() == kSymmetricPassive;
  const Message::Item items[] = {{kStratum, Value::of(std::uint64_t{stratum})}, {kRefid, Value::of(reference)}};
  tell(talk,
       asks      ? Message::Role::kRequest
       : answers ? Message::Role::kResponse
                 : Message::Role::kEvent,
       asks ? transmit : origin, std::span(items).first(!whole ? 0 : 2));
  if (!whole) return Outcome::kTruncated;
  if (!out.wanted()) {
    in.skip(in.left());
    return Outcome::kDone;
  }
  if (talk.version() == 4) extensions(in, out);
  authenticator(in, out);
  return Outcome::kDone;
}

enum Opcode : std::uint8_t {
  kReadStatus = 1,
  kReadVariables,
  kWriteVariables,
  kReadClock,
  kWriteClock,
  kSetTrap,
  kTrap,
  kConfigure,
  kExportConfiguration,
  kReadMru,
  kReadOrdered,
  kRequestNonce
};

void control_status(std::uint16_t status, Bytes where, std::uint8_t opcode, std::uint16_t association, bool error,
                    LayerBuilder& out) {
  const auto part = [&](Field field, unsigned shift, unsigned mask) { out.add(field, status >> shift & mask, where); };
  const LayerBuilder::Subtree tree(out);
  if (error) {
    part(kCtrlErrStatus, 8, 0xff);
  } else if (opcode == kReadClock || opcode == kWriteClock) {
    part(kCtrlClockStatusStatus, 8, 0xff);
    part(kCtrlClockStatusCode, 0, 0xff);
  } else if (opcode == 0 || (opcode > kWriteVariables && opcode != kTrap)) {
    return;
  } else if (association != 0) {
    part(kCtrlPeerStatusConfig, 15, 1);
    part(kCtrlPeerStatusAuthenable, 14, 1);
    part(kCtrlPeerStatusAuthentic, 13, 1);
    part(kCtrlPeerStatusReach, 12, 1);
    part(kCtrlPeerStatusBcast, 11, 1);
    part(kCtrlPeerStatusSelection, 8, 7);
    part(kCtrlPeerStatusCount, 4, 15);
    part(kCtrlPeerStatusCode, 0, 15);
  } else {
    part(kCtrlSysStatusLi, 14, 3);
    part(kCtrlSysStatusClksrc, 8, 0x3f);
    part(kCtrlSysStatusCount, 4, 15);
    part(kCtrlSysStatusCode, 0, 15);
  }
}

// Status: the associations with the status of each; else text.
void control_data(Cursor data, std::uint8_t opcode, std::uint16_t association, LayerBuilder& out) {
  if (data.left() == 0 || !out.wanted()) return;
  out.mark(kCtrlData, data.rest());
  const LayerBuilder::Subtree tree(out);
  if (opcode == kReadStatus && association == 0) {
    while (data.left() >= 4) {
      out.mark(kCtrlItem, data.peek(4));
      const LayerBuilder::Subtree item(out);
      const std::uint16_t id = out.u16(data, kCtrlAssocid);
      const Bytes at = data.peek(2);
      control_status(out.u16(data, kCtrlStatus), at, opcode, id, false, out);
    }
    return;
  }
  switch (opcode) {
    case kTrap: out.bytes(data, kCtrlTrapmsg, data.left()); return;
    case kConfigure:
    case kExportConfiguration: out.bytes(data, kCtrlConfiguration, data.left()); return;
    case kReadMru: out.bytes(data, kCtrlMru, data.left()); return;
    case kReadOrdered: out.bytes(data, kCtrlOrdlist, data.left()); return;
    case kRequestNonce: out.bytes(data, kCtrlNonce, data.left()); return;
    default: return;
  }
}

Outcome control_message(Cursor& in, const Talk& talk) {
  LayerBuilder& out = talk.out;
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kCtrlFlags2);
  const std::uint8_t opcode = flags & 0x1fU;
  const bool response = (flags & 0x80U) != 0, error = (flags & 0x40U) != 0;
  if (in.ok()) {
    const LayerBuilder::Subtree tree(out);
    out.add(kCtrlFlags2R, flags >> 7U, where);
    out.add(kCtrlFlags2Error, flags >> 6U & 1U, where);
    out.add(kCtrlFlags2More, flags >> 5U & 1U, where);
    out.add(kCtrlFlags2Opcode, opcode, where);
  }
  const std::uint16_t sequence = out.u16(in, kCtrlSequence);
  const Bytes at = in.peek(2);
  const std::uint16_t status = out.u16(in, kCtrlStatus);
  Cursor look = in;
  const std::uint16_t association = look.u16();
  if (look.ok() && response && out.wanted()) control_status(status, at, opcode, association, error, out);
  out.u16(in, kCtrlAssocid);
  out.u16(in, kCtrlOffset);
  const std::uint16_t count = out.u16(in, kCtrlCount);
  if (!in.ok()) return Outcome::kTruncated;
  const Message::Item items[] = {{kCtrlFlags2Opcode, Value::of(std::uint64_t{opcode})}};
  tell(talk, response ? Message::Role::kResponse : Message::Role::kRequest, std::uint64_t{sequence} + 1, items);
  control_data(in.sub(std::min<std::size_t>(count, in.left())), opcode, association, out);
  in.skip(in.left());  // padding, and perhaps an authenticator
  return Outcome::kDone;
}

void monitor_entry(Cursor& entry, std::uint8_t request, LayerBuilder& out) {
  out.add_text(kPrivMode7Item, "Monlist Item", entry.rest());
  const LayerBuilder::Subtree tree(out);
  out.u32(entry, kPrivMonlistAvgint);
  out.u32(entry, kPrivMonlistLsint);
  if (request == kMonGetList1) out.u32(entry, kPrivMonlistRestr);
  out.u32(entry, kPrivMonlistCount);
  out.u32(entry, kPrivMonlistRemoteAddress);
  if (request == kMonGetList1) out.u32(entry, kPrivMonlistLocalAddress);
  if (request == kMonGetList1) out.u32(entry, kPrivMonlistFlags);
  out.u16(entry, kPrivMonlistPort);
  out.u8(entry, kPrivMonlistMode);
  out.u8(entry, kPrivMonlistVersion);
  const std::uint32_t v6 = out.u32(entry, kPrivMonlistIpv6);
  out.u32(entry, kPrivMonlistUnused);
  if (v6 == 0 || !entry.ok()) return;
  out.bytes(entry, kPrivMonlistAddr6, 16);
  if (request == kMonGetList1) out.bytes(entry, kPrivMonlistDaddr6, 16);
}

Outcome private_message(Cursor& in, const Talk& talk) {
  LayerBuilder& out = talk.out;
  const Bytes where = in.peek(1);
  const std::uint8_t sequence = out.u8(in, kPrivAuthSeq);
  out.add(kPrivAuth, sequence >> 7U, where);
  out.add(kPrivSeq, sequence & 0x7fU, where);
  out.u8(in, kPrivImpl);
  const std::uint8_t request = out.u8(in, kPrivReqcode);
  const Bytes counts = in.peek(2);
  const std::uint16_t count = in.u16();
  const Bytes sizes = in.peek(2);
  const std::uint16_t size = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kPrivErr, count >> 12U, counts.first(1));
  out.add(kPrivNumitems, count & 0xfffU, counts);
  out.add(kPrivReserved, size >> 12U, sizes.first(1));
  out.add(kPrivItemsize, size & 0xfffU, sizes);
  const Message::Item items[] = {{kPrivReqcode, Value::of(std::uint64_t{request})}};
  tell(talk, (talk.flags & 0x80U) != 0 ? Message::Role::kResponse : Message::Role::kRequest,
       (std::uint64_t{request} << 8U) + 1, items);
  if (!out.wanted() || (request != kMonGetList && request != kMonGetList1)) return Outcome::kDone;
  for (unsigned i = count & 0xfffU; i > 0 && (size & 0xfffU) != 0 && in.left() >= (size & 0xfffU); --i) {
    Cursor entry = in.sub(size & 0xfffU);
    monitor_entry(entry, request, out);
  }
  return Outcome::kDone;
}

Outcome dissect_ntp(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const Talk talk{.out = out, .flags = out.u8(in, kFlags)};
  if (!in.ok()) return Outcome::kTruncated;
  {
    const LayerBuilder::Subtree tree(out);
    if (talk.mode() == kPrivate) {
      out.add(kPrivFlagsR, talk.flags >> 7U, where);
      out.add(kPrivFlagsMore, talk.flags >> 6U & 1U, where);
    } else {
      out.add(kFlagsLi, talk.flags >> 6U, where);
    }
    out.add(kFlagsVn, talk.version(), where);
    out.add(kFlagsMode, talk.mode(), where);
  }
  const Outcome outcome = talk.mode() == kControl   ? control_message(in, talk)
                          : talk.mode() == kPrivate ? private_message(in, talk)
                                                    : time_message(in, talk);
  if (outcome == Outcome::kDone) in.skip(in.left());  // a datagram is one message
  return outcome;
}

// ---- Recognition: a client that says nothing but the time, or a server whose two times are close together ----

bool is_time_message(Bytes start) {
  Cursor in(start);
  const std::uint8_t flags = in.u8();
  const unsigned version = flags >> 3U & 7U, mode = flags & 7U;
  const std::uint8_t stratum = in.u8(), poll = in.u8();
  in.skip(9);
  in.skip(4);
  const std::uint64_t reference = in.u64(), origin = in.u64(), received = in.u64(), sent = in.u64();
  if (!in.ok() || version < 1 || version > 4 || stratum > 16 || poll > 17) return false;
  if (in.left() % 4 != 0 || sent >> 32U == 0) return false;
  if (mode == kClient) return stratum == 0 && reference == 0 && origin == 0 && received == 0 && in.left() <= kMaxMac;
  if (mode != kServer || origin == 0) return false;
  const std::uint64_t between = (sent >> 32U) - (received >> 32U);
  return between <= 1 && reference >> 48U != 0 && (sent >> 32U) - (reference >> 32U) < (1U << 20U);
}

Likeness probe_ntp(Bytes start, const ProbeHint& hint) {
  if (hint.tcp) return Likeness::kNo;
  if (is_time_message(start)) return Likeness::kYes;
  const std::uint8_t flags = start.empty() ? 0 : start[0];
  const unsigned version = flags >> 3U & 7U, mode = flags & 7U;
  if (version < 1 || version > 4) return Likeness::kNo;
  const std::size_t least = mode == kPrivate ? 8 : mode == kControl ? 12 : 4;
  return start.size() >= least ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector ntp_dissector{.name = "ntp",
                                               .title = "Network Time Protocol",
                                               .column = "NTP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_ntp,
                                               .probe = &probe_ntp,
                                               .datagram = true};

}  // namespace pr::dissect
