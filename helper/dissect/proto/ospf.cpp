// OSPF version 2 (RFC 2328) and 3 (RFC 5340), with link-local signalling (RFC 5613) and authentication trailers (RFC
// 7166).
#include "helper/dissect/proto/ospf/ospf.h"
#include "helper/dissect/proto/event.h"

namespace pr::dissect {
namespace ospf {
namespace {

constexpr Bind kBinds[] = {{"ip.proto", 89}};

enum Type : std::uint8_t { kHelloType = 1, kDescription, kRequest, kUpdate, kAcknowledge };
constexpr std::uint8_t kInit = 4, kMore = 2, kMaster = 1;  // flags of a database description
constexpr std::size_t kMaxNamed = 16;                      // advertisements of one update told of

// What the packets of each direction said last: events are changes.
struct Side {
  Neighbors heard;
  std::uint8_t dbd = 0;    // flags of the last database description
  bool greeted = false;    // a hello was seen
  bool described = false;  // a database description was seen
  std::uint32_t designated = 0, backup = 0;
};
struct State {
  Side sides[2];
};
static_assert(sizeof(Side) == 32);

struct Header {
  std::uint8_t version = 0, type = 0;
  std::uint16_t length = 0, auth = 0;
  std::uint32_t router = 0, area = 0;
};

void begin(Event& event, const Header& header) {
  event.item(kSrcrouter, header.router);
  event.item(kAreaId, header.area);
  event.item(kMsg, header.type);
}

std::size_t message_marker(std::uint8_t type) {
  constexpr std::size_t kMarkers[] = {kMsgHello, kMsgDbdesc, kMsgLsreq, kMsgLsupdate, kMsgLsack};
  return type >= kHelloType && type <= kAcknowledge ? kMarkers[type - 1] : kFieldCount;
}

void read_auth(std::uint16_t type, Cursor& in, LayerBuilder& out) {
  if (type == 0) {
    out.bytes(in, kAuthNone, 8);
  } else if (type == 1) {
    const Bytes where = in.take(8);
    const std::string_view text = as_text(where);
    out.add_text(kAuthSimple, text.substr(0, text.find('\0')), where);
  } else if (type == 2) {
    read_pieces(in, out, {{kSkipped, 2}, {kAuthCryptKeyId, 1}, {kAuthCryptDataLength, 1}, {kAuthCryptSeqNbr, 4}});
  } else {
    in.skip(8);
  }
}

bool read_header(Cursor& in, LayerBuilder& out, Header* header) {
  out.mark(kHeader, in.peek(header->version == 2 ? 24 : 16));
  const LayerBuilder::Subtree below(out);
  header->version = out.u8(in, kVersion);
  const Bytes where = in.peek(1);
  header->type = out.u8(in, kMsg);
  if (const std::size_t marker = message_marker(header->type); in.ok() && marker != kFieldCount)
    out.add(marker, 1, where);
  header->length = out.u16(in, kPacketLength);
  header->router = out.ipv4(in, kSrcrouter);
  header->area = out.ipv4(in, kAreaId);
  out.u16(in, kChecksum);
  if (header->version == 2) {
    header->auth = out.u16(in, kAuthType);
    read_auth(header->auth, in, out);
  } else {
    read_pieces(in, out, {{kInstanceId, 1}, {kReserved, 1, true}});
  }
  return in.ok();
}

void tell_hello(const Header& header, const Neighbors& heard, std::uint32_t designated, std::uint32_t backup,
                LayerBuilder& out) {
  Side& before = out.state<State>().sides[out.from_orig() ? 0 : 1];
  const bool same = before.greeted && before.designated == designated && before.backup == backup &&
                    before.heard.count == heard.count &&
                    std::ranges::all_of(heard.id, [&](std::uint32_t id) { return id == 0 || before.heard.has(id); });
  if (same) return;
  Event event;
  begin(event, header);
  event.text = "router " + ipv4_text(header.router) + " area " + ipv4_text(header.area);
  if (!before.greeted) event.say(", first hello");
  bool up = false, down = false;
  for (std::size_t i = 0; i < heard.count; ++i) {
    event.item(kHelloActiveNeighbor, heard.id[i]);
    if (before.heard.has(heard.id[i])) continue;
    event.say(", neighbor " + ipv4_text(heard.id[i]) + " up");
    up = true;
  }
  for (std::size_t i = 0; i < before.heard.count; ++i) {
    if (heard.has(before.heard.id[i])) continue;
    event.say(", neighbor " + ipv4_text(before.heard.id[i]) + " down");
    down = true;
  }
  if (designated != before.designated || backup != before.backup) {
    event.say(", DR " + ipv4_text(designated) + ", BDR " + ipv4_text(backup));
    event.item(kHelloDesignatedRouter, designated);
    event.item(kHelloBackupDesignatedRouter, backup);
  }
  event.send(out, down ? "neighbor down" : up ? "neighbor up" : before.greeted ? "designated router" : "hello");
  before.heard = heard;
  before.greeted = true;
  before.designated = designated;
  before.backup = backup;
}

// Returns whether a block of link-local signalling follows the packet.
bool read_hello(const Header& header, Cursor& in, LayerBuilder& out) {
  out.mark(kHello, in.rest());
  const LayerBuilder::Subtree below(out);
  bool lls = false;
  if (header.version == 2) {
    read_pieces(in, out, {{kHelloNetworkMask, 4}, {kHelloHelloInterval, 2}});
    lls = !in.rest().empty() && (in.rest()[0] & 0x10U) != 0;
    read_options2(in, out);
    read_pieces(in, out, {{kHelloRouterPriority, 1}, {kHelloRouterDeadInterval, 4}});
  } else {
    read_pieces(in, out, {{kHelloInterfaceId, 4}, {kHelloRouterPriority, 1}});
    lls = in.left() >= 2 && (in.rest()[1] & 2U) != 0;
    read_options3(in, out);
    read_pieces(in, out, {{kHelloHelloInterval, 2}, {kHelloRouterDeadInterval, 2}});
  }
  const std::uint32_t designated = out.ipv4(in, kHelloDesignatedRouter);
  const std::uint32_t backup = out.ipv4(in, kHelloBackupDesignatedRouter);
  Neighbors heard;
  while (in.left() >= 4) {
    const std::uint32_t id = out.ipv4(in, kHelloActiveNeighbor);
    if (id != 0) heard.add(id);
  }
  if (in.ok()) tell_hello(header, heard, designated, backup, out);
  return lls;
}

void tell_description(const Header& header, std::uint8_t flags, LayerBuilder& out) {
  Side& before = out.state<State>().sides[out.from_orig() ? 0 : 1];
  if (before.described && before.dbd == flags) return;
  Event event;
  begin(event, header);
  event.item(kDbd, flags);
  const bool start = (flags & kInit) != 0, last = (flags & kMore) == 0;
  event.text = "router " + ipv4_text(header.router) +
               (start  ? ", negotiates"
                : last ? ", has described its database"
                       : ", describes its database") +
               ((flags & kMaster) != 0 ? " as master" : " as slave");
  event.send(out, start ? "ExStart" : last ? "Exchange done" : "Exchange");
  before.described = true;
  before.dbd = flags;
}

bool read_description(const Header& header, Cursor& in, LayerBuilder& out) {
  bool lls = false;
  if (header.version == 2) {
    out.u16(in, kDbInterfaceMtu);
    lls = !in.rest().empty() && (in.rest()[0] & 0x10U) != 0;
    read_options2(in, out);
  } else {
    read_pieces(in, out, {{kReserved, 1, true}});
    lls = in.left() >= 2 && (in.rest()[1] & 2U) != 0;
    read_options3(in, out);
    read_pieces(in, out, {{kDbInterfaceMtu, 2}, {kReserved, 1, true}});
  }
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kDbd);
  if (!in.ok()) return false;
  add_bits(flags, where, out, {{kDbdR, 3}, {kDbdI, 2}, {kDbdM, 1}, {kDbdMs, 0}});
  out.u32(in, kDbDdSequence);
  while (in.left() >= kLsaHeader) read_lsa_header(header.version, in, out);
  if (in.ok()) tell_description(header, flags, out);
  return lls;
}

void read_request(const Header& header, Cursor& in, LayerBuilder& out) {
  Event event;
  begin(event, header);
  event.text = "router " + ipv4_text(header.router) + " asks for";
  std::size_t named = 0;
  while (in.left() >= 12) {
    std::uint16_t type = 0;
    if (header.version == 2) {
      type = static_cast<std::uint16_t>(out.u32(in, kLsa));
    } else {
      read_pieces(in, out, {{kReserved, 2, true}});
      type = read_lsa3_type(in, out);
    }
    const std::uint32_t id = out.ipv4(in, kLinkStateId);
    const std::uint32_t router = out.ipv4(in, kAdvrouter);
    if (++named > kMaxNamed) continue;
    event.item(kAdvrouter, router);
    event.say((named == 1 ? " " : ", ") + std::string(lsa_name(header.version, type)) + " " + ipv4_text(id) + " of " +
              ipv4_text(router));
  }
  if (named > 0) event.send(out, "database request");
}

void read_update(const Header& header, Cursor& in, LayerBuilder& out) {
  const std::uint32_t count = out.u32(in, kLsNumberOfLsas);
  Event event;
  begin(event, header);
  event.text = "router " + ipv4_text(header.router) + ":";
  bool announced = false, withdrawn = false;
  for (std::uint32_t i = 0; i < count && in.left() >= kLsaHeader; ++i) {
    const Advertisement lsa = read_lsa_header(header.version, in, out);
    if (lsa.length < kLsaHeader) return in.fail();
    const std::size_t body = lsa.length - kLsaHeader;
    const bool whole = body <= in.left();
    Cursor part = in.sub(std::min(body, in.left()));
    const Bytes first = part.peek(4);
    read_lsa_body(header.version, lsa, part, out);
    (lsa.age >= kMaxAge ? withdrawn : announced) = true;
    if (i < kMaxNamed) {
      event.item(kLsaId, lsa.id);
      event.item(kAdvrouter, lsa.router);
      event.say((i == 0 ? " " : ", ") + std::string(lsa_name(header.version, lsa.type)) + " " + ipv4_text(lsa.id));
      const bool prefix = header.version == 2 && (lsa.type == 3 || lsa.type == 5 || lsa.type == 7) && first.size() == 4;
      if (prefix) event.say("/" + std::to_string(std::popcount(number_of(first))));
      event.say(" of " + ipv4_text(lsa.router) + (lsa.age >= kMaxAge ? " withdrawn" : " announced"));
    }
    if (!whole) return in.fail();
  }
  if (announced || withdrawn)
    event.send(out, !withdrawn ? "announced" : !announced ? "withdrawn" : "announced and withdrawn");
}

void read_signalling(Cursor& in, LayerBuilder& out) {
  if (in.left() < 4) return;
  out.u16(in, kLlsChecksum);
  const Bytes where = in.peek(2);
  const std::uint16_t words = in.u16();
  out.add(kLlsDataLength, words * std::uint64_t{4}, where);
  const std::size_t length = std::max<std::size_t>(words, 1) * 4 - 4;
  Cursor data = in.sub(std::min(length, in.left()));
  while (data.left() >= 4) {
    const std::uint16_t type = out.u16(data, kTlvType);
    const std::uint16_t size = out.u16(data, kTlvLength);
    const std::size_t padded = std::min<std::size_t>((size + 3U) / 4U * 4U, data.left());
    Cursor value = data.sub(padded);
    if (type != 1 || size < 4) continue;
    const Bytes bits = value.peek(4);
    const std::uint32_t options = out.u32(value, kLlsExtOptions);
    add_bits(options, bits, out, {{kLlsExtOptionsRs, 1}, {kLlsExtOptionsLr, 0}});
  }
}

void read_trailer(Cursor& in, LayerBuilder& out) {
  if (in.left() < 16) return;
  out.mark(kAt, in.rest());
  const LayerBuilder::Subtree below(out);
  out.u16(in, kAtAuthType);
  const std::uint16_t length = out.u16(in, kAtAuthDataLen);
  read_pieces(in, out, {{kAtReserved, 2}, {kAtSaId, 2}, {kAtCryptoSeqNbr, 8}});
  if (length > 16) out.bytes(in, kAtAuthData, std::min<std::size_t>(length - 16U, in.left()));
}

Outcome dissect_ospf(Cursor& in, LayerBuilder& out) {
  if (!out.has_flow()) return Outcome::kWantsFlow;
  Header header;
  const Bytes first = in.peek(1);
  header.version = first.empty() ? 0 : first[0];
  if (header.version != 2 && header.version != 3) return first.empty() ? Outcome::kTruncated : Outcome::kNotMine;
  if (!read_header(in, out, &header)) return Outcome::kTruncated;
  if (out.wanted()) out.info(std::string(name_of(kMessageNames, header.type, "Unknown")));
  const std::size_t size = header.version == 2 ? 24 : 16;
  if (header.length < size) return Outcome::kMalformed;
  const bool whole = header.length - size <= in.left();
  Cursor body = in.sub(std::min<std::size_t>(header.length - size, in.left()));
  // The trailer is announced by options that stand at the same place in both kinds of packets.
  const bool trailer = header.version == 3 && (header.type == kHelloType || header.type == kDescription) &&
                       body.left() >= 8 && (body.rest()[header.type == kHelloType ? 6 : 2] & 4U) != 0;
  bool lls = false;
  switch (header.type) {
    case kHelloType: lls = read_hello(header, body, out); break;
    case kDescription: lls = read_description(header, body, out); break;
    case kRequest: read_request(header, body, out); break;
    case kUpdate: read_update(header, body, out); break;
    case kAcknowledge:
      while (body.left() >= kLsaHeader) read_lsa_header(header.version, body, out);
      break;
    default: break;
  }
  if (header.auth == 2 && in.left() >= 16) out.bytes(in, kAuthCryptData, 16);
  if (lls) read_signalling(in, out);
  if (trailer) read_trailer(in, out);
  in.skip(in.left());
  return body.ok() && whole ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace
}  // namespace ospf

extern constinit const Dissector ospf_dissector{.name = "ospf",
                                                .title = "Open Shortest Path First",
                                                .column = "OSPF",
                                                .fields = ospf::kFields,
                                                .binds = ospf::kBinds,
                                                .dissect = &ospf::dissect_ospf,
                                                .datagram = true};

}  // namespace pr::dissect
