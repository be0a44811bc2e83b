// ONC RPC, RFC 5531, over UDP and TCP (in records): who calls which procedure of which program, and how it was
// accepted.
#include <algorithm>

#include "helper/dissect/dissector.h"
#include "helper/dissect/line.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0, "Call"}, {1, "Reply"}};
constexpr NamedValue kFlavorNames[] = {
    {0, "AUTH_NULL"}, {1, "AUTH_UNIX"}, {2, "AUTH_SHORT"}, {3, "AUTH_DES"}, {6, "RPCSEC_GSS"}};
constexpr NamedValue kProgramNames[] = {{100000, "Portmap"}, {100003, "NFS"},    {100004, "YPSERV"},
                                        {100005, "MOUNT"},   {100007, "YPBIND"}, {100011, "RQUOTA"},
                                        {100021, "NLM"},     {100024, "STAT"},   {100227, "NFSACL"}};

enum Field : std::uint16_t {
  kLastfrag,
  kFraglen,
  kXid,
  kMsgtyp,
  kVersion,
  kProgram,
  kProgramversion,
  kProcedure,
  kAuthFlavor,
  kAuthLength,
  kAuthStamp,
  kAuthMachinename,
  kAuthUid,
  kAuthGid,
  kReplystat,
  kStateAccept,
  kRepframe,
  kTime,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"rpc.lastfrag", "Last Fragment", FieldType::kBool},
    {"rpc.fraglen", "Fragment Length", FieldType::kUint},
    {"rpc.xid", "XID", FieldType::kUint, Show::kHex, 32},
    {"rpc.msgtyp", "Message Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"rpc.version", "RPC Version", FieldType::kUint},
    {"rpc.program", "Program", FieldType::kUint, Show::kDec, 0, kProgramNames},
    {"rpc.programversion", "Program Version", FieldType::kUint},
    {"rpc.procedure", "Procedure", FieldType::kUint},
    {"rpc.auth.flavor", "Flavor", FieldType::kUint, Show::kDec, 0, kFlavorNames},
    {"rpc.auth.length", "Length", FieldType::kUint},
    {"rpc.auth.stamp", "Stamp", FieldType::kUint, Show::kHex, 32},
    {"rpc.auth.machinename", "Machine Name", FieldType::kText},
    {"rpc.auth.uid", "UID", FieldType::kUint},
    {"rpc.auth.gid", "GID", FieldType::kUint},
    {"rpc.replystat", "Reply State", FieldType::kUint},
    {"rpc.state_accept", "Accept State", FieldType::kUint},
    {"rpc.repframe", "Reply Frame", FieldType::kUint},
    {"rpc.time", "Time from request", FieldType::kDuration},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 111}, {"tcp.port", 111}, {"udp.port", 2049}, {"tcp.port", 2049}};
constexpr std::uint32_t kCall = 0, kReply = 1, kVersionTwo = 2;
constexpr std::uint32_t kPortmap = 100000, kNfs = 100003, kMount = 100005;
constexpr std::size_t kMark = 4, kMaxRecord = 4U << 20U;
constexpr std::size_t kMaxAuth = 400;  // RFC 5531 8.2

constexpr std::string_view kPortmap2[] = {"NULL", "SET", "UNSET", "GETPORT", "DUMP", "CALLIT"};
constexpr std::string_view kPortmap3[] = {"NULL",   "SET",     "UNSET",       "GETADDR",    "DUMP",
                                          "CALLIT", "GETTIME", "UADDR2TADDR", "TADDR2UADDR"};
constexpr std::string_view kMount3[] = {"NULL", "MNT", "DUMP", "UMNT", "UMNTALL", "EXPORT"};
constexpr std::string_view kNfs2[] = {"NULL", "GETATTR",    "SETATTR", "ROOT",   "LOOKUP",  "READLINK",
                                      "READ", "WRITECACHE", "WRITE",   "CREATE", "REMOVE",  "RENAME",
                                      "LINK", "SYMLINK",    "MKDIR",   "RMDIR",  "READDIR", "STATFS"};
constexpr std::string_view kNfs3[] = {"NULL",   "GETATTR", "SETATTR",  "LOOKUP", "ACCESS",  "READLINK",
                                      "READ",   "WRITE",   "CREATE",   "MKDIR",  "SYMLINK", "MKNOD",
                                      "REMOVE", "RMDIR",   "RENAME",   "LINK",   "READDIR", "READDIRPLUS",
                                      "FSSTAT", "FSINFO",  "PATHCONF", "COMMIT"};
constexpr std::string_view kNfs4[] = {"NULL", "COMPOUND"};

// What a call asked for: replies do not say it again.
struct Asked {
  std::uint32_t xid, program;
  std::uint16_t version, procedure;
};
struct Conversation {
  static constexpr std::size_t kKept = 5;
  Asked asked[kKept];
  std::uint8_t next;
  std::uint8_t confirmed;

  void keep(const Asked& call) {
    asked[next % kKept] = call;
    next = static_cast<std::uint8_t>((next + 1) % kKept);
  }
  [[nodiscard]] const Asked* find(std::uint32_t xid) const {
    const auto* const found =
        std::ranges::find_if(asked, [xid](const Asked& a) { return a.xid == xid && a.program != 0; });
    return found == std::end(asked) ? nullptr : found;
  }
};

std::string_view procedure_name(const Asked& call) {
  const auto pick = [&](std::span<const std::string_view> names) {
    return call.procedure < names.size() ? names[call.procedure] : std::string_view{};
  };
  if (call.program == kPortmap) return call.version == 2 ? pick(kPortmap2) : pick(kPortmap3);
  if (call.program == kMount) return pick(kMount3);
  if (call.program != kNfs) return call.procedure == 0 ? "NULL" : std::string_view{};
  return call.version == 2 ? pick(kNfs2) : call.version == 3 ? pick(kNfs3) : pick(kNfs4);
}

std::string_view program_name(std::uint32_t program) {
  const auto* const found = std::ranges::find(kProgramNames, program, &NamedValue::value);
  return found == std::end(kProgramNames) ? std::string_view{} : found->name;
}

void authentication(Cursor& in, LayerBuilder& out) {
  const std::uint32_t flavor = out.u32(in, kAuthFlavor);
  const std::uint32_t length = out.u32(in, kAuthLength);
  if (length > kMaxAuth) in.fail();
  Cursor body = in.sub((length + 3U) & ~3U);
  constexpr std::uint32_t kUnix = 1;
  if (!in.ok() || flavor != kUnix || !out.wanted() || length < 20) return;
  out.u32(body, kAuthStamp);
  const std::uint32_t name = body.u32();
  if (name > body.left()) return;
  out.bytes(body, kAuthMachinename, name);
  body.skip((4 - name % 4) % 4);
  out.u32(body, kAuthUid);
  out.u32(body, kAuthGid);
  for (std::uint32_t groups = body.u32(); groups > 0 && body.left() >= 4; --groups) out.u32(body, kAuthGid);
}

void tell(const Asked* call, std::uint32_t xid, bool reply, std::int64_t status, LayerBuilder& out) {
  Line line, name;
  if (call == nullptr) {
    line << "Continuation";
  } else {
    const std::string_view program = program_name(call->program), procedure = procedure_name(*call);
    line << "V" << call->version << " ";
    procedure.empty() ? line << "proc-" << call->procedure : line << procedure;
    line << (reply ? " Reply " : " Call");
    program.empty() ? name << call->program : name << program;
    name << " ";
    procedure.empty() ? name << call->procedure : name << procedure;
    if (out.wanted() && !program.empty()) out.column(program);
  }
  if (out.wanted()) out.info(std::string(line.text()));
  std::array<Message::Item, 3> items;
  std::size_t used = 0;
  if (call != nullptr) {
    items = {{{kProgram, Value::of(std::uint64_t{call->program})},
              {kProgramversion, Value::of(std::uint64_t{call->version})},
              {kProcedure, Value::of(std::uint64_t{call->procedure})}}};
    used = reply ? 0 : items.size();
  }
  out.message({.role = reply ? Message::Role::kResponse : Message::Role::kRequest,
               .id = std::uint64_t{xid} + 1,
               .name = name.text(),
               .summary = line.text(),
               .status = status,
               .items = {items.data(), used}});
}

Outcome call(Cursor& in, std::uint32_t xid, LayerBuilder& out) {
  Asked asked{.xid = xid, .program = 0, .version = 0, .procedure = 0};
  out.u32(in, kVersion);
  asked.program = out.u32(in, kProgram);
  const Bytes at = in.peek(4);
  asked.version = static_cast<std::uint16_t>(out.u32(in, kProgramversion));
  out.add(kProgramversion, asked.version, at);  // Wireshark shows it with the program's own part, too
  asked.procedure = static_cast<std::uint16_t>(out.u32(in, kProcedure));
  authentication(in, out);
  authentication(in, out);
  if (!in.ok()) return Outcome::kTruncated;
  out.state<Conversation>().keep(asked);
  tell(&asked, xid, false, -1, out);
  return Outcome::kDone;
}

Outcome reply(Cursor& in, std::uint32_t xid, LayerBuilder& out) {
  const Asked* asked = out.state<Conversation>().find(xid);
  const std::uint32_t denied = out.u32(in, kReplystat);
  std::int64_t status = denied;
  if (in.ok() && denied == 0) {
    authentication(in, out);
    status = out.u32(in, kStateAccept);
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (asked != nullptr) {
    out.add(kProgram, asked->program, {});
    out.add(kProgramversion, asked->version, {});
    out.add(kProgramversion, asked->version, {});
    out.add(kProcedure, asked->procedure, {});
  }
  const PacketFacts* facts = out.facts();
  if (facts != nullptr && facts->request_frame != 0) {
    out.add(kRepframe, facts->request_frame, {});
    out.add(kTime, static_cast<std::uint64_t>(to_ns(out.packet().ts) - to_ns(facts->request_ts)), {});
  }
  tell(asked, xid, true, status, out);
  return Outcome::kDone;
}

// From the transaction id on.
Outcome message(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  const std::uint32_t xid = look.u32(), type = look.u32();
  if (!look.ok()) return Outcome::kNotMine;
  if (type > kReply || (type == kCall && look.u32() != kVersionTwo)) return Outcome::kNotMine;
  out.u32(in, kXid);
  out.u32(in, kMsgtyp);
  const Outcome outcome = type == kCall ? call(in, xid, out) : reply(in, xid, out);
  if (outcome == Outcome::kDone) out.state<Conversation>().confirmed = 1;
  in.skip(in.left());
  return outcome;
}

// A record's first fragment holds the head; further ones are the program's.
Outcome record(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  const std::uint32_t mark = look.u32();
  const std::size_t length = mark & 0x7fffffffU;
  auto& talk = out.state<Conversation>();
  if (look.ok() && (length > kMaxRecord || length < 8)) return Outcome::kNotMine;
  if (!look.ok() || look.left() < length) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(look.ok() ? kMark + length : kMark);
    return Outcome::kNeedMore;
  }
  const Bytes where = in.peek(kMark);
  in.skip(kMark);
  out.add(kLastfrag, mark >> 31U, where);
  out.add(kFraglen, length, where);
  Cursor body = in.sub(length);
  const Outcome outcome = message(body, out);
  return outcome == Outcome::kNotMine && talk.confirmed != 0 ? Outcome::kDone : outcome;
}

Outcome dissect_rpc(Cursor& in, LayerBuilder& out) {
  return out.frame().transport == Transport::kTcp ? record(in, out) : message(in, out);
}

Likeness probe_rpc(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  if (hint.tcp) {
    const std::size_t length = in.u32() & 0x7fffffffU;
    if (length > kMaxRecord || length < 8) return Likeness::kNo;
  }
  in.skip(4);
  const std::uint32_t type = in.u32();
  if (!in.ok() || type > kReply) return Likeness::kNo;
  if (type == kReply) {
    const std::uint32_t denied = in.u32();
    return in.ok() && denied <= 1 ? Likeness::kMaybe : Likeness::kNo;
  }
  const std::uint32_t version = in.u32(), program = in.u32(), of = in.u32(), procedure = in.u32(), flavor = in.u32(),
                      length = in.u32();
  if (!in.ok()) return Likeness::kMaybe;
  const bool fits = version == kVersionTwo && program >= 100000 && program < 0x60000000 && of <= 0xffff &&
                    procedure <= 0xffff && flavor <= 400'000 && length <= kMaxAuth;
  return fits ? Likeness::kYes : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector rpc_dissector{.name = "rpc",
                                               .title = "Remote Procedure Call",
                                               .column = "RPC",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_rpc,
                                               .probe = &probe_rpc,
                                               .stream = true,
                                               .datagram = true};

}  // namespace pr::dissect
