// Pairs the requests and responses of one flow into transactions. Bounded: at most 64 unanswered requests a flow,
// the oldest is given out unanswered when another comes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "helper/dissect/registry.h"
#include "shared/model/handshake.h"
#include "shared/model/packet.h"

namespace pr::analysis {

class TransactionTracker {
 public:
  using Emit = std::function<void(Transaction&&)>;

  // The packet that shows the request which a response answers; frame 0: none is known, or an interim response has
  // been told of it before.
  struct Answered {
    std::uint64_t frame = 0;
    Timestamp ts{};
  };
  Answered add(const dissect::Registry& registry, ProtocolId protocol, const Message& message, const Packet& packet,
               const Emit& emit);
  // How many requests there were: names the latest.
  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  // The request ended in this packet, which shows it, and not in the one that told of it.
  void completed(std::uint64_t request, const Packet& packet);
  // Octets of the answers were lost: of the unanswered requests only the latest may still be answered.
  void lost(const Emit& emit);
  // The flow is over: what is unanswered will stay so.
  void flush(const Emit& emit);

 private:
  struct Pending {
    std::uint64_t id = 0;
    ProtocolId protocol = 0;
    std::uint64_t request = 0;  // its number
    Answered shown;
    Transaction transaction;
  };
  static constexpr std::size_t kMaxPending = 64;
  std::vector<Pending> pending_;  // in order of request
  std::uint64_t asked_ = 0;
};

// Pairs the ICMP echo requests and replies of one flow; at most 64 wait. They are no transactions: nobody searches
// pings.
class EchoTracker {
 public:
  // id: identifier and sequence number. Of a reply, the request that it answers.
  TransactionTracker::Answered add(std::uint32_t id, bool reply, const Packet& packet);

 private:
  struct Pending {
    std::uint32_t id = 0;
    TransactionTracker::Answered request;
  };
  static constexpr std::size_t kMaxPending = 64;
  std::vector<Pending> pending_;  // oldest first
};

// Adds the message's items to the members of a JSON object without its braces; repeated fields become arrays.
void add_items_json(std::string& into, const dissect::Registry& registry, ProtocolId protocol,
                    std::span<const Message::Item> items);

}  // namespace pr::analysis
