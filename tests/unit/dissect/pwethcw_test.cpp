#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kLeadsToEthernet =
    "cc000d5c0010cc010d5c00108847000130fe000101ff00000000005079666801005079666800080045000054cc704000"
    "4001ecc9c0a8000ac0a800140800529bcc70010008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"
    "2425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f0000000000000000000000000000000000000000"
    "00000000000000000000";

}  // namespace

class PwethcwTest : public QObject {
  Q_OBJECT

 private slots:
  void leads_to_ethernet() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kLeadsToEthernet));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("pweth.cw.sequence_number"), 0U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kLeadsToEthernet)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PwethcwTest)
#include "pwethcw_test.moc"
