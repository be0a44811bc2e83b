#include "helper/flow/stream.h"

#include <QTest>
#include <algorithm>
#include <map>
#include <random>

namespace pr::flow {

using Octets = std::vector<std::uint8_t>;

// What an analysis does with a stream, for a toy protocol: two octets of length, then as many octets. Messages of
// kind "skipped" (first payload octet odd) are not waited for.
class Reader {
 public:
  explicit Reader(StreamLimits limits = {}) : stream(budget, limits) {}

  void segment(std::uint64_t packet, std::uint32_t seq, const Octets& payload, bool fin = false,
               std::uint32_t missing = 0) {
    payloads[packet] = payload;
    ended = false;
    const Stream::Segment segment{.packet = packet,
                                  .seq = seq,
                                  .payload = payloads[packet],
                                  .payload_len = static_cast<std::uint32_t>(payload.size()) + missing,
                                  .fin = fin};
    dissected.clear();
    completed = false;
    if (stream.add(segment)) read();
    completed = stream.completed();
    stretch.clear();
    if (completed) collect(packet);
    ended = stream.at_end();
    stream.finish();
  }

  void read() {
    while (true) {
      const Bytes bytes = stream.ready();
      if (bytes.empty()) break;
      if (stream.resumed()) ++resumed;
      if (bytes.size() < 3) {
        stream.need(3);
        break;
      }
      const std::size_t length = 2U + bytes[0] * 256U + bytes[1];
      const bool whole = (bytes[2] & 1U) == 0;
      if (whole && bytes.size() < length) {
        if (stream.at_end()) partial.assign(bytes.begin(), bytes.end());
        stream.need(length);
        break;
      }
      if (whole) messages.emplace_back(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
      if (!whole) ++skipped;
      stream.consume(length);
    }
  }

  // What the index would give to a view: the octets of parts(), or of the payload between skip() and use().
  void collect(std::uint64_t packet) {
    if (stream.parts().empty()) {
      const Octets& own = payloads[packet];
      QVERIFY(stream.skip() + stream.use() <= own.size());
      stretch.assign(own.begin() + stream.skip(), own.begin() + stream.skip() + stream.use());
      return;
    }
    for (const Part& part : stream.parts()) {
      const Octets& from = payloads[part.packet];
      QVERIFY(part.length > 0);
      QVERIFY(part.offset + part.length <= from.size());
      stretch.insert(stretch.end(), from.begin() + part.offset, from.begin() + part.offset + part.length);
    }
  }

  StreamBudget budget;
  Stream stream;
  std::map<std::uint64_t, Octets> payloads;
  std::vector<Octets> messages;
  Octets partial, stretch, dissected;
  std::size_t skipped = 0, resumed = 0;
  bool completed = false, ended = false;
};

Octets message(std::size_t size, std::uint8_t kind, std::uint8_t fill = 7) {
  Octets out(2 + size, fill);
  out[0] = static_cast<std::uint8_t>(size >> 8U);
  out[1] = static_cast<std::uint8_t>(size);
  if (size > 0) out[2] = kind;
  return out;
}

Octets cut(const Octets& from, std::size_t at, std::size_t n) {
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(at);
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(n, from.size() - at))};
}

Octets operator+(Octets a, const Octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

class StreamTest : public QObject {
  Q_OBJECT

 private slots:
  void one_message_in_one_segment();
  void message_over_two_segments();
  void skipped_message_ends_later();
  void tail_of_a_packet_begins_the_next_stretch();
  void out_of_order_waits();
  void first_copy_wins();
  void numbers_wrap_around();
  void hole_is_given_up_when_acknowledged();
  void hole_inside_of_a_skipped_message_keeps_step();
  void cut_packets_are_holes();
  void out_of_order_limits_strike();
  void message_limit_strikes();
  void parts_are_bounded();
  void budget_is_shared_and_given_back();
  void end_gives_what_is_pending();
  void end_of_a_message_without_length();
  void stopped_streams_hold_nothing();
  void keep_alive_is_no_beginning();
  void any_segmentation_gives_the_same_messages_data();
  void any_segmentation_gives_the_same_messages();
  void loss_never_breaks_the_rules();
};

void StreamTest::one_message_in_one_segment() {
  Reader r;
  const Octets one = message(10, 2) + message(20, 4);
  r.segment(1, 100, one);
  QCOMPARE(r.messages.size(), 2U);
  QVERIFY(r.completed);
  QVERIFY(r.stream.parts().empty());
  QCOMPARE(r.stretch, one);
  QCOMPARE(r.budget.used, 0U);
}

void StreamTest::message_over_two_segments() {
  Reader r;
  const Octets one = message(100, 2);
  r.segment(1, 100, cut(one, 0, 40));
  QVERIFY(!r.completed && r.messages.empty());
  r.segment(2, 140, cut(one, 40, 100));
  QVERIFY(r.completed);
  QCOMPARE(r.messages.size(), 1U);
  QCOMPARE(r.messages[0], one);
  QCOMPARE(r.stretch, one);
  QCOMPARE(r.budget.used, 0U);
}

void StreamTest::skipped_message_ends_later() {
  Reader r;
  const Octets one = message(100, 3);
  r.segment(1, 0, cut(one, 0, 40));
  QVERIFY(!r.completed);
  QCOMPARE(r.skipped, 1U);
  r.segment(2, 40, cut(one, 40, 40));
  QVERIFY(!r.completed);
  r.segment(3, 80, cut(one, 80, 40));
  QVERIFY(r.completed);
  QCOMPARE(r.stretch, one);
  r.segment(4, 102, message(5, 2));
  QCOMPARE(r.stretch, message(5, 2));
}

void StreamTest::tail_of_a_packet_begins_the_next_stretch() {
  Reader r;
  const Octets first = message(10, 2), second = message(50, 2);
  const Octets all = first + second;
  r.segment(1, 0, cut(all, 0, 30));
  QVERIFY(r.completed);
  QCOMPARE(r.stretch, cut(all, 0, 30));  // up to the end of what is there
  r.segment(2, 30, cut(all, 30, 100));
  QCOMPARE(r.stretch, second);
  QCOMPARE(r.messages.size(), 2U);
}

void StreamTest::out_of_order_waits() {
  Reader r;
  const Octets all = message(30, 2) + message(30, 3) + message(30, 2);
  r.segment(1, 0, cut(all, 0, 10));
  r.segment(2, 60, cut(all, 60, 36));
  QVERIFY(r.messages.empty());
  r.segment(3, 30, cut(all, 30, 30));
  r.segment(4, 10, cut(all, 10, 20));
  QCOMPARE(r.messages.size(), 2U);
  QCOMPARE(r.skipped, 1U);
  QCOMPARE(r.stretch, all);
  QCOMPARE(r.budget.used, 0U);
  QCOMPARE(r.budget.gaps, 0U);
}

void StreamTest::first_copy_wins() {
  Reader r;
  const Octets good = message(30, 2, 1), bad = message(30, 2, 9);
  r.segment(1, 0, cut(good, 0, 5));
  r.segment(2, 20, cut(good, 20, 5));  // waits
  r.segment(3, 0, cut(bad, 0, 5));     // again
  r.segment(4, 3, cut(bad, 3, 2) + cut(good, 5, 13) + cut(good, 18, 2) + cut(bad, 20, 5) + cut(good, 25, 7));
  QCOMPARE(r.messages.size(), 1U);
  QCOMPARE(r.messages[0], good);
  QCOMPARE(r.stretch, good);
}

void StreamTest::numbers_wrap_around() {
  Reader r;
  const Octets all = message(100, 2) + message(100, 2);
  const std::uint32_t start = 0xffffffffU - 50;
  r.segment(1, start, cut(all, 0, 40));
  r.segment(2, start + 80, cut(all, 80, 200));
  r.segment(3, start + 40, cut(all, 40, 40));
  QCOMPARE(r.messages.size(), 2U);
  QCOMPARE(r.stretch, all);
}

void StreamTest::hole_is_given_up_when_acknowledged() {
  Reader r;
  const Octets all = message(30, 2) + message(30, 2) + message(30, 2);
  r.segment(1, 0, cut(all, 0, 10));
  r.segment(2, 32, cut(all, 32, 32));
  QVERIFY(!r.stream.acknowledged(10));
  QVERIFY(!r.stream.acknowledged(31));
  QVERIFY(r.stream.acknowledged(64));
  QVERIFY(r.stream.resumed());
  QCOMPARE(r.budget.gaps, 1U);
  r.segment(3, 64, cut(all, 64, 32));
  QCOMPARE(r.messages.size(), 2U);
  QCOMPARE(r.resumed, 1U);
  QCOMPARE(r.stretch, cut(all, 32, 64));
}

void StreamTest::hole_inside_of_a_skipped_message_keeps_step() {
  Reader r;
  const Octets all = message(1000, 3) + message(30, 2);
  r.segment(1, 0, cut(all, 0, 100));
  r.segment(2, 200, cut(all, 200, 400));
  r.stream.acknowledged(600);
  QVERIFY(!r.stream.resumed());
  r.segment(3, 600, cut(all, 600, 402));
  QVERIFY(r.completed);
  QCOMPARE(r.stretch, cut(all, 0, 100));  // the head is all that is sure
  r.segment(4, 1002, cut(all, 1002, 32));
  QCOMPARE(r.messages.size(), 1U);
  QCOMPARE(r.stretch, message(30, 2));
  QCOMPARE(r.resumed, 0U);
}

void StreamTest::cut_packets_are_holes() {
  Reader r;
  const Octets first = message(100, 2), second = message(10, 2);
  r.segment(1, 0, cut(first, 0, 40), false, 62);
  QVERIFY(r.messages.empty());
  r.segment(2, 102, second);
  QCOMPARE(r.messages.size(), 1U);
  QCOMPARE(r.messages[0], second);
  QCOMPARE(r.resumed, 1U);
  QCOMPARE(r.budget.gaps, 1U);
  // The same with a message that is skipped: in step, as its length is known.
  Reader s;
  s.segment(1, 0, cut(message(100, 3), 0, 40), false, 62);
  s.segment(2, 102, second);
  QCOMPARE(s.messages.size(), 1U);
  QCOMPARE(s.resumed, 0U);
}

void StreamTest::out_of_order_limits_strike() {
  Reader r({.out_of_order_segments = 10});
  r.segment(1, 0, message(10, 2));
  for (std::uint32_t i = 0; i < 11; ++i) r.segment(2 + i, 100 + i * 12, message(10, 2));
  QCOMPARE(r.budget.over_out_of_order, 1U);
  QCOMPARE(r.messages.size(), 12U);
  QCOMPARE(r.resumed, 1U);
  Reader s({.out_of_order_bytes = 100});
  s.segment(1, 0, message(10, 2));
  s.segment(2, 1000, Octets(200, 0));
  QCOMPARE(s.budget.over_out_of_order, 1U);
  QVERIFY(s.budget.used < 100);
}

void StreamTest::message_limit_strikes() {
  Reader r({.message_bytes = 1000});
  const Octets all = message(3000, 2) + message(10, 2);
  for (std::uint32_t at = 0; at < all.size(); at += 100) {
    r.segment(1 + at, at, cut(all, at, 100));
    QVERIFY(r.budget.used < 5000);
  }
  QCOMPARE(r.budget.over_message >= 1, true);
  QCOMPARE(r.messages.size(), 1U);  // the end of the large one was found all the same
  QCOMPARE(r.messages[0], message(10, 2));
  QCOMPARE(r.resumed, 0U);
}

void StreamTest::parts_are_bounded() {
  Reader r({.message_parts = 16});
  const Octets all = message(1000, 3) + message(10, 2) + message(4, 2);
  for (std::uint32_t at = 0; at < 1010; at += 10) {
    r.segment(1 + at, at, cut(all, at, 10));
    QVERIFY(r.stream.parts().size() <= 17);
  }
  QVERIFY(r.budget.over_message >= 1);
  r.segment(5000, 1010, cut(all, 1010, 100));
  QCOMPARE(r.messages.size(), 2U);
  QCOMPARE(r.stretch, message(10, 2) + message(4, 2));
}

void StreamTest::budget_is_shared_and_given_back() {
  StreamBudget budget{.limit = 1000};
  {
    Stream a(budget, {}), b(budget, {});
    const Octets many(600, 0);
    for (Stream* stream : {&a, &b}) {
      stream->add({.packet = 1, .seq = 0, .payload = many, .payload_len = 600});
      QCOMPARE(stream->ready().size(), 600U);
      stream->need(0);
      stream->finish();
    }
    QCOMPARE(budget.over_total, 1U);
    QVERIFY(budget.used <= 1000);
    QVERIFY(b.resumed());
    b.add({.packet = 2, .seq = 600, .payload = Bytes(many).first(10), .payload_len = 10});
    QCOMPARE(b.ready().size(), 10U);
  }
  QCOMPARE(budget.used, 0U);
}

void StreamTest::end_gives_what_is_pending() {
  Reader r;
  r.segment(1, 0, cut(message(100, 2), 0, 50));
  r.segment(2, 50, {}, true);
  QVERIFY(r.ended);
  QCOMPARE(r.partial, cut(message(100, 2), 0, 50));
  QCOMPARE(r.budget.used, 0U);
  Reader late;  // the FIN comes before what it ends
  late.segment(1, 0, cut(message(100, 2), 0, 50));
  late.segment(2, 70, {}, true);
  QVERIFY(!late.ended);
  late.segment(3, 50, cut(message(100, 2), 50, 20));
  QVERIFY(late.ended);
  QCOMPARE(late.partial, cut(message(100, 2), 0, 70));
}

void StreamTest::end_of_a_message_without_length() {
  StreamBudget budget;
  Stream stream(budget, {.message_bytes = 1000});
  const Octets some(400, 1);
  for (std::uint32_t i = 0; i < 10; ++i) {
    stream.add({.packet = i, .seq = i * 400, .payload = some, .payload_len = 400, .fin = i == 9});
    if (i < 9) QVERIFY(!stream.completed());
    if (!stream.ready().empty()) stream.need(~std::uint64_t{0});
    if (i == 9) {
      QVERIFY(stream.at_end());
      QVERIFY(stream.completed());
      QVERIFY(!stream.parts().empty());
      QCOMPARE(stream.parts()[0], (Part{.packet = 0, .offset = 0, .length = 400}));
    }
    stream.finish();
  }
  QCOMPARE(budget.over_message >= 1, true);
  QCOMPARE(budget.used, 0U);
}

void StreamTest::stopped_streams_hold_nothing() {
  StreamBudget budget;
  Stream stream(budget, {});
  const Octets some(100, 1);
  stream.add({.packet = 1, .seq = 0, .payload = some, .payload_len = 100});
  stream.need(0);
  stream.finish();
  QVERIFY(budget.used >= 100);
  stream.stop();
  QCOMPARE(budget.used, 0U);
  QVERIFY(!stream.add({.packet = 2, .seq = 100, .payload = some, .payload_len = 100}));
  QVERIFY(stream.ready().empty());
}

void StreamTest::keep_alive_is_no_beginning() {
  Reader r;
  r.segment(1, 99, {});
  r.segment(2, 100, message(10, 2));
  QCOMPARE(r.messages.size(), 1U);
}

void StreamTest::any_segmentation_gives_the_same_messages_data() {
  QTest::addColumn<unsigned>("seed");
  for (unsigned seed = 1; seed <= 300; ++seed) QTest::addRow("seed %u", seed) << seed;
}

void StreamTest::any_segmentation_gives_the_same_messages() {
  QFETCH(unsigned, seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return random() % n; };
  Octets all;
  std::vector<Octets> whole;
  std::vector<std::pair<std::size_t, std::size_t>> bounds;  // of all messages
  std::size_t skipped = 0;
  for (int i = 0; i < 40; ++i) {
    const auto kind = static_cast<std::uint8_t>(below(256));
    const Octets one = message(1 + below(seed % 3 == 0 ? 3000 : 60), kind, static_cast<std::uint8_t>(i));
    (kind & 1U) == 0 ? whole.push_back(one) : static_cast<void>(++skipped);
    bounds.emplace_back(all.size(), all.size() + one.size());
    all = all + one;
  }
  // Segments that cover everything, some twice, some overlapping, in an order that is somewhat wrong.
  std::vector<std::pair<std::size_t, std::size_t>> cuts;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t n = std::min(all.size() - at, 1 + below(seed % 2 == 0 ? 100 : 1460));
    cuts.emplace_back(at, n);
    if (below(8) == 0) cuts.emplace_back(at - std::min(at, below(50)), n);
    at += n;
  }
  for (std::size_t i = 2; i < cuts.size(); ++i) {
    if (below(4) == 0) std::swap(cuts[i], cuts[1 + below(i)]);
  }
  const auto start = static_cast<std::uint32_t>(random());
  Reader r;
  std::size_t finished = 0;
  std::uint64_t packet = 0;
  for (const auto& [at, n] : cuts) {
    r.segment(++packet, start + static_cast<std::uint32_t>(at), cut(all, at, n));
    if (!r.completed) continue;
    // The stretch begins with the first message that ended here, and messages end in order.
    const auto [from, to] = bounds[finished];
    QVERIFY(r.stretch.size() >= to - from);
    QCOMPARE(r.stretch, cut(all, from, r.stretch.size()));
    const std::size_t reached = from + r.stretch.size();
    while (finished < bounds.size() && bounds[finished].second <= reached) ++finished;
  }
  QCOMPARE(finished, bounds.size());
  QCOMPARE(r.messages, whole);
  QCOMPARE(r.skipped, skipped);
  QCOMPARE(r.resumed, 0U);
  QCOMPARE(r.budget.used, 0U);
}

void StreamTest::loss_never_breaks_the_rules() {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    Reader r({.message_bytes = 500, .message_parts = 8, .out_of_order_segments = 6, .out_of_order_bytes = 400});
    r.budget.limit = 2000;
    std::uint32_t seq = static_cast<std::uint32_t>(random());
    for (std::uint64_t packet = 1; packet < 200; ++packet) {
      Octets payload(random() % 120);
      for (auto& octet : payload) octet = static_cast<std::uint8_t>(random() % 4);
      const std::uint32_t missing = random() % 10 == 0 ? random() % 100 : 0;
      r.segment(packet, seq - random() % 3, payload, random() % 150 == 0, missing);
      seq += static_cast<std::uint32_t>(payload.size()) + missing + (random() % 8 == 0 ? random() % 200 : 0);
      if (random() % 4 == 0) r.stream.acknowledged(seq - random() % 100);
      QVERIFY2(r.budget.used <= r.budget.limit, qPrintable(QString("seed %1").arg(seed)));
    }
  }
}

}  // namespace pr::flow

QTEST_APPLESS_MAIN(pr::flow::StreamTest)
#include "stream_test.moc"
