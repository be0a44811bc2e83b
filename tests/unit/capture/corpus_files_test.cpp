// Packets, bytes and link types of real captures as other tools count them.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "helper/capture/packet_source.h"
#include "shared/model/link_type.h"
#include "tests/support/corpus.h"

namespace {

struct Counts {
  qint64 packets = 0, bytes = 0;
  QString link_types;
  bool operator==(const Counts&) const = default;
};

Counts count(const std::string& path) {
  Counts counts;
  const auto source = pr::capture::open_file(path);
  if (!source.ok()) return counts;
  pr::Batch batch;
  std::vector<std::uint16_t> link_types;
  while (true) {
    batch.clear();
    const auto more = (*source)->read(batch);
    counts.packets += static_cast<qint64>(batch.packets.size());
    for (const pr::Packet& packet : batch.packets) counts.bytes += packet.wire_len;
    for (const pr::InterfaceInfo& info : batch.new_interfaces) link_types.push_back(info.link_type);
    if (!more.ok() || !*more) break;
  }
  counts.link_types = QString::fromStdString(pr::link_types_text(link_types));
  return counts;
}

QJsonObject index_of_corpus() {
  QFile file(pr::test::corpus_folder() + "/index.json");
  if (!file.open(QIODevice::ReadOnly)) return {};
  return QJsonDocument::fromJson(file.readAll()).object()["files"].toObject();
}

}  // namespace

class CorpusFilesTest : public QObject {
  Q_OBJECT
 private slots:
  void counts_are_as_other_tools_find_them() {
    if (!pr::test::has_corpus()) QSKIP("no captures beside the repository (../shared/corpus/dev)");
    const QJsonObject index = index_of_corpus();
    QVERIFY(!index.isEmpty());
    int files = 0, right = 0;
    for (auto it = index.begin(); it != index.end(); ++it) {
      const QJsonObject truth = it->toObject();
      const Counts mine = count((pr::test::corpus_folder() + "/" + it.key()).toStdString());
      // Damaged files have been read; what other tools make of them differs from tool to tool.
      if (truth["category"] != "normal" || truth["truth_partial"].toBool()) continue;
      const Counts theirs{truth["packets"].toInteger(), truth["bytes"].toInteger(), truth["linktype"].toString()};
      ++files;
      if (mine == theirs) {
        ++right;
      } else {
        qInfo().noquote() << it.key() << "has" << mine.packets << mine.bytes << mine.link_types << "expected"
                          << theirs.packets << theirs.bytes << theirs.link_types;
      }
    }
    qInfo() << right << "of" << files;
    // The rest counts custom blocks as packets.
    QVERIFY(right >= files * 0.995);
  }

  void names_of_link_types_are_the_corpus_ones() {
    if (!pr::test::has_corpus()) QSKIP("no captures beside the repository (../shared/corpus/dev)");
    const QJsonObject index = index_of_corpus();
    for (auto it = index.begin(); it != index.end(); ++it) {
      std::vector<std::uint16_t> numbers;
      for (const auto& number : it->toObject()["linktypes"].toArray()) {
        numbers.push_back(static_cast<std::uint16_t>(number.toInt()));
      }
      QCOMPARE(QString::fromStdString(pr::link_types_text(numbers)), it->toObject()["linktype"].toString());
    }
  }

  void link_types_are_joined_once_each_in_order() {
    QCOMPARE(pr::link_types_text({}), std::string());
    QCOMPARE(pr::link_types_text({113, 1, 274, 1}), std::string("ETHERNET+LINUX_SLL+274"));
    QCOMPARE(pr::link_types_text({14, 101, 12}), std::string("RAW"));
    QCOMPARE(pr::link_type_name(65535), std::string("65535"));
  }
};

QTEST_APPLESS_MAIN(CorpusFilesTest)
#include "corpus_files_test.moc"
