// The inside of Analyzer, for its own files: analyzer.cpp (packets, flows), analyzer_follow.cpp (application
// protocols).
#pragma once

#include "helper/analysis/analyzer.h"
#include "helper/analysis/conversation.h"
#include "helper/analysis/datagrams.h"
#include "helper/analysis/identity_observer.h"
#include "helper/flow/ip_fragments.h"

namespace pr::analysis {

using dissect::AppInput;
using dissect::AppResult;
using dissect::Frame;
using dissect::LayerBuilder;
using dissect::Outcome;
using dissect::Transport;
using flow::Flow;

inline constexpr std::size_t kSpillSlices = 2 * kBatchPackets;

struct Analyzer::Impl final : dissect::Context {
  Impl(const dissect::Engine& used, AnalyzerOptions chosen)
      : engine(used),
        registry(used.registry()),
        options(chosen),
        table(chosen.limits, chosen.hash_key, [this](Flow& flow, flow::EndReason) { flow_ended(flow); }),
        expectations(chosen.hash_key),
        datagrams(used, budget),
        identity(registry, expectations) {
    budget.limit /= chosen.shards;
    counts.packets_by_protocol.resize(registry.size());
  }

  Bytes defragment(const dissect::Fragment& fragment) override;
  void packet(const Packet& packet, std::uint32_t at, PacketFacts& learnt);
  void count(const Frame& what);
  flow::FlowPacket describe(const Packet& packet) const;
  void born(Flow& flow, std::uint32_t at);
  void follow(const flow::FlowTable::Found& found, const Packet& packet, std::uint32_t at, PacketFacts& learnt);
  void echo(Flow& flow, const Packet& packet, PacketFacts& learnt) const;
  void note_moved(BornFlow& born) const;
  void datagram(Flow& flow, Conversation& talk, const Packet& packet, PacketFacts& learnt);
  void segment(Flow& flow, Conversation& talk, const Packet& packet, PacketFacts& learnt);
  bool announced(const Flow& flow, Conversation& talk, PacketFacts& learnt);
  bool recognized(const Flow& flow, Conversation& talk, Bytes start, bool from_resp, bool tcp);
  static void message_ended(Conversation& talk, Conversation::Direction& direction, const Packet& packet,
                            PacketFacts& learnt);
  bool message(Conversation& talk, Conversation::Direction& direction, Bytes bytes, bool end, const Packet& packet,
               PacketFacts& learnt);
  void name_carried(Conversation& talk, std::size_t layers_before) const;
  void slice(Flow& flow, bool open, bool last);
  void forget(Conversation& talk, Conversation::Direction& direction, bool from_resp) const;
  static void confirm(Conversation& talk);
  static void drop_front(PacketFacts& learnt, std::size_t octets);
  void flow_ended(Flow& flow);
  void spill();
  void snapshot();

  const dissect::Engine& engine;
  const dissect::Registry& registry;
  const AnalyzerOptions options;
  const ProtocolId data = registry.find("data");
  flow::StreamBudget budget;
  flow::StreamLimits stream_limits;
  flow::FlowTable table;
  flow::IpFragments fragments;
  Expectations expectations;
  Datagrams datagrams;
  IdentityObserver identity;
  AnalyzerStats counts;

  // The packet at hand.
  Frame frame;
  const Packet* now = nullptr;
  PacketFacts* now_facts = nullptr;
  std::uint32_t now_at = 0;
  ShardOutput* out = nullptr;
  Timestamp next_tick{};
  std::size_t spill_at = kSpillSlices;  // this many slices waiting are too many
};

}  // namespace pr::analysis
