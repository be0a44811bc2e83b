#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector null_dissector;
}

namespace pr {

class NullTest : public QObject {
  Q_OBJECT

 private slots:
  void family_in_either_byte_order() {
    for (const char* family : {"02 00 00 00", "00 00 00 02"}) {
      const auto r = test::run(
          dissect::null_dissector,
          test::from_hex(std::string(family) + "45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
      QCOMPARE(r.uint("null.family"), 2U);
      QVERIFY(r.frame.has_ip);
    }
  }
  void an_ethernet_type_may_stand_there() {
    const auto r = test::run(dissect::null_dissector,
                             test::from_hex("00 00 08 00 45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
    QCOMPARE(r.uint("null.type"), 0x0800U);
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::null_dissector,
                         test::from_hex("1e 00 00 00 45 00 00 14 00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::NullTest)
#include "null_test.moc"
