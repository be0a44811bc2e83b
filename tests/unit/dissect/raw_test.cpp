#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector raw_dissector;
}

namespace pr {

class RawTest : public QObject {
  Q_OBJECT

 private slots:
  void the_version_tells_the_network_protocol() {
    const auto r = test::run(dissect::raw_dissector,
                             test::from_hex("45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QVERIFY(r.has("ip.src"));
    QVERIFY(r.frame.has_ip);
  }
  void anything_else_is_data() { QVERIFY(test::run(dissect::raw_dissector, test::from_hex("a5 01")).has("data.data")); }
  void every_prefix() {
    test::sweep_prefixes(dissect::raw_dissector,
                         test::from_hex("45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::RawTest)
#include "raw_test.moc"
