#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector isis_lsp_dissector;
}

namespace pr {

class IsisLspTest : public QObject {
  Q_OBJECT

  static constexpr const char* kOldMetrics =
      "831b010014010000006404af44444444444400000000000af252030104034900148101cc8902523484040a001401800c"
      "0a8080800a000000fffffffc020c000a8080804444444444440180180a8080800a001400fffffffc14808080c0a81400"
      "ffffff00006404af44444444444400000000000af252030104034900148101cc8902523484040a001401800c0a808080"
      "0a000000fffffffc020c000a8080804444444444440180180a8080800a001400fffffffc14808080c0a81400ffffff00";
  static constexpr const char* kWideMetrics =
      "831b0100120100000061fffe192000000008000000000031c3ad0301040349000281028ecc871b000f42401f0a001b00"
      "000f42406007070701080306400000000028160b192168001003000f424000f21007070701000209c00003e80103000f"
      "a00061fffe192000000008000000000031c3ad0301040349000281028ecc871b000f42401f0a001b00000f4240600707"
      "0701080306400000000028160b192168001003000f424000f21007070701000209c00003e80103000fa0";
  static constexpr const char* kOverIpv6 =
      "831b010012010000005f04b0010101010101000000000005000003e81020010db8000000000000000000000001161102"
      "02020202020000000a0608040a000002ec0e0000000a404020010db8000000010a0701736563726574e5040000000200"
      "5f04b0010101010101000000000005000003e81020010db800000000000000000000000116110202020202020000000a"
      "0608040a000002ec0e0000000a404020010db8000000010a0701736563726574e50400000002";

 private slots:
  void old_metrics() {
    const auto r = test::run(dissect::isis_lsp_dissector, test::from_hex(kOldMetrics));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.text("isis.lsp.lsp_id"), std::string("4444.4444.4444.00-00"));
    QCOMPARE(r.uint("isis.lsp.sequence_number"), 10U);
    QCOMPARE(r.uint("isis.lsp.checksum.status"), 1U);
    QCOMPARE(r.text("isis.lsp.hostname"), std::string("R4"));
    QCOMPARE(r.uint("isis.lsp.ip_reachability.ipv4_prefix"), 0x0a000000U);  // 10.0.0.0
    QCOMPARE(r.text("isis.lsp.eis_neighbors.is_neighbor"), std::string("4444.4444.4444.01"));
  }
  void wide_metrics() {
    const auto r = test::run(dissect::isis_lsp_dissector, test::from_hex(kWideMetrics));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("isis.lsp.ext_ip_reachability.ipv4_prefix"), 0x0a001b00U);  // 10.0.27.0
    QCOMPARE(r.uint("isis.lsp.ext_is_reachability.metric"), 1000000U);
    QCOMPARE(r.uint("isis.lsp.rt_capable.router_id"), 117901057U);
  }
  void over_ipv6() {
    const auto r = test::run(dissect::isis_lsp_dissector, test::from_hex(kOverIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("isis.lsp.clv_ipv6_int_addr"), std::string("20010db8000000000000000000000001"));
    QCOMPARE(r.uint("isis.lsp.ext_is_reachability.ipv4_neighbor_address"), 0x0a000002U);  // 10.0.0.2
    QCOMPARE(r.uint("isis.lsp.ipv6_reachability.metric"), 10U);
    QCOMPARE(r.uint("isis.lsp.ipv6_reachability.distribution"), 0U);
    QCOMPARE(r.uint("isis.lsp.ipv6_reachability.distribution_internal"), 1U);
    QCOMPARE(r.uint("isis.lsp.ipv6_reachability.subtlv"), 0U);
    QCOMPARE(r.uint("isis.lsp.ipv6_reachability.prefix_length"), 64U);
    QCOMPARE(r.hex("isis.lsp.ipv6_reachability.ipv6_prefix"), std::string("20010db8000000010000000000000000"));
    QCOMPARE(r.hex("isis.lsp.authentication"), std::string("736563726574"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::isis_lsp_dissector, test::from_hex(kOldMetrics));
    test::sweep_prefixes(dissect::isis_lsp_dissector, test::from_hex(kWideMetrics));
    test::sweep_prefixes(dissect::isis_lsp_dissector, test::from_hex(kOverIpv6));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IsisLspTest)
#include "isis_lsp_test.moc"
