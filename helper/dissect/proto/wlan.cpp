// IEEE 802.11: who sent a frame to whom; management frames with their network's name; data frames down to LLC.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/wlan/fields.h"
#include "helper/dissect/proto/wlan_radio/radio.h"

namespace pr::dissect {
namespace wlan {
namespace {

constexpr Bind kBinds[] = {{"link", 105}};

enum Type : std::uint8_t { kManagement = 0, kControlFrame = 1, kData = 2 };
enum ControlSubtype : std::uint8_t {
  kBlockAckRequest = 8,
  kBlockAck = 9,
  kPsPoll = 10,
  kRts = 11,
  kCts = 12,
  kAck = 13,
  kCfEnd = 14,
  kCfEndAck = 15
};
constexpr unsigned kToDs = 1, kFromDs = 2, kProtected = 0x40, kOrder = 0x80;
constexpr unsigned kQosData = 8, kNoData = 4;

struct FrameControl {
  std::uint8_t first = 0, flags = 0;
  [[nodiscard]] unsigned type() const { return first >> 2U & 3U; }
  [[nodiscard]] unsigned subtype() const { return first >> 4U; }
  [[nodiscard]] unsigned kind() const { return type() << 4U | subtype(); }
  [[nodiscard]] unsigned ds() const { return flags & 3U; }
};

void add_control(const FrameControl& control, Bytes where, LayerBuilder& out) {
  const Bytes second = where.subspan(1);
  out.add(kTypeSubtype, control.kind(), where.first(1));
  out.add(kFc, static_cast<std::uint64_t>(where[0] << 8U | where[1]), where);
  LayerBuilder::Subtree below(out);
  out.add(kFcVersion, control.first & 3U, where.first(1));
  out.add(kFcType, control.type(), where.first(1));
  out.add(kFcSubtype, control.subtype(), where.first(1));
  out.add(kFlags, control.flags, second);
  LayerBuilder::Subtree inside(out);
  out.add(kFcDs, control.ds(), second);
  for (std::size_t bit = 0; bit < 8; ++bit) out.add(kFcToDs + bit, control.flags >> bit & 1U, second);
}

// One address under the names that it has in this frame.
void add_address(Cursor& in, LayerBuilder& out, std::initializer_list<std::size_t> names) {
  const Bytes address = in.take(6);
  if (!out.wanted() || address.size() != 6) return;
  for (const std::size_t name : names) out.add(name, address, address);
  out.add(kAddr, address, address);
}

void add_sequence(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t word = in.u16le();
  if (!in.ok()) return;
  out.add(kFrag, word & 15U, where);
  out.add(kSeq, word >> 4U, where);
}

void read_data_addresses(Cursor& in, LayerBuilder& out, unsigned ds) {
  switch (ds) {
    case 0:
      add_address(in, out, {kRa, kDa});
      add_address(in, out, {kTa, kSa});
      add_address(in, out, {kBssid});
      break;
    case kToDs:
      add_address(in, out, {kRa, kBssid});
      add_address(in, out, {kTa, kSa, kStaa});
      add_address(in, out, {kDa});
      break;
    case kFromDs:
      add_address(in, out, {kRa, kDa, kStaa});
      add_address(in, out, {kTa, kBssid});
      add_address(in, out, {kSa});
      break;
    default:
      add_address(in, out, {kRa});
      add_address(in, out, {kTa});
      add_address(in, out, {kDa});
  }
  add_sequence(in, out);
  if (ds == (kToDs | kFromDs)) add_address(in, out, {kSa});
}

Outcome dissect_control(Cursor& in, LayerBuilder& out, unsigned subtype) {
  switch (subtype) {
    case kPsPoll:
      add_address(in, out, {kRa, kBssid});
      add_address(in, out, {kTa});
      break;
    case kCfEnd:
    case kCfEndAck:
      add_address(in, out, {kRa});
      add_address(in, out, {kTa, kBssid});
      break;
    case kCts:
    case kAck: add_address(in, out, {kRa}); break;
    case kRts:
    case kBlockAckRequest:
    case kBlockAck:
      add_address(in, out, {kRa});
      add_address(in, out, {kTa});
      break;
    default: break;
  }
  if (!in.ok()) return Outcome::kTruncated;
  in.skip(in.left());
  return Outcome::kDone;
}

// Frames of one destination put together: each has addresses and a length, and is padded to four octets.
Outcome dissect_aggregate(Cursor& in, LayerBuilder& out) {
  constexpr std::size_t kSubheader = 14;
  while (in.left() >= kSubheader) {
    add_address(in, out, {kDa});
    add_address(in, out, {kSa});
    const std::uint16_t length = in.u16();
    Cursor frame = in.sub(std::min<std::size_t>(length, in.left()));
    if (frame.left() == 0 || !out.next("llc", frame)) out.data(frame);
    in.skip(std::min<std::size_t>((4 - (kSubheader + length) % 4) % 4, in.left()));
  }
  in.skip(in.left());
  return Outcome::kDone;
}

Outcome dissect_data(Cursor& in, LayerBuilder& out, const FrameControl& control, bool padded) {
  const std::size_t start = in.at();
  read_data_addresses(in, out, control.ds());
  std::uint16_t qos = 0;
  if ((control.subtype() & kQosData) != 0) {
    const Bytes where = in.peek(2);
    qos = in.u16le();
    if (in.ok() && out.wanted()) {
      out.add(kQos, qos, where);
      LayerBuilder::Subtree below(out);
      out.add(kQosTid, qos & 15U, where);
      out.add(kQosPriority, qos & 7U, where);
    }
    if ((control.flags & kOrder) != 0) in.skip(4);
  }
  if (!in.ok()) return Outcome::kTruncated;
  constexpr std::size_t kHead = 4;  // octets in front of the addresses
  if (padded) in.skip((4 - (in.at() - start + kHead) % 4) % 4);
  if ((control.subtype() & kNoData) != 0 || in.left() == 0) {
    in.skip(in.left());
    return Outcome::kDone;
  }
  if ((control.flags & kProtected) != 0) {
    out.data(in);
    return Outcome::kDone;
  }
  if ((qos & 0x80U) != 0) return dissect_aggregate(in, out);
  if (!out.next("llc", in)) out.data(in);
  return Outcome::kDone;
}

Outcome dissect_management(Cursor& in, LayerBuilder& out, const FrameControl& control) {
  add_address(in, out, {kRa, kDa});
  add_address(in, out, {kTa, kSa});
  add_address(in, out, {kBssid});
  add_sequence(in, out);
  if ((control.flags & kOrder) != 0) in.skip(4);
  if (!in.ok()) return Outcome::kTruncated;
  if ((control.flags & kProtected) != 0) {
    if (in.left() > 0) out.data(in);
    return Outcome::kDone;
  }
  if (out.wanted()) add_management(in, control.subtype(), out);
  in.skip(in.left());
  return Outcome::kDone;
}

// Takes the frame check sequence off the end, if the header in front says that there is one.
Cursor without_fcs(Cursor& in, LayerBuilder& out, bool has_fcs) {
  constexpr std::size_t kFcsLength = 4;
  if (!has_fcs || in.left() < kFcsLength || out.packet().bytes.size() < out.packet().wire_len) return in;
  Cursor body = in;
  body = body.sub(in.left() - kFcsLength);
  if (out.wanted()) {
    const Bytes fcs = in.rest().last(kFcsLength);
    Cursor value(fcs);
    out.add(kFcs, value.u32le(), fcs);
    out.add(kFcsStatus, 2, Bytes{});
  }
  return body;
}

// Access points that speak CAPWAP send the two octets of the frame control field the other way round.
bool is_swapped(LayerBuilder& out) {
  constexpr std::uint16_t kCapwapData = 5247;
  const Frame& frame = out.frame();
  return frame.ip_proto == kIpProtoUdp && (frame.dst.port == kCapwapData || frame.src.port == kCapwapData);
}

Outcome dissect_wlan(Cursor& in, LayerBuilder& out) {
  const RadioInfo radio = radio_info(out.packet());
  Cursor body = without_fcs(in, out, radio.has_fcs);
  const Bytes where = body.peek(2);
  FrameControl control{body.u8(), body.u8()};
  if (is_swapped(out)) std::swap(control.first, control.flags);
  if (!body.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    add_control(control, where, out);
    out.info(std::string(name_of(kSubtypeNames, control.kind(), "Unrecognized (Reserved frame)")));
  }
  const Bytes duration = body.peek(2);
  const std::uint16_t word = body.u16le();
  if (!body.ok()) return Outcome::kTruncated;
  const bool poll = control.type() == kControlFrame && control.subtype() == kPsPoll;
  if (poll) out.add(kAid, word & 0x3fffU, duration);
  if (!poll && (word & 0x8000U) == 0) out.add(kDuration, word & 0x7fffU, duration);
  Outcome said = Outcome::kDone;
  switch (control.type()) {
    case kManagement: said = dissect_management(body, out, control); break;
    case kControlFrame: said = dissect_control(body, out, control.subtype()); break;
    case kData: said = dissect_data(body, out, control, radio.data_pad); break;
    default: out.data(body);
  }
  in.skip(in.left());
  return said;
}

}  // namespace
}  // namespace wlan

extern constinit const Dissector wlan_dissector{.name = "wlan",
                                                .title = "IEEE 802.11 wireless LAN",
                                                .column = "802.11",
                                                .fields = wlan::kFields,
                                                .binds = wlan::kBinds,
                                                .dissect = &wlan::dissect_wlan};

}  // namespace pr::dissect
