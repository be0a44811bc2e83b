// A batch on its way from a source to the store: the unit that queues carry and stages hand on. At most
// 4096 packets or 20 ms. Packets are in capture order, facts[i] belongs to packets[i].
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "shared/base/arena.h"
#include "shared/model/facts.h"
#include "shared/model/flow.h"
#include "shared/model/handshake.h"
#include "shared/model/packet.h"

namespace pr {

inline constexpr std::size_t kBatchPackets = 4096;

struct InterfaceInfo {
  std::string name;  // "eth0"; empty: of a file that knows of no interfaces
  std::string description;
  std::string filter;  // BPF text, empty: none
  std::string os;
  std::uint16_t link_type = 0;
  std::uint32_t snaplen = 262144;
};

// Drops as a source counts them, since its start. received: after BPF, as handed over by the kernel plus its drops.
struct SourceStats {
  std::uint64_t received = 0;
  std::uint64_t dropped_kernel = 0;
  std::uint64_t dropped_interface = 0;
};

// A name and an address that belong together because a DNS answer said so.
struct NameRecord {
  std::string name;
  IpAddress address;
  Timestamp ts{};
  std::uint32_t ttl = 0;
};

// What the session counts of its packets.
struct PacketCounters {
  std::uint64_t dns_queries = 0, dns_responses = 0, malformed = 0;
  // Distinct unordered innermost 5-tuples of the session up to and with this batch.
  std::uint64_t tcp_flows = 0, udp_flows = 0;
};

struct Batch {
  // Packet bytes live here; filled by the source, never reallocated while packets point into it.
  Arena arena;
  std::vector<Packet> packets;
  std::vector<PacketFacts> facts;
  std::vector<std::uint8_t> shards;           // which shard works on packets[i]; empty when there is but one
  std::vector<InterfaceInfo> new_interfaces;  // interfaces that appear with this batch, numbered on
  bool last = false;
  bool rows_alone = false;  // it never has packets

  // What analysis made of it.
  std::vector<FlowSlice> slices;
  std::vector<Transaction> transactions;
  std::vector<Handshake> handshakes;
  std::vector<Certificate> certificates;
  std::vector<NameRecord> names;
  PacketCounters counters;

  // For the source, before it fills the batch.
  void clear_packets();
  // For the analysis, before it works on the batch: memory goes back to the thread that it came from, which costs a
  // fraction of giving it to another.
  void clear_findings();
  void clear() {
    clear_packets();
    clear_findings();
  }
};

}  // namespace pr
