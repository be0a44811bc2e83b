#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector isis_dissector;
}

namespace pr {

class IsisTest : public QObject {
  Q_OBJECT

  static constexpr const char* kLinkState =
      "831b010014010000006404af44444444444400000000000af252030104034900148101cc8902523484040a001401800c"
      "0a8080800a000000fffffffc020c000a8080804444444444440180180a8080800a001400fffffffc14808080c0a81400"
      "ffffff00006404af44444444444400000000000af252030104034900148101cc8902523484040a001401800c0a808080"
      "0a000000fffffffc020c000a8080804444444444440180180a8080800a001400fffffffc14808080c0a81400ffffff00";

 private slots:
  void link_state() {
    const auto r = test::run(dissect::isis_dissector, test::from_hex(kLinkState));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("isis.irpd"), 131U);
    QCOMPARE(r.uint("isis.len"), 27U);
    QCOMPARE(r.uint("isis.type"), 20U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::isis_dissector, test::from_hex(kLinkState)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IsisTest)
#include "isis_test.moc"
