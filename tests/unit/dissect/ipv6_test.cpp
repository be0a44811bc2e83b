#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector ipv6_dissector;
}

namespace pr {
namespace {

constexpr const char* kUdp =
    "60000000 000b11ff fe800000 00000000 021122ff fe334455 ff020000 00000000 00000000 00000001 "
    "14e90035 000b0000 616263";
constexpr const char* kTeredo =
    "60000000 00003bff 20010000 c0a80001 0000cbef f5f4f3f2 ff020000 00000000 00000000 00000001";
constexpr const char* kChain =
    "60000000 00a800ff fe800000 00000000 021122ff fe334455 ff020000 00000000 00000000 00000001 "
    "00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 "
    "00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 "
    "00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 "
    "00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 00000104 00000000 "
    "3b000104 00000000";

}  // namespace

class Ipv6Test : public QObject {
  Q_OBJECT

 private slots:
  void reads_the_header() {
    const auto r = test::run(dissect::ipv6_dissector, test::from_hex(kUdp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("ipv6.version"), 6U);
    QCOMPARE(r.uint("ipv6.plen"), 11U);
    QCOMPARE(r.uint("ipv6.nxt"), 17U);
    QCOMPARE(r.uint("ipv6.hlim"), 255U);
    QCOMPARE(r.text("ipv6.src_host"), std::string("fe80::211:22ff:fe33:4455"));
    QCOMPARE(r.hex("ipv6.src_slaac_mac"), std::string("001122334455"));
    QCOMPARE(r.values("ipv6.addr").size(), 2UL);
    QVERIFY(r.frame.has_ip);
    QCOMPARE(r.frame.ip_proto, 17U);
    QCOMPARE(r.frame.dst.port, 53U);
    QCOMPARE(r.frame.payload_len, 3U);
  }
  void reads_teredo_addresses() {
    const auto r = test::run(dissect::ipv6_dissector, test::from_hex(kTeredo));
    QCOMPARE(r.uint("ipv6.src_ts_ipv4"), 0xc0a80001U);
    QCOMPARE(r.uint("ipv6.src_tc_port"), 0x3410U);
    QCOMPARE(r.uint("ipv6.src_tc_ipv4"), 0x0a0b0c0dU);
    QCOMPARE(r.tree.info, std::string("IPv6 no next header"));
  }
  void long_chains_of_headers_end() {
    const auto r = test::run(dissect::ipv6_dissector, test::from_hex(kChain));
    QVERIFY(r.has_issue(IssueKind::kDepthLimit));
    QCOMPARE(r.values("ipv6.hopopts.nxt").size(), 16UL);
  }
  void reads_what_addresses_tell_data() {
    test::golden_columns();
    test::golden("Teredo", "60000000 00003b40 20010000 c0000201 000063bf 3fffcdd2 20010000 c0000202 000063be 3fffcdd1",
                 {{"ipv6.dst_tc_ipv4", "192.0.50.46"},
                  {"ipv6.dst_tc_port", "40001"},
                  {"ipv6.dst_ts_ipv4", "192.0.2.2"},
                  {"ipv6.tc_ipv4", "192.0.50.45,192.0.50.46"},
                  {"ipv6.tc_port", "40000,40001"},
                  {"ipv6.ts_ipv4", "192.0.2.1,192.0.2.2"}});
    test::golden("ISATAP", "60000000 00003b40 fe800000 00000000 00005efe c0000201 fe800000 00000000 02005efe c0000202",
                 {{"ipv6.dst_isatap_ipv4", "192.0.2.2"},
                  {"ipv6.isatap_ipv4", "192.0.2.1,192.0.2.2"},
                  {"ipv6.src_isatap_ipv4", "192.0.2.1"}});
    test::golden("6to4", "60000000 00003b40 2002c000 02010001 00000000 00000001 2002c000 02020002 00000000 00000002",
                 {{"ipv6.dst_6to4_gw_ipv4", "192.0.2.2"}, {"ipv6.dst_6to4_sla_id", "2"}});
  }
  void reads_what_addresses_tell() { test::check_golden(dissect::ipv6_dissector); }
  void every_prefix() { test::sweep_prefixes(dissect::ipv6_dissector, test::from_hex(kUdp)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ipv6Test)
#include "ipv6_test.moc"
