#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector udld_dissector;
}

namespace pr {

class UdldTest : public QObject {
  Q_OBJECT

  static constexpr const char* kProbe =
      "21036d850001000f464f43313033315a374a47000200094769302f310003000800000000000400050700050005050006"
      "000653310007000800000001";

 private slots:
  void probe() {
    const auto r = test::run(dissect::udld_dissector, test::from_hex(kProbe));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("udld.version"), 1U);
    QCOMPARE(r.uint("udld.opcode"), 1U);
    QCOMPARE(r.uint("udld.flags.rsy"), 1U);
    QCOMPARE(r.text("udld.device_id"), std::string("FOC1031Z7JG"));
    QCOMPARE(r.text("udld.sent_through_interface"), std::string("Gi0/1"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::udld_dissector, test::from_hex(kProbe)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::UdldTest)
#include "udld_test.moc"
