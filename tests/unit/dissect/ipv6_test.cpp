#include "tests/support/dissect.h"

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
  void every_prefix() { test::sweep_prefixes(dissect::ipv6_dissector, test::from_hex(kUdp)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ipv6Test)
#include "ipv6_test.moc"
