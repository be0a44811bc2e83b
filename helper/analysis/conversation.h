// What the analysis knows of a flow beyond its counts: the application protocol, its streams, who it is.
#pragma once

#include <array>
#include <memory>

#include "helper/analysis/earlier_datagrams.h"
#include "helper/analysis/transactions.h"
#include "helper/dissect/context.h"
#include "helper/flow/flow_table.h"
#include "helper/flow/stream.h"
#include "shared/model/facts.h"
#include "shared/model/flow.h"

namespace pr::analysis {

struct Conversation final : flow::FlowExtension {
  // One direction of a TCP conversation.
  struct Direction {
    Direction(flow::StreamBudget& shared, const flow::StreamLimits& limits) : stream(shared, limits), budget(shared) {}
    ~Direction() {
      if (charged) budget.used -= kMemoryCharge;
    }
    Direction(const Direction&) = delete;
    Direction& operator=(const Direction&) = delete;
    // Null when there is no room for another one.
    std::unique_ptr<dissect::Memory>* memory_slot() {
      return charged || budget.used + kMemoryCharge <= budget.limit ? &memory : nullptr;
    }
    void charge_memory() {
      if (charged || !memory) return;
      charged = true;
      budget.used += kMemoryCharge;
    }

    static constexpr std::uint64_t kMemoryCharge = 16U << 10U;  // octets
    flow::Stream stream;
    AppState before;                        // the dissector's memory when the message that is being read began
    TransactionTracker::Answered answered;  // by the message that has begun: told where it ends
    std::uint64_t asked = 0;                // the request that has begun: TransactionTracker's number, 0: none
    bool in_message = false;                // a message has begun and not ended
    std::uint8_t looks = 0;                 // at what it carries, without recognising it
    flow::StreamBudget& budget;
    std::unique_ptr<dissect::Memory> memory;  // what its dissector keeps beside the state
    bool charged = false;                     // the memory, to the budget
  };

  // A protocol that shares a datagram flow with the one that was recognised first: STUN, DTLS and RTP in one.
  struct Guest {
    ProtocolId app = 0;
    AppState state;
  };
  // What datagram flows may have beside: made when it is needed.
  struct Datagrams {
    explicit Datagrams(flow::StreamBudget& budget) : earlier{EarlierDatagrams(budget), EarlierDatagrams(budget)} {}
    std::array<EarlierDatagrams, 2> earlier;  // by sender, of earlier_app
    ProtocolId earlier_app = 0;
    std::array<Guest, 3> guests;
    std::uint8_t strangers = 0;  // datagrams that nobody recognised, in a row
  };

  ProtocolId app = 0;  // 0: not recognised (yet)
  Evidence evidence = Evidence::kNone;
  ProtocolId named = 0;  // what the flow is called: the first protocol of which a message was accepted
  Evidence named_evidence = Evidence::kNone;
  bool rename = false;     // an upgrade was seen after which the flow is called by what follows
  bool given_up = false;   // nothing recognised it: payload is not looked at any more
  bool carried = false;    // it came behind something unknown (STARTTLS, a proxy's preface)
  bool confirmed = false;  // the protocol's dissector has accepted a message
  std::uint8_t attempts = 0;
  ProtocolId rejected = 0;                               // recognised by mistake before: not tried again
  AppState state;                                        // the dissector's memory now
  std::array<std::unique_ptr<Direction>, 2> directions;  // by sender: [0] = originator
  std::unique_ptr<Datagrams> datagrams;
  Boxed<FlowIdentity> identity;
  std::unique_ptr<Handshake> handshake;  // seen and not yet given out
  std::unique_ptr<Certificate> leaf;
  TransactionTracker transactions;
  EchoTracker echoes;

  FlowIdentity& known() { return identity.make(); }
};

}  // namespace pr::analysis
