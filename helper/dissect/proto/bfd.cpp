// Bidirectional Forwarding Detection, RFC 5880, over UDP (RFC 5881, 5883, 7130).
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kDiagNames[] = {{0, "No Diagnostic"},
                                     {1, "Control Detection Time Expired"},
                                     {2, "Echo Function Failed"},
                                     {3, "Neighbor Signaled Session Down"},
                                     {4, "Forwarding Plane Reset"},
                                     {5, "Path Down"},
                                     {6, "Concatenated Path Down"},
                                     {7, "Administratively Down"},
                                     {8, "Reverse Concatenated Path Down"}};
constexpr NamedValue kStateNames[] = {{0, "AdminDown"}, {1, "Down"}, {2, "Init"}, {3, "Up"}};
constexpr NamedValue kAuthNames[] = {{1, "Simple Password"},
                                     {2, "Keyed MD5"},
                                     {3, "Meticulous Keyed MD5"},
                                     {4, "Keyed SHA1"},
                                     {5, "Meticulous Keyed SHA1"}};

enum Field : std::size_t {
  kVersion,
  kDiag,
  kSta,
  kFlags,
  kFlagsP,
  kFlagsF,
  kFlagsC,
  kFlagsA,
  kFlagsD,
  kFlagsM,
  kDetectTimeMultiplier,
  kMessageLength,
  kMyDiscriminator,
  kYourDiscriminator,
  kDesiredMinTxInterval,
  kRequiredMinRxInterval,
  kRequiredMinEchoInterval,
  kAuthType,
  kAuthLen,
  kAuthKey,
  kAuthPassword,
  kAuthSeqNum,
  kChecksum,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"bfd.version", "Protocol Version", FieldType::kUint},
    {"bfd.diag", "Diagnostic Code", FieldType::kUint, Show::kHex, 8, kDiagNames},
    {"bfd.sta", "Session State", FieldType::kUint, Show::kHex, 8, kStateNames},
    {"bfd.flags", "Message Flags", FieldType::kUint, Show::kHex, 8},
    {"bfd.flags.p", "Poll", FieldType::kBool},
    {"bfd.flags.f", "Final", FieldType::kBool},
    {"bfd.flags.c", "Control Plane Independent", FieldType::kBool},
    {"bfd.flags.a", "Authentication Present", FieldType::kBool},
    {"bfd.flags.d", "Demand", FieldType::kBool},
    {"bfd.flags.m", "Multipoint", FieldType::kBool},
    {"bfd.detect_time_multiplier", "Detect Time Multiplier", FieldType::kUint},
    {"bfd.message_length", "Message Length", FieldType::kUint},
    {"bfd.my_discriminator", "My Discriminator", FieldType::kUint, Show::kHex, 32},
    {"bfd.your_discriminator", "Your Discriminator", FieldType::kUint, Show::kHex, 32},
    {"bfd.desired_min_tx_interval", "Desired Min TX Interval", FieldType::kUint},
    {"bfd.required_min_rx_interval", "Required Min RX Interval", FieldType::kUint},
    {"bfd.required_min_echo_interval", "Required Min Echo Interval", FieldType::kUint},
    {"bfd.auth.type", "Authentication Type", FieldType::kUint, Show::kDec, 0, kAuthNames},
    {"bfd.auth.len", "Authentication Length", FieldType::kUint},
    {"bfd.auth.key", "Authentication Key ID", FieldType::kUint},
    {"bfd.auth.password", "Password", FieldType::kText},
    {"bfd.auth.seq_num", "Sequence Number", FieldType::kUint, Show::kHex, 32},
    {"bfd.checksum", "Checksum", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 3784}, {"udp.port", 4784}, {"udp.port", 6784}};
constexpr std::size_t kHeader = 24;
constexpr std::uint8_t kAuthPresent = 4;

// The last state that each side said it is in: events are changes.
struct Memory {
  struct Side {
    bool seen;
    std::uint8_t state;
  } sides[2];
};

void tell(std::uint8_t state, std::uint8_t diagnostic, std::uint32_t mine, std::uint32_t yours, LayerBuilder& out) {
  Memory::Side& before = out.state<Memory>().sides[out.from_orig() ? 0 : 1];
  if (before.seen && before.state == state) return;
  Event event;
  event.item(kSta, state);
  event.item(kDiag, diagnostic);
  event.item(kMyDiscriminator, mine);
  event.item(kYourDiscriminator, yours);
  const std::string_view name = name_of(kStateNames, state, "Unknown");
  event.text = out.frame().src.ip.text() + ": ";
  if (before.seen) event.say(std::string(name_of(kStateNames, before.state, "Unknown")) + " to ");
  event.say(name);
  if (diagnostic != 0) event.say(", " + std::string(name_of(kDiagNames, diagnostic, "unknown diagnostic")));
  event.send(out, name);
  before = {.seen = true, .state = state};
}

void read_auth(Cursor& in, LayerBuilder& out) {
  const std::uint8_t type = out.u8(in, kAuthType);
  const std::uint8_t length = out.u8(in, kAuthLen);
  out.u8(in, kAuthKey);
  if (!in.ok() || length < 3) return;
  if (type == 1) {
    out.bytes(in, kAuthPassword, length - 3U);
  } else if (type >= 2 && type <= 5) {
    in.skip(1);
    out.u32(in, kAuthSeqNum);
    out.bytes(in, kChecksum, type <= 3 ? 16 : 20);
  }
}

Outcome dissect_bfd(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.take(2);
  if (!in.ok()) return Outcome::kTruncated;
  const unsigned version = head[0] >> 5U;
  if (version > 1) return Outcome::kNotMine;
  const std::uint8_t diagnostic = head[0] & 0x1fU, flags = head[1];
  const std::uint8_t state = flags >> 6U;
  out.add(kVersion, version, head.first(1));
  out.add(kDiag, diagnostic, head.first(1));
  out.add(kSta, state, head.subspan(1));
  out.add(kFlags, flags, head.subspan(1));
  add_bits(flags, head.subspan(1), out,
           {{kFlagsP, 5}, {kFlagsF, 4}, {kFlagsC, 3}, {kFlagsA, 2}, {kFlagsD, 1}, {kFlagsM, 0}});
  out.u8(in, kDetectTimeMultiplier);
  const std::uint8_t length = out.u8(in, kMessageLength);
  const std::uint32_t mine = out.u32(in, kMyDiscriminator);
  const std::uint32_t yours = out.u32(in, kYourDiscriminator);
  read_pieces(in, out, {{kDesiredMinTxInterval, 4}, {kRequiredMinRxInterval, 4}, {kRequiredMinEchoInterval, 4}});
  if (!in.ok() || length < kHeader) return Outcome::kTruncated;
  if (out.wanted()) {
    out.column("BFD Control");
    out.info("Diag: " + std::string(name_of(kDiagNames, diagnostic, "Unknown")) + ", State: " +
             std::string(name_of(kStateNames, state, "Unknown")) + ", Flags: 0x" + hex16(flags & 0x3fU).substr(2));
  }
  tell(state, diagnostic, mine, yours, out);
  if ((flags & kAuthPresent) != 0) read_auth(in, out);
  const bool good = in.ok();
  in.skip(in.left());
  return good ? Outcome::kDone : Outcome::kTruncated;
}

Likeness probe_bfd(Bytes start, const ProbeHint&) {
  if (start.size() < kHeader || start[0] >> 5U != 1 || (start[0] & 0x1fU) > 8) return Likeness::kNo;
  const bool sane = start[2] != 0 && start[3] >= kHeader && start[3] <= start.size() && (start[1] & 1U) == 0;
  return sane ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector bfd_dissector{.name = "bfd",
                                               .title = "BFD Control message",
                                               .column = "BFD",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_bfd,
                                               .probe = &probe_bfd,
                                               .datagram = true};

}  // namespace pr::dissect
