#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kCarriesPackets =
    "0000000000000000000000000800450000840000400040113c667f0000027f0000010d3a0d3a0070b9b21eff00540000"
    "0001ffffffff420001214365870945000054000040004001c53fc0a80003d155e3680800e5e9000000008254f04baa72"
    "0a0008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435"
    "3637";

}  // namespace

class GtpprimeTest : public QObject {
  Q_OBJECT

 private slots:
  void carries_packets() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kCarriesPackets));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kCarriesPackets)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::GtpprimeTest)
#include "gtpprime_test.moc"
