#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector tcp_dissector;
}

namespace pr {
namespace {

constexpr const char* kSyn = "c00001bb 00000064 00000000 8002faf0 00000000 020405b4 01010402 01030308";
constexpr const char* kData = "c00001bb 00000065 000003e9 80180100 00000000 0101080a 0000000a 0000000b 414243";
constexpr const char* kSack = "c00001bb 00000065 000003e9 80100100 00000000 0101050a 000003d9 000003e0";
constexpr const char* kShort = "c00001bb 00000065";
constexpr const char* kBogus = "c00001bb 00000065 000003e9 40100100 00000000";
constexpr const char* kJoin = "c00001bb 00000065 00000000 80020100 00000000 1e0c0103 01020304 05060708";

}  // namespace

class TcpTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_syn_with_options() {
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kSyn));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("tcp.srcport"), 49152U);
    QCOMPARE(r.uint("tcp.dstport"), 443U);
    QCOMPARE(r.uint("tcp.seq_raw"), 100U);
    QCOMPARE(r.uint("tcp.hdr_len"), 32U);
    QCOMPARE(r.uint("tcp.flags"), 2U);
    QCOMPARE(r.uint("tcp.flags.syn"), 1U);
    QCOMPARE(r.uint("tcp.flags.ack"), 0U);
    QCOMPARE(r.text("tcp.flags.str"), std::string("··········S·"));
    QCOMPARE(r.uint("tcp.options.mss_val"), 1460U);
    QCOMPARE(r.uint("tcp.options.wscale.shift"), 8U);
    QCOMPARE(r.uint("tcp.options.wscale.multiplier"), 256U);
    QCOMPARE(r.hex("tcp.options.sack_perm"), std::string("0402"));
    QVERIFY(r.has("tcp.connection.syn"));
    QCOMPARE(r.frame.tcp.window_shift, 8);
    QCOMPARE(r.frame.tcp.mss, 1460U);
    QVERIFY(r.frame.tcp.sack_permitted);
    QCOMPARE(r.frame.transport, dissect::Transport::kTcp);
  }
  void numbers_are_relative_to_what_the_facts_say() {
    PacketFacts facts;
    facts.has_stream = true;
    facts.stream = 3;
    facts.tcp.base_seq = 100;
    facts.tcp.base_ack = 1000;
    facts.tcp.window_shift = 7;
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kData), {.facts = &facts});
    QCOMPARE(r.uint("tcp.stream"), 3U);
    QCOMPARE(r.uint("tcp.seq"), 1U);
    QCOMPARE(r.uint("tcp.ack"), 1U);
    QCOMPARE(r.uint("tcp.nxtseq"), 4U);
    QCOMPARE(r.uint("tcp.len"), 3U);
    QCOMPARE(r.uint("tcp.window_size_value"), 256U);
    QCOMPARE(r.uint("tcp.window_size"), 32768U);
    QCOMPARE(r.uint("tcp.options.timestamp.tsval"), 10U);
    QCOMPARE(r.hex("tcp.payload"), std::string("414243"));
    QCOMPARE(r.tree.info, std::string("49152 → 443 [PSH, ACK] Seq=1 Ack=1 Win=32768 Len=3 TSval=10 TSecr=11"));
    QCOMPARE(as_text(r.frame.payload), std::string_view("ABC"));
  }
  void shows_what_the_tracker_found() {
    PacketFacts facts;
    facts.mid_message = true;
    facts.tcp.marks = kTcpRetransmission | kTcpDuplicateAck;
    facts.tcp.duplicate_ack_num = 2;
    facts.tcp.duplicate_ack_frame = 9;
    facts.tcp.rto_ns = 5;
    facts.tcp.rto_frame = 8;
    facts.tcp.stream_start = from_ns(1'700'000'000'000'000'000 - 7);
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kData), {.facts = &facts});
    QVERIFY(r.has("tcp.analysis.flags"));
    QVERIFY(r.has("tcp.analysis.retransmission"));
    QCOMPARE(r.uint("tcp.analysis.duplicate_ack_num"), 2U);
    QCOMPARE(r.uint("tcp.analysis.rto_frame"), 8U);
    QCOMPARE(r.uint("tcp.time_relative"), 7U);
    QVERIFY(r.tree.info.starts_with("[TCP Dup ACK 9#2] [TCP Retransmission] 49152"));
    // What was seen before is no part of a message a second time.
    QVERIFY(!r.tree.info.ends_with("[TCP segment of a reassembled PDU]"));
    facts.tcp.marks = 0;
    const auto fresh = test::run(dissect::tcp_dissector, test::from_hex(kData), {.facts = &facts});
    QVERIFY(fresh.tree.info.ends_with("[TCP segment of a reassembled PDU]"));
  }
  void every_mark_is_a_field_data() {
    QTest::addColumn<quint32>("mark");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("word");
    const auto row = [](TcpMark mark, const char* field, const char* word) {
      QTest::newRow(field) << quint32{mark} << QByteArray(field) << QByteArray(word);
    };
    row(kTcpFastRetransmission, "tcp.analysis.fast_retransmission", "[TCP Fast Retransmission] ");
    row(kTcpSpuriousRetransmission, "tcp.analysis.spurious_retransmission", "[TCP Spurious Retransmission] ");
    row(kTcpOutOfOrder, "tcp.analysis.out_of_order", "[TCP Out-Of-Order] ");
    row(kTcpLostSegment, "tcp.analysis.lost_segment", "[TCP Previous segment not captured] ");
    row(kTcpAckedUnseen, "tcp.analysis.ack_lost_segment", "[TCP ACKed unseen segment] ");
    row(kTcpKeepAlive, "tcp.analysis.keep_alive", "[TCP Keep-Alive] ");
    row(kTcpKeepAliveAck, "tcp.analysis.keep_alive_ack", "[TCP Keep-Alive ACK] ");
    row(kTcpZeroWindow, "tcp.analysis.zero_window", "[TCP ZeroWindow] ");
    row(kTcpZeroWindowProbe, "tcp.analysis.zero_window_probe", "[TCP ZeroWindowProbe] ");
    row(kTcpZeroWindowProbeAck, "tcp.analysis.zero_window_probe_ack", "[TCP ZeroWindowProbeAck] ");
    row(kTcpWindowUpdate, "tcp.analysis.window_update", "[TCP Window Update] ");
    row(kTcpWindowFull, "tcp.analysis.window_full", "[TCP Window Full] ");
    row(kTcpReusedPorts, "tcp.analysis.reused_ports", "[TCP Port numbers reused] ");
  }
  void every_mark_is_a_field() {
    QFETCH(quint32, mark);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, word);
    PacketFacts facts;
    facts.tcp.marks = mark;
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kData), {.facts = &facts});
    QVERIFY(r.has(field.toStdString()));
    QVERIFY2(r.tree.info.starts_with(word.toStdString()), r.tree.info.c_str());
  }
  void a_block_below_the_acknowledgement_is_a_duplicate() {
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kSack));
    QCOMPARE(r.uint("tcp.options.sack_le"), 0x3d9U);
    QCOMPARE(r.uint("tcp.options.sack.count"), 1U);
    QCOMPARE(r.uint("tcp.options.sack.dsack_le"), 0x3d9U);
    QVERIFY(r.frame.tcp.has_sack);
  }
  void a_short_header_gives_its_ports() {
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kShort), {.transport = dissect::Transport::kNone});
    QCOMPARE(r.outcome, test::Outcome::kTruncated);
    QCOMPARE(r.uint("tcp.dstport"), 443U);
    QCOMPARE(r.frame.dst.port, 443U);
    QCOMPARE(r.frame.transport, dissect::Transport::kNone);
  }
  void a_header_length_below_twenty_ends_it() {
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kBogus));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.payload_len, 0U);
  }
  void reads_multipath_options() {
    const auto r = test::run(dissect::tcp_dissector, test::from_hex(kJoin));
    QCOMPARE(r.uint("tcp.options.mptcp.subtype"), 0U);
    QCOMPARE(r.uint("tcp.options.mptcp.version"), 1U);
  }
  void every_prefix_data() {
    QTest::addColumn<QByteArray>("hex");
    for (const char* hex : {kSyn, kData, kSack, kJoin}) QTest::addRow("%s", hex) << QByteArray(hex);
  }
  void every_prefix() {
    QFETCH(QByteArray, hex);
    test::sweep_prefixes(dissect::tcp_dissector, test::from_hex(hex.toStdString()));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::TcpTest)
#include "tcp_test.moc"
