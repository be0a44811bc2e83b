// Runs dissectors over a packet: from the link layer to the transport in one go, then application messages
// one at a time as the analysis hands them over. Bounded: layers, depth and fields per packet have limits.
// Holds no state between calls; one Engine may serve all threads.
#pragma once

#include "helper/dissect/dissector.h"
#include "helper/dissect/registry.h"

namespace pr::dissect {

// Where fields go. tree null: nobody wants any. wanted null: all.
struct Sink {
  Dissection* tree = nullptr;
  const FieldSet* wanted = nullptr;
};

// Application bytes from a message's start on.
struct AppInput {
  ProtocolId app = 0;
  Bytes bytes;
  std::uint8_t source = 0;  // byte source of the dissection that bytes lie in
  bool from_orig = true;
  bool at_end = false;
  AppState* state = nullptr;            // REQUIRES: not null
  bool datagram = false;                // bytes are one whole datagram
  std::span<const Bytes> earlier = {};  // LayerBuilder::earlier()
};

struct AppResult {
  Outcome outcome = Outcome::kDone;
  std::uint64_t consumed = 0;  // kDone: the message's length, maybe more than there was
  std::uint64_t need = 0;      // kNeedMore: octets from the message's start, LayerBuilder::kUntilEnd, 0 any
  bool upgrade = false;        // another protocol follows
  ProtocolId upgrade_to = 0;   // 0: to be recognised
  bool names_flow = false;     // the flow is called after what follows
};

class Engine {
 public:
  explicit Engine(const Registry& registry)
      : registry_(registry), outermost_(registry.find("frame")), data_(registry.find("data")) {}

  // Link to transport. frame is filled anew; the tree, if any, is cleared first.
  void dissect(const Packet& packet, Context& context, Frame& frame, Sink sink) const;

  // One application message. Adds layers to the tree; on kNotMine, and on a stream's kNeedMore, nothing is left in it.
  // With `sink.tree`, a message that is longer than input.bytes is taken back out unless keep_partial.
  AppResult dissect_app(const AppInput& input, const Packet& packet, Context& context, Frame& frame, Sink sink,
                        bool keep_partial = false) const;

  // The payload of a transport that no dissector takes: shown as Data.
  void dissect_data(Bytes bytes, std::uint8_t source, const Packet& packet, Context& context, Frame& frame,
                    Sink sink) const;

  // To be called when no more layers will come: fills what describes the whole packet (frame.protocols).
  void finish(Sink sink) const;

  [[nodiscard]] const Registry& registry() const { return registry_; }

 private:
  const Registry& registry_;
  const ProtocolId outermost_, data_;
};

}  // namespace pr::dissect
