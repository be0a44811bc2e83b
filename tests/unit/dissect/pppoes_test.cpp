#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kCarriesPpp =
    "00901aa03da40011f513d7a388641100069d003200214500003001374000800658a7accaf639400cbdd9042701bbe942"
    "8755000000007002ffff6bed00000204058201010402";

}  // namespace

class PppoesTest : public QObject {
  Q_OBJECT

 private slots:
  void carries_ppp() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kCarriesPpp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("pppoe.version"), 1U);
    QCOMPARE(r.uint("pppoe.type"), 1U);
    QCOMPARE(r.uint("pppoe.code"), 0x0U);
    QCOMPARE(r.uint("pppoe.session_id"), 0x69dU);
    QCOMPARE(r.uint("pppoe.payload_length"), 50U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kCarriesPpp)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PppoesTest)
#include "pppoes_test.moc"
