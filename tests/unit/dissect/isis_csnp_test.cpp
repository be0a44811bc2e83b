#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector isis_csnp_dissector;
}

namespace pr {

class IsisCsnpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kComplete =
      "83210100190100000053444444444444000000000000000000ffffffffffffffff093004a83333333333330000000000"
      "0924b104aa44444444444400000000000af25204aa4444444444440100000000037ef700534444444444440000000000"
      "00000000ffffffffffffffff093004a833333333333300000000000924b104aa44444444444400000000000af25204aa"
      "4444444444440100000000037ef7";

 private slots:
  void complete() {
    const auto r = test::run(dissect::isis_csnp_dissector, test::from_hex(kComplete));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.text("isis.csnp.source_id"), std::string("4444.4444.4444"));
    QCOMPARE(r.text("isis.csnp.end_lsp_id"), std::string("ffff.ffff.ffff.ff-ff"));
    QCOMPARE(r.uint("isis.csnp.lsp_seq_num"), 9U);
    QCOMPARE(r.text("isis.csnp.lsp_id"), std::string("3333.3333.3333.00-00"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::isis_csnp_dissector, test::from_hex(kComplete)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IsisCsnpTest)
#include "isis_csnp_test.moc"
