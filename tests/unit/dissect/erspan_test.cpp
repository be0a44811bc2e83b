#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kTypeTwo =
    "6400f1e201126400f1e2010108004500009600004000fe2f76330202020201010101100088be00000704101708640000"
    "00006400f1e103036400f1e1020208004500006408940000ff0185001700000217000003080057b50016000000000000"
    "00a825d7abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
    "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcd";
constexpr const char* kTypeThree =
    "005056eb85f400351af39d4408004500008afd3700003f2f6a0b0a0000010a000002100022eb03b3ed5c201400000000"
    "145800008030025056564452005056bed55d080045000054e1bc00003f01c813c0a80f2f010101010800097d01390000"
    "5c38854c000c20b608090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
    "3031323334353637";

}  // namespace

class ErspanTest : public QObject {
  Q_OBJECT

 private slots:
  void type_two() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kTypeTwo));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("erspan.version"), 1U);
    QCOMPARE(r.uint("erspan.vlan"), 23U);
    QCOMPARE(r.uint("erspan.cos"), 0U);
    QCOMPARE(r.uint("erspan.encap"), 1U);
    QCOMPARE(r.uint("erspan.truncated"), 0U);
    QCOMPARE(r.uint("erspan.spanid"), 100U);
    QCOMPARE(r.uint("erspan.reserved"), 0U);
    QCOMPARE(r.uint("erspan.index"), 0U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{2});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("gre"));
    QCOMPARE(std::string(r.frame.tunnels[1].name), std::string("erspan"));
    QCOMPARE(r.frame.tunnels[1].id, 100U);
  }
  void type_three() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kTypeThree));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("erspan.version"), 2U);
    QCOMPARE(r.uint("erspan.vlan"), 20U);
    QCOMPARE(r.uint("erspan.cos"), 0U);
    QCOMPARE(r.uint("erspan.bso"), 0U);
    QCOMPARE(r.uint("erspan.truncated"), 0U);
    QCOMPARE(r.uint("erspan.spanid"), 0U);
    QCOMPARE(r.uint("erspan.timestamp"), 5208U);
    QCOMPARE(r.uint("erspan.sgt"), 0U);
    QCOMPARE(r.uint("erspan.p"), 1U);
    QCOMPARE(r.uint("erspan.ft"), 0U);
    QCOMPARE(r.uint("erspan.hw"), 3U);
    QCOMPARE(r.uint("erspan.direction"), 0U);
    QCOMPARE(r.uint("erspan.gra"), 0U);
    QCOMPARE(r.uint("erspan.o"), 0U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{2});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("gre"));
    QCOMPARE(std::string(r.frame.tunnels[1].name), std::string("erspan"));
    QCOMPARE(r.frame.tunnels[1].id, 0U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kTypeTwo));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kTypeThree));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ErspanTest)
#include "erspan_test.moc"
