// Which packets belong together: a packet's tuple in the form that both directions share, and its keyed hash.
#pragma once

#include <cstdint>
#include <cstring>

#include "helper/flow/flow_table.h"
#include "shared/model/flow.h"

namespace pr::flow {

struct Tuple {
  FlowKey key;             // orig is who sent the packet; of an ICMP reply, who asked
  bool reply = false;      // an ICMP reply: the packet was sent by key.resp
  bool directed = false;   // ICMP: the other direction is another flow
  std::uint64_t hash = 0;  // the same for both directions
};

Tuple tuple_of(const FlowKey& as_sent, std::uint64_t hash_key);

enum class Side : std::uint8_t { kOther, kOrig, kResp };

// IpAddress keeps sixteen octets whatever its family; a comparison of constant size needs no call.
inline bool same(const Endpoint& a, const Endpoint& b) {
  return a.port == b.port && a.ip.is_v6() == b.ip.is_v6() &&
         std::memcmp(a.ip.octets().data(), b.ip.octets().data(), 16) == 0;
}

// Who of a flow sent a packet with this tuple; kOther: it is not of that flow.
inline Side side_of(const Tuple& tuple, const FlowKey& flow) {
  const FlowKey& key = tuple.key;
  if (key.ip_proto != flow.ip_proto || key.vlan != flow.vlan) return Side::kOther;
  if (same(key.orig, flow.orig) && same(key.resp, flow.resp)) return tuple.reply ? Side::kResp : Side::kOrig;
  if (!tuple.directed && same(key.orig, flow.resp) && same(key.resp, flow.orig)) return Side::kResp;
  return Side::kOther;
}

}  // namespace pr::flow
