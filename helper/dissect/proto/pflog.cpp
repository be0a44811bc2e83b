// What OpenBSD's packet filter logs; FreeBSD and macOS have the same header with other lengths.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kFamilyNames[] = {{2, "IPv4"}, {10, "IPv6"}, {24, "IPv6"}, {28, "IPv6"}, {30, "IPv6"}};
constexpr NamedValue kActionNames[] = {{0, "pass"}, {1, "block"}, {2, "scrub"}, {4, "nat"}, {6, "binat"}, {8, "rdr"}};
constexpr NamedValue kReasonNames[] = {{0, "match"},     {1, "bad-offset"}, {2, "fragment"},
                                       {3, "short"},     {4, "normalize"},  {5, "memory"},
                                       {6, "timestamp"}, {7, "congestion"}, {8, "ip-option"}};
constexpr NamedValue kDirectionNames[] = {{0, "inout"}, {1, "in"}, {2, "out"}};

enum Field : std::size_t {
  kLength,
  kFamily,
  kAction,
  kReason,
  kInterface,
  kRuleset,
  kRule,
  kSubRule,
  kUid,
  kPid,
  kRuleUid,
  kRulePid,
  kDirection,
  kRewritten,
  kPad,
  kSrcIpv4,
  kDstIpv4,
  kSrcIpv6,
  kDstIpv6,
  kSrcPort,
  kDstPort,
  kBadLength,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"pflog.length", "Header Length", FieldType::kUint},
    {"pflog.af", "Address Family", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"pflog.action", "Action", FieldType::kUint, Show::kDec, 0, kActionNames},
    {"pflog.reason", "Reason", FieldType::kUint, Show::kDec, 0, kReasonNames},
    {"pflog.ifname", "Interface", FieldType::kText},
    {"pflog.ruleset", "Ruleset", FieldType::kText},
    {"pflog.rulenr", "Rule Number", FieldType::kInt},
    {"pflog.subrulenr", "Sub Rule Number", FieldType::kInt},
    {"pflog.uid", "UID", FieldType::kInt},
    {"pflog.pid", "PID", FieldType::kInt},
    {"pflog.rule_uid", "Rule UID", FieldType::kInt},
    {"pflog.rule_pid", "Rule PID", FieldType::kInt},
    {"pflog.dir", "Direction", FieldType::kUint, Show::kDec, 0, kDirectionNames},
    {"pflog.rewritten", "Rewritten", FieldType::kUint},
    {"pflog.pad", "Padding", FieldType::kBytes},
    {"pflog.saddr.ipv4", "Source Address", FieldType::kIpv4},
    {"pflog.daddr.ipv4", "Destination Address", FieldType::kIpv4},
    {"pflog.saddr.ipv6", "Source Address", FieldType::kIpv6},
    {"pflog.daddr.ipv6", "Destination Address", FieldType::kIpv6},
    {"pflog.sport", "Source Port", FieldType::kUint},
    {"pflog.dport", "Destination Port", FieldType::kUint},
    {"pflog.invalid_header_length", "Invalid header length", FieldType::kNone},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 117}};
constexpr const char* kTables[] = {"null.bsd"};
constexpr std::size_t kCommon = 61, kWithAddresses = 100;
constexpr std::uint8_t kInet = 2;

void add_name(Cursor& in, LayerBuilder& out, std::size_t field) {
  const Bytes where = in.take(16);
  const auto end = std::ranges::find(where, std::uint8_t{0});
  if (in.ok()) out.add(field, where.first(static_cast<std::size_t>(end - where.begin())), where);
}

void add_number(Cursor& in, LayerBuilder& out, std::size_t field) {
  const Bytes where = in.peek(4);
  const auto value = static_cast<std::int32_t>(in.u32());
  if (in.ok()) out.add(field, static_cast<std::uint64_t>(std::int64_t{value}), where);
}

// The addresses before they were rewritten, each in room for an IPv6 one.
void add_addresses(Cursor& in, LayerBuilder& out, std::uint8_t family) {
  for (const bool src : {true, false}) {
    Cursor room = in.sub(16);
    if (family == kInet) {
      out.ipv4(room, src ? kSrcIpv4 : kDstIpv4);
    } else {
      out.bytes(room, src ? kSrcIpv6 : kDstIpv6, 16);
    }
  }
  out.u16(in, kSrcPort);
  out.u16(in, kDstPort);
}

void add_rest(Cursor in, LayerBuilder& out, std::uint8_t family, std::size_t length) {
  out.u8(in, kAction);
  out.u8(in, kReason);
  add_name(in, out, kInterface);
  add_name(in, out, kRuleset);
  for (std::size_t field = kRule; field <= kRulePid; ++field) add_number(in, out, field);
  out.u8(in, kDirection);
  if (length >= kWithAddresses) {
    out.u8(in, kRewritten);
    out.bytes(in, kPad, 2);
    add_addresses(in, out, family);
  } else if (in.left() > 0) {
    out.bytes(in, kPad, std::min<std::size_t>(in.left(), 3));
  }
}

Outcome dissect_pflog(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t length = out.u8(in, kLength);
  const std::uint8_t family = out.u8(in, kFamily);
  if (!in.ok()) return Outcome::kTruncated;
  if (length < kCommon) {
    out.mark(kBadLength, where);
    return Outcome::kMalformed;
  }
  const std::size_t padded = (length + std::size_t{3}) / 4 * 4;
  constexpr std::size_t kRead = 2;
  const Cursor rest = in.sub(padded - kRead);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    add_rest(rest, out, family, length);
    out.info("PF Log");
  }
  if (!out.next(0, family, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector pflog_dissector{.name = "pflog",
                                                 .title = "OpenBSD Packet Filter log file",
                                                 .column = "PFLOG",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_pflog};

}  // namespace pr::dissect
