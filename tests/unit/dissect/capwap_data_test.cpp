#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kCarriesWlan =
    "24e9b347ae20b83861f305ac080045000194004940004011a3acc0a80a0ac0a80a09305c147f01800000002043200000"
    "00000104ed4d0000000001082c00580a20690e201caba7f2139dffffffffffff0000aaaa03000000080045000148ec5a"
    "0000ff11ce4a00000000ffffffff00440043013499f701010600cc4ec6fe000000000000000000000000000000000000"
    "00001caba7f2139d00000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000006382536335010137060103060f77fc390205dc3d07011caba7f2139d3304"
    "0076a7000c0b6b617761692d6950616433ff00000000000000000000000000000000";

}  // namespace

class CapwapDataTest : public QObject {
  Q_OBJECT

 private slots:
  void carries_wlan() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kCarriesWlan));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("capwap.preamble.version"), 0U);
    QCOMPARE(r.uint("capwap.preamble.type"), 0U);
    QCOMPARE(r.uint("capwap.header.length"), 4U);
    QCOMPARE(r.uint("capwap.header.rid"), 1U);
    QCOMPARE(r.uint("capwap.header.wbid"), 1U);
    QCOMPARE(r.uint("capwap.header.flags"), 0x120U);
    QCOMPARE(r.uint("capwap.header.flags.t"), 1U);
    QCOMPARE(r.uint("capwap.header.flags.f"), 0U);
    QCOMPARE(r.uint("capwap.header.flags.l"), 0U);
    QCOMPARE(r.uint("capwap.header.flags.w"), 1U);
    QCOMPARE(r.uint("capwap.header.flags.m"), 0U);
    QCOMPARE(r.uint("capwap.header.flags.k"), 0U);
    QCOMPARE(r.uint("capwap.header.flags.r"), 0x0U);
    QCOMPARE(r.uint("capwap.header.fragment.id"), 0U);
    QCOMPARE(r.uint("capwap.header.fragment.offset"), 0U);
    QCOMPARE(r.uint("capwap.header.fragment.reserved"), 0U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("capwap"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kCarriesWlan)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::CapwapDataTest)
#include "capwap_data_test.moc"
