#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector stp_dissector;
}

namespace pr {

class StpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kRapid =
      "000002020e8001001f6d96ec00000000008001001f6d96ec0080040000140002000f0000000000020001";
  static constexpr const char* kMultiple =
      "000003027c8000000c305dd100000000008000000c305dd10080050000140002000f0000005000000000000000000000"
      "0000000000000000000000000000000000000000000000000055bf4e8a44b25d442868549c1bf7720f00030d40800000"
      "1aa197d180137c8005000c305dd10000030d40808013";
  static constexpr const char* kUnknownElement =
      "000002023c800102000000000100000000800102000000000180010000140002000f0000000000020001000500030102"
      "03";

 private slots:
  void rapid() {
    const auto r = test::run(dissect::stp_dissector, test::from_hex(kRapid));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("stp.version"), 2U);
    QCOMPARE(r.uint("stp.type"), 2U);
    QCOMPARE(r.uint("stp.flags.port_role"), 3U);
    QCOMPARE(r.uint("stp.root.prio"), 32768U);
    QCOMPARE(r.uint("stp.root.ext"), 1U);
    QCOMPARE(r.hex("stp.root.hw"), std::string("001f6d96ec00"));
    QCOMPARE(r.uint("stp.port"), 32772U);
    QCOMPARE(r.uint("stp.pvst.origvlan"), 1U);
  }
  void multiple() {
    const auto r = test::run(dissect::stp_dissector, test::from_hex(kMultiple));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("mstp.version_3_length"), 80U);
    QCOMPARE(r.hex("mstp.config_digest"), std::string("55bf4e8a44b25d442868549c1bf7720f"));
    QCOMPARE(r.uint("mstp.cist_remaining_hops"), 19U);
    QCOMPARE(r.uint("mstp.msti.msti_id"), 5U);
    QCOMPARE(r.hex("mstp.msti.root.hw"), std::string("000c305dd100"));
    QCOMPARE(r.uint("mstp.msti.remaining_hops"), 19U);
  }
  void unknown_element() {
    const auto r = test::run(dissect::stp_dissector, test::from_hex(kUnknownElement));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("stp.pvst.tlvval"), std::string("010203"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::stp_dissector, test::from_hex(kRapid));
    test::sweep_prefixes(dissect::stp_dissector, test::from_hex(kMultiple));
    test::sweep_prefixes(dissect::stp_dissector, test::from_hex(kUnknownElement));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::StpTest)
#include "stp_test.moc"
