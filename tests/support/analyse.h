// Runs captures through shards and join without a store, and keeps everything that came out.
#pragma once

#include "helper/capture/packet_source.h"
#include "helper/pipeline/shards.h"

namespace pr::test {

struct Analysed {
  std::vector<std::vector<std::uint8_t>> bytes;  // of each packet
  std::vector<Packet> packets;
  std::vector<PacketFacts> facts;
  std::vector<FlowSlice> slices;
  std::vector<Transaction> transactions;
  std::vector<Handshake> handshakes;
  std::vector<Certificate> certificates;
  std::vector<NameRecord> names;
  PacketCounters counters;
};

// Reads a capture's packets (as far as they are good) into memory.
inline std::vector<std::pair<Packet, std::vector<std::uint8_t>>> read_capture(const std::string& path) {
  std::vector<std::pair<Packet, std::vector<std::uint8_t>>> all;
  auto source = capture::open_file(path);
  if (!source.ok()) return all;
  for (bool more = true; more;) {
    Batch batch;
    const auto got = (*source)->read(batch);
    more = got.ok() && *got;
    for (const Packet& packet : batch.packets) {
      all.emplace_back(packet, std::vector<std::uint8_t>(packet.bytes.begin(), packet.bytes.end()));
    }
  }
  return all;
}

inline void take(Batch& batch, Analysed& out) {
  for (std::size_t i = 0; i < batch.packets.size(); ++i) {
    out.packets.push_back(batch.packets[i]);
    out.facts.push_back(batch.facts[i]);
  }
  const auto move_all = [](auto& from, auto& to) { std::move(from.begin(), from.end(), std::back_inserter(to)); };
  move_all(batch.slices, out.slices);
  move_all(batch.transactions, out.transactions);
  move_all(batch.handshakes, out.handshakes);
  move_all(batch.certificates, out.certificates);
  move_all(batch.names, out.names);
  out.counters.dns_queries += batch.counters.dns_queries;
  out.counters.dns_responses += batch.counters.dns_responses;
  out.counters.malformed += batch.counters.malformed;
  out.counters.tcp_flows = batch.counters.tcp_flows;
  out.counters.udp_flows = batch.counters.udp_flows;
}

inline Analysed analyse(const dissect::Engine& engine,
                        const std::vector<std::pair<Packet, std::vector<std::uint8_t>>>& capture, unsigned shards = 1,
                        std::size_t batch_size = kBatchPackets) {
  Analysed out;
  pipeline::Shards work(engine, shards, flow::Limits{}, 42, 0);
  for (std::size_t at = 0; at < capture.size(); at += batch_size) {
    Batch batch;
    for (std::size_t i = at; i < std::min(at + batch_size, capture.size()); ++i) {
      batch.packets.push_back(capture[i].first);
      batch.packets.back().bytes = out.bytes.emplace_back(capture[i].second);
    }
    work.work(batch, false);
    take(batch, out);
  }
  Batch rest;
  work.finish(rest);
  take(rest, out);
  return out;
}

}  // namespace pr::test
