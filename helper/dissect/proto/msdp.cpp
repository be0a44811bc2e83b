// Multicast Source Discovery Protocol, RFC 3618, over TCP.
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{1, "IPv4 Source-Active"},
                                     {2, "IPv4 Source-Active Request"},
                                     {3, "IPv4 Source-Active Response"},
                                     {4, "KeepAlive"},
                                     {5, "Notification"}};

enum Field : std::size_t {
  kType,
  kLength,
  kSaEntryCount,
  kSaRpAddr,
  kSaReserved,
  kSaSprefixLen,
  kSaGroupAddr,
  kSaSrcAddr,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"msdp.type", "Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"msdp.length", "Length", FieldType::kUint},
    {"msdp.sa.entry_count", "Entry Count", FieldType::kUint},
    {"msdp.sa.rp_addr", "RP Address", FieldType::kIpv4},
    {"msdp.sa.reserved", "Reserved", FieldType::kUint, Show::kHex, 24},
    {"msdp.sa.sprefix_len", "Sprefix len", FieldType::kUint},
    {"msdp.sa.group_addr", "Group Address", FieldType::kIpv4},
    {"msdp.sa.src_addr", "Source Address", FieldType::kIpv4},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"tcp.port", 639}};
constexpr std::size_t kHeader = 3, kEntry = 12, kSourceActive = 8;
enum Type : std::uint8_t { kActive = 1, kActiveResponse = 3, kKeepalive = 4, kLast = 5 };

void read_active(Cursor& in, LayerBuilder& out) {
  const std::uint8_t count = out.u8(in, kSaEntryCount);
  const std::uint32_t rendezvous = out.ipv4(in, kSaRpAddr);
  Event event;
  event.item(kSaRpAddr, rendezvous);
  event.text = "RP " + ipv4_text(rendezvous) + ":";
  for (unsigned i = 0; i < count && in.left() > 0; ++i) {
    read_pieces(in, out, {{kSaReserved, 3}, {kSaSprefixLen, 1}});
    const std::uint32_t group = out.ipv4(in, kSaGroupAddr);
    const std::uint32_t source = out.ipv4(in, kSaSrcAddr);
    if (!in.ok()) return;
    event.item(kSaGroupAddr, group);
    event.item(kSaSrcAddr, source);
    event.say((i == 0 ? " (" : ", (") + ipv4_text(source) + ", " + ipv4_text(group) + ")");
  }
  if (in.ok()) event.send(out, "source active");
}

Outcome dissect_msdp(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kHeader);
  if (!head.empty() && (head[0] < kActive || head[0] > kLast)) return Outcome::kNotMine;
  if (head.size() < kHeader) {
    if (out.at_end()) return Outcome::kTruncated;
    out.need(kHeader);
    return Outcome::kNeedMore;
  }
  const std::size_t length = number_of(head.subspan(1));
  if (length < kHeader) return Outcome::kNotMine;
  if (in.left() < length && !out.at_end()) {
    out.need(length);
    return Outcome::kNeedMore;
  }
  const std::uint8_t type = out.u8(in, kType);
  out.u16(in, kLength);
  if (out.wanted()) out.info(std::string(name_of(kTypeNames, type, "Unknown")));
  const bool whole = in.left() >= length - kHeader;
  Cursor body = in.sub(std::min(length - kHeader, in.left()));
  if (type == kActive || type == kActiveResponse) {
    read_active(body, out);
    if (body.ok() && body.left() > 0 && !out.next("ip", body)) out.data(body);  // the source's first packet
  }
  return whole && body.ok() ? Outcome::kDone : Outcome::kTruncated;
}

// A source active of n entries is 8 + 12 n long, or longer by a packet.
Likeness probe_msdp(Bytes start, const ProbeHint&) {
  if (start.size() < kHeader || start[0] < kActive || start[0] > kLast) return Likeness::kNo;
  const std::size_t length = number_of(start.subspan(1, 2));
  if (start[0] == kKeepalive) return length == kHeader ? Likeness::kMaybe : Likeness::kNo;
  if (start[0] == kActive && start.size() > kHeader && length < kSourceActive + start[3] * kEntry) return Likeness::kNo;
  return length >= kHeader && length <= 9192 ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector msdp_dissector{.name = "msdp",
                                                .title = "Multicast Source Discovery Protocol",
                                                .column = "MSDP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_msdp,
                                                .probe = &probe_msdp,
                                                .stream = true};

}  // namespace pr::dissect
