// link: pr_dissect
// Application protocols: the first octet picks one, the rest is what both sides send, in pieces. A stream protocol is
// fed as the analysis feeds it: a message again from its start until it is complete; every message is then dissected
// once more with a tree, as it would be shown.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "helper/dissect/engine.h"

namespace {

using namespace pr;
using dissect::AppResult;
using dissect::Outcome;

constexpr std::size_t kMessageLimit = 1U << 20U;

const dissect::Engine& engine() {
  static const dissect::Registry registry;
  static const dissect::Engine made(registry);
  return made;
}

struct Direction {
  std::vector<std::uint8_t> pending;
  AppState before;
  std::uint64_t need = 0, skip = 0;
  bool in_message = false;
};

class Talk {
 public:
  Talk(ProtocolId app, dissect::Transport transport) : app_(app), transport_(transport) {}

  void segment(bool from_orig, Bytes bytes, bool end) {
    Direction& direction = directions_[from_orig ? 0 : 1];
    const auto skipped = std::min<std::uint64_t>(direction.skip, bytes.size());
    direction.skip -= skipped;
    const Bytes rest = bytes.subspan(static_cast<std::size_t>(skipped));
    direction.pending.insert(direction.pending.end(), rest.begin(), rest.end());
    while (!direction.pending.empty() && app_ != 0 && (end || direction.pending.size() >= direction.need)) {
      if (!message(direction, from_orig, end)) break;
    }
    if (direction.pending.size() > kMessageLimit) direction = {};
  }

  void datagram(bool from_orig, Bytes bytes) {
    AppState before = state_;
    call(bytes, from_orig, true, &state_, false);
    call(bytes, from_orig, true, &before, true);
  }

 private:
  bool message(Direction& direction, bool from_orig, bool end) {
    if (!direction.in_message) direction.before = state_;
    direction.in_message = true;
    const Bytes bytes = direction.pending;
    const AppResult result = call(bytes, from_orig, end, &state_, false);
    if (result.outcome == Outcome::kNeedMore) {
      direction.need = result.need;
      return false;
    }
    direction.in_message = false;
    direction.need = 0;
    if (result.outcome == Outcome::kNotMine) {
      direction.pending.clear();
      return false;
    }
    const std::uint64_t length = std::max<std::uint64_t>(result.consumed, 1);
    if (length <= bytes.size()) {
      AppState before = direction.before;
      const AppResult shown = call(bytes, from_orig, end, &before, true);
      // What is shown must be the message that was recorded.
      if (shown.outcome != result.outcome || shown.consumed != result.consumed) std::abort();
    }
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(length, bytes.size()));
    direction.skip = length - here;
    direction.pending.erase(direction.pending.begin(), direction.pending.begin() + static_cast<std::ptrdiff_t>(here));
    if (result.upgrade) app_ = result.upgrade_to;
    return true;
  }

  AppResult call(Bytes bytes, bool from_orig, bool end, AppState* state, bool shown) {
    const Packet packet{
        .number = 1, .link_type = 1, .wire_len = static_cast<std::uint32_t>(bytes.size()), .bytes = bytes};
    dissect::Context context;
    dissect::Frame frame;
    frame.transport = transport_;
    tree_.clear();
    tree_.sources.push_back({"Frame", bytes});
    const AppResult result =
        engine().dissect_app({.app = app_, .bytes = bytes, .from_orig = from_orig, .at_end = end, .state = state},
                             packet, context, frame, {.tree = shown ? &tree_ : nullptr});
    for (const Field& field : tree_.fields) {
      const std::size_t size = tree_.sources[field.source].bytes.size();
      if (std::size_t{field.offset} + field.length > size) std::abort();
    }
    return result;
  }

  ProtocolId app_;
  const dissect::Transport transport_;
  AppState state_;
  Direction directions_[2];
  Dissection tree_;
};

}  // namespace

// Input: protocol, then pieces: side and end in the top bits of two octets whose rest is the piece's length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Cursor in(Bytes(data, size));
  std::vector<std::pair<ProtocolId, bool>> targets;  // true: over TCP
  for (const ProtocolId id : engine().registry().stream_protocols()) targets.emplace_back(id, true);
  for (const ProtocolId id : engine().registry().datagram_protocols()) targets.emplace_back(id, false);
  if (targets.empty() || in.left() == 0) return 0;
  const auto [app, tcp] = targets[in.u8() % targets.size()];
  if (const auto probe = engine().registry().at(app).probe; probe != nullptr) {
    (void)probe(in.rest(), {.from_orig = true, .tcp = tcp});
  }
  Talk talk(app, tcp ? dissect::Transport::kTcp : dissect::Transport::kUdp);
  while (in.left() > 2) {
    const std::uint16_t head = in.u16();
    const Bytes piece = in.peek(head & 0x3fffU);
    in.skip(piece.size());
    const bool from_orig = (head & 0x8000U) == 0;
    if (tcp) {
      talk.segment(from_orig, piece, (head & 0x4000U) != 0);
    } else {
      talk.datagram(from_orig, piece);
    }
  }
  return 0;
}
