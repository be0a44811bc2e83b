#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kHasHeaders =
    "0016cf419c20001d5adccff108004500008939b0000070116e7341379e51c0a802100dd80ed50075506500010000cd56"
    "69400b22df88000000f12ab9c828156000000000303afffe800000000000008000f227bec861affe8000000000000080"
    "00fffffffffffd86001f570000000000000000000007d003044040ffffffffffffffff000000002001000041379e5000"
    "00000000000000";

}  // namespace

class TeredoTest : public QObject {
  Q_OBJECT

 private slots:
  void has_headers() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kHasHeaders));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("teredo.auth.idlen"), 0U);
    QCOMPARE(r.uint("teredo.auth.aulen"), 0U);
    QCOMPARE(r.hex("teredo.auth.nonce"), std::string("cd5669400b22df88"));
    QCOMPARE(r.hex("teredo.auth.conf"), std::string("00"));
    QCOMPARE(r.uint("teredo.orig.port"), 3797U);
    QCOMPARE(r.uint("teredo.orig.addr"), 0x4637d7eaU);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("teredo"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kHasHeaders)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::TeredoTest)
#include "teredo_test.moc"
