// DCE/RPC (C706, MS-RPCE): connection-oriented fragments over TCP and named pipes, and datagrams of version 4.
#include <algorithm>
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/dcerpc/dcerpc.h"
#include "helper/dissect/windows.h"

namespace pr::dissect {
namespace {

using namespace dcerpc;
using windows::add_bits;
using windows::Bit;

enum Type : std::uint8_t {
  kRequest = 0,
  kResponse = 2,
  kFault = 3,
  kBind = 11,
  kBindAck = 12,
  kBindNak = 13,
  kAlterContext = 14,
  kAlterContextResp = 15,
  kAuth3 = 16,
  kLastType = 19,
};
constexpr std::size_t kHeader = 16, kDatagramHeader = 80, kTrailer = 8;
constexpr std::uint8_t kObjectFlag = 0x80, kFirstFragment = 1;
constexpr unsigned kMaxContexts = 64;
constexpr Bind kBinds[] = {{"tcp.port", 135}};

// Which interface a context stands for and what was asked last: presentation contexts and calls that are open.
struct State {
  struct ContextEntry {
    std::uint16_t id;
    std::uint8_t interface;
    bool used;
  };
  struct Call {
    std::uint32_t id;
    std::uint16_t opnum;
    bool used;
  };
  ContextEntry contexts[4];
  Call calls[3];
  std::uint8_t object[16];    // of the last request that named one
  std::uint32_t object_call;  // plus 1
  std::uint8_t next_context, next_call;

  [[nodiscard]] std::uint8_t interface_of(std::uint16_t id) const {
    for (const ContextEntry& entry : contexts) {
      if (entry.used && entry.id == id) return entry.interface;
    }
    return 0;
  }
  void bind(std::uint16_t id, std::uint8_t interface) {
    for (ContextEntry& entry : contexts) {
      if (entry.used && entry.id == id) {
        entry.interface = interface;
        return;
      }
    }
    contexts[next_context] = {id, interface, true};
    next_context = static_cast<std::uint8_t>((next_context + 1) % std::size(contexts));
  }
};

// Numbers in the byte order that the data representation tells.
struct Fragment {
  LayerBuilder& out;
  State& state;
  bool little = true;
  std::uint8_t type = 0, flags = 0;
  std::uint16_t length = 0, auth_length = 0;
  std::uint32_t call = 0;

  std::uint16_t u16(Cursor& in, Field field) const { return little ? out.u16le(in, field) : out.u16(in, field); }
  std::uint32_t u32(Cursor& in, Field field) const { return little ? out.u32le(in, field) : out.u32(in, field); }
  Bytes uuid(Cursor& in, Field field) const {
    const Bytes octets = in.take(16);
    if (in.ok() && out.wants(field)) out.add_text(field, windows::guid_text(octets, little), octets);
    return octets;
  }
};

bool is_fragment(Bytes start) {
  Cursor in(start);
  const std::uint8_t version = in.u8(), minor = in.u8(), type = in.u8(), flags = in.u8();
  const std::uint8_t order = in.u8(), real = in.u8();
  const std::uint16_t reserved = in.u16();
  const std::uint16_t length = (order & 0xf0U) != 0 ? in.u16le() : in.u16();
  const std::uint16_t auth = (order & 0xf0U) != 0 ? in.u16le() : in.u16();
  if (!in.ok() || version != 5 || minor > 1 || type > kLastType) return false;
  if ((type >= 4 && type <= 10) || type == 1 || (flags & 0x08U) != 0) return false;
  if ((order & 0xeeU) != 0 || real > 3 || reserved != 0) return false;
  return length >= kHeader && auth + std::size_t{kHeader} <= length;
}

void contexts(const Fragment& fragment, Cursor& in) {
  LayerBuilder& out = fragment.out;
  const std::uint8_t count = out.u8(in, kCnNumCtxItems);
  in.skip(3);
  for (unsigned i = 0; i < count && i < kMaxContexts && in.left() >= 24; ++i) {
    out.mark(kCnCtxItem, in.peek(24));
    LayerBuilder::Subtree below(out);
    const std::uint16_t id = fragment.u16(in, kCnCtxId);
    const std::uint8_t transfers = out.u8(in, kCnNumTransItems);
    in.skip(1);
    out.mark(kCnBindAbstractSyntax, in.peek(20));
    {
      LayerBuilder::Subtree inner(out);
      const std::uint8_t interface = find_interface(fragment.uuid(in, kCnBindToUuid));
      fragment.u16(in, kCnBindIfVer);
      fragment.u16(in, kCnBindIfVerMinor);
      fragment.state.bind(id, interface);
      if (out.wanted()) {
        const std::string_view name = interface_name(interface);
        if (i < 3) out.append_info((i == 0 ? ", " : ",") + std::string(name.empty() ? "unknown interface" : name));
      }
    }
    for (unsigned k = 0; k < transfers && in.left() >= 20; ++k) {
      out.mark(kCnBindTrans, in.peek(20));
      LayerBuilder::Subtree inner(out);
      fragment.uuid(in, kCnBindTransId);
      fragment.u32(in, kCnBindTransVer);
    }
  }
}

void bind(const Fragment& fragment, Cursor& in) {
  fragment.u16(in, kCnMaxXmit);
  fragment.u16(in, kCnMaxRecv);
  fragment.u32(in, kCnAssocGroup);
  contexts(fragment, in);
}

void bind_ack(const Fragment& fragment, Cursor& in, std::size_t start) {
  LayerBuilder& out = fragment.out;
  fragment.u16(in, kCnMaxXmit);
  fragment.u16(in, kCnMaxRecv);
  fragment.u32(in, kCnAssocGroup);
  const std::uint16_t length = fragment.u16(in, kCnSecAddrLen);
  if (length > 0) {
    const Bytes address = in.take(length);
    if (in.ok()) out.add(kCnSecAddr, windows::until_zero(address), address);
  }
  in.skip((4 - (in.at() - start) % 4) % 4);
  const std::uint8_t count = out.u8(in, kCnNumResults);
  in.skip(3);
  for (unsigned i = 0; i < count && i < kMaxContexts && in.left() >= 24; ++i) {
    LayerBuilder::Subtree below(out);
    const std::uint16_t result = fragment.u16(in, kCnAckResult);
    constexpr std::uint16_t kProviderRejection = 2, kNegotiate = 3;
    if (result == kNegotiate) {
      fragment.u16(in, kCnBindTransBtfn);
    } else if (result == kProviderRejection) {
      fragment.u16(in, kCnAckReason);
    } else {
      in.skip(2);
    }
    fragment.uuid(in, kCnAckTransId);
    fragment.u32(in, kCnAckTransVer);
  }
}

void verifier(LayerBuilder& out, std::uint8_t type, Cursor& in) {
  constexpr std::uint8_t kSpnego = 9, kNtlm = 10, kKerberos = 16;
  if (!out.wanted() || in.left() == 0) return;
  const std::uint16_t start = Cursor(in.peek(2)).u16();
  const bool ntlm = as_text(in.rest()).starts_with("NTLMSSP") || Cursor(in.peek(4)).u32() == 0x01000000;
  if (type == kNtlm) {
    out.next("ntlmssp", in);
  } else if (type == kKerberos) {
    out.next("spnego-krb5", in);
  } else if (type == kSpnego) {
    if (ntlm) {
      out.next("ntlmssp", in);
    } else if (start == 0x0404 || start == 0x0504 || !out.next("spnego", in)) {
      out.next("spnego-krb5", in);
    }
  }
}

// The security trailer at a fragment's end, MS-RPCE 2.2.2.11. Returns how many octets it takes, padding included.
std::size_t authentication(const Fragment& fragment, Bytes all, std::uint8_t* level) {
  LayerBuilder& out = fragment.out;
  const std::size_t size = fragment.auth_length + kTrailer;
  if (fragment.auth_length == 0 || all.size() < size + kHeader) return 0;
  Cursor in(all.last(size));
  out.mark(kAuthInfo, in.rest());
  // Of calls, once for the trailer and once for the verifier.
  if (fragment.type == kRequest || fragment.type == kResponse) out.mark(kAuthInfo, in.rest().subspan(kTrailer));
  LayerBuilder::Subtree below(out);
  const std::uint8_t type = out.u8(in, kAuthType);
  *level = out.u8(in, kAuthLevel);
  const std::uint8_t padding = out.u8(in, kAuthPadLen);
  out.u8(in, kAuthRsrvd);
  fragment.u32(in, kAuthCtxId);
  verifier(out, type, in);
  return std::min<std::size_t>(size + padding, all.size() - kHeader);
}

void tell_call(const Fragment& fragment, std::uint16_t opnum, std::uint8_t interface, std::uint32_t status) {
  LayerBuilder& out = fragment.out;
  std::array<char, 64> name;
  std::size_t used = 0;
  const auto put = [&](std::string_view text) {
    for (const char c : text) {
      if (used < name.size()) name[used++] = c;
    }
  };
  const char* known = interface_name(interface);
  if (*known != '\0') {
    put(known);
    put(" ");
  }
  put("opnum ");
  if (opnum >= 10000) put("?");
  const char digits[] = {static_cast<char>('0' + opnum / 1000 % 10), static_cast<char>('0' + opnum / 100 % 10),
                         static_cast<char>('0' + opnum / 10 % 10), static_cast<char>('0' + opnum % 10)};
  const std::size_t skip = opnum >= 1000 ? 0 : opnum >= 100 ? 1 : opnum >= 10 ? 2 : 3;
  put(std::string_view(digits + skip, 4 - skip));
  const Message::Item items[] = {{kOpnum, Value::of(std::uint64_t{opnum})}};
  const bool request = fragment.type == kRequest;
  out.message({.role = request ? Message::Role::kRequest : Message::Role::kResponse,
               .id = std::uint64_t{fragment.call} + 1,
               .name = {name.data(), used},
               .summary = request ? std::string_view(name.data(), used) : std::string_view(),
               .status = request ? -1 : std::int64_t{status},
               .items = std::span(items, request ? 1 : 0)});
}

void request(const Fragment& fragment, Cursor& in) {
  LayerBuilder& out = fragment.out;
  State& state = fragment.state;
  fragment.u32(in, kCnAllocHint);
  const std::uint16_t context = fragment.u16(in, kCnCtxId);
  const std::uint16_t opnum = fragment.u16(in, kOpnum);
  if ((fragment.flags & kObjectFlag) != 0) {
    const Bytes object = fragment.uuid(in, kObjId);
    if (object.size() == 16) {
      std::ranges::copy(object, state.object);
      state.object_call = fragment.call + 1;
    }
  }
  if (!in.ok()) return;
  if ((fragment.flags & kFirstFragment) != 0) {
    state.calls[state.next_call] = {fragment.call, opnum, true};
    state.next_call = static_cast<std::uint8_t>((state.next_call + 1) % std::size(state.calls));
    tell_call(fragment, opnum, state.interface_of(context), 0);
  }
  if (out.wanted()) {
    const std::string_view name = interface_name(state.interface_of(context));
    out.append_info(", opnum: " + std::to_string(opnum) + ", Ctx: " + std::to_string(context) +
                    (name.empty() ? "" : " " + std::string(name)));
  }
}

void response(const Fragment& fragment, Cursor& in) {
  LayerBuilder& out = fragment.out;
  fragment.u32(in, kCnAllocHint);
  const std::uint16_t context = fragment.u16(in, kCnCtxId);
  out.u8(in, kCnCancelCount);
  in.skip(1);
  std::uint32_t status = 0;
  if (fragment.type == kFault) {
    status = fragment.u32(in, kCnStatus);
    in.skip(4);
  }
  if (!in.ok()) return;
  std::uint16_t opnum = 0;
  for (const State::Call& call : fragment.state.calls) {
    if (!call.used || call.id != fragment.call) continue;
    opnum = call.opnum;
    out.add(kOpnum, opnum, {});
    if (fragment.state.object_call == fragment.call + 1 && out.wants(kObjId))
      out.add_text(kObjId, windows::guid_text(fragment.state.object, fragment.little), {});
    break;
  }
  if ((fragment.flags & kFirstFragment) != 0) tell_call(fragment, opnum, 0, status);
  const PacketFacts* facts = out.facts();
  if (facts != nullptr && facts->request_frame != 0) {
    out.add(kRequestIn, facts->request_frame, {});
    out.add(kRequestIn, facts->request_frame, {});  // with the call and with the fragment
    out.add(kTime, static_cast<std::uint64_t>((out.packet().ts - facts->request_ts).count()), {});
  }
  if (out.wanted()) {
    const std::string_view name = interface_name(fragment.state.interface_of(context));
    out.append_info(", Ctx: " + std::to_string(context) + (name.empty() ? "" : " " + std::string(name)));
  }
}

void body(const Fragment& fragment, Cursor& in, std::uint8_t level, std::size_t trailer) {
  LayerBuilder& out = fragment.out;
  const std::size_t start = in.at() - kHeader;
  switch (fragment.type) {
    case kRequest: request(fragment, in); break;
    case kResponse:
    case kFault: response(fragment, in); break;
    case kBind:
    case kAlterContext: bind(fragment, in); break;
    case kBindAck:
    case kAlterContextResp: bind_ack(fragment, in, start); break;
    case kBindNak: fragment.u16(in, kCnRejectReason); break;
    default: break;
  }
  constexpr std::uint8_t kPrivacy = 6;
  const bool call = fragment.type == kRequest || fragment.type == kResponse;
  if (!call || level != kPrivacy || in.left() <= trailer) return;
  const Bytes stub = in.take(in.left() - trailer);
  out.add(kEncryptedStubData, stub, stub);
}

Outcome connection(Cursor& in, LayerBuilder& out) {
  static constexpr Bit kFlagBits[] = {{kCnFlagsObject, 0x80}, {kCnFlagsMaybe, 0x40},    {kCnFlagsDne, 0x20},
                                      {kCnFlagsMpx, 0x10},    {kCnFlagsReserved, 0x08}, {kCnFlagsCancelPending, 4},
                                      {kCnFlagsLastFrag, 2},  {kCnFlagsFirstFrag, 1}};
  Cursor look(in);
  look.skip(4);
  Fragment fragment{.out = out, .state = out.state<State>()};
  fragment.little = (look.u8() & 0xf0U) != 0;
  look.skip(3);
  const std::size_t length = fragment.little ? look.u16le() : look.u16();
  Cursor part(in.peek(length));
  const Bytes all = part.rest();
  out.u8(part, kVer);
  out.u8(part, kVerMinor);
  fragment.type = out.u8(part, kPktType);
  Bytes where = part.peek(1);
  fragment.flags = out.u8(part, kCnFlags);
  add_bits(out, fragment.flags, where, kFlagBits);
  where = part.peek(4);
  out.bytes(part, kDrep, 4);
  if (out.wanted() && where.size() == 4) {
    LayerBuilder::Subtree below(out);
    out.add(kDrepByteorder, where[0] >> 4U, where.first(1));
    out.add(kDrepCharacter, where[0] & 15U, where.first(1));
    out.add(kDrepFp, where[1], where.subspan(1, 1));
  }
  fragment.length = fragment.u16(part, kCnFragLen);
  fragment.auth_length = fragment.u16(part, kCnAuthLen);
  fragment.call = fragment.u32(part, kCnCallId);
  if (!part.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.info(std::string(packet_type_name(fragment.type)) + ": call_id: " + std::to_string(fragment.call));
  }
  std::uint8_t level = 0;
  std::size_t trailer = 0;
  if (all.size() == length && fragment.auth_length > 0) {
    const std::size_t size = fragment.auth_length + kTrailer;
    if (all.size() >= size + kHeader) {
      level = all[all.size() - size + 1];
      trailer = size;  // its padding is encrypted with the data
    }
  }
  body(fragment, part, level, std::min(trailer, part.left()));
  std::uint8_t seen = 0;
  if (trailer != 0) authentication(fragment, all, &seen);
  in.skip(all.size());
  return part.ok() ? Outcome::kDone : Outcome::kTruncated;
}

Outcome datagram(Cursor& in, LayerBuilder& out) {
  static constexpr Bit kFlags1Bits[] = {
      {kDgFlags1Rsrvd80, 0x80}, {kDgFlags1Broadcast, 0x40}, {kDgFlags1Idempotent, 0x20}, {kDgFlags1Maybe, 0x10},
      {kDgFlags1Nofack, 0x08},  {kDgFlags1Frag, 0x04},      {kDgFlags1LastFrag, 0x02},   {kDgFlags1Rsrvd01, 0x01}};
  static constexpr Bit kFlags2Bits[] = {
      {kDgFlags2Rsrvd80, 0x80}, {kDgFlags2Rsrvd40, 0x40}, {kDgFlags2Rsrvd20, 0x20},       {kDgFlags2Rsrvd10, 0x10},
      {kDgFlags2Rsrvd08, 0x08}, {kDgFlags2Rsrvd04, 0x04}, {kDgFlags2CancelPending, 0x02}, {kDgFlags2Rsrvd01, 0x01}};
  Fragment fragment{.out = out, .state = out.state<State>()};
  out.u8(in, kVer);
  fragment.type = out.u8(in, kPktType);
  Bytes where = in.peek(1);
  const std::uint8_t flags1 = out.u8(in, kDgFlags1);
  add_bits(out, flags1, where, kFlags1Bits);
  where = in.peek(1);
  const std::uint8_t flags2 = out.u8(in, kDgFlags2);
  add_bits(out, flags2, where, kFlags2Bits);
  const Bytes drep = in.peek(3);
  out.bytes(in, kDrep, 3);
  if (drep.size() < 3) return Outcome::kTruncated;
  fragment.little = (drep[0] & 0xf0U) != 0;
  {
    LayerBuilder::Subtree below(out);
    out.add(kDrepByteorder, drep[0] >> 4U, drep.first(1));
    out.add(kDrepCharacter, drep[0] & 15U, drep.first(1));
    out.add(kDrepFp, drep[1], drep.subspan(1, 1));
  }
  out.u8(in, kDgSerialHi);
  fragment.uuid(in, kObjId);
  const std::uint8_t interface = find_interface(fragment.uuid(in, kDgIfId));
  fragment.uuid(in, kDgActId);
  where = in.peek(4);
  const std::uint32_t boot = fragment.little ? in.u32le() : in.u32();
  if (in.ok()) out.add(kDgServerBoot, std::uint64_t{boot} * 1'000'000'000U, where);
  fragment.u32(in, kDgIfVer);
  const std::uint32_t sequence = fragment.u32(in, kDgSeqnum);
  const std::uint16_t opnum = fragment.u16(in, kOpnum);
  fragment.u16(in, kDgIhint);
  fragment.u16(in, kDgAhint);
  fragment.u16(in, kDgFragLen);
  const std::uint16_t number = fragment.u16(in, kDgFragNum);
  out.u8(in, kDgAuthProto);
  out.u8(in, kDgSerialLo);
  if (!in.ok()) return Outcome::kTruncated;
  fragment.call = sequence;
  if (number == 0 && (fragment.type == kRequest || fragment.type == kResponse || fragment.type == kFault))
    tell_call(fragment, opnum, interface, 0);
  if (out.wanted()) {
    const char* name = interface_name(interface);
    out.info(std::string(packet_type_name(fragment.type)) + ": seq: " + std::to_string(sequence) +
             " opnum: " + std::to_string(opnum) + (*name != '\0' ? " " + std::string(name) : std::string()));
  }
  in.skip(in.left());
  return Outcome::kDone;
}

// Version 4: the version, a type, flags that leave reserved bits clear, a length that fits.
bool is_datagram(Bytes start) {
  if (start.size() < kDatagramHeader || start[0] != 4 || start[1] > 10) return false;
  const std::uint8_t order = start[4], real = start[5];
  if ((start[2] & 0x81U) != 0 || (start[3] & 0xfdU) != 0 || (order & 0xeeU) != 0 || real > 3) return false;
  Cursor in(start.subspan(74));
  const std::size_t length = (order & 0xf0U) != 0 ? in.u16le() : in.u16();
  return length + kDatagramHeader <= start.size() && start.size() - length - kDatagramHeader <= 64;
}

Outcome dissect_dcerpc(Cursor& in, LayerBuilder& out) {
  const bool own = out.carries_flow();
  if (out.frame().transport == Transport::kUdp && is_datagram(in.rest())) return datagram(in, out);
  if (in.left() < kHeader) {
    if (!own || out.at_end()) return Outcome::kNotMine;
    out.need(kHeader);
    return Outcome::kNeedMore;
  }
  if (!is_fragment(in.rest())) return Outcome::kNotMine;
  Cursor look(in);
  look.skip(4);
  const bool little = (look.u8() & 0xf0U) != 0;
  look.skip(3);
  const std::size_t length = little ? look.u16le() : look.u16();
  if (in.left() < length && own && !out.at_end()) {
    out.need(length);
    return Outcome::kNeedMore;
  }
  return connection(in, out);
}

Likeness probe_dcerpc(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) return is_datagram(start) ? Likeness::kYes : Likeness::kNo;
  if (start.size() < kHeader) return Likeness::kMaybe;
  if (!is_fragment(start)) return Likeness::kNo;
  const std::uint8_t type = start[2];
  const bool opens = type == kBind || type == kBindAck || type == kRequest || type == kResponse || type == kFault ||
                     type == kAlterContext || type == kAlterContextResp;
  return opens ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector dcerpc_dissector{
    .name = "dcerpc",
    .title = "Distributed Computing Environment / Remote Procedure Call (DCE/RPC)",
    .column = "DCERPC",
    .fields = {dcerpc::kFields, dcerpc::kFieldCount},
    .binds = kBinds,
    .dissect = &dissect_dcerpc,
    .probe = &probe_dcerpc,
    .stream = true,
    .datagram = true};

}  // namespace pr::dissect
