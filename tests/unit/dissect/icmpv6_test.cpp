#include "tests/support/golden.h"

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
  void a_reply_names_its_request() {
    PacketFacts facts;
    facts.request_frame = 12;
    facts.request_ts = from_ns(1'700'000'000'000'000'000 - 1'500'000);
    const auto r = test::run(dissect::icmpv6_dissector, test::from_hex("81000000 ea400001"), {.facts = &facts});
    QCOMPARE(r.uint("icmpv6.resp_to"), 12U);
    QCOMPARE(test::shown(r, "icmpv6.resptime"), std::string("1.5"));
    QVERIFY(r.tree.info.ends_with("(request in 12)"));
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
  void reads_rare_messages_data() {
    test::golden_columns();
    test::golden("too big",
                 "0200bb34 00000500 60000000 00081140 20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 "
                 "00000002 14e90035 00080000",
                 {{"icmpv6.mtu", "1280"}});
    test::golden("time exceeded with a length",
                 "0300b934 06000000 60000000 00081140 20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 "
                 "00000002 14e90035 00080000",
                 {{"icmpv6.length", "6"}});
    test::golden("listener report with auxiliary data",
                 "8f0041ee 00000001 01010002 ff020000 00000000 00000000 00010003 20010db8 00000000 00000000 00000005 "
                 "20010db8 00000000 00000000 00000006 aabbccdd",
                 {{"icmpv6.mldr.mar.auxiliary_data", "aabbccdd"},
                  {"icmpv6.mldr.mar.source_address", "2001:db8::5,2001:db8::6"}});
    test::golden("router advertisement",
                 "8600f837 40c00708 00000000 00000000 19030000 00000e10 20010db8 00000000 00000000 00000035 25036874 "
                 "7470733a 2f2f6578 2f706f72 74616c00 00000000",
                 {{"icmpv6.opt.captive_portal", "https://ex/portal"}, {"icmpv6.opt.rdnss", "2001:db8::35"}});
    test::golden("DNS search list",
                 "8600b27e 40000708 00000000 00000000 1f030000 00000e10 01610265 78000162 02657800 00000000",
                 {{"icmpv6.opt.dnssl", "a.ex,b.ex"}});
  }
  void reads_rare_messages() { test::check_golden(dissect::icmpv6_dissector); }
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
