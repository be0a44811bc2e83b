// Reads datagrams of flows: with what a protocol has kept of those before, and of several protocols in one flow. One
// for each analyzer; the budget outlives it.
#pragma once

#include "helper/analysis/conversation.h"
#include "helper/dissect/engine.h"

namespace pr::analysis {

class Datagrams {
 public:
  Datagrams(const dissect::Engine& engine, flow::StreamBudget& budget) : engine_(engine), budget_(budget) {}

  // Hands frame.payload to one protocol and writes the facts. False: it is not that protocol's.
  bool read(ProtocolId app, AppState& state, Conversation& talk, const Packet& packet, dissect::Context& context,
            dissect::Frame& frame, PacketFacts& learnt);
  // Some flows carry several protocols, datagram by datagram: one that is not the flow's may be another's.
  void read_guest(const FlowKey& key, Conversation& talk, const Packet& packet, dissect::Context& context,
                  dissect::Frame& frame, PacketFacts& learnt);

 private:
  Conversation::Datagrams& of(Conversation& talk);

  const dissect::Engine& engine_;
  flow::StreamBudget& budget_;
};

}  // namespace pr::analysis
