// QUIC, RFC 9000: headers of all packets, and Initial packets opened (their keys are public), with the hellos in them.
// Several packets may share a datagram, and a hello may take several datagrams.
#include <algorithm>

#include "helper/dissect/proto/quic/quic.h"
#include "shared/base/hex.h"

namespace pr::dissect {
namespace {

using namespace quic;

constexpr std::size_t kRetryTag = 16;
constexpr std::size_t kMaxCrypto = 0xffff;  // of Initial CRYPTO data of one direction
constexpr std::size_t kMinShort = 21;       // first octet, and 20 for packet number, payload and tag at least

constexpr Bind kBinds[] = {
    {"udp.port", 443}, {"udp.port", 853}, {"udp.port", 4433}, {"udp.port", 8443}, {"udp.port", 784}};

constexpr const char* kTypeWords[] = {"Initial", "0-RTT", "Handshake", "Retry"};

struct Reader {
  LayerBuilder& out;
  State& state;
  bool from_client = true;
  std::vector<CryptoPiece> pieces{};
  std::string info{};

  [[nodiscard]] unsigned side() const { return from_client ? 0 : 1; }
  void ids(const LongHeader& header);
  void say(std::string_view word, Bytes dcid, Bytes scid);
  void long_packet(const LongHeader& header);
  void initial(Cursor& in, const LongHeader& header, const Opened& opened);
  void short_packet(Bytes packet);
  Opened open(const LongHeader& header);
  void earlier_pieces(Bytes datagram, const Keys& keys);
  bool read_messages();
};

void Reader::say(std::string_view word, Bytes dcid, Bytes scid) {
  if (!out.wanted()) return;
  info = word;
  if (!dcid.empty()) info += ", DCID=" + hex_text(dcid);
  if (!scid.empty()) info += ", SCID=" + hex_text(scid);
}

// Opens an Initial with the keys of the connection, or as the first packet of a new one.
Opened Reader::open(const LongHeader& header) {
  Opened opened;
  if (!is_known(header.version)) return opened;
  if (state.has_keys) {
    opened = open_packet(header, initial_keys(header.version, Bytes(state.cid).first(state.cid_len), from_client));
    if (!opened.payload.empty()) return opened;
  }
  opened = open_packet(header, initial_keys(header.version, header.dcid, true));
  if (opened.payload.empty()) return opened;
  state = {.version = header.version};
  std::ranges::copy(header.dcid, state.cid);
  state.cid_len = static_cast<std::uint8_t>(header.dcid.size());
  state.has_keys = true;
  state.client_is_resp = !out.from_orig();
  state.tls.client_is_resp = state.client_is_resp ? 1 : 0;
  from_client = true;
  return opened;
}

// Ids, version and what goes before them have been read into header: shows them.
void Reader::ids(const LongHeader& header) {
  Cursor in(header.whole);
  const Bytes at = in.peek(1);
  in.skip(1);
  if (header.version == 0) {
    out.add(kVnUnused, header.first & 0x7fU, at);
  } else if (header.type != kRetry) {
    out.add(kFixedBit, header.first >> 6U & 1U, at);
  }
  const unsigned type = header.first >> 4U & 3U;
  if (header.version != 0) out.add(is_version2(header.version) ? kLongPacketTypeV2 : kLongPacketType, type, at);
}

void Reader::initial(Cursor& in, const LongHeader& header, const Opened& opened) {
  const std::size_t start = in.at();
  const std::uint64_t token = varint(in);
  out.add(kTokenLength, token, in.since(start));
  if (token > 0) out.bytes(in, kToken, token);
  const std::size_t at = in.at();
  varint(in);
  out.add(kLength, header.length, in.since(at));
  if (opened.payload.empty()) return;
  out.add(kPacketNumber, opened.number, in.peek(opened.number_length));
  in.skip(opened.number_length);
  out.add(kPayload, in.rest(), in.rest());
  info += ", PKN: " + std::to_string(opened.number);
}

void Reader::long_packet(const LongHeader& header) {
  state.version = header.version != 0 ? header.version : state.version;
  Opened opened;
  if (header.version != 0 && header.type == kInitial) opened = open(header);
  if (header.version != 0) state.own_len[side()] = static_cast<std::uint8_t>(header.scid.size());
  Cursor in(header.whole);
  const Bytes first = in.peek(1);
  if (out.wanted()) {
    out.add(kPacketLength, header.whole.size(), Bytes{});
    out.add(kHeaderForm, 1, first);
    ids(header);
    if (!opened.payload.empty()) {
      out.add(kLongReserved, opened.first >> 2U & 3U, first);
      out.add(kPacketNumberLength, opened.first & 3U, first);
    }
    in.skip(1);
    out.u32(in, kVersion);
    const std::uint8_t dcil = out.u8(in, kDcil);
    if (dcil > 0) out.bytes(in, kDcid, dcil);
    const std::uint8_t scil = out.u8(in, kScil);
    if (scil > 0) out.bytes(in, kScid, scil);
    say(header.version == 0 ? "Version Negotiation" : kTypeWords[header.type], header.dcid, header.scid);
    if (header.version == 0) {
      while (in.left() >= 4) out.u32(in, kSupportedVersion);
      return;
    }
    if (header.type == kRetry) {
      if (in.left() < kRetryTag) return;
      out.bytes(in, kRetryToken, in.left() - kRetryTag);
      out.bytes(in, kRetryIntegrityTag, kRetryTag);
      return;
    }
    if (header.number_at == 0) {
      out.bytes(in, kRemainingPayload, in.left());
      return;
    }
  }
  if (opened.payload.empty()) {
    if (!out.wanted()) return;
    if (header.type == kInitial) {
      initial(in, header, opened);
    } else {
      const std::size_t at = in.at();
      varint(in);
      out.add(kLength, header.length, in.since(at));
    }
    if (in.left() > 0) out.bytes(in, kRemainingPayload, in.left());
    return;
  }
  if (out.wanted()) initial(in, header, opened);
  const Cursor frames = out.source("Decrypted QUIC", std::move(opened.payload));
  read_frames(frames, is_google(header.version), out.wanted() ? &out : nullptr, pieces, info);
  if (!header.scid.empty()) out.observer().connection_id(header.scid);
}

void Reader::short_packet(Bytes packet) {
  if (!out.wanted()) return;
  Cursor in(packet);
  out.add(kPacketLength, packet.size(), Bytes{});
  const Bytes first = in.peek(1);
  const std::uint8_t flags = in.u8();
  const std::size_t length = state.own_len[from_client ? 1 : 0];
  const Bytes dcid = in.peek(length);
  out.mark(kShort, packet.first(std::min(packet.size(), 1 + length)));
  {
    const LayerBuilder::Subtree below(out);
    out.add(kHeaderForm, 0, first);
    out.add(kFixedBit, flags >> 6U & 1U, first);
    out.add(kSpinBit, flags >> 5U & 1U, first);
    if (length > 0) out.bytes(in, kDcid, length);
  }
  if (in.left() > 0) out.bytes(in, kRemainingPayload, in.left());
  say("Protected Payload (KP0)", dcid, {});
}

// Cuts a datagram into its packets. Calls visit(header) for those with long headers and returns what is left: one with
// a short header, or padding.
template <typename Visit>
Bytes for_each_long(Bytes datagram, const Visit& visit) {
  Bytes dcid;
  bool first = true;
  while (!datagram.empty() && (datagram[0] & 0x80U) != 0) {
    const std::optional<LongHeader> header = read_long_header(datagram);
    if (!header || (!first && !std::ranges::equal(header->dcid, dcid))) break;
    if (first) dcid = header->dcid;
    first = false;
    visit(*header);
    datagram = datagram.subspan(header->whole.size());
  }
  return datagram;
}

void Reader::earlier_pieces(Bytes datagram, const Keys& keys) {
  for_each_long(datagram, [&](const LongHeader& header) {
    if (header.type != kInitial || header.version != state.version) return;
    Opened opened = open_packet(header, keys);
    if (opened.payload.empty()) return;
    std::string nobody;
    read_frames(out.source("Decrypted QUIC", std::move(opened.payload)), is_google(header.version), nullptr, pieces,
                nobody);
  });
}

// The messages of the handshake that the CRYPTO frames make up now. False: more is to come in later datagrams.
bool Reader::read_messages() {
  const std::span<const Bytes> earlier = out.earlier();
  if (!state.has_keys || (pieces.empty() && earlier.empty())) return true;
  if (!earlier.empty()) {
    const Keys keys = initial_keys(state.version, Bytes(state.cid).first(state.cid_len), from_client);
    for (const Bytes datagram : earlier) earlier_pieces(datagram, keys);
  }
  const std::uint64_t from = state.next[side()];
  std::ranges::stable_sort(pieces, {}, &CryptoPiece::offset);
  std::vector<std::uint8_t> joined;
  std::uint64_t end = from, furthest = from;
  for (const CryptoPiece& piece : pieces) {
    const std::uint64_t piece_end = piece.offset + piece.bytes.size();
    furthest = std::max(furthest, piece_end);
    if (piece.offset > end || piece_end <= end || piece_end > kMaxCrypto) continue;
    const Bytes more = piece.bytes.subspan(end - piece.offset);
    joined.insert(joined.end(), more.begin(), more.end());
    end = piece_end;
  }
  std::size_t whole = 0;
  for (Cursor look(joined); look.left() >= tls::kMessageHeader;) {
    const std::uint8_t type = look.u8();
    const std::uint32_t length = look.u24();
    if (!tls::known_message(type)) return true;
    look.skip(length);
    if (look.ok()) whole = look.at();
  }
  if (whole > 0) {
    joined.resize(whole);
    state.next[side()] = static_cast<std::uint16_t>(from + whole);
    Cursor messages = out.source("Reassembled QUIC CRYPTO", std::move(joined));
    out.carry("tls", messages, std::as_writable_bytes(std::span(&state.tls, 1)));
    out.column("QUIC");
  }
  return furthest <= from + whole || furthest > kMaxCrypto;
}

Outcome dissect_quic(Cursor& in, LayerBuilder& out) {
  State& state = out.state<State>();
  const Bytes datagram = in.rest();
  if (datagram.empty()) return Outcome::kNotMine;
  const bool is_long = (datagram[0] & 0x80U) != 0;
  if (is_long ? !read_long_header(datagram) : state.version == 0) return Outcome::kNotMine;
  out.layer_length(datagram.size());
  Reader reader{.out = out, .state = state, .from_client = out.from_orig() != state.client_is_resp};
  const Bytes rest = for_each_long(datagram, [&reader](const LongHeader& header) { reader.long_packet(header); });
  // As Wireshark does, a packet with a short header behind others is known by their id alone.
  const Bytes id = is_long ? read_long_header(datagram)->dcid : Bytes{};
  const bool same_id = rest.size() > id.size() && std::ranges::equal(rest.subspan(1, id.size()), id);
  if (!is_long || (!rest.empty() && (rest[0] & 0x80U) == 0 && same_id)) {
    reader.short_packet(rest);
  } else if (!rest.empty()) {
    out.mark(kCoalescedPaddingData, rest);
  }
  in.skip(datagram.size());
  const bool done = reader.read_messages();
  if (out.wanted()) out.info(std::move(reader.info));
  return done ? Outcome::kDone : Outcome::kNeedMore;
}

bool negotiates(Cursor in) {
  if (in.left() < 4 || in.left() % 4 != 0) return false;
  bool sane = false;
  while (in.left() > 0) {
    const std::uint32_t version = in.u32();
    sane = sane || is_known(version) || is_greased(version);
  }
  return sane;
}

Likeness probe_quic(Bytes start, const ProbeHint& hint) {
  constexpr std::size_t kMinFirstDatagram = 1200, kMinFirstCid = 8;
  if (hint.tcp || start.size() < kMinShort) return Likeness::kNo;
  if ((start[0] & 0x80U) == 0) return Likeness::kNo;  // a short header says nothing to who has not seen a long one
  const std::optional<LongHeader> header = read_long_header(start);
  if (!header) return Likeness::kNo;
  if (header->version == 0) {
    Cursor in(header->whole);
    in.skip(7 + header->dcid.size() + header->scid.size());
    return negotiates(in) ? Likeness::kYes : Likeness::kNo;
  }
  if (is_known(header->version)) return Likeness::kYes;
  const bool first = header->dcid.size() >= kMinFirstCid && start.size() >= kMinFirstDatagram;
  if (is_greased(header->version) && first) return Likeness::kYes;
  return first ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

namespace quic {

std::optional<LongHeader> read_long_header(Bytes bytes) {
  LongHeader header;
  Cursor in(bytes);
  header.first = in.u8();
  header.version = in.u32();
  const std::uint8_t dcil = in.u8();
  header.dcid = in.take(dcil);
  const std::uint8_t scil = in.u8();
  header.scid = in.take(scil);
  if (!in.ok() || (header.first & 0x80U) == 0 || dcil > kMaxCid || scil > kMaxCid) return std::nullopt;
  header.whole = bytes;
  // Version 2 counts the types from Retry on.
  const unsigned type = header.first >> 4U & 3U;
  header.type = static_cast<PacketType>(is_version2(header.version) ? (type + 3U) & 3U : type);
  if (!is_known(header.version) || header.type == kRetry) return header;
  if (header.type == kInitial) header.token = in.take(varint(in));
  header.length = varint(in);
  header.number_at = in.at();
  if (!in.ok() || header.length < sizeof(std::uint32_t)) return std::nullopt;
  // What the capture cut off still belongs to this packet.
  header.whole = bytes.first(header.number_at + std::min<std::uint64_t>(header.length, in.left()));
  return header;
}

}  // namespace quic

extern constinit const Dissector quic_dissector{.name = "quic",
                                                .title = "QUIC IETF",
                                                .column = "QUIC",
                                                .fields = quic::kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_quic,
                                                .probe = &probe_quic,
                                                .datagram = true};

}  // namespace pr::dissect
