#include "helper/analysis/packet_view.h"

#include <QTest>

#include "helper/dissect/registry.h"
#include "tests/support/analyse.h"
#include "tests/support/corpus.h"

namespace pr::analysis {
namespace {

std::string words(const dissect::Registry& registry, const Dissection& tree) {
  std::string out = tree.info;
  for (const Layer& layer : tree.layers) out += std::string(" ") + registry.at(layer.protocol).name;
  for (const Field& field : tree.fields) {
    out += ' ' + registry.catalog().at(field.id)->name + '=' + std::to_string(field.value.number) + '/' +
           std::to_string(field.value.size) + '@' + std::to_string(field.offset) + '+' + std::to_string(field.length);
  }
  return out;
}

}  // namespace

class PacketViewTest : public QObject {
  Q_OBJECT

 private slots:
  void a_packet_fetched_alone_shows_what_a_sequential_read_shows() {
    if (!test::has_corpus()) QSKIP("the corpus folder is not there");
    const dissect::Registry registry;
    const dissect::Engine engine(registry);
    int reassembled = 0;
    for (const std::string& path : test::captures(29)) {
      const test::Analysed all = test::analyse(engine, test::read_capture(path));
      const auto fetch = [&all](std::uint64_t number, Packet* packet, PacketFacts* facts) {
        if (number == 0 || number > all.packets.size()) return false;
        *packet = all.packets[number - 1];
        *facts = all.facts[number - 1];
        return true;
      };
      PacketView sequential(engine, fetch);
      Dissection one, other;
      const std::size_t count = std::min<std::size_t>(all.packets.size(), 300);
      for (std::size_t i = 0; i < count; ++i) {
        sequential.dissect(all.packets[i], all.facts[i], {}, nullptr, one);
        PacketView alone(engine, fetch);
        alone.dissect(all.packets[i], all.facts[i], {}, nullptr, other);
        reassembled += all.facts[i].parts.empty() ? 0 : 1;
        const std::string expected = words(registry, one);
        const std::string got = words(registry, other);
        if (got != expected) {
          QFAIL((path + " packet " + std::to_string(i + 1) + ": " + got + "\n  instead of " + expected).c_str());
        }
      }
    }
    QVERIFY(reassembled > 20);
  }
};

}  // namespace pr::analysis

QTEST_APPLESS_MAIN(pr::analysis::PacketViewTest)
#include "packet_view_test.moc"
