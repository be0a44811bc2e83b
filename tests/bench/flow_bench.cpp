// Nanoseconds an update of the flow table takes and bytes a flow costs: SYN scan, UDP, established connections, and a
// stream that skips its messages. One line a figure.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "helper/flow/flow_table.h"
#include "helper/flow/stream.h"

namespace pr::flow {
namespace {

constexpr Timestamp kStart{std::chrono::seconds(1'700'000'000)};

// Memory in use now, in octets.
std::size_t resident() {
  std::ifstream in("/proc/self/statm");
  std::size_t total = 0, pages = 0;
  in >> total >> pages;
  return pages * 4096;
}

template <typename Body>
void measure(const char* what, std::size_t count, const Body& body) {
  const std::size_t before = resident();
  const std::clock_t start = std::clock();  // processor time: others may share the machine
  body();
  const double took = 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const std::size_t after = resident();
  std::printf("%-28s %7.1f ns each, %+7.1f B each\n", what, took / static_cast<double>(count),
              (static_cast<double>(after) - static_cast<double>(before)) / static_cast<double>(count));
}

FlowPacket tcp(std::uint32_t from, std::uint32_t to, std::uint16_t flags) {
  FlowPacket packet{.ts = kStart, .wire_len = 74};
  packet.src = {IpAddress::v4(from), static_cast<std::uint16_t>(1024 + from % 50000)};
  packet.dst = {IpAddress::v4(to), 443};
  packet.ip_proto = 6;
  packet.is_tcp = true;
  packet.tcp_flags = flags;
  packet.seq = 1000;
  packet.window = 8192;
  return packet;
}

void scan(std::uint32_t flows, const char* name, std::uint8_t ip_proto) {
  FlowTable table({.max_flows = 4 * std::size_t{flows}}, 99, [](Flow&, EndReason) {});
  measure(name, flows, [&] {
    for (std::uint32_t i = 0; i < flows; ++i) {
      FlowPacket packet = tcp(0x0a000001, 0x0b000000 + i, 2);
      packet.ip_proto = ip_proto;
      packet.is_tcp = ip_proto == 6;
      packet.number = i;
      TcpFacts facts;
      table.update(packet, &facts);
    }
  });
  measure("  ends", flows, [&] { table.end_all(); });
}

void established(std::uint32_t flows, std::uint32_t rounds) {
  FlowTable table({}, 99, [](Flow&, EndReason) {});
  TcpFacts facts;
  std::uint64_t number = 0;
  measure("TCP handshakes, 3 packets", std::size_t{flows} * 3, [&] {
    for (std::uint32_t i = 0; i < flows; ++i) {
      for (int k = 0; k < 3; ++k) {
        FlowPacket packet = tcp(0x0a000001 + i, 0x0b000000, k == 0 ? 2 : k == 1 ? 18 : 16);
        if (k == 1) std::swap(packet.src, packet.dst);
        packet.seq = k == 2 ? 1001 : 1000;
        packet.ack = k == 0 ? 0 : 1001;
        packet.number = ++number;
        table.update(packet, &facts);
      }
    }
  });
  const std::string name = "TCP data and ACK, " + std::to_string(flows) + " flows";
  measure(name.c_str(), std::size_t{flows} * rounds * 2, [&] {
    for (std::uint32_t round = 0; round < rounds; ++round) {
      for (std::uint32_t i = 0; i < flows; ++i) {
        FlowPacket packet = tcp(0x0a000001 + i, 0x0b000000, 24);
        packet.ts = kStart + std::chrono::milliseconds(round);
        packet.seq = 1001 + round * 1000;
        packet.ack = 1001;
        packet.payload_len = 1000;
        packet.number = ++number;
        table.advance(packet.ts);
        table.update(packet, &facts);
        std::swap(packet.src, packet.dst);
        packet.payload_len = 0;
        packet.seq = 1001;
        packet.ack = 2001 + round * 1000;
        packet.tcp_flags = 16;
        packet.number = ++number;
        table.update(packet, &facts);
      }
    }
  });
}

// Messages of 16 KiB of which only the first five octets are wanted.
void streams(std::uint32_t segments) {
  StreamBudget budget;
  Stream stream(budget, {});
  const std::vector<std::uint8_t> payload(1448, 1);
  measure("stream segment", segments, [&] {
    for (std::uint32_t i = 0; i < segments; ++i) {
      if (stream.add({.packet = i, .seq = i * 1448, .payload = payload, .payload_len = 1448})) {
        while (!stream.ready().empty()) stream.consume(16384);
      }
      stream.finish();
    }
  });
}

}  // namespace
}  // namespace pr::flow

int main() {
  pr::flow::streams(5'000'000);
  for (const std::uint32_t flows : {1U, 100U, 10'000U, 100'000U}) {
    pr::flow::established(flows, std::max(5U, 2'000'000U / flows / 2));
  }
  pr::flow::scan(1'000'000, "SYN scan, 1 M new flows", 6);
  pr::flow::scan(1'000'000, "UDP scan, 1 M new flows", 17);
}
