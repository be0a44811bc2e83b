// link: pr_pipeline
// Packets of any kind through the whole analysis, then each alone through the view. The input is a sequence of
// (length, link type, bytes); time goes on by a millisecond a packet.
#include "helper/analysis/packet_view.h"
#include "helper/dissect/registry.h"
#include "tests/support/analyse.h"

namespace {

using namespace pr;

constexpr std::uint16_t kLinkTypes[] = {1, 0, 101, 108, 113, 228, 229, 276, 9, 104};

std::vector<std::pair<Packet, std::vector<std::uint8_t>>> packets_of(Bytes input) {
  std::vector<std::pair<Packet, std::vector<std::uint8_t>>> all;
  Cursor in(input);
  while (in.left() > 3 && all.size() < 64) {
    const std::size_t length = in.u16();
    const std::uint16_t link_type = kLinkTypes[in.u8() % std::size(kLinkTypes)];
    const Bytes bytes = in.take(std::min(length, in.left()));
    Packet packet{.ts = from_ns(1'700'000'000'000'000'000 + static_cast<std::int64_t>(all.size()) * 1'000'000),
                  .link_type = link_type,
                  .wire_len = static_cast<std::uint32_t>(length)};
    all.emplace_back(packet, std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const dissect::Registry registry;
  static const dissect::Engine engine(registry);
  const test::Analysed all = test::analyse(engine, packets_of({data, size}));
  analysis::PacketView view(engine, [&all](std::uint64_t number, Packet* packet, PacketFacts* facts) {
    if (number == 0 || number > all.packets.size()) return false;
    *packet = all.packets[number - 1];
    *facts = all.facts[number - 1];
    return true;
  });
  Dissection tree;
  for (std::size_t i = 0; i < all.packets.size(); ++i) view.dissect(all.packets[i], all.facts[i], {}, nullptr, tree);
  return 0;
}
