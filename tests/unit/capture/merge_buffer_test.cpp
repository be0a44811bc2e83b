#include "helper/capture/merge_buffer.h"

#include <QtTest>
#include <map>

using pr::Batch;
using pr::capture::MergeBuffer;
using std::chrono::milliseconds;

namespace {

const MergeBuffer::Instant kStart{};

pr::Packet packet(std::int64_t ms, std::uint32_t interface, pr::Bytes bytes = {}) {
  return {.ts = pr::from_ns(ms * 1'000'000),
          .interface_id = interface,
          .wire_len = static_cast<std::uint32_t>(bytes.size()),
          .bytes = bytes};
}
pr::Timestamp at(std::int64_t ms) { return pr::from_ns(ms * 1'000'000); }

std::string times(const Batch& batch) {
  std::string text;
  for (const pr::Packet& each : batch.packets) text += std::to_string(pr::to_ns(each.ts) / 1'000'000) + " ";
  return text;
}

}  // namespace

class MergeBufferTest : public QObject {
  Q_OBJECT
 private slots:
  void waits_until_every_interface_has_shown_a_later_packet() {
    MergeBuffer buffer;
    Batch batch;
    batch.arena.reserve(1000);
    for (const int ms : {10, 30, 50}) buffer.add(0, packet(ms, 0), kStart);
    for (const int ms : {20, 40}) buffer.add(1, packet(ms, 1), kStart);
    QVERIFY(buffer.release(batch, at(40), kStart, false));
    QCOMPARE(times(batch), std::string("10 20 30 40 "));
    QVERIFY(!buffer.empty());
    QVERIFY(buffer.release(batch, at(40), kStart, true));
    QCOMPARE(times(batch), std::string("10 20 30 40 50 "));
    QVERIFY(buffer.empty());
  }

  void waits_100_ms_at_most() {
    MergeBuffer buffer;
    Batch batch;
    batch.arena.reserve(1000);
    buffer.add(0, packet(10, 0), kStart);
    buffer.add(0, packet(60, 0), kStart + milliseconds(50));
    QVERIFY(buffer.release(batch, at(0), kStart + milliseconds(99), false));
    QCOMPARE(times(batch), std::string());
    QVERIFY(buffer.release(batch, at(0), kStart + milliseconds(100), false));
    QCOMPARE(times(batch), std::string("10 "));
    QVERIFY(buffer.release(batch, at(0), kStart + milliseconds(150), false));
    QCOMPARE(times(batch), std::string("10 60 "));
  }

  void what_is_overdue_takes_everything_older_along() {
    MergeBuffer buffer;
    Batch batch;
    batch.arena.reserve(1000);
    buffer.add(0, packet(70, 0), kStart);
    buffer.add(1, packet(20, 1), kStart + milliseconds(90));
    buffer.add(1, packet(80, 1), kStart + milliseconds(90));
    QVERIFY(buffer.release(batch, at(0), kStart + milliseconds(100), false));
    QCOMPARE(times(batch), std::string("20 70 "));
  }

  void a_clock_that_is_set_back_holds_nothing_for_ever() {
    MergeBuffer buffer;
    Batch batch;
    batch.arena.reserve(1000);
    buffer.add(0, packet(3'600'000, 0), kStart);
    buffer.add(0, packet(5, 0), kStart + milliseconds(1));
    QVERIFY(buffer.release(batch, at(0), kStart + milliseconds(100), false));
    // One interface's packets stay in the order in which it gave them.
    QCOMPARE(times(batch), std::string("3600000 5 "));
  }

  void a_full_batch_leaves_the_rest_for_the_next_one() {
    MergeBuffer buffer;
    std::map<std::uint32_t, int> expected;
    const int count = 10000;
    for (int i = 0; i < count; ++i) {
      const auto number = static_cast<std::uint32_t>(i);
      const pr::Bytes bytes(reinterpret_cast<const std::uint8_t*>(&number), sizeof number);
      buffer.add(number % 3, packet(i, number % 3, bytes), kStart);
    }
    int seen = 0;
    bool done = false;
    while (!done) {
      Batch batch;
      batch.arena.reserve(6000);  // bytes run out before packets do
      done = buffer.release(batch, at(0), kStart, true);
      QVERIFY(done || batch.packets.size() == 1500);
      for (const pr::Packet& each : batch.packets) {
        std::uint32_t number = 0;
        QCOMPARE(each.bytes.size(), sizeof number);
        std::memcpy(&number, each.bytes.data(), sizeof number);
        QCOMPARE(number, static_cast<std::uint32_t>(seen));
        QCOMPARE(each.interface_id, number % 3);
        ++seen;
      }
    }
    QCOMPARE(seen, count);
  }

  void a_flood_is_not_held() {
    MergeBuffer buffer;
    Batch batch;
    batch.arena.reserve(1000);
    for (int i = 0; i < 131072 + 10; ++i) buffer.add(0, packet(i, 0), kStart);
    QVERIFY(buffer.release(batch, at(-1), kStart, false));
    QCOMPARE(batch.packets.size(), std::size_t{10});
  }
};

QTEST_APPLESS_MAIN(MergeBufferTest)
#include "merge_buffer_test.moc"
