// Which unordered address pair a packet belongs to: that of its innermost IP header, as flows have it. What is plain is
// read here; tunnels, extension headers and rare links are dissected, so that both ways agree by construction.
#pragma once

#include <optional>
#include <utility>

#include "helper/dissect/engine.h"
#include "shared/model/address.h"
#include "shared/model/packet.h"

namespace pr::analysis {

// Belongs to one thread. engine is borrowed.
class ShardKey {
 public:
  using Pair = std::pair<IpAddress, IpAddress>;

  explicit ShardKey(const dissect::Engine& engine);
  // nullopt: no IP; such packets go to shard 0. Fragments go by the header that is in fragments.
  std::optional<Pair> address_pair(const Packet& packet);

 private:
  [[nodiscard]] std::optional<Pair> plain(const Packet& packet) const;
  [[nodiscard]] std::optional<Pair> plain_ip(Cursor in) const;
  [[nodiscard]] bool is_plain(std::uint8_t ip_proto, Cursor transport) const;

  const dissect::Engine& engine_;
  const ProtocolId udp_;
  dissect::Context nowhere_;
  dissect::Frame frame_;
};

}  // namespace pr::analysis
