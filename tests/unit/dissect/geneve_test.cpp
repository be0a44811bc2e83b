#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kHasOptions =
    "001b213cac30001b213cab6408004500008ec474400040114de81400000114000002c6d517c1007a0000020065580000"
    "0000000000010000000a76b5d50aa641b21a43d5fa4c080045000054000040004001fea61e0000011e0000020800ba2a"
    "41b0001dc8989b5300000000d148080000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b"
    "2c2d2e2f3031323334353637";

}  // namespace

class GeneveTest : public QObject {
  Q_OBJECT

 private slots:
  void has_options() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kHasOptions));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("geneve.version"), 0U);
    QCOMPARE(r.uint("geneve.option.length"), 8U);
    QCOMPARE(r.uint("geneve.flags"), 0x0U);
    QCOMPARE(r.uint("geneve.flags.oam"), 0U);
    QCOMPARE(r.uint("geneve.flags.critical"), 0U);
    QCOMPARE(r.uint("geneve.flags.reserved"), 0U);
    QCOMPARE(r.uint("geneve.proto_type"), 0x6558U);
    QCOMPARE(r.uint("geneve.vni"), 0x0U);
    QCOMPARE(r.uint("geneve.reserved"), 0x0U);
    QCOMPARE(r.hex("geneve.options"), std::string("000000010000000a"));
    QCOMPARE(r.hex("geneve.option"), std::string("000000010000000a"));
    QCOMPARE(r.uint("geneve.option.class"), 0x0U);
    QCOMPARE(r.uint("geneve.option.type"), 0x0U);
    QCOMPARE(r.uint("geneve.option.type.critical"), 0U);
    QCOMPARE(r.uint("geneve.option.flags"), 0x0U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("geneve"));
    QCOMPARE(r.frame.tunnels[0].id, 0U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kHasOptions)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::GeneveTest)
#include "geneve_test.moc"
