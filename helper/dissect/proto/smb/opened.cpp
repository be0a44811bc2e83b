// What later messages of a conversation do not say again: the path of the tree and of the file that their ids stand
// for.
#include <algorithm>
#include <array>
#include <span>

#include "helper/dissect/proto/smb/smb.h"

namespace pr::dissect::smb {
namespace {

using windows::add_bits;
using windows::Bit;

enum Known : std::uint8_t { kTree = 1, kTreeAwaited = 2, kOpen = 4, kOpenAwaited = 8, kAsked = 16, kTwice = 32 };

// The tree and the file that were opened last.
struct State {
  std::uint16_t tree, tree_request;  // id; the message that connects to it
  std::uint16_t file, file_request;
  std::uint16_t asked;  // the message that asks for something of the file
  std::uint8_t known;
  std::uint8_t share;
  std::uint32_t access, options;
  std::array<char, 44> text;  // the tree's path and the file's name, each with a NUL behind it; empty where too long
};

std::string_view part(const State& state, unsigned n) {
  std::string_view text(state.text.data(), state.text.size());
  for (; n > 0; --n) text.remove_prefix(std::min(text.find('\0'), text.size() - 1) + 1);
  return text.substr(0, text.find('\0'));
}

void keep(State& state, const std::string& path, const std::string& name) {
  const bool fits = path.size() + name.size() + 2 <= state.text.size();
  const std::string both = path + '\0' + (fits ? name : std::string());
  state.text = {};
  if (path.size() + 2 <= state.text.size()) std::ranges::copy(both, state.text.begin());
}

void set(State& state, std::uint8_t bit, bool on) {
  state.known = static_cast<std::uint8_t>(on ? state.known | bit : state.known & ~bit);
}

}  // namespace

void access_mask(LayerBuilder& out, std::uint32_t value, Bytes where) {
  static constexpr std::uint8_t kBits[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 19, 20, 24, 25, 28, 29, 30, 31};
  static_assert(std::size(kBits) == kAccessGenericRead - kAccessMask);
  out.add(kAccessMask, value, where);
  const LayerBuilder::Subtree below(out);
  for (std::size_t i = 0; i < std::size(kBits); ++i) out.add(kAccessMask + 1 + i, value >> kBits[i] & 1U, where);
}

void share_access(LayerBuilder& out, std::uint32_t value, Bytes where) {
  out.add(kShareAccess, value, where);
  const LayerBuilder::Subtree below(out);
  for (unsigned i = 0; i < 3; ++i) out.add(kShareAccess + 1U + i, value >> i & 1U, where);
}

void create_options(LayerBuilder& out, std::uint32_t value, Bytes where) {
  constexpr unsigned kLow = 16, kHigh = 4, kGap = 4;
  static_assert(kCreateOptionsFreeSpace - kCreateOptions == kLow + kHigh);
  out.add(kCreateOptions, value, where);
  const LayerBuilder::Subtree below(out);
  for (unsigned i = 0; i < kLow + kHigh; ++i) {
    out.add(kCreateOptions + 1U + i, value >> (i < kLow ? i : i + kGap) & 1U, where);
  }
}

void show_tree(LayerBuilder& out, std::uint16_t tree, std::uint16_t message, bool response) {
  State& state = out.state<State>();
  if (response && (state.known & kTreeAwaited) != 0 && state.tree_request == message) {
    state.tree = tree;
    set(state, kTreeAwaited, false);
    set(state, kTree, true);
  }
  const std::string_view path = part(state, 0);
  if ((state.known & kTree) == 0 || state.tree != tree || path.empty()) return;
  const LayerBuilder::Subtree below(out);
  out.add_text(kPath, path, {});
}

void connects(const Command& command) {
  State& state = command.out.state<State>();
  state.tree_request = command.message_id;
  state.known = kTreeAwaited;
  keep(state, command.name, {});
}

void opens(const Command& command, const Opening& opening) {
  State& state = command.out.state<State>();
  state.file_request = command.message_id;
  state.access = opening.access;
  state.options = opening.options;
  state.share = static_cast<std::uint8_t>(opening.share & 7U);
  set(state, kOpen, false);
  set(state, kOpenAwaited, true);
  keep(state, std::string(part(state, 0)), command.name);
}

void opened(const Command& command, std::uint16_t file) {
  State& state = command.out.state<State>();
  if ((state.known & kOpenAwaited) == 0 || state.file_request != command.message_id) return;
  state.file = file;
  set(state, kOpenAwaited, false);
  set(state, kOpen, true);
  show_file(command.out, file);
}

void show_file(LayerBuilder& out, std::uint16_t file) {
  const State& state = out.state<State>();
  if ((state.known & kOpen) == 0 || state.file != file) return;
  const LayerBuilder::Subtree below(out);
  if (const std::string_view name = part(state, 1); !name.empty()) out.add_text(kFile, name, {});
  access_mask(out, state.access, {});
  share_access(out, state.share, {});
  create_options(out, state.options, {});
}

void asks(const Command& command, std::uint16_t file, bool pipe) {
  State& state = command.out.state<State>();
  show_file(command.out, file);
  const bool known = (state.known & kOpen) != 0 && state.file == file;
  set(state, kAsked, known);
  set(state, kTwice, pipe);
  state.asked = command.message_id;
}

void answers(const Command& command) {
  State& state = command.out.state<State>();
  if ((state.known & kAsked) == 0 || state.asked != command.message_id) return;
  set(state, kAsked, false);
  // The answer of a pipe is shown with the file of the transaction and with that of the pipe.
  for (int n = (state.known & kTwice) != 0 ? 2 : 1; n > 0; --n) {
    command.out.add(kFid, state.file, {});
    show_file(command.out, state.file);
  }
}

}  // namespace pr::dissect::smb
