#include "helper/analysis/engine_clock.h"

#include <QTest>

namespace pr::analysis {

class EngineClockTest : public QObject {
  Q_OBJECT

  static Timestamp at(std::int64_t seconds) { return from_ns(seconds * 1'000'000'000); }

 private slots:
  void follows_packets_and_never_goes_back() {
    EngineClock clock;
    QCOMPARE(to_ns(clock.advance(at(100))), to_ns(at(100)));
    QCOMPARE(to_ns(clock.advance(at(103))), to_ns(at(103)));
    QCOMPARE(to_ns(clock.advance(at(50))), to_ns(at(103)));
  }

  void one_broken_timestamp_moves_nothing() {
    EngineClock clock;
    clock.advance(at(100));
    QCOMPARE(to_ns(clock.advance(at(900'000))), to_ns(at(100)));
    QCOMPARE(to_ns(clock.advance(at(101))), to_ns(at(101)));
  }

  void ten_packets_that_agree_are_believed() {
    EngineClock clock;
    clock.advance(at(100));
    for (int i = 0; i < 9; ++i) QCOMPARE(to_ns(clock.advance(at(900'000 + i))), to_ns(at(100)));
    QCOMPARE(to_ns(clock.advance(at(900'009))), to_ns(at(900'009)));
  }

  void jumps_that_disagree_are_not() {
    EngineClock clock;
    clock.advance(at(100));
    for (int i = 1; i < 30; ++i) QCOMPARE(to_ns(clock.advance(at(i * 1'000'000))), to_ns(at(100)));
  }
};

}  // namespace pr::analysis

QTEST_APPLESS_MAIN(pr::analysis::EngineClockTest)
#include "engine_clock_test.moc"
