// TCP options: RFC 9293 section 3.2, RFC 7323 (window scale, timestamps), RFC 2018 and 2883 (SACK), RFC 2385 (MD5),
// RFC 5482 (user timeout), RFC 5925 (AO), RFC 6994 (experiments), RFC 7413 (fast open).
#include "helper/dissect/proto/tcp/fields.h"

namespace pr::dissect::tcp {
namespace {

enum Kind : std::uint8_t {
  kEnd = 0,
  kNop = 1,
  kMss = 2,
  kWindowScale = 3,
  kSackPermitted = 4,
  kSack = 5,
  kEcho = 6,
  kEchoReply = 7,
  kTimestamps = 8,
  kCc = 11,
  kCcNew = 12,
  kCcEcho = 13,
  kMd5 = 19,
  kScps = 20,
  kQuickStart = 27,
  kUserTimeout = 28,
  kAo = 29,
  kMptcp = 30,
  kFastOpen = 34,
  kExperiment1 = 253,
  kExperiment2 = 254
};

struct Known {
  std::uint8_t kind;
  std::size_t field;
  std::uint8_t min_length;
};
constexpr Known kKnown[] = {{kEnd, kOptionsEol, 1},
                            {kNop, kOptionsNop, 1},
                            {kMss, kOptionsMss, 4},
                            {kWindowScale, kOptionsWscale, 3},
                            {kSackPermitted, kOptionsSackPerm, 2},
                            {kSack, kOptionsSack, 2},
                            {kEcho, kOptionsEcho, 6},
                            {kEchoReply, kOptionsEcho, 6},
                            {kTimestamps, kOptionsTimestamp, 10},
                            {kCc, kOptionsCc, 6},
                            {kCcNew, kOptionsCc, 6},
                            {kCcEcho, kOptionsCc, 6},
                            {kMd5, kOptionsMd5, 18},
                            {kScps, kOptionsScps, 4},
                            {kQuickStart, kOptionsQs, 8},
                            {kUserTimeout, kOptionsUserTo, 4},
                            {kAo, kOptionsAo, 4},
                            {kFastOpen, kOptionsTfo, 2},
                            {kExperiment1, kOptionsExperimental, 2},
                            {kExperiment2, kOptionsExperimental, 2}};

const Known* find_option(std::uint8_t kind) {
  for (const Known& known : kKnown) {
    if (known.kind == kind) return &known;
  }
  return nullptr;
}

struct Target {
  const Header& header;
  LayerBuilder& out;
  std::string* info;

  void note(const char* name, std::uint64_t value) const {
    *info += std::string(" ") + name + "=" + std::to_string(value);
  }
};

void add_window_scale(Cursor& in, const Target& to) {
  const Bytes where = in.peek(1);
  const std::uint8_t shift = to.out.u8(in, kOptionsWscaleShift);
  if (!in.ok()) return;
  // RFC 7323 section 2.3: more than 14 counts as 14.
  const std::uint64_t multiplier = std::uint64_t{1} << (shift > 14 ? 14U : shift);
  to.out.add(kOptionsWscaleMultiplier, multiplier, where);
  to.note("WS", multiplier);
}

// RFC 2883: a first block below the acknowledgement, or within the second one, tells of a duplicate. Relative numbers.
bool is_duplicate(std::uint32_t left, std::uint32_t right, Bytes rest, const Header& header) {
  const auto below = [](std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; };
  if (below(left, header.ack - header.base_ack)) return true;
  if (rest.size() < 8) return false;
  Cursor second(rest);
  const std::uint32_t second_left = second.u32() - header.base_ack;
  const std::uint32_t second_right = second.u32() - header.base_ack;
  return !below(left, second_left) && !below(second_right, right);
}

void add_sack(Cursor& in, const Target& to) {
  std::uint64_t count = 0;
  for (; in.left() >= 8; ++count) {
    const Bytes where = in.peek(8);
    const std::uint32_t left = in.u32() - to.header.base_ack;
    const std::uint32_t right = in.u32() - to.header.base_ack;
    to.out.add(kOptionsSackLe, left, where.first(4));
    to.out.add(kOptionsSackRe, right, where.subspan(4));
    to.note("SLE", left);
    to.note("SRE", right);
    if (count != 0 || !is_duplicate(left, right, in.rest(), to.header)) continue;
    to.out.add(kOptionsSackDsackLe, left, where.first(4));
    to.out.add(kOptionsSackDsackRe, right, where.subspan(4));
    to.out.mark(kOptionsSackDsack, where);
  }
  to.out.add(kOptionsSackCount, count, Bytes{});
}

void add_timestamps(Cursor& in, const Target& to) {
  const std::uint32_t value = to.out.u32(in, kOptionsTimestampTsval);
  const std::uint32_t echo = to.out.u32(in, kOptionsTimestampTsecr);
  if (!in.ok()) return;
  to.note("TSval", value);
  to.note("TSecr", echo);
}

void add_fast_open(Cursor& in, const Target& to) {
  if (in.left() == 0) {
    to.out.mark(kOptionsTfoRequest, in.all().first(2));
    *to.info += " TFO=R";
    return;
  }
  to.out.bytes(in, kOptionsTfoCookie, in.left());
  *to.info += " TFO=C";
}

void add_experiment(Cursor& in, const Target& to) {
  constexpr std::uint16_t kFastOpenExperiment = 0xf989;
  if (in.left() < 2) return;
  if (to.out.u16(in, kOptionsExperimentalExid) == kFastOpenExperiment) return add_fast_open(in, to);
  if (in.left() > 0) to.out.bytes(in, kOptionsExperimentalData, in.left());
}

void add_user_timeout(Cursor& in, const Target& to) {
  const Bytes where = in.peek(2);
  const std::uint16_t both = in.u16();
  if (!in.ok()) return;
  to.out.add(kOptionsUserToGranularity, both >> 15U, where);
  to.out.add(kOptionsUserToVal, both & 0x7fffU, where);
  to.note("USER_TO", both);
}

void add_body(std::uint8_t kind, Cursor& in, const Target& to) {
  switch (kind) {
    case kMss: to.note("MSS", to.out.u16(in, kOptionsMssVal)); return;
    case kWindowScale: return add_window_scale(in, to);
    case kSackPermitted: *to.info += " SACK_PERM"; return;
    case kSack: return add_sack(in, to);
    case kTimestamps: return add_timestamps(in, to);
    case kEcho: to.note("ECHO", to.out.u32(in, kOptionsEchoValue)); return;
    case kEchoReply: to.note("ECHOREPLY", to.out.u32(in, kOptionsEchoValue)); return;
    case kCc: to.note("CC", to.out.u32(in, kOptionsCcValue)); return;
    case kCcNew: to.note("CC.NEW", to.out.u32(in, kOptionsCcValue)); return;
    case kCcEcho: to.note("CC.ECHO", to.out.u32(in, kOptionsCcValue)); return;
    case kMd5:
      *to.info += " MD5";
      to.out.bytes(in, kOptionsMd5Digest, 16);
      return;
    case kAo:
      *to.info += " AO";
      to.out.u8(in, kOptionsAoKeyid);
      to.out.u8(in, kOptionsAoRnextkeyid);
      if (in.left() > 0) to.out.bytes(in, kOptionsAoMac, in.left());
      return;
    case kUserTimeout: return add_user_timeout(in, to);
    case kFastOpen: return add_fast_open(in, to);
    case kExperiment1:
    case kExperiment2: return add_experiment(in, to);
    default: return;
  }
}

}  // namespace

void add_options(Bytes options, const Header& header, LayerBuilder& out, std::string* info) {
  out.add(kOptions, options, options);
  LayerBuilder::Subtree below(out);
  const Target to{header, out, info};
  Cursor in(options);
  while (in.left() > 0) {
    const std::uint8_t kind = in.rest()[0];
    const bool single = kind == kEnd || kind == kNop;
    const std::size_t length = single ? 1 : in.left() < 2 ? 0 : in.rest()[1];
    if (length == 0 || length > in.left() || (!single && length < 2)) return;
    Cursor part = in.sub(length);
    const Bytes whole = part.all();
    if (kind == kMptcp) {
      add_mptcp(whole, header, out);
      continue;
    }
    const Known* known = find_option(kind);
    const bool readable = known != nullptr && length >= known->min_length;
    out.add(known != nullptr ? known->field : kOptionsUnknown, whole, whole);
    LayerBuilder::Subtree inside(out);
    out.u8(part, kOptionKind);
    // What stands behind the end must be zero, and reads as more ends.
    if (kind == kEnd && in.left() > 0 && in.rest()[0] != kEnd) return;
    if (single) continue;
    out.u8(part, kOptionLen);
    if (readable) add_body(kind, part, to);
    if (known == nullptr && part.left() > 0) out.bytes(part, kOptionsUnknownPayload, part.left());
  }
}

}  // namespace pr::dissect::tcp
