#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kCarriesPpp =
    "e0a1d718c273001733610000886411003b1a0036002145c0003452900000fa11ad2e6d0601485f88f26306a506a50020"
    "000003024a32d35e0000ff03c0210948000cc1343922e7e18ff6";
constexpr const char* kVersionThreeOverIp =
    "ca01176c0038ca021078001c0800450000540a7c0000fe73a7b1030303030202020200009652ca031078001cca031078"
    "001c90000000010000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000";

}  // namespace

class L2tpTest : public QObject {
  Q_OBJECT

 private slots:
  void carries_ppp() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kCarriesPpp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("l2tp.flags"), 0x302U);
    QCOMPARE(r.uint("l2tp.type"), 0U);
    QCOMPARE(r.uint("l2tp.length_bit"), 0U);
    QCOMPARE(r.uint("l2tp.seq_bit"), 0U);
    QCOMPARE(r.uint("l2tp.offset_bit"), 1U);
    QCOMPARE(r.uint("l2tp.priority"), 1U);
    QCOMPARE(r.uint("l2tp.version"), 2U);
    QCOMPARE(r.uint("l2tp.tunnel"), 18994U);
    QCOMPARE(r.uint("l2tp.session"), 54110U);
    QCOMPARE(r.uint("l2tp.offset"), 0U);
  }
  void version_three_over_ip() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kVersionThreeOverIp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("l2tp.sid"), 0x9652U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kCarriesPpp));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kVersionThreeOverIp));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::L2tpTest)
#include "l2tp_test.moc"
