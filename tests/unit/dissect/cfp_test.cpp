#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kOspf =
    "3333000000050200000001718903002033330000000502028e790af786dd6000000000405901fe800000000000000011"
    "001600170136ff02000000000000000000000000000503010040c50b88010b0b0b0b768500000000008306000013000a"
    "0028c50b8801c50b8901c50ba211c50b8911c50ba011c50ba201c50b8901c50ba001c50b8811";
constexpr const char* kUnicast =
    "fecabc1200030200000001718903ffe033330000000502028e790af7080045000014000100004000669a0a0000010a00"
    "000201020304";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class CfpTest : public QObject {
  Q_OBJECT

 private slots:
  void ospf() {
    const auto r = result_of(kOspf);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.hex("cfp.d_hmac_mc"), std::string("333300000005"));
    QVERIFY(!r.has("cfp.d_hmac"));
    QCOMPARE(r.uint("cfp.ul"), 1U);
    QCOMPARE(r.uint("cfp.swid"), 0U);
    QCOMPARE(r.uint("cfp.lid"), 369U);
    QCOMPARE(r.uint("cfp.etype"), 0x8903U);
    QCOMPARE(r.uint("cfp.ttl"), 32U);
    QCOMPARE(r.uint("cfp.fcs"), 0xc50b8811U);
    QCOMPARE(r.hex("eth.src"), std::string("02028e790af7"));
    QVERIFY(r.frame.has_ip);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("fabricpath"));
    QCOMPARE(r.frame.tunnels[0].id, 0U);
  }
  void unicast() {
    const auto r = result_of(kUnicast);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("cfp.eid"), 255U);
    QCOMPARE(r.uint("cfp.swid"), 0xabcU);
    QCOMPARE(r.uint("cfp.sswid"), 0x12U);
    QCOMPARE(r.uint("cfp.lid"), 0x003U);
    QCOMPARE(r.uint("cfp.ftag"), 1023U);
    QCOMPARE(r.values("cfp.lid").size(), std::size_t{2});
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kOspf, kUnicast}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::CfpTest)
#include "cfp_test.moc"
