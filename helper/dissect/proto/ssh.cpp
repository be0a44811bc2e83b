// SSH: identification lines (RFC 4253 4.2), binary packets as long as they go in clear (section 6), and what can be
// said of those after new keys. SSH 1 packets too, by their head.
#include <algorithm>

#include "helper/dissect/proto/ssh/key_exchange.h"

namespace pr::dissect {
namespace {

using namespace ssh;

constexpr std::size_t kMaxLine = 255;            // of an identification, RFC 4253 4.2
constexpr std::size_t kMaxOtherLines = 16384;    // that a server may send before it
constexpr std::size_t kMaxPacket = 256U * 1024;  // RFC 4253 6.1 asks for 35,000; implementations take more
constexpr std::size_t kMinPacket = 5;            // padding length and at least 4 octets of padding

constexpr Bind kBinds[] = {{"tcp.port", 22}, {"tcp.port", 2222}};

bool first_in_packet(const Frame& frame) {
  const std::uint8_t n = frame.layer_count;
  return n < 2 || frame.layers[n - 1U] != frame.layers[n - 2U];
}

struct Talk {
  LayerBuilder& out;
  State& state;
  bool from_client = true;

  [[nodiscard]] std::uint8_t side() const { return from_client ? 1 : 2; }
};

// Info and the fields that stand once in a packet, however many messages it holds.
void tell(const Talk& talk, std::string_view what) {
  LayerBuilder& out = talk.out;
  if (!out.wanted()) return;
  if (talk.state.banners == 3 || talk.state.kexinits != 0) out.column(talk.state.version1 != 0 ? "SSHv1" : "SSHv2");
  if (first_in_packet(out.frame())) {
    out.info(talk.from_client ? "Client: " : "Server: ");
    out.add(kDirection, talk.from_client ? 0 : 1, {});
  } else {
    out.append_info(", ");
  }
  out.append_info(what);
}

// "SSH-2.0-OpenSSH_9.2", ends with LF, mostly with CR LF.
Outcome banner(Cursor& in, const Talk& talk) {
  LayerBuilder& out = talk.out;
  const Bytes start = in.peek(kMaxLine);
  const auto end = std::ranges::find(start, '\n');
  if (end == start.end()) {
    if (start.size() == kMaxLine) return Outcome::kMalformed;
    if (!out.at_end()) {
      out.need(0);
      return Outcome::kNeedMore;
    }
  }
  Bytes line = start.first(static_cast<std::size_t>(end - start.begin()));
  in.skip(line.size() + (end == start.end() ? 0 : 1));
  if (!line.empty() && line.back() == '\r') line = line.first(line.size() - 1);
  out.add(kProtocol, line, line);
  const std::string_view text = as_text(line);
  talk.state.banners |= talk.side();
  if (text.starts_with("SSH-1.") && !text.starts_with("SSH-1.99")) talk.state.version1 = 1;
  out.observer().ssh_banner(text, talk.from_client);
  if (out.wanted()) tell(talk, "Protocol (" + std::string(text) + ")");
  return Outcome::kDone;
}

// Lines of text before the server's identification, RFC 4253 4.2.
Outcome other_line(Cursor& in, const Talk& talk) {
  const Bytes start = in.peek(kMaxOtherLines);
  const auto end = std::ranges::find(start, '\n');
  if (end == start.end()) {
    if (start.size() == kMaxOtherLines || talk.out.at_end()) return Outcome::kNotMine;
    talk.out.need(0);
    return Outcome::kNeedMore;
  }
  in.skip(static_cast<std::size_t>(end - start.begin()) + 1);
  return Outcome::kDone;
}

// Nobody can tell where encrypted packets begin and end: what arrived together is shown together. Where the keys could
// be computed from secrets, Wireshark waits for these and shows no octets; after a group exchange they cannot.
Outcome hidden(Cursor& in, const Talk& talk) {
  LayerBuilder& out = talk.out;
  const std::size_t size = in.left();
  out.message_length(size);
  if (!out.wanted()) return Outcome::kDone;
  if (talk.state.kexinits != 3 || talk.state.method == Method::kGroupExchange) {
    if (size > 4) {
      out.bytes(in, kPacketLengthEncrypted, 4);
      out.bytes(in, kEncryptedPacket, in.left());
    }
  }
  in.skip(in.left());
  tell(talk, "Encrypted packet (len=" + std::to_string(size) + ")");
  return Outcome::kDone;
}

// SSH 1: length, one to eight octets of padding, type, data, check octets.
Outcome version1_packet(Cursor& in, const Talk& talk) {
  LayerBuilder& out = talk.out;
  constexpr std::uint8_t kPublicKey = 2, kSessionKey = 3;
  const std::uint32_t length = Cursor(in.peek(4)).u32();
  if (length < kMinPacket || length > kMaxPacket) return Outcome::kNotMine;
  const std::size_t padding = 8 - length % 8;
  if (in.left() < 4 + padding + length) {
    out.need(4 + padding + length);
    return Outcome::kNeedMore;
  }
  out.u32(in, kPacketLength);
  out.add(kPaddingLength, padding, in.peek(padding));
  in.skip(padding);
  Cursor body = in.sub(length);
  if ((talk.state.hidden & talk.side()) == 0) {
    const std::uint8_t code = out.u8(body, kMessageCode);
    if (code == kPublicKey) talk.state.hidden |= 2U;
    if (code == kSessionKey) talk.state.hidden = 3U;
  }
  out.bytes(body, kPayload, body.left());
  tell(talk, "Encrypted packet");
  return Outcome::kDone;
}

Outcome packet(Cursor& in, const Talk& talk) {
  LayerBuilder& out = talk.out;
  Cursor look(in.peek(6));
  const std::uint32_t length = look.u32();
  const std::uint8_t padding = look.u8(), code = look.u8();
  if (!look.ok()) {
    out.need(6);
    return Outcome::kNeedMore;
  }
  const bool plausible = length >= kMinPacket && length <= kMaxPacket && padding + 1U < length;
  // A conversation joined in the middle: only a key exchange could still be read.
  const bool in_clear = talk.state.banners != 0 || (code >= kKexInit && code <= kKexLast);
  if (!plausible || !in_clear) return hidden(in, talk);
  if (in.left() < 4 + std::size_t{length}) {
    out.need(4 + std::uint64_t{length});
    return Outcome::kNeedMore;
  }
  out.u32(in, kPacketLength);
  out.u8(in, kPaddingLength);
  Cursor payload = in.sub(length - 1 - padding);
  const std::uint8_t type = out.u8(payload, kMessageCode);
  const char* name = dissect_key_exchange(type, payload, out, talk.state, talk.from_client);
  if (!payload.ok()) out.issue(IssueKind::kMalformed, payload);
  if (name == nullptr && payload.left() > 0) out.bytes(payload, kPayload, payload.left());
  out.bytes(in, kPaddingString, padding);
  tell(talk, name != nullptr ? name : "Unknown (" + std::to_string(type) + ")");
  return Outcome::kDone;
}

bool is_text(Bytes bytes) {
  return std::ranges::all_of(
      bytes, [](std::uint8_t b) { return (b >= 0x20 && b < 0x7f) || b == '\r' || b == '\n' || b == '\t'; });
}

Outcome dissect_ssh(Cursor& in, LayerBuilder& out) {
  const Talk talk{.out = out, .state = out.state<State>(), .from_client = out.from_orig()};
  if ((talk.state.hidden & talk.side()) != 0 && talk.state.version1 == 0) return hidden(in, talk);
  if ((talk.state.banners & talk.side()) == 0) {
    const std::string_view start = as_text(in.peek(4));
    if (start == "SSH-") return banner(in, talk);
    if (start.size() < 4 && std::string_view("SSH-").starts_with(start) && !out.at_end()) {
      out.need(4);
      return Outcome::kNeedMore;
    }
    if (!talk.from_client && is_text(in.peek(4))) return other_line(in, talk);
  }
  return talk.state.version1 != 0 ? version1_packet(in, talk) : packet(in, talk);
}

Likeness probe_ssh(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) return Likeness::kNo;
  const std::string_view text = as_text(start);
  if (text.starts_with("SSH-1.") || text.starts_with("SSH-2.")) return Likeness::kYes;
  // In the middle of a conversation everything is noise; text is not.
  return !is_text(start.first(std::min<std::size_t>(start.size(), 8))) || text.starts_with("SSH-") ? Likeness::kMaybe
                                                                                                   : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector ssh_dissector{.name = "ssh",
                                               .title = "SSH Protocol",
                                               .column = "SSH",
                                               .fields = ssh::kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_ssh,
                                               .probe = &probe_ssh,
                                               .stream = true};

}  // namespace pr::dissect
