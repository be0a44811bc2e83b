// DHCP (RFC 2131) and BOOTP (RFC 951).
#include "helper/dissect/proto/dhcp/dhcp.h"
#include "helper/dissect/line.h"

namespace pr::dissect {
namespace {

using namespace dhcp;

constexpr std::uint16_t kServerPort = 67, kClientPort = 68;
constexpr Bind kBinds[] = {{"udp.port", kServerPort}, {"udp.port", kClientPort}};
constexpr std::uint32_t kCookieValue = 0x63825363;
constexpr std::size_t kCookieAt = 236, kAddressSize = 16, kServerSize = 64, kFileSize = 128;
constexpr std::uint8_t kRequest = 1, kEthernet = 1, kIeee802 = 6;
enum : std::uint8_t {
  kDiscover = 1,
  kOffer = 2,
  kDhcpRequest = 3,
  kDecline = 4,
  kAck = 5,
  kNak = 6,
  kRelease = 7,
  kInform = 8
};

struct Head {
  std::uint8_t op = 0;
  std::uint32_t id = 0, your = 0;
  Bytes hardware, server, file;
};

Bytes until_nul(Bytes text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] != 0) ++n;
  return text.first(n);
}

void seconds(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t value = in.u16();
  // Some clients count in the other order: nobody waits for hours.
  const bool little = value != 0 && (value & 0xffU) == 0;
  if (in.ok()) out.add(kSecs, little ? value >> 8U : value, where);
}

bool head(Cursor& in, LayerBuilder& out, Head& said) {
  said.op = out.u8(in, kType);
  const std::uint8_t hardware = out.u8(in, kHwType);
  const std::uint8_t length = out.u8(in, kHwLen);
  out.u8(in, kHops);
  said.id = out.u32(in, kId);
  seconds(in, out);
  const Bytes where = in.peek(2);
  const std::uint16_t flags = out.u16(in, kFlags);
  if (in.ok()) {
    const LayerBuilder::Subtree tree(out);
    out.add(kFlagsBc, flags >> 15U, where);
    out.add(kFlagsReserved, flags & 0x7fffU, where);
  }
  out.ipv4(in, kIpClient);
  said.your = out.ipv4(in, kIpYour);
  out.ipv4(in, kIpServer);
  out.ipv4(in, kIpRelay);
  const std::size_t used = std::min<std::size_t>(length, kAddressSize);
  const Bytes address = in.take(kAddressSize);
  if (!in.ok()) return false;
  if ((hardware == kEthernet || hardware == kIeee802) && used == 6) {
    said.hardware = address.first(used);
    out.add(kHwMacAddr, said.hardware, said.hardware);
  } else if (used > 0) {
    out.add(kHwAddr, address, address);
  }
  if (used > 0 && used < kAddressSize) out.add(kHwAddrPadding, address.subspan(used), address.subspan(used));
  said.server = in.take(kServerSize);
  said.file = in.take(kFileSize);
  return in.ok();
}

// Their room may hold options instead, RFC 2132 9.3.
void names(const Head& said, const Facts& facts, LayerBuilder& out) {
  for (const auto& [field, overloaded, bit, room] : {std::tuple{kServer, kServerNameOverloadedByDhcp, 2U, said.server},
                                                     std::tuple{kFile, kBootFilenameOverloadedByDhcp, 1U, said.file}}) {
    if ((facts.overload & bit) == 0) {
      out.add(field, until_nul(room), room);
      continue;
    }
    out.mark(overloaded, room);
    Cursor options(room);
    dissect_options(options, out);
  }
}

Message::Role role(const Facts& facts) {
  switch (facts.type) {
    case kOffer:
    case kAck:
    case kNak: return Message::Role::kResponse;
    case kDecline:
    case kRelease: return Message::Role::kEvent;
    default: return Message::Role::kRequest;
  }
}

void tell(const Head& said, const Facts& facts, LayerBuilder& out) {
  Line line;
  if (facts.type != 0) {
    const std::string_view name = message_name(facts.type);
    line << "DHCP " << (name.empty() ? "Unknown Message Type" : name);
    for (std::size_t n = name.size(); n < 8; ++n) line << " ";
    line << " - Transaction ID ";
    line.hex(said.id, 8);
  } else {
    line << (said.op == kRequest ? "Boot Request" : said.op == 2 ? "Boot Reply" : "Unknown BOOTP message type");
    if (said.op == kRequest && !said.hardware.empty()) line << " from ";
    for (std::size_t i = 0; said.op == kRequest && i < said.hardware.size(); ++i)
      line << (i > 0 ? ":" : "") << std::string_view(&"0123456789abcdef"[said.hardware[i] >> 4U], 1)
           << std::string_view(&"0123456789abcdef"[said.hardware[i] & 15U], 1);
  }
  if (out.wanted()) {
    out.column(facts.type != 0 ? "DHCP" : "BOOTP");
    out.info(std::string(line.text()));
  }
  std::array<Message::Item, 6> items;
  std::size_t used = 0;
  const auto item = [&](Field field, Value value) { items[used++] = {field, value}; };
  if (facts.type != 0) item(kOptionDhcp, Value::of(std::uint64_t{facts.type}));
  if (!said.hardware.empty()) item(kHwMacAddr, Value::of(said.hardware));
  if (!facts.host.empty()) item(kOptionHostname, Value::of(as_bytes(facts.host)));
  if (facts.requested != 0) item(kOptionRequestedIpAddress, Value::of(std::uint64_t{facts.requested}));
  if (said.your != 0) item(kIpYour, Value::of(std::uint64_t{said.your}));
  if (facts.server != 0) item(kOptionDhcpServerId, Value::of(std::uint64_t{facts.server}));
  const Message::Role what = facts.type != 0       ? role(facts)
                             : said.op == kRequest ? Message::Role::kRequest
                                                   : Message::Role::kResponse;
  out.message({.role = what,
               .id = std::uint64_t{said.id} + 1,
               .name = facts.host,
               .summary = line.text(),
               .items = {items.data(), used}});
  if (facts.type != kAck || facts.host.empty() || said.your == 0) return;
  const NameAnswer answer{.name = facts.host, .address = IpAddress::v4(said.your), .ttl = facts.lease};
  out.observer().name_answers({&answer, 1});
}

Outcome dissect_dhcp(Cursor& in, LayerBuilder& out) {
  Head said;
  if (!head(in, out, said)) {
    tell(said, {}, out);
    return Outcome::kTruncated;
  }
  Cursor look = in;
  const bool options = look.u32() == kCookieValue && look.ok();
  const Facts facts = options ? scan_options(look.rest()) : Facts{};
  bool whole = true;
  names(said, facts, out);
  if (options) {
    out.ipv4(in, kCookie);
    whole = dissect_options(in, out);
  }
  in.skip(in.left());
  tell(said, facts, out);
  return whole ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_dhcp(Bytes start, const ProbeHint& hint) {
  if (hint.tcp) return Likeness::kNo;
  Cursor in(start);
  const std::uint8_t op = in.u8(), hardware = in.u8(), length = in.u8(), hops = in.u8();
  if (!in.ok() || op < 1 || op > 2 || length > kAddressSize || hops > 32) return Likeness::kNo;
  if (start.size() <= kCookieAt + 4) return Likeness::kMaybe;
  const bool cookie = Cursor(start.subspan(kCookieAt)).u32() == kCookieValue;
  return cookie && hardware <= 40 ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector dhcp_dissector{.name = "dhcp",
                                                .title = "Dynamic Host Configuration Protocol",
                                                .column = "DHCP",
                                                .fields = {dhcp::kFields, dhcp::kFieldCount},
                                                .binds = kBinds,
                                                .dissect = &dissect_dhcp,
                                                .probe = &probe_dhcp,
                                                .datagram = true};

}  // namespace pr::dissect
