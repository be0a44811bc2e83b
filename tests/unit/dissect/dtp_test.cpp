#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector dtp_dissector;
}

namespace pr {

class DtpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kStatus = "01000100084c616200000200050400030005400004000a001906eab885";

 private slots:
  void status() {
    const auto r = test::run(dissect::dtp_dissector, test::from_hex(kStatus));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("dtp.version"), 1U);
    QCOMPARE(r.text("dtp.domain"), std::string("Lab"));
    QCOMPARE(r.uint("dtp.tas"), 4U);
    QCOMPARE(r.uint("dtp.tot"), 2U);
    QCOMPARE(r.hex("dtp.senderid"), std::string("001906eab885"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::dtp_dissector, test::from_hex(kStatus)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::DtpTest)
#include "dtp_test.moc"
