#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector pim_dissector;
}

namespace pr {

class PimTest : public QObject {
  Q_OBJECT

  static constexpr const char* kHello = "200041fe00010002006900140004d76fc4dc00130004000000010015000401000000";
  static constexpr const char* kJoin = "23005ae501000a00000d000100d201000020ef7b7b7b000100000100072001010101";
  static constexpr const char* kVersion1 = "14046df410000000ef7b7b7bffffffff010101010000010e";
  static constexpr const char* kBootstrap = "2400f53c00011e0501000a00000101000020ef0101010101000001000a0000010096c000";
  static constexpr const char* kCandidate = "2800d98501c0009601000a00000101000020ef010101";
  static constexpr const char* kAssertMetric = "25005e5901000020ef01010101000a0000018000006e00000014";
  static constexpr const char* kStateRefresh =
      "29004f0b01000020ef01010101000a00000101000a0000018000006e000000142010e03c";
  static constexpr const char* kAddresses = "2000d4740001000200690018000601000a000001";
  static constexpr const char* kJoinIpv6 =
      "230060e50200fe800000000000000000000000000002000100d202000080ff3e00000000000000000000000012340001"
      "00010200048020010db80000000000000000000000050200048020010db8000000000000000000000005";
  static constexpr const char* kBootstrapIpv6 =
      "2400892700017e050200fe80000000000000000000000000000202000080ff3e00000000000000000000000012340101"
      "00000200fe8000000000000000000000000000020096c000";
  static constexpr const char* kStateRefreshIpv6 =
      "2900e2f502000080ff3e00000000000000000000000012340200fe8000000000000000000000000000020200fe800000"
      "0000000000000000000000028000006e000000148010e03c";
  static constexpr const char* kAddressesIpv6 = "2000e0cd000100020069001800120200fe800000000000000000000000000002";

 private slots:
  void hello() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kHello));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.version"), 2U);
    QCOMPARE(r.uint("pim.type"), 0U);
    QCOMPARE(r.uint("pim.holdtime"), 105U);
    QCOMPARE(r.uint("pim.generation_id"), 3614426332U);
    QCOMPARE(r.uint("pim.dr_priority"), 1U);
  }
  void join() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kJoin));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.upstream_neighbor"), 0x0a00000dU);  // 10.0.0.13
    QCOMPARE(r.uint("pim.group"), 0xef7b7b7bU);              // 239.123.123.123
    QCOMPARE(r.uint("pim.numjoins"), 1U);
    QCOMPARE(r.uint("pim.join_ip"), 0x01010101U);  // 1.1.1.1
    QCOMPARE(r.uint("pim.source_addr.flags.w"), 1U);
  }
  void version_1() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kVersion1));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.version"), 1U);
    QCOMPARE(r.uint("pim.code"), 4U);
    QCOMPARE(r.uint("pim.group_address"), 0xef7b7b7bU);  // 239.123.123.123
    QCOMPARE(r.uint("pim.rp"), 0x01010101U);             // 1.1.1.1
  }
  void bootstrap() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kBootstrap));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.fragment_tag"), 1U);
    QCOMPARE(r.uint("pim.hash_mask_len"), 30U);
    QCOMPARE(r.uint("pim.bsr_priority"), 5U);
    QCOMPARE(r.uint("pim.bsr"), 0x0a000001U);  // 10.0.0.1
    QCOMPARE(r.uint("pim.rp_count"), 1U);
    QCOMPARE(r.uint("pim.frp_count"), 1U);
    QCOMPARE(r.uint("pim.priority"), 192U);
  }
  void candidate() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kCandidate));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.prefix_count"), 1U);
    QCOMPARE(r.uint("pim.priority"), 192U);
  }
  void assert_metric() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kAssertMetric));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.rpt"), 1U);
    QCOMPARE(r.uint("pim.metric_pref"), 110U);
    QCOMPARE(r.uint("pim.metric"), 20U);
  }
  void state_refresh() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kStateRefresh));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.originator"), 0x0a000001U);  // 10.0.0.1
    QCOMPARE(r.uint("pim.rpt"), 1U);
    QCOMPARE(r.uint("pim.metric_pref"), 110U);
    QCOMPARE(r.uint("pim.metric"), 20U);
    QCOMPARE(r.uint("pim.ttl"), 16U);
    QCOMPARE(r.uint("pim.prune_indicator"), 1U);
    QCOMPARE(r.uint("pim.prune_now"), 1U);
    QCOMPARE(r.uint("pim.assert_override"), 1U);
    QCOMPARE(r.uint("pim.interval"), 60U);
  }
  void addresses() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kAddresses));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.address_list"), 0x0a000001U);  // 10.0.0.1
  }
  void join_ipv6() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kJoinIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("pim.upstream_neighbor_ip6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.hex("pim.unicast_ipv6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.hex("pim.group_ip6"), std::string("ff3e0000000000000000000000001234"));
    QCOMPARE(r.hex("pim.join_ip6"), std::string("20010db8000000000000000000000005"));
    QCOMPARE(r.hex("pim.source_ip6"), std::string("20010db8000000000000000000000005"));
    QCOMPARE(r.hex("pim.prune_ip6"), std::string("20010db8000000000000000000000005"));
  }
  void bootstrap_ipv6() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kBootstrapIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("pim.fragment_tag"), 1U);
    QCOMPARE(r.uint("pim.hash_mask_len"), 126U);
    QCOMPARE(r.uint("pim.bsr_priority"), 5U);
    QCOMPARE(r.hex("pim.bsr_ip6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.hex("pim.unicast_ipv6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.hex("pim.group_ip6"), std::string("ff3e0000000000000000000000001234"));
    QCOMPARE(r.uint("pim.rp_count"), 1U);
    QCOMPARE(r.uint("pim.frp_count"), 1U);
    QCOMPARE(r.uint("pim.priority"), 192U);
    QCOMPARE(r.hex("pim.rp_ip6"), std::string("fe800000000000000000000000000002"));
  }
  void state_refresh_ipv6() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kStateRefreshIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("pim.group_ip6"), std::string("ff3e0000000000000000000000001234"));
    QCOMPARE(r.hex("pim.source_ip6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.hex("pim.unicast_ipv6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.hex("pim.originator_ip6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.uint("pim.rpt"), 1U);
    QCOMPARE(r.uint("pim.metric_pref"), 110U);
    QCOMPARE(r.uint("pim.metric"), 20U);
    QCOMPARE(r.uint("pim.ttl"), 16U);
    QCOMPARE(r.uint("pim.prune_indicator"), 1U);
    QCOMPARE(r.uint("pim.prune_now"), 1U);
    QCOMPARE(r.uint("pim.assert_override"), 1U);
    QCOMPARE(r.uint("pim.interval"), 60U);
  }
  void addresses_ipv6() {
    const auto r = test::run(dissect::pim_dissector, test::from_hex(kAddressesIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("pim.address_list_ip6"), std::string("fe800000000000000000000000000002"));
    QCOMPARE(r.hex("pim.unicast_ipv6"), std::string("fe800000000000000000000000000002"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kHello));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kJoin));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kVersion1));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kBootstrap));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kCandidate));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kAssertMetric));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kStateRefresh));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kAddresses));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kJoinIpv6));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kBootstrapIpv6));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kStateRefreshIpv6));
    test::sweep_prefixes(dissect::pim_dissector, test::from_hex(kAddressesIpv6));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PimTest)
#include "pim_test.moc"
