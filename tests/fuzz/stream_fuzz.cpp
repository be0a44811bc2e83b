// link: pr_flow
// The flow module under hostile input: a script of segments, acknowledgements, fragments and packets. Holds what must
// hold for any input: limits, the budget, and parts that lie within their packets.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "helper/flow/flow_table.h"
#include "helper/flow/ip_fragments.h"
#include "helper/flow/stream.h"
#include "shared/base/cursor.h"

namespace pr::flow {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Script {
  explicit Script(Bytes data) : in(data), stream(budget, limits), table(few, 42, [](Flow&, EndReason) {}) {}

  void run() {
    while (in.left() > 0) {
      switch (in.u8() % 4) {
        case 0: acknowledge(); break;
        case 1: fragment(); break;
        case 2: packet(); break;
        default: segment();
      }
      require(budget.used <= budget.limit);
    }
    stream.stop();
    require(budget.used == 0);
    table.end_all();
    require(table.size() == 0);
  }

  Bytes octets(std::size_t n) { return in.take(n < in.left() ? n : in.left()); }

  void acknowledge() { stream.acknowledged(in.u16()); }

  void segment() {
    const unsigned what = in.u8();
    const std::uint32_t seq = in.u16() + ((what & 1U) != 0 ? 0xffff8000U : 0U);
    const Bytes payload = octets(in.u8());
    const auto missing = (what & 2U) != 0 ? std::uint32_t{in.u8()} : 0U;
    sizes.push_back(payload.size());
    const auto length = static_cast<std::uint32_t>(payload.size()) + missing;
    if (stream.add({.packet = sizes.size() - 1,
                    .seq = seq,
                    .payload = payload,
                    .payload_len = length,
                    .fin = (what & 0x1cU) == 0x1cU})) {
      read();
    }
    if (stream.completed()) check_parts(payload.size());
    stream.finish();
  }

  void read() {
    for (Bytes bytes = stream.ready(); !bytes.empty(); bytes = stream.ready()) {
      const unsigned n = bytes[0];
      if (n % 5 == 0) return stream.need(n == 250 ? ~std::uint64_t{0} : n * 3);
      stream.consume(n % 3 == 0 ? n * 4 + 1 : 1 + n % bytes.size());
    }
  }

  void check_parts(std::size_t own) const {
    require(stream.skip() + std::size_t{stream.use()} <= own);
    require(stream.parts().size() <= limits.message_parts + limits.out_of_order_segments + 4);
    for (const Part& part : stream.parts()) {
      require(part.packet < sizes.size() && part.length > 0);
      require(std::size_t{part.offset} + part.length <= sizes[part.packet]);
    }
  }

  void fragment() {
    IpFragments::Piece piece{.src = IpAddress::v4(1), .dst = IpAddress::v4(2), .id = in.u8() % 4U};
    piece.offset = std::uint32_t{in.u16()} & 0xfff8U;
    piece.more = in.u8() % 3 != 0;
    piece.bytes = octets(in.u8());
    piece.ts = now;
    std::vector<Part> parts;
    const Bytes whole = fragments.add(piece, &parts);
    std::size_t sum = 0;
    for (const Part& part : parts) sum += part.length;
    require(sum == whole.size());
  }

  void packet() {
    const unsigned what = in.u8();
    FlowPacket packet{.number = sizes.size(), .ts = now, .wire_len = 60};
    packet.src = {IpAddress::v4(what & 3U), static_cast<std::uint16_t>(what >> 2U & 1U)};
    packet.dst = {IpAddress::v4(what >> 3U & 3U), static_cast<std::uint16_t>(what >> 5U & 1U)};
    constexpr std::uint8_t kProtocols[] = {6, 17, 1, 58};
    packet.ip_proto = what < 192 ? 6 : kProtocols[what & 3U];
    packet.is_tcp = packet.ip_proto == 6;
    packet.tcp_flags = in.u8();
    packet.seq = in.u16();
    packet.ack = in.u16();
    packet.window = in.u8();
    packet.payload_len = in.u8();
    packet.window_shift = static_cast<std::int16_t>(in.u8() % 17 - 1);
    now += std::chrono::milliseconds(in.u16());
    TcpFacts facts;
    const auto found = table.update(packet, &facts);
    FlowSlice slice;
    fill_slice(*found.flow, &slice);
    require(slice.total[0].packets + slice.total[1].packets > 0);
    if (what % 7 == 0) table.advance(now);
    if (what % 5 == 0) table.snapshot([](Flow& flow) { close_slice(flow); });
    require(table.size() <= 128);
  }

  Cursor in;
  StreamBudget budget{.limit = 4000};
  const StreamLimits limits{
      .message_bytes = 600, .message_parts = 12, .out_of_order_segments = 10, .out_of_order_bytes = 800};
  const Limits few{.max_flows = 128};
  Stream stream;
  FlowTable table;
  IpFragments fragments;
  std::vector<std::size_t> sizes;  // payload of each segment
  Timestamp now = from_ns(1'700'000'000'000'000'000);
};

}  // namespace
}  // namespace pr::flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pr::flow::Script({data, size}).run();
  return 0;
}
