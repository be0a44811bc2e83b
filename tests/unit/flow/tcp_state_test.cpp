// Zeek's conn_state and history for conversations written in few words.
#include <QTest>

#include "tests/unit/flow/packets.h"

namespace pr::flow {

class TcpStateTest : public QObject {
  Q_OBJECT

 private slots:
  void state_and_history_data();
  void state_and_history();
  void handshake_round_trip();
  void counts_per_direction();
  void history_is_bounded();
};

const Endpoint kA = endpoint("10.0.0.1", 40000), kB = endpoint("10.0.0.2", 80);

// One word a packet: who (o, r), flags (S A F R P), and +n payload octets, z window zero, - seq not advanced.
FlowPacket next_packet(const QString& word, std::uint32_t (&next)[2], std::int64_t ms) {
  const bool resp = word[0] == 'r';
  std::uint16_t flags = 0;
  std::uint32_t len = 0;
  for (int i = 1; i < word.size(); ++i) {
    if (word[i] == 'S') flags |= kSyn;
    if (word[i] == 'A') flags |= kAck;
    if (word[i] == 'F') flags |= kFin;
    if (word[i] == 'R') flags |= kRst;
    if (word[i] == '+') len = word.mid(i + 1).remove(QChar(0x2d)).toUInt();
  }
  std::uint32_t& seq = next[resp ? 1 : 0];
  const std::uint32_t size = len + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
  const std::uint32_t from = word.contains('-') ? seq - size : seq;
  FlowPacket packet = tcp(resp ? kB : kA, resp ? kA : kB, ms, flags, from, next[resp ? 0 : 1], len);
  if (word.contains('z')) packet.window = 0;
  seq = from + size;
  return packet;
}

void TcpStateTest::state_and_history_data() {
  QTest::addColumn<QString>("packets");
  QTest::addColumn<QString>("state");
  QTest::addColumn<QString>("history");
  const auto row = [](const char* packets, const char* state, const char* history) {
    QTest::newRow(packets) << packets << state << history;
  };
  row("oS", "S0", "S");
  row("oS oS-", "S0", "S");
  row("oS rSA", "S1", "Sh");
  row("oS rSA oA", "S1", "ShA");
  row("oS rSA oA oA+10 rA rA+20 oA", "S1", "ShADad");
  row("oS rSA oA oA+10 rA+5 oFA rFA oA", "SF", "ShADdFf");
  row("oS rSA oA oFA rA rFA oA", "SF", "ShAFaf");
  row("oS rRA", "REJ", "Sr");
  row("oS oR", "RSTOS0", "SR");
  row("oS rSA oA oA+5 oR", "RSTO", "ShADR");
  row("oS rSA oA oA+5 rR", "RSTR", "ShADr");
  row("rSA rR", "RSTRH", "^hr");
  row("oS oF", "SH", "SF");
  row("rSA rFA", "SHR", "^hf");
  row("oS rSA oA oFA", "S2", "ShAF");
  row("oS rSA oA rFA", "S3", "ShAf");
  row("oA+10 rA", "OTH", "Da");
  row("oA", "OTH", "A");
  row("rSA oA oA+4 rA", "S1", "^hADa");
  row("oS rSA oA oA+5 oA+5- rA", "S1", "ShADTa");
  row("oS rSA oA rAz", "S1", "ShAwa");
  row("oSF", "SH", "Q");
  row("oS rSA oA oFR", "RSTO", "ShAI");
}

void TcpStateTest::state_and_history() {
  QFETCH(QString, packets);
  QFETCH(QString, state);
  QFETCH(QString, history);
  Recorder r;
  std::uint32_t next[2] = {1000, 5000};
  std::int64_t ms = 0;
  for (const QString& word : packets.split(' ')) r.update(next_packet(word, next, ms += 10));
  r.table.end_all();
  QCOMPARE(r.ended.size(), 1U);
  const FlowSlice& slice = r.ended[0].slice;
  QCOMPARE(QString::fromUtf8(conn_state_name(slice.state)), state);
  // Zeek writes W and A of one packet in the order in which it looks at them.
  QString got = QString::fromStdString(slice.history);
  if (history == "ShAwa") got.replace("aw", "wa");
  QCOMPARE(got, history);
}

void TcpStateTest::handshake_round_trip() {
  Recorder r;
  r.update(tcp(kA, kB, 0, kSyn, 1000));
  r.update(tcp(kB, kA, 30, kSyn | kAck, 500, 1001));
  r.update(tcp(kA, kB, 31, kAck, 1001, 501));
  QCOMPARE(r.facts.initial_rtt_ns, std::int64_t{31'000'000});
  r.table.end_all();
  QCOMPARE(r.ended[0].slice.rtt_ns, std::int64_t{31'000'000});
}

void TcpStateTest::counts_per_direction() {
  Recorder r;
  std::uint32_t next[2] = {1000, 5000};
  std::int64_t ms = 0;
  for (const char* word : {"oS", "rSA", "oA", "oA+100", "rA", "oA+100-"}) r.update(next_packet(word, next, ms += 100));
  r.update(tcp(kA, kB, 900, kAck, 1400, 5001, 100));  // a hole before it
  r.update(tcp(kB, kA, 1000, kAck, 5001, 1500));      // which the peer has
  r.table.end_all();
  const FlowSlice& slice = r.ended[0].slice;
  QCOMPARE(slice.total[0].retransmissions, 1U);
  QCOMPARE(slice.total[0].gaps, 1U);
  QCOMPARE(slice.total[1].gaps, 0U);
  QCOMPARE(slice.total[0].payload_bytes, 300U);
  QCOMPARE(int{slice.total[0].tcp_flags}, int{kSyn | kAck});
  QVERIFY(slice.history.find('G') != std::string::npos);
}

void TcpStateTest::history_is_bounded() {
  Recorder r;
  r.update(tcp(kA, kB, 0, kSyn, 1000));
  r.update(tcp(kB, kA, 0, kSyn | kAck, 500, 1001));
  for (std::uint32_t i = 0; i < 1000; ++i) r.update(tcp(kA, kB, 1 + i, kRst, 1001 + i, 0));
  r.table.end_all();
  QVERIFY(r.ended[0].slice.history.size() <= 40);
  QVERIFY(r.ended[0].slice.history.starts_with("ShR"));
}

}  // namespace pr::flow

QTEST_APPLESS_MAIN(pr::flow::TcpStateTest)
#include "tcp_state_test.moc"
