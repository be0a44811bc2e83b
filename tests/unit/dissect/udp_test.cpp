#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector udp_dissector;
}

namespace pr {

class UdpTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_header_and_hands_over_the_payload() {
    const auto r = test::run(dissect::udp_dissector, test::from_hex("14 e9 00 35 00 0b ec 8d 61 62 63"));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("udp.srcport"), 0x14e9U);
    QCOMPARE(r.uint("udp.dstport"), 53U);
    QCOMPARE(r.uint("udp.length"), 11U);
    QCOMPARE(r.uint("udp.checksum"), 0xec8dU);
    QCOMPARE(r.uint("udp.checksum.status"), 2U);
    QCOMPARE(r.hex("udp.payload"), std::string("616263"));
    QCOMPARE(r.values("udp.port").size(), 2UL);
    QCOMPARE(r.frame.transport, dissect::Transport::kUdp);
    QCOMPARE(r.frame.dst.port, 53U);
    QCOMPARE(r.frame.payload.size(), 3UL);
    QCOMPARE(r.frame.payload_len, 3U);
  }
  void octets_behind_the_stated_length_are_not_payload() {
    const auto r = test::run(dissect::udp_dissector, test::from_hex("00 01 00 02 00 09 00 00 61 62 63"));
    QCOMPARE(r.frame.payload.size(), 1UL);
    QCOMPARE(r.uint("udp.checksum.status"), 3U);
  }
  void a_length_below_the_header_is_malformed() {
    const auto r = test::run(dissect::udp_dissector, test::from_hex("00 01 00 02 00 07 00 00 61"));
    QVERIFY(r.has_issue(IssueKind::kMalformed));
    QVERIFY(!r.has("udp.payload"));
    QCOMPARE(r.frame.payload_len, 0U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::udp_dissector, test::from_hex("14 e9 00 35 00 0b ec 8d 61 62 63"));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::UdpTest)
#include "udp_test.moc"
