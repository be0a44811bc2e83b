// DNS over UDP (a message a datagram) and TCP (RFC 7766: each after its length in two octets).
#include <algorithm>

#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::uint16_t kDnsPort = 53, kMdnsPort = 5353;  // over TCP, mDNS messages are DNS messages
constexpr Bind kBinds[] = {
    {"udp.port", kDnsPort}, {"tcp.port", kDnsPort}, {"tcp.port", kMdnsPort}, {"sctp.port", kDnsPort}};

struct Conversation {
  bool confirmed;  // a message was seen
};

bool sane_header(Bytes message) {
  Cursor in(message);
  in.skip(2);
  const unsigned opcode = in.u16() >> 11U & 15U;
  return opcode <= 6 && opcode != 3 && dns::counts_fit(message);
}

// ---- Recognition by content: everything in the message must fit, to the last octet ----

bool known_type(std::uint16_t type) { return type != 0 && type != 41 && !dns::type_name(type).empty(); }

// A host or service name in plain labels, as questions have them. NetBIOS names (32 letters A to P) belong to another
// protocol with the same header.
bool plain_name(Cursor& in) {
  std::size_t total = 0;
  bool netbios = false;
  for (std::size_t labels = 0;; ++labels) {
    const std::uint8_t length = in.u8();
    if (!in.ok() || length > 63) return false;
    if (length == 0) return !(labels > 0 && netbios);
    const Bytes label = in.take(length);
    total += length + 1U;
    if (!in.ok() || total > 254) return false;
    if (!std::ranges::all_of(label, [](std::uint8_t c) { return c > 0x20 && c < 0x7f; })) return false;
    if (labels == 0)
      netbios = length == 32 && std::ranges::all_of(label, [](std::uint8_t c) { return c >= 'A' && c <= 'P'; });
  }
}

bool skip_record(Cursor& in) {
  for (;;) {
    const std::uint8_t length = in.u8();
    if (!in.ok()) return false;
    if (length == 0) break;
    if (length >= 0xc0) {
      in.skip(1);
      break;
    }
    if (length > 63) return false;
    in.skip(length);
  }
  const std::uint16_t type = in.u16();
  if (dns::type_name(type).empty()) return false;
  in.skip(6);
  in.skip(in.u16());
  return in.ok();
}

bool is_message(Bytes message) {
  Cursor in(message);
  in.skip(2);
  const std::uint16_t flags = in.u16();
  const bool response = (flags & 0x8000U) != 0;
  const unsigned opcode = flags >> 11U & 15U, rcode = flags & 15U;
  const std::uint16_t questions = in.u16();
  const std::uint16_t answers = in.u16(), authorities = in.u16(), additional = in.u16();
  if (!in.ok() || opcode != 0 || (flags & 0x40U) != 0 || questions != 1 || rcode > 10) return false;
  if (!response && (rcode != 0 || answers != 0 || authorities != 0 || additional > 2 || (flags & 0x0680U) != 0))
    return false;
  if (!plain_name(in) || !known_type(in.u16())) return false;
  const std::uint16_t klass = in.u16();
  if (klass != 1 && klass != 3 && klass != 255) return false;
  const unsigned records = unsigned{answers} + authorities + additional;
  for (unsigned i = 0; i < records && in.ok(); ++i) {
    if (!skip_record(in)) return false;
  }
  return in.ok() && in.left() == 0;
}

Outcome dissect_stream(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  const std::size_t length = look.u16();
  if (!look.ok() || look.left() < length) {
    if (out.at_end()) return Outcome::kNotMine;
    if (look.ok() && length < kHeader && !out.state<Conversation>().confirmed) return Outcome::kNotMine;
    out.need(look.ok() ? length + 2 : 0);
    return Outcome::kNeedMore;
  }
  auto& conversation = out.state<Conversation>();
  if (!conversation.confirmed && !sane_header(look.peek(length))) return Outcome::kNotMine;
  conversation.confirmed = true;
  out.u16(in, dns::kLength);
  Cursor message = in.sub(length);
  return dns::dissect_message(message, out, dns::Flavour::kDns);
}

Outcome dissect_dns(Cursor& in, LayerBuilder& out) {
  // DNS over HTTPS (RFC 8484): a message without a length. What is not all of one is left to who carries it.
  if (out.passed() != 0) {
    return is_message(in.rest()) ? dns::dissect_message(in, out, dns::Flavour::kDns) : Outcome::kNotMine;
  }
  if (out.frame().transport == Transport::kTcp && !out.quoted()) return dissect_stream(in, out);
  return dns::dissect_message(in, out, dns::Flavour::kDns);
}

// Datagrams of the same form on these ports are another protocol: NetBIOS names, mDNS, LLMNR.
bool foreign_port(std::uint16_t port) { return port == 137 || port == kMdnsPort || port == 5355; }

Likeness probe_dns(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) {
    const bool own_port = hint.orig_port == kDnsPort || hint.resp_port == kDnsPort;
    if (!own_port && (foreign_port(hint.orig_port) || foreign_port(hint.resp_port))) return Likeness::kNo;
    return is_message(start) ? Likeness::kYes : Likeness::kMaybe;  // on its port even what the capture cut short
  }
  Cursor in(start);
  const std::size_t length = in.u16();
  if (!in.ok() || length < kHeader) return in.ok() ? Likeness::kNo : Likeness::kMaybe;
  if (in.left() >= length) {
    if (is_message(in.peek(length))) return Likeness::kYes;
    return sane_header(in.peek(length)) ? Likeness::kMaybe : Likeness::kNo;
  }
  return Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector dns_dissector{.name = "dns",
                                               .title = "Domain Name System",
                                               .column = "DNS",
                                               .fields = {dns::kFields, dns::kFieldCount},
                                               .binds = kBinds,
                                               .dissect = &dissect_dns,
                                               .probe = &probe_dns,
                                               .stream = true,
                                               .datagram = true};

}  // namespace pr::dissect
