// WireGuard: four kinds of messages, the first three of fixed length.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum MessageType : std::uint8_t { kInitiation = 1, kResponse = 2, kCookieReply = 3, kTransport = 4 };
constexpr NamedValue kTypes[] = {
    {1, "Handshake Initiation"}, {2, "Handshake Response"}, {3, "Cookie Reply"}, {4, "Transport Data"}};

enum Field : std::size_t {
  kType,
  kReserved,
  kSender,
  kReceiver,
  kEphemeral,
  kKnownPrivateKey,
  kEncryptedStatic,
  kEncryptedTimestamp,
  kEncryptedEmpty,
  kMac1,
  kMac2,
  kNonce,
  kEncryptedCookie,
  kCounter,
  kEncryptedPacket,
  kKeepalive,
  kFieldCount
};
constexpr FieldDef kFields[] = {
    {"wg.type", "Type", FieldType::kUint, Show::kDec, 0, kTypes},
    {"wg.reserved", "Reserved", FieldType::kBytes},
    {"wg.sender", "Sender", FieldType::kUint, Show::kHex, 32},
    {"wg.receiver", "Receiver", FieldType::kUint, Show::kHex, 32},
    {"wg.ephemeral", "Ephemeral", FieldType::kText},
    {"wg.ephemeral.known_privkey", "Has Private Key", FieldType::kBool},
    {"wg.encrypted_static", "Encrypted Static", FieldType::kNone},
    {"wg.encrypted_timestamp", "Encrypted Timestamp", FieldType::kNone},
    {"wg.encrypted_empty", "Encrypted Empty", FieldType::kNone},
    {"wg.mac1", "mac1", FieldType::kBytes},
    {"wg.mac2", "mac2", FieldType::kBytes},
    {"wg.nonce", "Nonce", FieldType::kBytes},
    {"wg.encrypted_cookie", "Encrypted Cookie", FieldType::kBytes},
    {"wg.counter", "Counter", FieldType::kUint},
    {"wg.encrypted_packet", "Encrypted Packet", FieldType::kNone},
    {"wg.keepalive", "This is a Keepalive message", FieldType::kNone},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 51820}};

constexpr std::size_t kKey = 32, kTag = 16, kTimestamp = 12, kTransportHeader = 16;
constexpr std::size_t kInitiationLength = 148, kResponseLength = 92, kCookieLength = 64;

bool fits(std::uint8_t type, std::size_t length) {
  switch (type) {
    case kInitiation: return length == kInitiationLength;
    case kResponse: return length == kResponseLength;
    case kCookieReply: return length == kCookieLength;
    case kTransport: return length >= kTransportHeader + kTag;
    default: return false;
  }
}

std::string base64(Bytes bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < n ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kDigits[group >> (18U - 6U * k) & 0x3fU] : '=';
  }
  return out;
}

std::string id(const char* name, std::uint32_t value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = std::string(", ") + name + "=0x";
  for (unsigned shift = 32; shift > 0; shift -= 4) out += kDigits[value >> (shift - 4U) & 0xfU];
  return out;
}

void hidden(Cursor& in, LayerBuilder& out, Field f, std::size_t length) {
  if (in.left() >= length) out.mark(f, in.peek(length));
  in.skip(length);
}

void ephemeral(Cursor& in, LayerBuilder& out) {
  const Bytes key = in.take(kKey);
  if (!in.ok() || !out.wanted()) return;
  out.add_text(kEphemeral, base64(key), key);
  const LayerBuilder::Subtree below(out);
  out.add(kKnownPrivateKey, 0, key.first(0));
}

void macs(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kMac1, 16);
  out.bytes(in, kMac2, 16);
}

std::string transport(Cursor& in, LayerBuilder& out) {
  const std::uint32_t receiver = out.u32le(in, kReceiver);
  const std::uint64_t counter = out.u64le(in, kCounter);
  const std::size_t length = in.left();
  out.mark(kEncryptedPacket, in.rest());
  in.skip(length);
  const bool keepalive = length == kTag;
  if (keepalive) out.mark(kKeepalive, Bytes{});
  if (!out.wanted()) return {};
  std::string info = keepalive ? "Keepalive" : "Transport Data";
  info += id("receiver", receiver) + ", counter=" + std::to_string(counter);
  return keepalive ? info : info + ", datalen=" + std::to_string(length - std::min(length, kTag));
}

Outcome dissect_wg(Cursor& in, LayerBuilder& out) {
  const Bytes whole = in.rest();
  if (whole.size() < 4 || (whole[1] | whole[2] | whole[3]) != 0) return Outcome::kNotMine;
  const std::size_t length = out.frame().payload_len;
  if (!fits(whole[0], std::max(length, whole.size()))) return Outcome::kNotMine;
  const std::uint8_t type = out.u8(in, kType);
  out.bytes(in, kReserved, 3);
  std::string info = kTypes[type - 1].name;
  switch (type) {
    case kInitiation:
      info += id("sender", out.u32le(in, kSender));
      ephemeral(in, out);
      hidden(in, out, kEncryptedStatic, kKey + kTag);
      hidden(in, out, kEncryptedTimestamp, kTimestamp + kTag);
      macs(in, out);
      break;
    case kResponse:
      info += id("sender", out.u32le(in, kSender));
      info += id("receiver", out.u32le(in, kReceiver));
      ephemeral(in, out);
      hidden(in, out, kEncryptedEmpty, kTag);
      macs(in, out);
      break;
    case kCookieReply:
      info += id("receiver", out.u32le(in, kReceiver));
      out.bytes(in, kNonce, 24);
      out.bytes(in, kEncryptedCookie, 16 + kTag);
      break;
    default: info = transport(in, out);
  }
  if (out.wanted()) out.info(std::move(info));
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_wg(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.size() < kTransportHeader || (start[1] | start[2] | start[3]) != 0) return Likeness::kNo;
  if (!fits(start[0], start.size())) return Likeness::kNo;
  if (start[0] != kTransport) return Likeness::kYes;
  if (start.size() % kTag != 0) return Likeness::kNo;  // padded, unless it fills a link
  // Data without a handshake: nobody's counter comes near 2^24 in a moment that a capture begins with by chance.
  Cursor in(start.subspan(8));
  return in.u64le() < 1U << 24U && start[4] != 0 ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector wg_dissector{.name = "wg",
                                              .title = "WireGuard Protocol",
                                              .column = "WireGuard",
                                              .fields = kFields,
                                              .binds = kBinds,
                                              .dissect = &dissect_wg,
                                              .probe = &probe_wg,
                                              .datagram = true};

}  // namespace pr::dissect
