#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector icmp_dissector;
}

namespace pr {
namespace {

constexpr const char* kEcho = "0800f7fd 00010001";
constexpr const char* kPort = "03030000 00000000 4500001c 00014000 40110000 c0a80001 c0a80002 14e90035 00080000";
constexpr const char* kFragmentation =
    "03040000 000005dc 4500001c 00014000 40110000 c0a80001 c0a80002 14e90035 00080000";
constexpr const char* kRedirect = "05010000 c0a800fe 4500001c 00014000 40110000 c0a80001 c0a80002 14e90035 00080000";
constexpr const char* kTimestamp = "0e000000 00010002 00000003 00000004 00000005";
constexpr const char* kExtended =
    "0b000000 00080000 4500001c 00014000 40110000 c0a80001 c0a80002 14e90035 00080000 00000000 "
    "20000000 00080101 00013101";

}  // namespace

class IcmpTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_an_echo_request() {
    const auto r = test::run(dissect::icmp_dissector, test::from_hex(kEcho));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("icmp.type"), 8U);
    QCOMPARE(r.uint("icmp.ident"), 1U);
    QCOMPARE(r.uint("icmp.ident_le"), 256U);
    QCOMPARE(r.uint("icmp.seq"), 1U);
    QCOMPARE(r.uint("icmp.checksum.status"), 1U);
    QCOMPARE(r.frame.src.port, 8U);
    QCOMPARE(r.frame.dst.port, 0U);
    QCOMPARE(r.tree.info, std::string("Echo (ping) request  id=0x0001, seq=1/256"));
  }
  void an_error_quotes_a_packet_without_touching_the_frame() {
    const auto r = test::run(dissect::icmp_dissector, test::from_hex(kPort));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.hex("icmp.unused"), std::string("00000000"));
    QCOMPARE(r.uint("icmp.checksum.status"), 0U);
    QCOMPARE(r.uint("udp.dstport"), 53U);
    QVERIFY(!r.frame.has_ip);
    QCOMPARE(r.frame.src.port, 3U);
    QCOMPARE(r.frame.dst.port, 3U);
    QCOMPARE(r.tree.info, std::string("Destination unreachable (Port unreachable)"));
    QCOMPARE(r.frame.issue_count, 0U);
  }
  void reads_what_errors_add() {
    QCOMPARE(test::run(dissect::icmp_dissector, test::from_hex(kFragmentation)).uint("icmp.mtu"), 1500U);
    QCOMPARE(test::run(dissect::icmp_dissector, test::from_hex(kRedirect)).uint("icmp.redir_gw"), 0xc0a800feU);
  }
  void reads_timestamps() {
    QCOMPARE(test::run(dissect::icmp_dissector, test::from_hex(kTimestamp)).uint("icmp.transmit_timestamp"), 5U);
  }
  void reads_extensions_behind_the_quote() {
    const auto r = test::run(dissect::icmp_dissector, test::from_hex(kExtended));
    QCOMPARE(r.uint("icmp.length.original_datagram"), 32U);
    QCOMPARE(r.uint("icmp.ext.version"), 2U);
    QCOMPARE(r.uint("icmp.ext.checksum.status"), 3U);
    QCOMPARE(r.uint("icmp.mpls.label"), 19U);
    QCOMPARE(r.uint("icmp.mpls.s"), 1U);
    QCOMPARE(r.uint("icmp.mpls.ttl"), 1U);
  }
  void a_reply_names_its_request() {
    PacketFacts facts;
    facts.request_frame = 12;
    facts.request_ts = from_ns(1'700'000'000'000'000'000 - 1'500'000);
    const auto r = test::run(dissect::icmp_dissector, test::from_hex("0000fffd00010001"), {.facts = &facts});
    QCOMPARE(r.uint("icmp.resp_to"), 12U);
    QCOMPARE(std::bit_cast<double>(r.uint("icmp.resptime")), 1.5);
    QVERIFY(r.tree.info.ends_with("(request in 12)"));
  }
  void reads_rare_messages_data() {
    test::golden_columns();
    test::golden("parameter problem",
                 "0c00cad9 14000000 4500001c 00010000 401166ce 0a000001 0a000002 14e90035 00080000",
                 {{"icmp.pointer", "20"}, {"icmp.unused", "000000"}});
    test::golden("parameter problem with a length",
                 "0c00cad1 14080000 4500001c 00010000 401166ce 0a000001 0a000002 14e90035 00080000 00000000",
                 {{"icmp.pointer", "20"}, {"icmp.length", "8"}, {"icmp.unused", "0000"}});
    test::golden("extension of another class",
                 "0b00acaf 00200000 4500001c 00010000 401166ce 0a000001 0a000002 14e90035 00080000 00000000 00000000 "
                 "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
                 "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
                 "00000000 20000000 00080901 0a000001",
                 {{"icmp.ext.data", "0a000001"}});
  }
  void reads_rare_messages() { test::check_golden(dissect::icmp_dissector); }
  void every_prefix_data() {
    QTest::addColumn<QByteArray>("hex");
    for (const char* hex : {kEcho, kPort, kFragmentation, kRedirect, kTimestamp, kExtended})
      QTest::addRow("%s", hex) << QByteArray(hex);
  }
  void every_prefix() {
    QFETCH(QByteArray, hex);
    test::sweep_prefixes(dissect::icmp_dissector, test::from_hex(hex.toStdString()));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IcmpTest)
#include "icmp_test.moc"
