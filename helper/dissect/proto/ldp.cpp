// Label Distribution Protocol, RFC 5036: hellos over UDP, sessions over TCP; pseudowires RFC 8077.
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kMessageNames[] = {{0x0001, "Notification Message"},
                                        {0x0100, "Hello Message"},
                                        {0x0200, "Initialization Message"},
                                        {0x0201, "Keep Alive Message"},
                                        {0x0300, "Address Message"},
                                        {0x0301, "Address Withdrawal Message"},
                                        {0x0400, "Label Mapping Message"},
                                        {0x0401, "Label Request Message"},
                                        {0x0402, "Label Withdrawal Message"},
                                        {0x0403, "Label Release Message"},
                                        {0x0404, "Label Abort Request Message"}};
constexpr NamedValue kTlvNames[] = {{0x0100, "Forwarding Equivalence Classes TLV"},
                                    {0x0101, "Address List TLV"},
                                    {0x0103, "Hop Count TLV"},
                                    {0x0104, "Path Vector TLV"},
                                    {0x0200, "Generic Label TLV"},
                                    {0x0300, "Status TLV"},
                                    {0x0400, "Common Hello Parameters TLV"},
                                    {0x0401, "IPv4 Transport Address TLV"},
                                    {0x0402, "Configuration Sequence Number TLV"},
                                    {0x0403, "IPv6 Transport Address TLV"},
                                    {0x0500, "Common Session Parameters TLV"}};
constexpr NamedValue kUnknownNames[] = {{0, "Known TLV, do not Forward"},
                                        {1, "Known TLV, do Forward"},
                                        {2, "Unknown TLV, do not Forward"},
                                        {3, "Unknown TLV, do Forward"}};
constexpr NamedValue kFecNames[] = {{1, "Wildcard FEC"},
                                    {2, "Prefix FEC"},
                                    {3, "Host Address FEC"},
                                    {128, "PWid FEC Element"},
                                    {129, "Generalized PWid FEC Element"}};
constexpr NamedValue kFamilyNames[] = {{1, "IPv4"}, {2, "IPv6"}};
constexpr NamedValue kParameterNames[] = {{1, "Interface MTU"}, {3, "Interface Description"}, {12, "VCCV"}};

enum Field : std::size_t {
  kHdrVersion,
  kHdrPduLen,
  kHdrLdpidLsr,
  kHdrLdpidLsid,
  kMsgUbit,
  kMsgType,
  kMsgLen,
  kMsgId,
  kMsgTlvUnknown,
  kMsgTlvType,
  kMsgTlvLen,
  kMsgTlvHelloHold,
  kMsgTlvHelloTargeted,
  kMsgTlvHelloRequested,
  kMsgTlvHelloGtsm,
  kMsgTlvHelloRes,
  kMsgTlvIpv4Taddr,
  kMsgTlvHelloCnfSeqno,
  kMsgTlvSessVer,
  kMsgTlvSessKa,
  kMsgTlvSessAdvbit,
  kMsgTlvSessLdetbit,
  kMsgTlvSessPvlim,
  kMsgTlvSessMxpdu,
  kMsgTlvSessRxlsr,
  kMsgTlvSessRxls,
  kMsgTlvAddrlAddrFamily,
  kMsgTlvAddrlAddr,
  kMsgTlvFecType,
  kMsgTlvFecAf,
  kMsgTlvFecLen,
  kMsgTlvFecPfval,
  kMsgTlvGenericLabel,
  kMsgTlvFecPwControlword,
  kMsgTlvFecPwPwtype,
  kMsgTlvFecPwInfolength,
  kMsgTlvFecPwGroupid,
  kMsgTlvFecPwPwid,
  kMsgTlvFecVcIntparamId,
  kMsgTlvFecVcIntparamLength,
  kMsgTlvFecVcIntparamMtu,
  kMsgTlvFecVcIntparamVccvCctypeCw,
  kMsgTlvFecVcIntparamVccvCctypeMplsra,
  kMsgTlvFecVcIntparamVccvCctypeTtl1,
  kMsgTlvFecVcIntparamVccvCvtypeIcmpping,
  kMsgTlvFecVcIntparamVccvCvtypeLspping,
  kMsgTlvFecVcIntparamVccvCvtypeBfd1,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ldp.hdr.version", "Version", FieldType::kUint},
    {"ldp.hdr.pdu_len", "PDU Length", FieldType::kUint},
    {"ldp.hdr.ldpid.lsr", "LSR ID", FieldType::kIpv4},
    {"ldp.hdr.ldpid.lsid", "Label Space ID", FieldType::kUint},
    {"ldp.msg.ubit", "U bit", FieldType::kBool},
    {"ldp.msg.type", "Message Type", FieldType::kUint, Show::kHex, 16, kMessageNames},
    {"ldp.msg.len", "Message Length", FieldType::kUint},
    {"ldp.msg.id", "Message ID", FieldType::kUint, Show::kHex, 32},
    {"ldp.msg.tlv.unknown", "TLV Unknown bits", FieldType::kUint, Show::kHex, 8, kUnknownNames},
    {"ldp.msg.tlv.type", "TLV Type", FieldType::kUint, Show::kHex, 16, kTlvNames},
    {"ldp.msg.tlv.len", "TLV Length", FieldType::kUint},
    {"ldp.msg.tlv.hello.hold", "Hold Time", FieldType::kUint},
    {"ldp.msg.tlv.hello.targeted", "Targeted Hello", FieldType::kBool},
    {"ldp.msg.tlv.hello.requested", "Hello Requested", FieldType::kBool},
    {"ldp.msg.tlv.hello.gtsm", "GTSM Flag", FieldType::kBool},
    {"ldp.msg.tlv.hello.res", "Reserved", FieldType::kUint, Show::kHex, 16},
    {"ldp.msg.tlv.ipv4.taddr", "IPv4 Transport Address", FieldType::kIpv4},
    {"ldp.msg.tlv.hello.cnf_seqno", "Configuration Sequence Number", FieldType::kUint},
    {"ldp.msg.tlv.sess.ver", "Session Protocol Version", FieldType::kUint},
    {"ldp.msg.tlv.sess.ka", "Session KeepAlive Time", FieldType::kUint},
    {"ldp.msg.tlv.sess.advbit", "Session Label Advertisement Discipline", FieldType::kBool},
    {"ldp.msg.tlv.sess.ldetbit", "Session Loop Detection", FieldType::kBool},
    {"ldp.msg.tlv.sess.pvlim", "Session Path Vector Limit", FieldType::kUint},
    {"ldp.msg.tlv.sess.mxpdu", "Session Max PDU Length", FieldType::kUint},
    {"ldp.msg.tlv.sess.rxlsr", "Session Receiver LSR Identifier", FieldType::kIpv4},
    {"ldp.msg.tlv.sess.rxls", "Session Receiver Label Space Identifier", FieldType::kUint},
    {"ldp.msg.tlv.addrl.addr_family", "Address Family", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"ldp.msg.tlv.addrl.addr", "Address", FieldType::kText},
    {"ldp.msg.tlv.fec.type", "FEC Element Type", FieldType::kUint, Show::kDec, 0, kFecNames},
    {"ldp.msg.tlv.fec.af", "FEC Element Address Type", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"ldp.msg.tlv.fec.len", "FEC Element Length", FieldType::kUint},
    {"ldp.msg.tlv.fec.pfval", "FEC Element Prefix Value", FieldType::kText},
    {"ldp.msg.tlv.generic.label", "Generic Label", FieldType::kUint},
    {"ldp.msg.tlv.fec.pw.controlword", "C-bit", FieldType::kBool},
    {"ldp.msg.tlv.fec.pw.pwtype", "PW Type", FieldType::kUint, Show::kHex, 16},
    {"ldp.msg.tlv.fec.pw.infolength", "PW Info Length", FieldType::kUint},
    {"ldp.msg.tlv.fec.pw.groupid", "Group ID", FieldType::kUint},
    {"ldp.msg.tlv.fec.pw.pwid", "PW ID", FieldType::kUint},
    {"ldp.msg.tlv.fec.vc.intparam.id", "ID", FieldType::kUint, Show::kHex, 8, kParameterNames},
    {"ldp.msg.tlv.fec.vc.intparam.length", "Length", FieldType::kUint},
    {"ldp.msg.tlv.fec.vc.intparam.mtu", "MTU", FieldType::kUint},
    {"ldp.msg.tlv.fec.vc.intparam.vccv.cctype_cw", "PWE3 Control Word", FieldType::kBool},
    {"ldp.msg.tlv.fec.vc.intparam.vccv.cctype_mplsra", "MPLS Router Alert", FieldType::kBool},
    {"ldp.msg.tlv.fec.vc.intparam.vccv.cctype_ttl1", "MPLS Inner Label TTL = 1", FieldType::kBool},
    {"ldp.msg.tlv.fec.vc.intparam.vccv.cvtype_icmpping", "ICMP Ping", FieldType::kBool},
    {"ldp.msg.tlv.fec.vc.intparam.vccv.cvtype_lspping", "LSP Ping", FieldType::kBool},
    {"ldp.msg.tlv.fec.vc.intparam.vccv.cvtype_bfd1", "BFD IP/UDP-encapsulated, for PW Fault Detection only",
     FieldType::kBool},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"tcp.port", 646}, {"udp.port", 646}};
constexpr std::size_t kBeforeLength = 4, kIdentifier = 6, kMaxPdu = 4096;
enum Message : std::uint16_t {
  kNotification = 1,
  kHello = 0x100,
  kInitialization = 0x200,
  kKeepalive = 0x201,
  kMapping = 0x400,
  kRequest,
  kWithdrawal,
  kRelease
};
enum Fec : std::uint8_t { kPrefixFec = 2, kPseudowire = 128 };

// What was told of: the hellos and the session.
struct Memory {
  bool greeted[2], alive[2], established;
};

std::string read_prefix(std::size_t octets, bool v6, Cursor& in, LayerBuilder& out) {
  const Bytes where = in.take(octets);
  if (!in.ok() || octets > (v6 ? 16U : 4U)) {
    in.fail();
    return {};
  }
  std::array<std::uint8_t, 16> whole{};
  std::ranges::copy(where, whole.begin());
  const std::string text = IpAddress::from(Bytes(whole).first(v6 ? 16 : 4)).text();
  out.add_text(kMsgTlvFecPfval, text, where);
  return text;
}

void read_parameters(Cursor& in, LayerBuilder& out) {
  while (in.left() >= 2) {
    const std::uint8_t id = out.u8(in, kMsgTlvFecVcIntparamId);
    const std::uint8_t length = out.u8(in, kMsgTlvFecVcIntparamLength);
    if (length < 2) return in.fail();
    Cursor value = in.sub(length - 2U);
    if (id == 1) out.u16(value, kMsgTlvFecVcIntparamMtu);
    if (id != 12) continue;
    const Bytes control = value.take(1);
    const Bytes check = value.take(1);
    if (!value.ok()) return;
    add_bits(control[0], control, out,
             {{kMsgTlvFecVcIntparamVccvCctypeCw, 0},
              {kMsgTlvFecVcIntparamVccvCctypeMplsra, 1},
              {kMsgTlvFecVcIntparamVccvCctypeTtl1, 2}});
    add_bits(check[0], check, out,
             {{kMsgTlvFecVcIntparamVccvCvtypeIcmpping, 0},
              {kMsgTlvFecVcIntparamVccvCvtypeLspping, 1},
              {kMsgTlvFecVcIntparamVccvCvtypeBfd1, 2}});
  }
}

void read_pseudowire(Cursor& in, LayerBuilder& out, Event& event) {
  const Bytes type = in.take(2);
  if (!in.ok()) return;
  out.add(kMsgTlvFecPwControlword, type[0] >> 7U, type.first(1));
  out.add(kMsgTlvFecPwPwtype, number_of(type) & 0x7fffU, type);
  const std::uint8_t length = out.u8(in, kMsgTlvFecPwInfolength);
  out.u32(in, kMsgTlvFecPwGroupid);
  if (length < 4) return;
  const std::uint32_t id = out.u32(in, kMsgTlvFecPwPwid);
  if (!in.ok()) return;
  event.item(kMsgTlvFecPwPwid, id);
  event.say(" pseudowire " + std::to_string(id));
  Cursor parameters = in.sub(std::min<std::size_t>(length - 4U, in.left()));
  read_parameters(parameters, out);
}

void read_fec(Cursor& in, LayerBuilder& out, Event& event) {
  while (in.left() > 0) {
    const std::uint8_t type = out.u8(in, kMsgTlvFecType);
    if (type == kPrefixFec) {
      const std::uint16_t family = out.u16(in, kMsgTlvFecAf);
      const std::uint8_t bits = out.u8(in, kMsgTlvFecLen);
      event.say(" " + read_prefix((bits + 7U) / 8U, family == 2, in, out) + "/" + std::to_string(bits));
    } else if (type == kPseudowire) {
      read_pseudowire(in, out, event);
    } else {
      in.skip(in.left());
    }
  }
}

void read_addresses(Cursor& in, LayerBuilder& out) {
  const std::uint16_t family = out.u16(in, kMsgTlvAddrlAddrFamily);
  const std::size_t octets = family == 2 ? 16 : 4;
  while (in.left() >= octets) {
    const Bytes where = in.take(octets);
    if (out.wanted()) out.add_text(kMsgTlvAddrlAddr, IpAddress::from(where).text(), where);
  }
}

void read_tlv(Cursor& in, LayerBuilder& out, Event& event) {
  const Bytes head = in.take(2);
  const std::uint16_t length = [&] {
    if (head.size() == 2) {
      out.add(kMsgTlvUnknown, head[0] >> 6U, head.first(1));
      out.add(kMsgTlvType, number_of(head) & 0x3fffU, head);
    }
    return out.u16(in, kMsgTlvLen);
  }();
  Cursor value = in.sub(length);
  if (!in.ok()) return;
  switch (number_of(head) & 0x3fffU) {
    case 0x100: read_fec(value, out, event); break;
    case 0x101: read_addresses(value, out); break;
    case 0x200: {
      const Bytes where = value.peek(4);
      const std::uint32_t label = value.u32() & 0xfffffU;
      if (!value.ok()) break;
      out.add(kMsgTlvGenericLabel, label, where);
      event.item(kMsgTlvGenericLabel, label);
      event.say(" label " + std::to_string(label));
      break;
    }
    case 0x400: {
      out.u16(value, kMsgTlvHelloHold);
      const Bytes bits = value.take(2);
      if (bits.size() == 2) {
        add_bits(number_of(bits), bits, out,
                 {{kMsgTlvHelloTargeted, 15},
                  {kMsgTlvHelloRequested, 14},
                  {kMsgTlvHelloGtsm, 13},
                  {kMsgTlvHelloRes, 0, 0x1fff}});
      }
      break;
    }
    case 0x401: out.ipv4(value, kMsgTlvIpv4Taddr); break;
    case 0x402: out.u32(value, kMsgTlvHelloCnfSeqno); break;
    case 0x500: {
      read_pieces(value, out, {{kMsgTlvSessVer, 2}, {kMsgTlvSessKa, 2}});
      const Bytes bits = value.take(1);
      if (bits.size() == 1) add_bits(bits[0], bits, out, {{kMsgTlvSessAdvbit, 7}, {kMsgTlvSessLdetbit, 6}});
      read_pieces(value, out,
                  {{kMsgTlvSessPvlim, 1}, {kMsgTlvSessMxpdu, 2}, {kMsgTlvSessRxlsr, 4}, {kMsgTlvSessRxls, 2}});
      break;
    }
    default: break;
  }
  if (!value.ok()) in.fail();
}

void tell(std::uint16_t type, Event& event, LayerBuilder& out) {
  auto& memory = out.state<Memory>();
  const int side = out.from_orig() ? 0 : 1;
  switch (type) {
    case kHello:
      if (!memory.greeted[side]) event.send(out, "hello");
      memory.greeted[side] = true;
      return;
    case kInitialization: memory = {}; return event.send(out, "initialization");
    case kKeepalive:
      memory.alive[side] = true;
      if (!memory.established && memory.alive[0] && memory.alive[1]) {
        memory.established = true;
        event.send(out, "session established");
      }
      return;
    case kNotification: return event.send(out, "notification");
    case kMapping: return event.send(out, "label mapping");
    case kRequest: return event.send(out, "label request");
    case kWithdrawal: return event.send(out, "label withdrawal");
    case kRelease: return event.send(out, "label release");
    default: return;
  }
}

bool read_message(std::uint32_t router, Cursor& in, LayerBuilder& out, std::string* info) {
  const Bytes head = in.take(2);
  if (!in.ok()) return false;
  out.add(kMsgUbit, head[0] >> 7U, head.first(1));
  const auto type = static_cast<std::uint16_t>(number_of(head) & 0x7fffU);
  out.add(kMsgType, type, head);
  const std::uint16_t length = out.u16(in, kMsgLen);
  Cursor body = in.sub(std::min<std::size_t>(length, in.left()));
  out.u32(body, kMsgId);
  if (out.wanted()) *info += std::string(name_of(kMessageNames, type, "Unknown Message")) + " ";
  Event event;
  event.item(kHdrLdpidLsr, router);
  event.item(kMsgType, type);
  event.text = "LSR " + ipv4_text(router) + ":";
  while (body.left() > 0) read_tlv(body, out, event);
  if (body.ok()) tell(type, event, out);
  return body.ok();
}

Outcome dissect_ldp(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kBeforeLength);
  if (head.size() < kBeforeLength) {
    if (out.at_end()) return Outcome::kTruncated;
    out.need(kBeforeLength);
    return Outcome::kNeedMore;
  }
  const std::size_t length = number_of(head.subspan(2));
  if (number_of(head.first(2)) != 1 || length < kIdentifier || length > kMaxPdu) return Outcome::kNotMine;
  const bool whole = in.left() >= length + kBeforeLength;
  if (!whole && !out.at_end()) {
    out.need(length + kBeforeLength);
    return Outcome::kNeedMore;
  }
  read_pieces(in, out, {{kHdrVersion, 2}, {kHdrPduLen, 2}});
  Cursor body = in.sub(std::min(length, in.left()));
  const std::uint32_t router = out.ipv4(body, kHdrLdpidLsr);
  out.u16(body, kHdrLdpidLsid);
  std::string info;
  bool good = body.ok();
  while (good && body.left() > 0) good = read_message(router, body, out, &info);
  if (out.wanted()) out.info(std::move(info));
  return good && whole ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_ldp(Bytes start, const ProbeHint&) {
  if (start.size() < kBeforeLength || number_of(start.first(2)) != 1) return Likeness::kNo;
  const std::size_t length = number_of(start.subspan(2, 2));
  if (length < kIdentifier || length > kMaxPdu) return Likeness::kNo;
  constexpr std::size_t kFirstMessage = kBeforeLength + kIdentifier;
  if (start.size() < kFirstMessage + 8) return Likeness::kMaybe;
  const std::uint64_t type = number_of(start.subspan(kFirstMessage, 2)),
                      size = number_of(start.subspan(kFirstMessage + 2, 2));
  const bool known = !name_of(kMessageNames, type, "").empty() && size >= 4 && size + 4 <= length - kIdentifier;
  return known && start[kBeforeLength] != 0 ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector ldp_dissector{.name = "ldp",
                                               .title = "Label Distribution Protocol",
                                               .column = "LDP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_ldp,
                                               .probe = &probe_ldp,
                                               .stream = true,
                                               .datagram = true};

}  // namespace pr::dissect
