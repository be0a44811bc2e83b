// OpenVPN: packets over UDP and, with a length in front, over TCP. The control channel carries TLS, cut into packets
// with numbers; the data channel is private.
#include <algorithm>
#include <string>

#include "helper/dissect/proto/tls/handshake.h"

namespace pr::dissect {
namespace {

enum Opcode : std::uint8_t {
  kSoftReset = 3,
  kControl = 4,
  kAck = 5,
  kData1 = 6,
  kHardResetClient2 = 7,
  kHardResetServer2 = 8,
  kData2 = 9,
  kHardResetClient3 = 10,
  kControlWkc = 11
};
constexpr NamedValue kOpcodes[] = {{1, "P_CONTROL_HARD_RESET_CLIENT_V1"},
                                   {2, "P_CONTROL_HARD_RESET_SERVER_V1"},
                                   {3, "P_CONTROL_SOFT_RESET_V1"},
                                   {4, "P_CONTROL_V1"},
                                   {5, "P_ACK_V1"},
                                   {6, "P_DATA_V1"},
                                   {7, "P_CONTROL_HARD_RESET_CLIENT_V2"},
                                   {8, "P_CONTROL_HARD_RESET_SERVER_V2"},
                                   {9, "P_DATA_V2"},
                                   {10, "P_CONTROL_HARD_RESET_CLIENT_V3"},
                                   {11, "P_CONTROL_WKC_V1"}};

enum Field : std::size_t {
  kPlen,
  kType,
  kOpcode,
  kKeyId,
  kPeerId,
  kSessionId,
  kHmac,
  kPid,
  kNetTime,
  kArrayLength,
  kArrayElement,
  kRemoteSessionId,
  kMpid,
  kData,
  kFragmentBytes,
  kFieldCount
};
constexpr FieldDef kFields[] = {
    {"openvpn.plen", "Packet Length", FieldType::kUint},
    {"openvpn.type", "Type", FieldType::kUint, Show::kHex, 8},
    {"openvpn.opcode", "Opcode", FieldType::kUint, Show::kHex, 8, kOpcodes},
    {"openvpn.keyid", "Key ID", FieldType::kUint},
    {"openvpn.peerid", "Peer ID", FieldType::kUint},
    {"openvpn.sessionid", "Session ID", FieldType::kUint},
    {"openvpn.hmac", "HMAC", FieldType::kBytes},
    {"openvpn.pid", "Replay-Packet-ID", FieldType::kUint},
    {"openvpn.net_time", "Net Time", FieldType::kTime},
    {"openvpn.mpidarraylength", "Message Packet-ID Array Length", FieldType::kUint},
    {"openvpn.mpidarrayelement", "Message Packet-ID Array Element", FieldType::kUint},
    {"openvpn.rsessionid", "Remote Session ID", FieldType::kUint},
    {"openvpn.mpid", "Message Packet-ID", FieldType::kUint},
    {"openvpn.data", "Data", FieldType::kBytes},
    {"openvpn.fragment_bytes", "Fragment bytes", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 1194}, {"tcp.port", 1194}};

constexpr std::size_t kMinPacket = 14;  // a reset without authentication
constexpr std::size_t kReplay = 8;      // packet id and time
constexpr std::uint8_t kMaxAcks = 8;
constexpr std::size_t kMaxControl = 64U << 10U;  // octets of TLS waiting to become a message
constexpr std::uint8_t kHmacSizes[] = {20, 32, 64, 16, 28, 48};

struct State {
  std::uint32_t next[2]{};  // number of the control packet that TLS goes on in, by sender: [0] = who opened the flow
  bool known = false;       // the first reset was seen: the next two are valid
  bool hidden = false;      // tls-crypt: control packets are encrypted
  std::uint8_t hmac = 0;    // octets of authentication in control packets
  bool broken[2]{};         // what control packets of this side carry is no TLS
  tls::State tls;
};

// How a reset is protected: the layout that fits its length exactly. False: this is no reset.
bool read_reset(Bytes packet, State* state) {
  if (packet.size() < kMinPacket) return false;
  const std::uint8_t opcode = packet[0] >> 3U;
  if ((packet[0] & 7U) != 0 || opcode < kHardResetClient2 || opcode == kData2 || opcode > kHardResetClient3)
    return false;
  // What follows a session id and its protection: acknowledgements, and this packet's number, which is the first.
  const auto plain = [packet](std::size_t at) {
    Cursor in(packet.subspan(at));
    const std::uint8_t acks = in.u8();
    if (acks > 1) return false;
    in.skip(acks * 4U + (acks > 0 ? 8U : 0U));
    const std::uint32_t number = in.u32();
    return in.ok() && number == 0 && in.left() == 0;
  };
  const auto first_replay_id = [packet](std::size_t at) {
    Cursor in(packet.subspan(at));
    const std::uint32_t id = in.u32();
    return id == 1 || id == 0x0f000001;
  };
  state->known = true;
  state->hidden = false;
  state->hmac = 0;
  if (plain(9)) return true;
  for (const std::uint8_t size : kHmacSizes) {
    if (packet.size() <= 9U + size + kReplay || !first_replay_id(9U + size) || !plain(9U + size + kReplay)) continue;
    state->hmac = size;
    return true;
  }
  state->hidden = packet.size() >= 9 + kReplay + 32 + 5 && first_replay_id(9);
  return state->hidden;
}

// True when TLS records end where the bytes do.
bool whole_records(Bytes bytes) {
  Cursor in(bytes);
  while (in.left() > 0) {
    in.skip(3);
    in.skip(in.u16());
  }
  return in.ok();
}

struct Chunk {
  std::uint32_t number = 0;
  Bytes bytes;
};

struct Reader {
  LayerBuilder& out;
  State& state;
  std::vector<Chunk> chunks{};
  std::string info{};

  void packet(Cursor& in, bool show);
  void control(Cursor& in, std::uint8_t opcode, bool show);
  bool read_tls();
};

void Reader::control(Cursor& in, std::uint8_t opcode, bool show) {
  const auto u32 = [&](Field f) { return show ? out.u32(in, f) : in.u32(); };
  const auto u64 = [&](Field f) { return show ? out.u64(in, f) : in.u64(); };
  const auto replay = [&] {
    u32(kPid);
    const Bytes at = in.peek(4);
    const std::uint64_t seconds = in.u32();
    if (show && in.ok()) out.add(kNetTime, seconds * 1'000'000'000ULL, at);
  };
  u64(kSessionId);
  if (state.hidden) {
    constexpr std::size_t kCryptHmac = 32;
    replay();
    const Bytes hmac = in.take(kCryptHmac);
    if (show && in.ok()) out.add(kHmac, hmac, hmac);
    if (show && in.left() > 0) out.bytes(in, kData, in.left());
    return;
  }
  if (state.hmac > 0) {
    const Bytes hmac = in.take(state.hmac);
    if (show && in.ok()) out.add(kHmac, hmac, hmac);
    replay();
  }
  const std::uint8_t acks = show ? out.u8(in, kArrayLength) : in.u8();
  if (acks > kMaxAcks) return in.fail();
  for (std::uint8_t i = 0; i < acks; ++i) u32(kArrayElement);
  if (acks > 0) u64(kRemoteSessionId);
  if (opcode == kAck) return;
  const std::uint32_t number = u32(kMpid);
  if (!in.ok() || in.left() == 0) return;
  chunks.push_back({number, in.rest()});
  if (show && !whole_records(in.rest())) out.bytes(in, kFragmentBytes, in.left());
}

void Reader::packet(Cursor& in, bool show) {
  const Bytes first = in.peek(1);
  const std::uint8_t type = in.u8();
  const std::uint8_t opcode = type >> 3U;
  if (show && !first.empty()) {
    out.add(kType, type, first);
    const LayerBuilder::Subtree below(out);
    out.add(kOpcode, opcode, first);
    out.add(kKeyId, type & 7U, first);
    if (out.wanted() && opcode > 0 && opcode <= std::size(kOpcodes)) {
      info = std::string("MessageType: ") + kOpcodes[opcode - 1].name;
    }
  }
  if (opcode == kData1 || opcode == kData2) {
    if (!show) return;
    if (opcode == kData2) out.u24(in, kPeerId);
    if (in.left() > 0) out.bytes(in, kData, in.left());
    return;
  }
  control(in, opcode, show);
}

// The TLS records that the control packets make up now. False: the last one goes on in packets to come.
bool Reader::read_tls() {
  const unsigned side = out.from_orig() ? 0 : 1;
  if (state.broken[side] || chunks.empty()) return true;
  std::ranges::stable_sort(chunks, {}, &Chunk::number);
  std::vector<std::uint8_t> joined;
  std::uint32_t next = std::max<std::uint32_t>(state.next[side], 1);  // 0 is the reset
  for (const Chunk& chunk : chunks) {
    if (chunk.number != next || joined.size() > kMaxControl) continue;
    joined.insert(joined.end(), chunk.bytes.begin(), chunk.bytes.end());
    ++next;
  }
  const bool gap = chunks.back().number >= next;
  if (joined.empty()) return !gap;
  if (joined[0] < 20 || joined[0] > 24 || (joined.size() > 1 && joined[1] != 3)) {
    state.broken[side] = true;
    return true;
  }
  if (!whole_records(joined)) return false;
  Cursor stream = out.source("Reassembled OpenVPN", std::move(joined));
  while (stream.left() > 0) {
    const std::size_t before = stream.at();
    const Outcome outcome = out.carry("tls", stream, std::as_writable_bytes(std::span(&state.tls, 1)));
    if (outcome == Outcome::kNeedMore) return false;
    if (outcome != Outcome::kDone || stream.at() == before) break;
  }
  state.next[side] = next;
  return !gap;
}

Outcome dissect_datagram(Cursor& in, LayerBuilder& out, State& state) {
  if (in.left() < 2 || in.peek(1)[0] >> 3U == 0 || in.peek(1)[0] >> 3U > kControlWkc) return Outcome::kNotMine;
  if (!state.known && !read_reset(in.rest(), &state)) state.known = true;  // from the middle: without protection
  out.layer_length(in.left());
  Reader reader{.out = out, .state = state};
  reader.packet(in, true);
  const bool damaged = !in.ok();
  for (const Bytes datagram : out.earlier()) {
    Cursor earlier(datagram);
    reader.packet(earlier, false);
  }
  const bool done = reader.read_tls();
  if (out.wanted()) out.info(std::move(reader.info));
  if (damaged) return Outcome::kMalformed;
  return done ? Outcome::kDone : Outcome::kNeedMore;
}

// Over TCP a message is as many packets as it takes to complete what TLS has in them.
Outcome dissect_stream(Cursor& in, LayerBuilder& out, State& state) {
  Reader reader{.out = out, .state = state};
  const State before = state;
  while (true) {
    Cursor look = in;
    const std::uint16_t length = look.u16();
    if (look.ok() && length < 2) return Outcome::kNotMine;
    if (!look.ok() || look.left() < length) {
      state = before;
      out.need(in.at() + 2 + (look.ok() ? length : 0U));
      return Outcome::kNeedMore;
    }
    if (!state.known && !read_reset(look.peek(length), &state)) return Outcome::kNotMine;
    out.u16(in, kPlen);
    Cursor packet = in.sub(length);
    reader.packet(packet, true);
    out.layer_length(in.at());
    if (reader.read_tls() || out.at_end() || in.at() > kMaxControl) break;
    if (in.left() == 0) {
      state = before;
      out.need(in.at() + 2);
      return Outcome::kNeedMore;
    }
  }
  if (out.wanted()) out.info(std::move(reader.info));
  return Outcome::kDone;
}

Outcome dissect_openvpn(Cursor& in, LayerBuilder& out) {
  auto& state = out.state<State>();
  return out.frame().transport == Transport::kTcp ? dissect_stream(in, out, state) : dissect_datagram(in, out, state);
}

Likeness probe_openvpn(Bytes start, const ProbeHint& hint) {
  State state;
  if (hint.tcp) {
    Cursor in(start);
    const std::uint16_t length = in.u16();
    return in.ok() && length == in.left() && read_reset(in.rest(), &state) ? Likeness::kYes : Likeness::kNo;
  }
  if (read_reset(start, &state)) return Likeness::kYes;
  if (start.size() < kMinPacket) return Likeness::kNo;
  const std::uint8_t opcode = start[0] >> 3U;
  return opcode > 0 && opcode <= kControlWkc ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector openvpn_dissector{.name = "openvpn",
                                                   .title = "OpenVPN Protocol",
                                                   .column = "OpenVPN",
                                                   .fields = kFields,
                                                   .binds = kBinds,
                                                   .dissect = &dissect_openvpn,
                                                   .probe = &probe_openvpn,
                                                   .stream = true,
                                                   .datagram = true};

}  // namespace pr::dissect
