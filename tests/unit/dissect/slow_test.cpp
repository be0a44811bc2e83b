#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector slow_dissector;
}

namespace pr {

class SlowTest : public QObject {
  Q_OBJECT

  static constexpr const char* kLacp =
      "0101011480000200000000010001800000023d000000021480000200000000020001800000033d000000031000000000"
      "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "0000000000000000000000000000";

 private slots:
  void lacp() {
    const auto r = test::run(dissect::slow_dissector, test::from_hex(kLacp));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("slow.subtype"), 1U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::slow_dissector, test::from_hex(kLacp)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::SlowTest)
#include "slow_test.moc"
