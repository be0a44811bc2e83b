#include "helper/store/index_block.h"

#include "sample.h"

using namespace pr;
using namespace pr::store;
using test::Sample;

class IndexBlockTest : public QObject {
  Q_OBJECT

 private slots:
  void keeps_whatever_facts_say_data() {
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<unsigned>("count");
    for (unsigned seed = 1; seed <= 40; ++seed) QTest::addRow("seed %u", seed) << seed << (seed * 37) % 500 + 1;
    QTest::addRow("full block") << 99U << 4096U;
  }

  void keeps_whatever_facts_say() {
    QFETCH(unsigned, seed);
    QFETCH(unsigned, count);
    Sample sample(seed);
    Batch batch;
    sample.packets(batch, count / 2);
    sample.skip_number();
    sample.packets(batch, count - count / 2);
    IndexEncoder encoder;
    std::vector<std::uint64_t> positions;
    std::uint64_t position = 100;
    for (std::size_t i = 0; i < batch.packets.size(); ++i) {
      positions.push_back(position);
      encoder.add(batch.packets[i], position, batch.facts[i]);
      position += 32 + ((batch.packets[i].bytes.size() + 3) / 4 * 4) + (sample.chance(5) ? 48 : 0);
    }
    const BlockStart start = encoder.start();
    std::vector<std::uint8_t> raw;
    encoder.finish(raw);
    QCOMPARE(encoder.size(), std::size_t{0});
    IndexDecoder decoder;
    std::vector<IndexEntry> entries;
    PR_OK(decoder.decode(raw, start, count, entries));
    QCOMPARE(entries.size(), std::size_t{count});
    for (std::size_t i = 0; i < entries.size(); ++i) {
      QCOMPARE(entries[i].number, batch.packets[i].number);
      QCOMPARE(entries[i].ts, batch.packets[i].ts);
      QCOMPARE(std::size_t{entries[i].captured}, batch.packets[i].bytes.size());
      QCOMPARE(entries[i].position, positions[i]);
      QVERIFY2(test::same(entries[i].facts, batch.facts[i]), qPrintable(QString("packet %1").arg(i)));
    }
  }

  void damage_is_an_error_or_other_facts_but_never_a_crash() {
    Sample sample(7);
    Batch batch;
    sample.packets(batch, 300);
    IndexEncoder encoder;
    for (std::size_t i = 0; i < batch.packets.size(); ++i) encoder.add(batch.packets[i], i * 300, batch.facts[i]);
    const BlockStart start = encoder.start();
    std::vector<std::uint8_t> raw;
    encoder.finish(raw);
    IndexDecoder decoder;
    std::vector<IndexEntry> entries;
    for (std::size_t size = 0; size < raw.size(); size += 7) {
      QVERIFY(!decoder.decode(Bytes(raw).first(size), start, 300, entries).ok());
    }
    QVERIFY(!decoder.decode(raw, start, 299, entries).ok());
    QVERIFY(!decoder.decode(raw, start, 301, entries).ok());
    QVERIFY(!decoder.decode(raw, start, 5000, entries).ok());
    for (int i = 0; i < 3000; ++i) {
      std::vector<std::uint8_t> damaged = raw;
      for (std::uint64_t n = sample.below(4) + 1; n > 0; --n) {
        damaged[sample.below(damaged.size())] = static_cast<std::uint8_t>(sample.any());
      }
      (void)decoder.decode(damaged, start, 300, entries);
    }
    PR_OK(decoder.decode(raw, start, 300, entries));
  }
};

QTEST_APPLESS_MAIN(IndexBlockTest)
#include "index_block_test.moc"
