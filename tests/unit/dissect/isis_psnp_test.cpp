#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector isis_psnp_dissector;
}

namespace pr {

class IsisPsnpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kPartial =
      "831101001a010000002311111111111100091004ad2222222222220000000000054382002311111111111100091004ad"
      "2222222222220000000000054382";

 private slots:
  void partial() {
    const auto r = test::run(dissect::isis_psnp_dissector, test::from_hex(kPartial));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("isis.psnp.pdu_length"), 35U);
    QCOMPARE(r.text("isis.psnp.source_id"), std::string("1111.1111.1111"));
    QCOMPARE(r.uint("isis.csnp.lsp_remain_life"), 1197U);
    QCOMPARE(r.text("isis.csnp.lsp_id"), std::string("2222.2222.2222.00-00"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::isis_psnp_dissector, test::from_hex(kPartial)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IsisPsnpTest)
#include "isis_psnp_test.moc"
