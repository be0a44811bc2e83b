// Runs one dissector over bytes and asks what it said. For tests of single protocols; whole packets and streams go
// through analysis (tests/unit/analysis).
#pragma once

#include <QTest>
#include <string>
#include <string_view>
#include <vector>

#include "helper/dissect/run.h"

namespace pr::test {

using dissect::Dissector;
using dissect::Outcome;

// Hex digits, anything else between them is ignored.
inline std::vector<std::uint8_t> from_hex(std::string_view hex) {
  std::vector<std::uint8_t> out;
  int high = -1;
  for (const char c : hex) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  return out;
}

inline std::string to_hex(Bytes bytes) {
  std::string out;
  for (const std::uint8_t b : bytes) {
    out += "0123456789abcdef"[b >> 4U];
    out += "0123456789abcdef"[b & 15U];
  }
  return out;
}

inline const dissect::Registry& registry() {
  static const dissect::Registry kRegistry;
  return kRegistry;
}

struct Result {
  Outcome outcome = Outcome::kNotMine;
  dissect::AppResult app;
  dissect::Frame frame;
  Dissection tree;
  std::vector<std::uint8_t> bytes;  // what was dissected: fields point into it
  AppState state;

  // All values of a field, in order.
  [[nodiscard]] std::vector<Value> values(std::string_view name) const {
    std::vector<Value> out;
    const FieldInfo* info = registry().catalog().find(name);
    if (info == nullptr) qFatal("no field named %s", std::string(name).c_str());
    for (const Field& field : tree.fields) {
      for (const FieldId id : info->ids) {
        if (field.id == id) out.push_back(field.value);
      }
    }
    return out;
  }
  [[nodiscard]] bool has(std::string_view name) const { return !values(name).empty(); }
  // The first value; a missing field fails loudly with what there was.
  [[nodiscard]] Value value(std::string_view name) const {
    const auto all = values(name);
    if (all.empty()) {
      QTest::qFail((std::string(name) + " is not there; bytes " + to_hex(bytes)).c_str(), __FILE__, __LINE__);
      return {};
    }
    return all.front();
  }
  [[nodiscard]] std::uint64_t uint(std::string_view name) const { return value(name).number; }
  [[nodiscard]] std::string text(std::string_view name) const { return std::string(as_text(value(name).bytes())); }
  [[nodiscard]] std::string hex(std::string_view name) const { return to_hex(value(name).bytes()); }
  [[nodiscard]] bool has_issue(IssueKind kind) const { return frame.has_issue(kind); }
};

struct Options {
  bool from_orig = true;
  bool at_end = false;
  bool tree = true;
  AppState state{};
  std::uint16_t link_type = 1;
  dissect::Transport transport = dissect::Transport::kTcp;  // for application protocols
  dissect::Observer* observer = nullptr;
  const PacketFacts* facts = nullptr;
  std::string_view interface_name;
  std::vector<Bytes> earlier = {};  // of datagram protocols
};

// Calls the dissector once on the bytes, as the engine would. Application protocols get a state and app results.
inline Result run(const Dissector& dissector, std::vector<std::uint8_t> bytes, const Options& options = {}) {
  Result result;
  result.bytes = std::move(bytes);
  result.state = options.state;
  Packet packet{.number = 1,
                .ts = from_ns(1'700'000'000'000'000'000),
                .link_type = options.link_type,
                .wire_len = static_cast<std::uint32_t>(result.bytes.size()),
                .bytes = result.bytes};
  dissect::Context context;
  context.observer = options.observer;
  context.facts = options.facts;
  context.interface_name = options.interface_name;
  result.frame.transport = options.transport;
  result.tree.sources.push_back({"Frame", result.bytes});
  const ProtocolId id = registry().find(dissector.name);
  const dissect::AppInput input{.app = id,
                                .bytes = result.bytes,
                                .from_orig = options.from_orig,
                                .at_end = options.at_end,
                                .state = &result.state,
                                .datagram = options.transport == dissect::Transport::kUdp,
                                .earlier = options.earlier};
  const bool app = dissector.stream || dissector.datagram;
  dissect::Run run{.registry = registry(),
                   .packet = packet,
                   .context = context,
                   .frame = result.frame,
                   .tree = options.tree ? &result.tree : nullptr,
                   .app = app ? &input : nullptr,
                   .result = app ? &result.app : nullptr};
  Cursor in(result.bytes);
  if (!run.call(id, in, false, &result.outcome)) result.outcome = Outcome::kNotMine;
  if (app && result.app.consumed == 0) result.app.consumed = in.at();
  return result;
}

// Every prefix of a good message: no crash, no field beyond its end, and the same outcome without a tree.
inline void sweep_prefixes(const Dissector& dissector, const std::vector<std::uint8_t>& whole,
                           const Options& options = {}) {
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    const std::vector<std::uint8_t> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const Result with = run(dissector, part, options);
    for (const Field& field : with.tree.fields) {
      if (field.source != 0) continue;
      if (std::size_t{field.offset} + field.length > n) {
        QFAIL((std::string("a field beyond the end of prefix ") + std::to_string(n) + " of " + to_hex(whole)).c_str());
      }
    }
    Options bare = options;
    bare.tree = false;
    const Result without = run(dissector, part, bare);
    if (with.outcome != without.outcome) {
      QFAIL((std::string("another outcome without a tree at prefix ") + std::to_string(n) + " of " + to_hex(whole))
                .c_str());
    }
  }
}

}  // namespace pr::test
