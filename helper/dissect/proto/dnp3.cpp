// DNP3 (IEEE 1815) over TCP and UDP: link frames with their checksums, the transport function's segments, and
// application messages. A message in several link frames is put together if they arrived together.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "helper/dissect/bits.h"
#include "helper/dissect/proto/dnp3/dnp3.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

using namespace dnp3;  // NOLINT(google-build-using-namespace): the parts of this very dissector

constexpr Bind kBinds[] = {{"tcp.port", 20000}, {"udp.port", 20000}};
constexpr std::size_t kLinkHeader = 10;
constexpr std::size_t kMinLength = 5;     // of what the length octet counts: control and addresses
constexpr std::size_t kBlock = 16;        // octets of user data that share a checksum
constexpr std::size_t kMaxSegments = 64;  // of one application message
constexpr std::size_t kMaxMessage = kMaxSegments * 250;

std::uint16_t crc(Bytes bytes) {
  std::uint16_t value = 0;
  for (const std::uint8_t octet : bytes) {
    value ^= octet;
    for (int bit = 0; bit < 8; ++bit)
      value = static_cast<std::uint16_t>((value & 1U) != 0 ? value >> 1U ^ 0xa6bcU : value >> 1U);
  }
  return static_cast<std::uint16_t>(~value);
}

// Octets of a frame on the wire, from what its length says.
std::size_t frame_size(std::uint8_t length) {
  const std::size_t data = length - kMinLength;
  return kLinkHeader + data + (data + kBlock - 1) / kBlock * 2;
}

bool is_head(Bytes start) {
  return start.size() >= kLinkHeader && start[0] == 0x05 && start[1] == 0x64 && start[2] >= kMinLength &&
         crc(start.first(8)) == (start[8] | start[9] << 8U);
}

struct Segment {
  Bytes frame;               // on the wire, as far as it is there
  std::uint8_t control = 0;  // of the transport function
  bool user_data = false;

  explicit Segment(Bytes start) {
    if (start.size() < kLinkHeader || start[2] < kMinLength) return;
    frame = start.first(std::min(start.size(), frame_size(start[2])));
    user_data = start[2] > kMinLength && frame.size() > kLinkHeader;
    if (user_data) control = frame[kLinkHeader];
  }
  [[nodiscard]] bool whole() const { return frame.size() >= kLinkHeader && frame.size() == frame_size(frame[2]); }
  [[nodiscard]] bool first() const { return (control & 0x40U) != 0; }
  [[nodiscard]] bool final() const { return (control & 0x80U) != 0; }
};

// Appends the user data behind the transport octet, without checksums.
void append_data(const Segment& segment, std::vector<std::uint8_t>& to) {
  Cursor in(segment.frame);
  in.skip(kLinkHeader);
  std::size_t left = segment.frame[2] - kMinLength;
  bool transport = true;
  while (left > 0 && in.left() > 0) {
    const std::size_t n = std::min(left, kBlock);
    const Bytes block = in.peek(n);
    const std::size_t skip = transport && !block.empty() ? 1 : 0;
    transport = false;
    to.insert(to.end(), block.begin() + static_cast<std::ptrdiff_t>(skip), block.end());
    in.skip(std::min(in.left(), n + 2));
    left -= n;
  }
}

void link_header(Cursor& in, LayerBuilder& out) {
  out.u16(in, kStart);
  out.u8(in, kLen);
  const Bytes at = in.peek(1);
  const std::uint8_t control = out.u8(in, kCtl);
  {
    const LayerBuilder::Subtree deeper(out);
    if ((control & 0x40U) != 0) {
      add_bits(out, control, at, {{kCtlDir, 7}, {kCtlPrm, 6}, {kCtlFcb, 5}, {kCtlFcv, 4}, {kCtlPrifunc, 0, 4}});
    } else {
      add_bits(out, control, at, {{kCtlDir, 7}, {kCtlPrm, 6}, {kCtlDfc, 4}, {kCtlSecfunc, 0, 4}});
    }
  }
  for (const std::size_t field : {kDst, kSrc}) {
    const Bytes where = in.peek(2);
    const std::uint16_t address = out.u16le(in, field);
    out.add(kAddr, address, where);
  }
  out.u16le(in, kHdrCRC);
}

void transport_header(Bytes at, LayerBuilder& out) {
  if (at.empty()) return;
  out.add(kTrCtl, at[0], at);
  const LayerBuilder::Subtree deeper(out);
  add_bits(out, at[0], at, {{kTrFin, 7}, {kTrFir, 6}, {kTrSeq, 0, 6}});
}

void indications(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(2);
  const std::uint16_t value = out.u16(in, kAlIin);
  if (!in.ok()) return;
  const LayerBuilder::Subtree deeper(out);
  add_bits(out, value, at,
           {{kAlIinRst, 15},
            {kAlIinDt, 14},
            {kAlIinDol, 13},
            {kAlIinTsr, 12},
            {kAlIinCls3d, 11},
            {kAlIinCls2d, 10},
            {kAlIinCls1d, 9},
            {kAlIinBmsg, 8},
            {kAlIinCc, 5},
            {kAlIinOae, 4},
            {kAlIinEbo, 3},
            {kAlIinPioor, 2},
            {kAlIinObju, 1},
            {kAlIinFcni, 0}});
}

// Functions whose objects say which points are meant and hold no values.
bool heads_only(std::uint8_t function) {
  return function == kRead || (function >= kFreeze && function <= kFreezeClearNoAck) || function == kEnable ||
         function == kDisable || function == kAssignClass;
}

// What secure authentication carries is not read.
bool authentication(std::uint8_t function) {
  return function == kAuthRequest || function == kAuthRequestNoAck || function == kAuthResponse;
}

std::string summary(std::uint8_t function, Cursor objects) {
  std::string line(value_name(kFunctions, function));
  if (line.empty()) line = "Unknown function (0x" + std::to_string(function) + ")";
  if (function != kRead && function != kWrite) return line;
  // Class data is asked for by several headers of three octets: "Class 0123".
  std::string classes;
  bool seen[4] = {};
  const std::uint16_t first = Cursor(objects.peek(2)).u16();
  while (objects.left() >= 3) {
    const std::uint16_t id = objects.u16();
    objects.skip(1);
    if (id < 0x3c01 || id > 0x3c04) break;
    seen[id - 0x3c01] = true;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    if (seen[i]) classes += static_cast<char>('0' + i);
  }
  if (!classes.empty()) return line + ", Class " + classes;
  const std::string_view name = object_name(first);
  return name.empty() ? line : line + ", " + std::string(name);
}

void application(Cursor in, LayerBuilder& out, const Segment& last) {
  const Bytes at = in.peek(1);
  const std::uint8_t control = out.u8(in, kAlCtl);
  {
    const LayerBuilder::Subtree deeper(out);
    add_bits(out, control, at, {{kAlFir, 7}, {kAlFin, 6}, {kAlCon, 5}, {kAlUns, 4}, {kAlSeq, 0, 4}});
  }
  const std::uint8_t function = out.u8(in, kAlFunc);
  if (!in.ok()) return;
  const bool response = function >= kResponse;
  if (function == kResponse || function == kUnsolicited) indications(in, out);
  if (out.wanted()) {
    out.info(summary(function, in));
    if (function != kConfirm && !authentication(function)) dissect_objects(in, out, heads_only(function));
  }
  // Confirmations end nothing; unsolicited responses answer nothing.
  if (function == kConfirm) return;
  const std::uint64_t outstation = last.frame[response ? 6 : 4] | std::uint64_t{last.frame[response ? 7 : 5]} << 8U;
  const Message::Item items[] = {{kAlFunc, Value::of(std::uint64_t{function})},
                                 {static_cast<std::uint16_t>(response ? kSrc : kDst), Value::of(outstation)}};
  out.message({.role = function == kUnsolicited ? Message::Role::kEvent
                       : response               ? Message::Role::kResponse
                                                : Message::Role::kRequest,
               .id = 1ULL << 32U | outstation << 8U | (control & 15U),
               .name = value_name(kFunctions, function),
               .items = items});
}

void show_link(const Segment& segment, LayerBuilder& out) {
  if (!out.wanted()) return;
  const Bytes f = segment.frame;
  const bool primary = (f[3] & 0x40U) != 0;
  std::string line = "from " + std::to_string(f[6] | f[7] << 8U) + " to " + std::to_string(f[4] | f[5] << 8U) +
                     ", len=" + std::to_string(f[2]);
  static constexpr NamedValue kPrimary[] = {{0, "Reset of Remote Link"},   {1, "Reset of User Process"},
                                            {2, "Test Function For Link"}, {3, "User Data"},
                                            {4, "Unconfirmed User Data"},  {9, "Request Link Status"}};
  static constexpr NamedValue kSecondary[] = {{0, "ACK"}, {1, "NACK"}, {11, "Status of Link"}};
  const std::string_view name = primary ? value_name(kPrimary, f[3] & 15U) : value_name(kSecondary, f[3] & 15U);
  if (!name.empty()) line += ", " + std::string(name);
  if (segment.user_data && !(segment.first() && segment.final()))
    line += " (Application Layer Unreassembled fragment " + std::to_string(segment.control & 0x3fU) + ")";
  out.info(std::move(line));
}

// The frames of one application message that begins here, if all of them are there; else only the first frame.
std::size_t gather(Bytes bytes, std::array<Bytes, kMaxSegments>& frames) {
  std::size_t count = 0;
  for (Segment segment(bytes); count < kMaxSegments; segment = Segment(bytes)) {
    if (!segment.whole() || !segment.user_data || segment.first() != (count == 0)) break;
    if (count > 0 && !is_head(bytes)) break;
    frames[count++] = segment.frame;
    if (segment.final()) return count;
    bytes = bytes.subspan(segment.frame.size());
  }
  return 0;
}

Outcome dissect_dnp3(Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  if (all.size() < kLinkHeader && !out.at_end()) {
    if (all.size() >= 2 && (all[0] != 0x05 || all[1] != 0x64)) return Outcome::kNotMine;
    out.need(kLinkHeader);
    return Outcome::kNeedMore;
  }
  if (!is_head(all)) return Outcome::kNotMine;
  const Segment one(all);
  if (!one.whole() && !out.at_end()) {
    out.need(frame_size(all[2]));
    return Outcome::kNeedMore;
  }
  std::array<Bytes, kMaxSegments> frames{};
  std::size_t count = one.whole() ? gather(all, frames) : 0;
  const bool complete = count > 0;
  if (!complete) {
    frames[0] = one.frame;
    count = 1;
  }
  show_link(one, out);
  std::vector<std::uint8_t> message;
  for (std::size_t i = 0; i < count; ++i) {
    const Segment segment(frames[i]);
    Cursor head = in.sub(frames[i].size());
    link_header(head, out);
    if (!segment.user_data) continue;
    transport_header(head.peek(1), out);
    if (out.wanted() && message.size() < kMaxMessage) append_data(segment, message);
  }
  if (!one.user_data) return one.whole() ? Outcome::kDone : Outcome::kTruncated;
  if (!out.wanted()) {  // the head is in the first block
    if (complete) application(Cursor(frames[0].subspan(kLinkHeader + 1)), out, Segment(frames[count - 1]));
    return one.whole() ? Outcome::kDone : Outcome::kTruncated;
  }
  const std::size_t size = message.size();
  Cursor data = out.source("DNP 3.0 Application Layer message", std::move(message));
  if (!complete) {
    out.bytes(data, kAlFragData, data.left());
    return one.whole() ? Outcome::kDone : Outcome::kTruncated;
  }
  out.mark(kAlFragments, {});
  out.add(kAlFragment, out.packet().number, {});
  out.add(kAlFragmentCount, count, {});
  out.add(kAlFragmentReassembledLength, size, {});
  application(data, out, Segment(frames[count - 1]));
  return Outcome::kDone;
}

Likeness probe_dnp3(Bytes start, const ProbeHint& /*hint*/) { return is_head(start) ? Likeness::kYes : Likeness::kNo; }

}  // namespace

extern constinit const Dissector dnp3_dissector{.name = "dnp3",
                                                .title = "Distributed Network Protocol 3.0",
                                                .column = "DNP 3.0",
                                                .fields = dnp3::kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_dnp3,
                                                .probe = &probe_dnp3,
                                                .stream = true,
                                                .datagram = true};

}  // namespace pr::dissect
