// RIP versions 1 (RFC 1058) and 2 (RFC 2453), with authentication (RFC 4822).
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kCommandNames[] = {
    {1, "Request"}, {2, "Response"}, {3, "Traceon"}, {4, "Traceoff"}, {5, "Vendor specific (Sun)"}};
constexpr NamedValue kVersionNames[] = {{1, "RIPv1"}, {2, "RIPv2"}};
constexpr NamedValue kFamilyNames[] = {{0, "Unspecified"}, {2, "IP"}};
constexpr NamedValue kAuthNames[] = {{1, "IP Route"}, {2, "Simple Password"}, {3, "Keyed Message Digest"}};

enum Field : std::size_t {
  kCommand,
  kVersion,
  kFamily,
  kRouteTag,
  kIp,
  kNetmask,
  kNextHop,
  kMetric,
  kAuthType,
  kAuthPasswd,
  kDigestOffset,
  kKeyId,
  kAuthDataLen,
  kSeqNum,
  kAuthenticationData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"rip.command", "Command", FieldType::kUint, Show::kDec, 0, kCommandNames},
    {"rip.version", "Version", FieldType::kUint, Show::kDec, 0, kVersionNames},
    {"rip.family", "Address Family", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"rip.route_tag", "Route Tag", FieldType::kUint},
    {"rip.ip", "IP Address", FieldType::kIpv4},
    {"rip.netmask", "Netmask", FieldType::kIpv4},
    {"rip.next_hop", "Next Hop", FieldType::kIpv4},
    {"rip.metric", "Metric", FieldType::kUint},
    {"rip.auth.type", "Authentication type", FieldType::kUint, Show::kDec, 0, kAuthNames},
    {"rip.auth.passwd", "Password", FieldType::kText},
    {"rip.digest_offset", "Digest Offset", FieldType::kUint},
    {"rip.key_id", "Key ID", FieldType::kUint},
    {"rip.auth_data_len", "Auth Data Len", FieldType::kUint},
    {"rip.seq_num", "Seq num", FieldType::kUint},
    {"rip.authentication_data", "Authentication Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 520}};
constexpr std::size_t kHeader = 4, kEntry = 20, kMaxEntries = 26;
constexpr std::uint16_t kFamilyIp = 2, kFamilyAuth = 0xffff;
constexpr std::uint32_t kInfinity = 16;
enum Command : std::uint8_t { kRequest = 1, kResponse = 2 };

// Updates repeat every half minute: what was told of is known by its checksum.
struct State {
  std::uint32_t told[8];
  std::uint8_t next;
};

std::uint32_t fnv(Bytes bytes, std::uint32_t seed) {
  std::uint32_t hash = 0x811c9dc5U ^ seed;
  for (const std::uint8_t octet : bytes) hash = (hash ^ octet) * 0x01000193U;
  return hash | 1U;
}

// An entry of the address family IP. Returns whether it has one.
void read_route(std::uint8_t version, bool response, Cursor& in, LayerBuilder& out, Event& event, bool* announced,
                bool* withdrawn) {
  version == 1 ? in.skip(2) : static_cast<void>(out.u16(in, kRouteTag));
  const std::uint32_t address = out.ipv4(in, kIp);
  std::uint32_t mask = 0, next_hop = 0;
  if (version == 1) {
    in.skip(8);
  } else {
    mask = out.ipv4(in, kNetmask);
    next_hop = out.ipv4(in, kNextHop);
  }
  const std::uint32_t metric = out.u32(in, kMetric);
  if (!in.ok() || !response) return;
  event.item(kIp, address);
  event.say((*announced || *withdrawn ? ", " : " ") + ipv4_text(address));
  if (version != 1) event.say("/" + std::to_string(std::popcount(mask)));
  if (next_hop != 0) event.say(" via " + ipv4_text(next_hop));
  event.say(metric >= kInfinity ? std::string(" unreachable") : " metric " + std::to_string(metric));
  (metric >= kInfinity ? *withdrawn : *announced) = true;
}

// Returns the length of the digest behind the entries.
std::size_t read_authentication(Cursor& in, LayerBuilder& out) {
  const std::uint16_t type = out.u16(in, kAuthType);
  if (type == 2) {
    const Bytes where = in.take(16);
    const std::string_view text = as_text(where);
    out.add_text(kAuthPasswd, text.substr(0, text.find('\0')), where);
    return 0;
  }
  if (type != 3) {
    in.skip(16);
    return 0;
  }
  read_pieces(in, out, {{kDigestOffset, 2}, {kKeyId, 1}});
  const std::uint8_t length = out.u8(in, kAuthDataLen);
  out.u32(in, kSeqNum);
  in.skip(8);
  return length;
}

Outcome dissect_rip(Cursor& in, LayerBuilder& out) {
  const Bytes message = in.rest();
  const std::uint8_t command = out.u8(in, kCommand);
  const std::uint8_t version = out.u8(in, kVersion);
  in.skip(2);
  if (!in.ok()) return Outcome::kTruncated;
  if (version < 1 || version > 2) return Outcome::kNotMine;
  if (out.wanted()) {
    out.column(version == 1 ? "RIPv1" : "RIPv2");
    out.info(std::string(name_of(kCommandNames, command, "Unknown command")));
  }
  auto& state = out.state<State>();
  const std::uint32_t hash = fnv(message, out.from_orig() ? 0 : 1);
  Event event;
  event.item(kCommand, command);
  event.text = out.frame().src.ip.text() + ":";
  bool announced = false, withdrawn = false;
  std::size_t digest = 0;
  while (in.left() >= kEntry) {
    const Bytes where = in.peek(2);
    const std::uint16_t family = in.u16();
    if (family == kFamilyAuth) {
      digest = read_authentication(in, out);
      continue;
    }
    out.add(kFamily, family, where);
    if (family == kFamilyIp || family == 0) {
      read_route(version, command == kResponse, in, out, event, &announced, &withdrawn);
    } else {
      in.skip(kEntry - 2);
    }
    if (digest > 0 && in.left() < kEntry + digest && in.left() >= 4) break;
  }
  if (digest > 0 && in.left() > 4) {
    in.skip(4);
    out.bytes(in, kAuthenticationData, in.left());
  }
  if ((announced || withdrawn) && std::ranges::find(state.told, hash) == std::end(state.told)) {
    state.told[state.next] = hash;
    state.next = static_cast<std::uint8_t>((state.next + 1U) % std::size(state.told));
    event.send(out, !withdrawn ? "announced" : !announced ? "withdrawn" : "announced and withdrawn");
  }
  return in.left() == 0 ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_rip(Bytes start, const ProbeHint&) {
  if (start.size() < kHeader + kEntry || start.size() > kHeader + kMaxEntries * kEntry) return Likeness::kNo;
  if (start[0] < 1 || start[0] > 5 || start[1] < 1 || start[1] > 2) return Likeness::kNo;
  if (start[2] != 0 || start[3] != 0 || (start.size() - kHeader) % kEntry != 0) return Likeness::kMaybe;
  Cursor in(start.subspan(kHeader));
  bool plain = start[0] <= kResponse;
  while (in.left() >= kEntry) {
    const std::uint16_t family = in.u16(), tag = in.u16();
    in.skip(12);
    const std::uint32_t metric = in.u32();
    if (family == kFamilyAuth) continue;
    plain = plain && (family == kFamilyIp || (family == 0 && start[0] == kRequest)) && (start[1] == 2 || tag == 0) &&
            metric >= 1 && metric <= kInfinity;
  }
  return plain ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector rip_dissector{.name = "rip",
                                               .title = "Routing Information Protocol",
                                               .column = "RIP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_rip,
                                               .probe = &probe_rip,
                                               .datagram = true};

}  // namespace pr::dissect
