#include "helper/flow/flow_table.h"

#include <QTest>
#include <set>

#include "tests/unit/flow/packets.h"

namespace pr::flow {

class FlowTableTest : public QObject {
  Q_OBJECT

 private slots:
  void both_directions_are_one_flow();
  void vlans_are_apart();
  void equal_ports_are_no_trouble();
  void icmp_request_and_reply_are_one_flow_data();
  void icmp_request_and_reply_are_one_flow();
  void icmp_errors_are_flows_of_their_own();
  void syn_ack_first_turns_the_flow();
  void flows_time_out_data();
  void flows_time_out();
  void timeout_holds_without_advance();
  void one_wild_timestamp_ends_nothing();
  void silence_keeps_the_stream();
  void numbers_reach_an_ended_flow();
  void new_syn_is_a_new_flow();
  void full_bucket_gives_up_new_flows_first();
  void full_bucket_ends_what_has_been_silent();
  void buckets_do_not_disturb_each_other();
  void snapshots_back_off();
  void slices_add_up();
  void many_flows_are_found_again();
};

const Endpoint kA = endpoint("10.0.0.1", 40000), kB = endpoint("10.0.0.2", 443);

void FlowTableTest::both_directions_are_one_flow() {
  Recorder r;
  const auto first = r.update(udp(kA, kB, 0));
  QVERIFY(first.is_new && !first.from_resp);
  const auto second = r.update(udp(kB, kA, 1));
  QVERIFY(!second.is_new && second.from_resp);
  QVERIFY(second.flow->key.orig == kA && second.flow->key.resp == kB);
  QCOMPARE(second.flow->total[0].packets, 1U);
  QCOMPARE(second.flow->total[1].packets, 1U);
  QCOMPARE(second.flow->total[1].bytes, 100U);
  QCOMPARE(second.flow->total[1].payload_bytes, 58U);
  QCOMPARE(r.table.size(), 1U);
  QCOMPARE(FlowTable::bucket(kA.ip, kB.ip, kHashKey), FlowTable::bucket(kB.ip, kA.ip, kHashKey));
}

void FlowTableTest::vlans_are_apart() {
  Recorder r;
  FlowPacket packet = udp(kA, kB, 0);
  r.update(packet);
  packet.vlan = 7;
  QVERIFY(r.update(packet).is_new);
}

void FlowTableTest::equal_ports_are_no_trouble() {
  Recorder r;
  const Endpoint a = endpoint("fe80::1", 5353), b = endpoint("fe80::2", 5353);
  r.update(udp(b, a, 0));
  QVERIFY(r.update(udp(a, b, 1)).from_resp);
  QVERIFY(r.update(udp(a, a, 2)).is_new);
  QVERIFY(!r.update(udp(a, a, 3)).from_resp);
}

void FlowTableTest::icmp_request_and_reply_are_one_flow_data() {
  QTest::addColumn<int>("proto");
  QTest::addColumn<int>("ask");
  QTest::addColumn<int>("answer");
  for (const auto& [ask, answer] : {std::pair{8, 0}, {13, 14}, {15, 16}, {10, 9}, {17, 18}}) {
    QTest::addRow("v4 %d", ask) << 1 << ask << answer;
  }
  for (const auto& [ask, answer] : {std::pair{128, 129}, {133, 134}, {135, 136}, {130, 131}, {144, 145}}) {
    QTest::addRow("v6 %d", ask) << 58 << ask << answer;
  }
}

void FlowTableTest::icmp_request_and_reply_are_one_flow() {
  QFETCH(int, proto);
  QFETCH(int, ask);
  QFETCH(int, answer);
  const auto type = [](const Endpoint& who, int value) { return Endpoint{who.ip, static_cast<std::uint16_t>(value)}; };
  const auto ip_proto = static_cast<std::uint8_t>(proto);
  Recorder r;
  r.update(udp(type(kA, ask), type(kB, 0), 0, ip_proto));
  const auto reply = r.update(udp(type(kB, answer), type(kA, 0), 1, ip_proto));
  QVERIFY(!reply.is_new && reply.from_resp);
  QCOMPARE(int{reply.flow->key.orig.port}, ask);
  QCOMPARE(reply.flow->key.orig.ip.text(), kA.ip.text());
  // The other one asks too: another flow.
  QVERIFY(r.update(udp(type(kB, ask), type(kA, 0), 2, ip_proto)).is_new);
  // A reply alone belongs to who would have asked.
  Recorder alone;
  const auto found = alone.update(udp(type(kB, answer), type(kA, 0), 1, ip_proto));
  QVERIFY(found.is_new && found.from_resp);
  QVERIFY(found.flow->key.orig.ip == kA.ip);
}

void FlowTableTest::icmp_errors_are_flows_of_their_own() {
  Recorder r;
  r.update(udp({kA.ip, 3}, {kB.ip, 3}, 0, 1));
  QVERIFY(!r.update(udp({kA.ip, 3}, {kB.ip, 3}, 1, 1)).is_new);
  QVERIFY(r.update(udp({kB.ip, 3}, {kA.ip, 3}, 2, 1)).is_new);
}

void FlowTableTest::syn_ack_first_turns_the_flow() {
  Recorder r;
  const auto found = r.update(tcp(kB, kA, 0, kSyn | kAck, 500, 1001));
  QVERIFY(found.from_resp);
  QVERIFY(found.flow->key.orig == kA);
  QVERIFY(!r.update(tcp(kA, kB, 1, kAck, 1001, 501)).from_resp);
}

void FlowTableTest::flows_time_out_data() {
  QTest::addColumn<int>("kind");
  QTest::addColumn<int>("seconds");
  QTest::newRow("SYN only") << 0 << 60;
  QTest::newRow("established") << 1 << 600;
  QTest::newRow("reset") << 2 << 60;
  QTest::newRow("udp") << 3 << 60;
  QTest::newRow("dns") << 4 << 30;
  QTest::newRow("icmp") << 5 << 30;
  QTest::newRow("other") << 6 << 60;
}

void FlowTableTest::flows_time_out() {
  QFETCH(int, kind);
  QFETCH(int, seconds);
  Recorder r;
  if (kind <= 2) r.update(tcp(kA, kB, 0, kSyn));
  if (kind == 1 || kind == 2) r.update(tcp(kB, kA, 0, kSyn | kAck, 500, 1001));
  if (kind == 1) r.update(tcp(kA, kB, 0, kAck, 1001, 501));
  if (kind == 2) r.update(tcp(kA, kB, 0, kRst, 1001, 501));
  if (kind == 3) r.update(udp(kA, kB, 0));
  if (kind == 4) r.update(udp(kA, endpoint("10.0.0.2", 53), 0));
  if (kind == 5) r.update(udp({kA.ip, 8}, {kB.ip, 0}, 0, 1));
  if (kind == 6) r.update(udp({kA.ip, 0}, {kB.ip, 0}, 0, 47));
  r.table.advance(after_ms(seconds * 1000));
  QCOMPARE(r.ended.size(), 0U);
  r.table.advance(after_ms(seconds * 1000 + 1001));  // within a second after it
  QCOMPARE(r.ended.size(), 1U);
  QCOMPARE(r.ended[0].reason, EndReason::kTimeout);
  QCOMPARE(r.table.counters().timed_out, 1U);
  QCOMPARE(r.table.size(), 0U);
}

void FlowTableTest::timeout_holds_without_advance() {
  Recorder r;
  r.update(udp(kA, kB, 0));
  QVERIFY(!r.update(udp(kA, kB, 60'000)).is_new);
  const auto later = r.update(udp(kA, kB, 120'001));
  QVERIFY(later.is_new);
  QCOMPARE(r.ended.size(), 1U);
  QCOMPARE(r.ended[0].slice.total[0].packets, 2U);
}

void FlowTableTest::one_wild_timestamp_ends_nothing() {
  Recorder r;
  r.update(udp(kA, kB, 0));
  r.update(udp(kA, kB, 1'000'000'000'000));
  QVERIFY(!r.update(udp(kA, kB, 1)).is_new);
  QVERIFY(!r.update(udp(kA, kB, -1'000'000'000)).is_new);
}

void FlowTableTest::silence_keeps_the_stream() {
  Recorder r;
  r.update(tcp(kA, kB, 0, kSyn, 1000));
  r.update(tcp(kB, kA, 10, kSyn | kAck, 500, 1001));
  const auto opened = r.update(tcp(kA, kB, 20, kAck, 1001, 501));
  opened.flow->id = 77;
  opened.flow->stream = 5;
  const auto back = r.update(tcp(kB, kA, 700'000, kAck | kPush, 501, 1001, 10));
  QVERIFY(back.is_new && back.from_resp);
  QVERIFY(back.flow->continues);
  QCOMPARE(back.flow->id, 77U);
  QCOMPARE(back.flow->stream, 5U);
  QVERIFY(back.flow->key.orig == kA);
  QCOMPARE(r.facts.base_seq, 500U);
  QCOMPARE(r.facts.base_ack, 1000U);
  QVERIFY(r.facts.stream_start == after_ms(0));
  QVERIFY(r.facts.stream_before == after_ms(20));
  // But a SYN with another number opens a new stream.
  const auto fresh = r.update(tcp(kA, kB, 1'400'000, kSyn, 9000));
  QVERIFY(fresh.is_new && !fresh.flow->continues);
  QVERIFY((r.facts.marks & kTcpReusedPorts) != 0);
}

void FlowTableTest::numbers_reach_an_ended_flow() {
  Recorder r;
  r.update(udp(kA, kB, 0));
  r.table.advance(after_ms(100'000));
  r.table.numbered({.orig = kA, .resp = kB, .ip_proto = 17}, 9, 4);
  const auto back = r.update(udp(kB, kA, 100'001));
  QVERIFY(r.facts.stream_start == after_ms(0));
  QVERIFY(r.facts.stream_before == after_ms(0));
  QVERIFY(back.flow->continues && back.from_resp);
  QCOMPARE(back.flow->id, 9U);
  QCOMPARE(back.flow->stream, 4U);
}

void FlowTableTest::new_syn_is_a_new_flow() {
  Recorder r;
  r.update(tcp(kA, kB, 0, kSyn, 1000));
  QVERIFY(!r.update(tcp(kA, kB, 10, kSyn, 1000)).is_new);
  QVERIFY((r.facts.marks & kTcpRetransmission) != 0);
  const auto found = r.update(tcp(kA, kB, 20, kSyn, 2000));
  QVERIFY(found.is_new);
  QVERIFY((r.facts.marks & kTcpReusedPorts) != 0);
  QCOMPARE(r.ended.size(), 1U);
  QCOMPARE(r.ended[0].reason, EndReason::kReuse);
  QCOMPARE(r.table.counters().reused, 1U);
  QCOMPARE(r.table.size(), 1U);
}

// Endpoints whose flows fall into one bucket, as it belongs to the addresses.
Endpoint source(unsigned i) { return {.ip = kA.ip, .port = static_cast<std::uint16_t>(1024 + i)}; }

void FlowTableTest::full_bucket_gives_up_new_flows_first() {
  Recorder r({.max_flows = 64 * 10});
  r.update(tcp(source(0), kB, 0, kSyn, 1));
  r.update(tcp(kB, source(0), 1, kSyn | kAck, 1, 2));
  r.update(tcp(source(0), kB, 2, kAck, 2, 2));
  for (unsigned i = 1; i < 1000; ++i) r.update(tcp(source(i), kB, 3 + i, kSyn, 1));
  QCOMPARE(r.table.size(), 10U);
  QCOMPARE(r.table.counters().evicted, 990U);
  QVERIFY(!r.update(tcp(source(0), kB, 2000, kAck, 2, 2)).is_new);
  for (const Ended& ended : r.ended) {
    QCOMPARE(ended.reason, EndReason::kEmergency);
    QCOMPARE(ended.slice.state, ConnState::kS0);
  }
}

void FlowTableTest::full_bucket_ends_what_has_been_silent() {
  Recorder r({.max_flows = 64 * 10});
  for (unsigned i = 0; i < 10; ++i) r.update(udp(source(i), kB, i < 8 ? 0 : 4'000));
  r.update(udp(source(10), kB, 6'000));
  QCOMPARE(r.table.counters().evicted, 8U);
  QCOMPARE(r.table.size(), 3U);
}

void FlowTableTest::buckets_do_not_disturb_each_other() {
  Recorder r({.max_flows = 64 * 10});
  Endpoint other = kB;
  for (std::uint32_t i = 3; FlowTable::bucket(kA.ip, other.ip, kHashKey) == FlowTable::bucket(kA.ip, kB.ip, kHashKey);
       ++i) {
    other.ip = IpAddress::v4(0x0a000000U + i);
  }
  r.update(udp(kA, other, 0));
  for (unsigned i = 0; i < 100; ++i) r.update(udp(source(i), kB, 1));
  QVERIFY(!r.update(udp(kA, other, 2)).is_new);
  QCOMPARE(r.table.size(), 11U);
}

void FlowTableTest::snapshots_back_off() {
  Recorder r;
  std::vector<int> seen;
  for (int call = 1; call <= 16; ++call) {
    r.update(udp(kA, kB, call));
    r.table.snapshot([&](Flow&) { seen.push_back(call); });
  }
  QCOMPARE(seen, (std::vector<int>{1, 2, 4, 8, 16}));
  Recorder quiet;
  quiet.update(udp(kA, kB, 0));
  int visits = 0;
  for (int call = 0; call < 10; ++call) quiet.table.snapshot([&](Flow&) { ++visits; });
  QCOMPARE(visits, 1);
}

void FlowTableTest::slices_add_up() {
  Recorder r;
  Flow* flow = r.update(udp(kA, kB, 0)).flow;
  FlowSlice slice;
  fill_slice(*flow, &slice);
  QCOMPARE(slice.n, 0U);
  QCOMPARE(slice.delta[0].packets, 1U);
  QCOMPARE(slice.history, std::string("D"));
  QCOMPARE(slice.state, ConnState::kS0);
  close_slice(*flow);
  flow = r.update(udp(kB, kA, 50)).flow;
  fill_slice(*flow, &slice);
  QCOMPARE(slice.n, 1U);
  QVERIFY(slice.start == after_ms(50) && slice.end == after_ms(50));
  QCOMPARE(slice.delta[0].packets, 0U);
  QCOMPARE(slice.delta[1].packets, 1U);
  QCOMPARE(slice.total[0].packets, 1U);
  QCOMPARE(slice.state, ConnState::kSf);
  QCOMPARE(slice.history, std::string("Dd"));
  r.table.end_all();
  QCOMPARE(r.ended.size(), 1U);
  QCOMPARE(r.ended[0].reason, EndReason::kSessionEnd);
}

void FlowTableTest::many_flows_are_found_again() {
  Recorder r;
  constexpr unsigned kFlows = 20'000;
  std::set<Flow*> flows;
  for (unsigned i = 0; i < kFlows; ++i) {
    flows.insert(
        r.update(udp({IpAddress::v4(0x0a000000U + i % 5000), 1000}, {kB.ip, static_cast<std::uint16_t>(i)}, 0)).flow);
  }
  QCOMPARE(flows.size(), std::size_t{kFlows});
  for (unsigned i = 0; i < kFlows; i += 2) {  // half of them stay alive
    QVERIFY(
        !r.update(udp({kB.ip, static_cast<std::uint16_t>(i)}, {IpAddress::v4(0x0a000000U + i % 5000), 1000}, 50'000))
             .is_new);
  }
  r.table.advance(after_ms(70'000));
  QCOMPARE(r.table.size(), std::size_t{kFlows / 2});
  for (unsigned i = 0; i < kFlows; i += 2) {
    QVERIFY(
        !r.update(udp({kB.ip, static_cast<std::uint16_t>(i)}, {IpAddress::v4(0x0a000000U + i % 5000), 1000}, 70'000))
             .is_new);
  }
}

}  // namespace pr::flow

QTEST_APPLESS_MAIN(pr::flow::FlowTableTest)
#include "flow_table_test.moc"
