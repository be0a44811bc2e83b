#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector icmpv6_dissector;
}

namespace pr {
namespace {

constexpr const char* kEcho = "80000000 ea400001 6162";
constexpr const char* kSolicitation = "87000000 00000000 20010db8 00000000 00000000 00000001 01010011 22334455";
constexpr const char* kAdvertisement = "88000000 e0000000 20010db8 00000000 00000000 00000001 02010011 22334455";
constexpr const char* kRouter =
    "86000000 40c00708 00000001 00000002 030440c0 00278d00 00093a80 00000000 20010db8 00000000 "
    "00000000 00000001 05010000 000005dc 19030000 00000e10 20010db8 00000000 00000000 00000001 "
    "1f030000 00000e10 07657861 6d706c65 03636f6d 00000000";
constexpr const char* kReport = "8f000000 00000001 04000000 20010db8 00000000 00000000 00000001";
constexpr const char* kQuery =
    "82000000 27100000 20010db8 00000000 00000000 00000001 0a7d0001 20010db8 00000000 00000000 "
    "00000001";
constexpr const char* kUnreachable =
    "01040000 00000000 60000000 000811ff fe800000 00000000 021122ff fe334455 ff020000 00000000 "
    "00000000 00000001 14e90035 00080000";

}  // namespace

class Icmpv6Test : public QObject {
  Q_OBJECT

 private slots:
  void reads_an_echo_request() {
    const auto r = test::run(dissect::icmpv6_dissector, test::from_hex(kEcho));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("icmpv6.type"), 128U);
    QCOMPARE(r.uint("icmpv6.echo.identifier"), 0xea40U);
    QCOMPARE(r.uint("icmpv6.echo.sequence_number"), 1U);
    QCOMPARE(r.hex("data.data"), std::string("6162"));
    QCOMPARE(r.frame.src.port, 128U);
  }
  void reads_a_neighbor_solicitation() {
    const auto r = test::run(dissect::icmpv6_dissector, test::from_hex(kSolicitation));
    QCOMPARE(r.hex("icmpv6.nd.ns.target_address"), std::string("20010db8000000000000000000000001"));
    QCOMPARE(r.hex("icmpv6.opt.src_linkaddr"), std::string("001122334455"));
    QCOMPARE(r.hex("icmpv6.opt.linkaddr"), std::string("001122334455"));
    QCOMPARE(r.tree.info, std::string("Neighbor Solicitation for 2001:db8::1 from 00:11:22:33:44:55"));
  }
  void reads_a_neighbor_advertisement() {
    const auto r = test::run(dissect::icmpv6_dissector, test::from_hex(kAdvertisement));
    QCOMPARE(r.uint("icmpv6.nd.na.flag.s"), 1U);
    QCOMPARE(r.tree.info, std::string("Neighbor Advertisement 2001:db8::1 (rtr, sol, ovr) is at 00:11:22:33:44:55"));
  }
  void reads_a_router_advertisement_with_options() {
    const auto r = test::run(dissect::icmpv6_dissector, test::from_hex(kRouter));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("icmpv6.nd.ra.cur_hop_limit"), 64U);
    QCOMPARE(r.uint("icmpv6.nd.ra.flag.m"), 1U);
    QCOMPARE(r.uint("icmpv6.nd.ra.router_lifetime"), 1800U);
    QCOMPARE(r.uint("icmpv6.opt.prefix.length"), 64U);
    QCOMPARE(r.uint("icmpv6.opt.prefix.flag.a"), 1U);
    QCOMPARE(r.uint("icmpv6.opt.mtu"), 1500U);
    QCOMPARE(r.uint("icmpv6.opt.rdnss.lifetime"), 3600U);
    QCOMPARE(r.text("icmpv6.opt.dnssl"), std::string("example.com"));
    QCOMPARE(r.values("icmpv6.opt").size(), 4UL);
  }
  void reads_listener_messages() {
    const auto report = test::run(dissect::icmpv6_dissector, test::from_hex(kReport));
    QCOMPARE(report.uint("icmpv6.mldr.nb_mcast_records"), 1U);
    QCOMPARE(report.uint("icmpv6.mldr.mar.record_type"), 4U);
    const auto query = test::run(dissect::icmpv6_dissector, test::from_hex(kQuery));
    QCOMPARE(query.uint("icmpv6.mld.maximum_response_code"), 10000U);
    QCOMPARE(query.uint("icmpv6.mld.flag.s"), 1U);
    QCOMPARE(query.uint("icmpv6.mld.flag.qrv"), 2U);
    QCOMPARE(query.values("icmpv6.mld.source_address").size(), 1UL);
  }
  void an_error_quotes_a_packet() {
    const auto r = test::run(dissect::icmpv6_dissector, test::from_hex(kUnreachable));
    QCOMPARE(r.uint("udp.dstport"), 53U);
    QVERIFY(!r.frame.has_ip);
    QCOMPARE(r.tree.info, std::string("Destination Unreachable (Port unreachable)"));
  }
  void every_prefix_data() {
    QTest::addColumn<QByteArray>("hex");
    for (const char* hex : {kEcho, kSolicitation, kAdvertisement, kRouter, kReport, kQuery, kUnreachable})
      QTest::addRow("%s", hex) << QByteArray(hex);
  }
  void every_prefix() {
    QFETCH(QByteArray, hex);
    test::sweep_prefixes(dissect::icmpv6_dissector, test::from_hex(hex.toStdString()));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Icmpv6Test)
#include "icmpv6_test.moc"
