// IPv4 and IPv6 reassembly (RFC 791, RFC 8200): first copy wins on overlap, at most 64 fragments and 65,535 octets
// a datagram, 30 s of packet time, a bounded number of datagrams. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/clock.h"
#include "shared/model/address.h"
#include "shared/model/facts.h"

namespace pr::flow {

class IpFragments {
 public:
  IpFragments();
  ~IpFragments();

  struct Piece {
    IpAddress src, dst;
    std::uint32_t id = 0;
    std::uint8_t ip_proto = 0;
    std::uint16_t vlan = 0;
    std::uint32_t offset = 0;  // octets
    bool more = false;
    Bytes bytes;
    std::uint64_t packet = 0;
    Timestamp ts{};
  };
  // The whole payload when this piece completes it, else empty; *parts tells where each stretch came from (offsets in
  // each packet's IP payload). Both are valid until the next call.
  Bytes add(const Piece& piece, std::vector<Part>* parts);
  [[nodiscard]] std::uint64_t given_up() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::flow
