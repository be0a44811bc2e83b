// The state of one packet's dissection, shared by engine.cpp and layer_builder.cpp only.
#pragma once

#include <vector>

#include "helper/dissect/engine.h"

namespace pr::dissect {

struct Run {
  static constexpr std::size_t kMaxFields = 100'000;
  static constexpr std::size_t kMaxMentions = 1000;

  const Registry& registry;
  const Packet& packet;
  Context& context;
  Frame& frame;
  Dissection* tree = nullptr;
  const FieldSet* wanted = nullptr;
  const AppInput* app = nullptr;  // null below the transport
  AppResult* result = nullptr;
  unsigned depth = 0;
  unsigned quotes = 0;
  bool memory = true;  // whoever is called next has the conversation's memory
  Observer silence{};
  AppState scratch{};                        // memory of an application protocol that has no conversation
  std::uint64_t passed = 0;                  // by a parent to the child that it calls
  std::unique_ptr<Memory> scratch_memory{};  // the same for what it remembers
  ProtocolId nested = 0;                     // the protocol that a dissector carries with a memory in its own
  std::byte* nested_memory = nullptr;
  std::vector<std::vector<std::uint8_t>> kept{};  // bytes made while nobody keeps a tree

  // Calls a dissector on the rest of `in`. False: it said kNotMine, and everything is as before.
  // *outcome, if given, is what it said; on a stream's kNeedMore everything is as before too. all: what it leaves of
  // `in` is nobody's; else `in` stands behind what it consumed.
  bool call(ProtocolId protocol, Cursor& in, bool by_ethertype, Outcome* outcome = nullptr, bool all = true);
  // Where bytes lie: which source, at what offset. Bytes that lie nowhere are generated: {0, 0}.
  struct Place {
    std::uint8_t source = 0;
    std::uint32_t offset = 0;
    bool found = false;
  };
  [[nodiscard]] Place place(Bytes where) const;
  void issue(IssueKind kind, ProtocolId protocol, const Cursor& in);

 private:
  void end(ProtocolId protocol, Outcome outcome, const Cursor& in, std::size_t layer, bool has_length);
};

}  // namespace pr::dissect
