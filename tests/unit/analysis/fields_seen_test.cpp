// A field that no packet ever shows is a promise that nobody keeps.
#include <QDirIterator>
#include <QFile>
#include <QTest>
#include <set>

#include "helper/analysis/packet_view.h"
#include "helper/dissect/registry.h"
#include "tests/support/analyse.h"
#include "tests/support/corpus.h"

namespace pr::analysis {
namespace {

// Rare ones that have no golden case yet; the number may only fall.
constexpr std::size_t kMayBeMissing = 323;

// Fields and layers that the packets of a capture show.
void see(const dissect::Engine& engine, const std::string& path, std::set<FieldId>& seen) {
  const test::Analysed all = test::analyse(engine, test::read_capture(path));
  PacketView view(engine, [&all](std::uint64_t number, Packet* packet, PacketFacts* facts) {
    if (number == 0 || number > all.packets.size()) return false;
    *packet = all.packets[number - 1];
    *facts = all.facts[number - 1];
    return true;
  });
  Dissection tree;
  for (std::size_t i = 0; i < all.packets.size(); ++i) {
    view.dissect(all.packets[i], all.facts[i], {}, nullptr, tree);
    for (const Layer& layer : tree.layers) seen.insert(engine.registry().protocol_field(layer.protocol));
    for (const Field& field : tree.fields) seen.insert(field.id);
  }
}

// What the tests of the dissectors say: a golden case names the fields that it looks at.
std::string sources_of_tests() {
  std::string text;
  QDirIterator it(QStringLiteral(PR_SOURCE_DIR "/tests/unit/dissect"), {QStringLiteral("*_test.cpp")}, QDir::Files);
  while (it.hasNext()) {
    QFile file(it.next());
    if (file.open(QIODevice::ReadOnly)) text += file.readAll().toStdString();
  }
  return text;
}

}  // namespace

class FieldsSeenTest : public QObject {
  Q_OBJECT

 private slots:
  void every_field_appears_in_a_capture_or_in_a_golden_case() {
    if (!test::has_corpus()) QSKIP("the corpus folder is not there");
    const dissect::Registry registry;
    const dissect::Engine engine(registry);
    std::set<FieldId> seen;
    for (const std::string& path : test::captures()) see(engine, path, seen);
    const std::string golden = sources_of_tests();
    std::size_t fields = 0, missing = 0;
    for (const FieldInfo& info : registry.catalog().all()) {
      ++fields;
      const bool shown = std::ranges::any_of(info.ids, [&seen](FieldId id) { return seen.contains(id); });
      // flow.* are a flow's, not a packet's.
      if (shown || info.protocol == "flow" || golden.find('"' + info.name + '"') != std::string::npos) continue;
      ++missing;
      qWarning("never seen: %s", info.name.c_str());
    }
    qInfo("%zu fields, %zu of them never seen", fields, missing);
    QVERIFY2(missing <= kMayBeMissing, "more fields than before are never seen");
  }
};

}  // namespace pr::analysis

QTEST_APPLESS_MAIN(pr::analysis::FieldsSeenTest)
#include "fields_seen_test.moc"
