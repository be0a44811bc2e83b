#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector chdlc_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kKeepsAlive = "8f008035000000020000000500000002ffff0078f0a20000";

}  // namespace

class SlarpTest : public QObject {
  Q_OBJECT

 private slots:
  void keeps_alive() {
    const auto r = test::run(dissect::chdlc_dissector, test::from_hex(kKeepsAlive), {.link_type = 104});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("slarp.ptype"), 2U);
    QCOMPARE(r.uint("slarp.mysequence"), 5U);
    QCOMPARE(r.uint("slarp.yoursequence"), 2U);
    QCOMPARE(r.uint("slarp.reliability"), 0xffffU);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::chdlc_dissector, test::from_hex(kKeepsAlive), {.link_type = 104});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::SlarpTest)
#include "slarp_test.moc"
