// Dissects a stored packet alone, with the facts that the recording kept, so that it shows what a sequential read
// shows. Also the way of every packet filter. One thread; keeps a bounded cache of payloads that later packets'
// messages began in.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "helper/dissect/engine.h"
#include "shared/model/dissection.h"
#include "shared/model/facts.h"

namespace pr::analysis {

class PacketView {
 public:
  // Another packet of the same session by number; false: it is gone. The bytes need to live until the next fetch.
  using Fetch = std::function<bool(std::uint64_t number, Packet* packet, PacketFacts* facts)>;

  struct Surroundings {
    Timestamp session_start{};  // of the session's first packet
    Timestamp packet_before{};  // of the packet before; epoch zero: none
    std::string_view interface_name;
  };

  PacketView(const dissect::Engine& engine, Fetch fetch);
  ~PacketView();

  // Fills out with everything, or with the wanted fields only (layers are always there). What out holds is valid as
  // long as the packet's bytes are, and until the next dissect() into it.
  void dissect(const Packet& packet, const PacketFacts& facts, const Surroundings& around, const FieldSet* wanted,
               Dissection& out);
  // The next packet is of another session: numbers mean other packets now.
  void forget();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::analysis
