#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ppp_dissector;
}

namespace pr {

class PppTest : public QObject {
  Q_OBJECT

 private slots:
  void short_protocol_field() {
    const auto r = test::run(dissect::ppp_dissector,
                             test::from_hex("21 45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
    QCOMPARE(r.uint("ppp.protocol"), 0x21U);
    QVERIFY(r.frame.has_ip);
  }
  void hdlc_framing() {
    const auto r = test::run(dissect::ppp_dissector,
                             test::from_hex("ff 03 00 21 45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
    QCOMPARE(r.uint("ppp.address"), 0xffU);
    QCOMPARE(r.uint("ppp.control"), 3U);
    QCOMPARE(r.uint("ppp.protocol"), 0x21U);
    QVERIFY(r.frame.has_ip);
  }
  void control_protocols_are_data() {
    const auto r = test::run(dissect::ppp_dissector, test::from_hex("c0 21 01 01 00 04"));
    QCOMPARE(r.uint("ppp.protocol"), 0xc021U);
    QVERIFY(!r.frame.has_ip);
  }
  void a_direction_in_front() {
    const auto r =
        test::run(dissect::ppp_dissector,
                  test::from_hex("01 ff 03 00 21 45 00 00 14 00 01 00 00 40 00 66 d2 0a 00 00 01 0a 00 00 02"),
                  {.link_type = 204});
    QCOMPARE(r.uint("ppp.protocol"), 0x21U);
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::ppp_dissector,
                         test::from_hex("ff 03 00 21 45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PppTest)
#include "ppp_test.moc"
