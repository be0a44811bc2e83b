#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kNested =
    "7a8a20f63cb5c889f3ada3330800450000cf0001000040117612010101010101010912b512b500bb91070c0000030000"
    "01007a8a20f63cb5c889f3ada33308004500009d0001000040117241020202020202020912b512b5008990390c000003"
    "000002007a8a20f63cb5c889f3ada33308004500006b0001000040116e70030303030303030912b512b500578f6b0c00"
    "0003000003007a8a20f63cb5c889f3ada3330800450000390001000040116a9f040404040404040900350035002598a0"
    "000001000001000000000000037777770362626303636f6d0000010001";
constexpr const char* kCarriesArp =
    "36dc851eb34000163e0871cf08004500004eb80240003e116e48c0a8ca01c0a8cb01a6d612b5003a0000080000000000"
    "6400ffffffffffff00308801000208060001080006040001003088010002c0a8cb05000000000000c0a8cb03";

}  // namespace

class VxlanTest : public QObject {
  Q_OBJECT

 private slots:
  void nested() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kNested));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("vxlan.flags"), 0xc00U);
    QCOMPARE(r.uint("vxlan.flag_g"), 0U);
    QCOMPARE(r.uint("vxlan.flag_i"), 1U);
    QCOMPARE(r.uint("vxlan.flag_d"), 0U);
    QCOMPARE(r.uint("vxlan.flag_a"), 0U);
    QCOMPARE(r.uint("vxlan.flags_reserved"), 0x400U);
    QCOMPARE(r.uint("vxlan.gbp"), 3U);
    QCOMPARE(r.uint("vxlan.vni"), 1U);
    QCOMPARE(r.uint("vxlan.reserved8"), 0U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{3});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("vxlan"));
    QCOMPARE(r.frame.tunnels[0].id, 1U);
    QCOMPARE(std::string(r.frame.tunnels[1].name), std::string("vxlan"));
    QCOMPARE(std::string(r.frame.tunnels[2].name), std::string("vxlan"));
  }
  void carries_arp() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kCarriesArp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("vxlan.flags"), 0x800U);
    QCOMPARE(r.uint("vxlan.flag_g"), 0U);
    QCOMPARE(r.uint("vxlan.flag_i"), 1U);
    QCOMPARE(r.uint("vxlan.flag_d"), 0U);
    QCOMPARE(r.uint("vxlan.flag_a"), 0U);
    QCOMPARE(r.uint("vxlan.flags_reserved"), 0x0U);
    QCOMPARE(r.uint("vxlan.gbp"), 0U);
    QCOMPARE(r.uint("vxlan.vni"), 100U);
    QCOMPARE(r.uint("vxlan.reserved8"), 0U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{0});
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kNested));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kCarriesArp));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::VxlanTest)
#include "vxlan_test.moc"
