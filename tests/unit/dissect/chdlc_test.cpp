#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector chdlc_dissector;
}

namespace pr {

class ChdlcTest : public QObject {
  Q_OBJECT

 private slots:
  void type_leads_to_the_network_protocol() {
    const auto r = test::run(dissect::chdlc_dissector,
                             test::from_hex("0f 00 08 00 45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
    QCOMPARE(r.uint("chdlc.address"), 0x0fU);
    QCOMPARE(r.uint("chdlc.protocol"), 0x0800U);
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::chdlc_dissector,
                         test::from_hex("8f 00 08 00 45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ChdlcTest)
#include "chdlc_test.moc"
