// RIPng, RFC 2080.
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kCommandNames[] = {{1, "Request"}, {2, "Response"}};

enum Field : std::size_t {
  kCmd,
  kVersion,
  kReserved,
  kRte,
  kRteIpv6Prefix,
  kRteRouteTag,
  kRtePrefixLength,
  kRteMetric,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ripng.cmd", "Command", FieldType::kUint, Show::kDec, 0, kCommandNames},
    {"ripng.version", "Version", FieldType::kUint},
    {"ripng.reserved", "Reserved", FieldType::kBytes},
    {"ripng.rte", "Route Table Entry", FieldType::kNone},
    {"ripng.rte.ipv6_prefix", "IPv6 Prefix", FieldType::kIpv6},
    {"ripng.rte.route_tag", "Route Tag", FieldType::kUint, Show::kHex, 16},
    {"ripng.rte.prefix_length", "Prefix Length", FieldType::kUint},
    {"ripng.rte.metric", "Metric", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 521}};
constexpr std::size_t kHeader = 4, kEntry = 20;
constexpr std::uint8_t kInfinity = 16, kNextHop = 255, kResponse = 2;

struct State {
  std::uint32_t told[8];
  std::uint8_t next;
};

Outcome dissect_ripng(Cursor& in, LayerBuilder& out) {
  const Bytes message = in.rest();
  const std::uint8_t command = out.u8(in, kCmd);
  read_pieces(in, out, {{kVersion, 1}, {kReserved, 2, true}});
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted())
    out.info("Command " + std::string(name_of(kCommandNames, command, "Unknown")) + ", Version " +
             std::to_string(message[1]));
  Event event;
  event.item(kCmd, command);
  event.text = out.frame().src.ip.text() + ":";
  bool announced = false, withdrawn = false;
  std::uint32_t hash = 0x811c9dc5U;
  while (in.left() >= kEntry) {
    const Bytes where = in.peek(kEntry);
    for (const std::uint8_t octet : where) hash = (hash ^ octet) * 0x01000193U;
    out.mark(kRte, where);
    const LayerBuilder::Subtree below(out);
    const Bytes prefix = out.bytes(in, kRteIpv6Prefix, 16);
    out.u16(in, kRteRouteTag);
    const std::uint8_t bits = out.u8(in, kRtePrefixLength);
    const std::uint8_t metric = out.u8(in, kRteMetric);
    if (command != kResponse || metric == kNextHop) continue;
    event.item(kRteIpv6Prefix, prefix);
    event.say((announced || withdrawn ? ", " : " ") + IpAddress::from(prefix).text() + "/" + std::to_string(bits) +
              (metric >= kInfinity ? std::string(" unreachable") : " metric " + std::to_string(metric)));
    (metric >= kInfinity ? withdrawn : announced) = true;
  }
  auto& state = out.state<State>();
  if ((announced || withdrawn) && std::ranges::find(state.told, hash) == std::end(state.told)) {
    state.told[state.next] = hash;
    state.next = static_cast<std::uint8_t>((state.next + 1U) % std::size(state.told));
    event.send(out, !withdrawn ? "announced" : !announced ? "withdrawn" : "announced and withdrawn");
  }
  return in.left() == 0 ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_ripng(Bytes start, const ProbeHint&) {
  if (start.size() < kHeader || start[0] < 1 || start[0] > 2) return Likeness::kNo;
  const bool plain = start.size() >= kHeader + kEntry && (start.size() - kHeader) % kEntry == 0 && start[1] == 1 &&
                     start[2] == 0 && start[3] == 0;
  if (!plain) return Likeness::kMaybe;
  for (std::size_t at = kHeader; at < start.size(); at += kEntry) {
    const std::uint8_t bits = start[at + 18], metric = start[at + 19];
    if (bits > 128 || metric == 0 || (metric > kInfinity && metric != kNextHop)) return Likeness::kMaybe;
    // Beyond its length a prefix is zero.
    for (std::size_t i = (bits + 7U) / 8U; i < 16; ++i) {
      if (start[at + i] != 0) return Likeness::kMaybe;
    }
  }
  return start[0] == kResponse && start.size() > kHeader + kEntry ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector ripng_dissector{.name = "ripng",
                                                 .title = "RIPng",
                                                 .column = "RIPng",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_ripng,
                                                 .probe = &probe_ripng,
                                                 .datagram = true};

}  // namespace pr::dissect
