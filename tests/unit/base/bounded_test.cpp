#include <QtTest>
#include <atomic>
#include <memory>
#include <thread>

#include "shared/base/bounded_map.h"
#include "shared/base/bounded_queue.h"
#include "shared/base/function_ref.h"
#include "shared/base/log.h"

namespace pr {

class BoundedTest : public QObject {
  Q_OBJECT

 private slots:
  void a_queue_keeps_order_and_capacity() {
    BoundedQueue<std::unique_ptr<int>> queue(2);
    QVERIFY(queue.push(std::make_unique<int>(1)));
    QVERIFY(queue.try_push(std::make_unique<int>(2)));
    auto third = std::make_unique<int>(3);
    QVERIFY(!queue.try_push(third));
    QVERIFY(third != nullptr);  // stays with the caller
    QCOMPARE(**queue.pop(), 1);
    QVERIFY(queue.try_push(third));
    QCOMPARE(**queue.pop(), 2);
    QCOMPARE(**queue.pop(), 3);
    QVERIFY(!queue.pop(std::chrono::milliseconds(1)));
  }

  void a_closed_queue_gives_what_is_left() {
    BoundedQueue<int> queue(4);
    queue.push(1);
    queue.close();
    QVERIFY(!queue.push(2));
    QVERIFY(!queue.try_push(3));
    QCOMPARE(*queue.pop(), 1);
    QVERIFY(!queue.pop());
    QVERIFY(queue.closed());
  }

  void close_wakes_who_waits() {
    BoundedQueue<int> full(1), empty(1);
    full.push(1);
    std::atomic<int> done = 0;
    std::thread producer([&] { done += full.push(2) ? 0 : 1; });
    std::thread consumer([&] { done += empty.pop() ? 0 : 1; });
    full.close();
    empty.close();
    producer.join();
    consumer.join();
    QCOMPARE(done.load(), 2);
  }

  void many_threads_lose_nothing() {
    constexpr int kThreads = 4, kEach = 20'000;
    BoundedQueue<int> queue(8);
    std::atomic<std::int64_t> sum = 0;
    std::vector<std::thread> producers, consumers;
    for (int t = 0; t < kThreads; ++t) {
      producers.emplace_back([&] {
        for (int i = 1; i <= kEach; ++i) queue.push(i);
      });
      consumers.emplace_back([&] {
        while (const auto value = queue.pop()) sum += *value;
      });
    }
    for (auto& thread : producers) thread.join();
    queue.close();
    for (auto& thread : consumers) thread.join();
    QCOMPARE(sum.load(), std::int64_t{kThreads} * kEach * (kEach + 1) / 2);
  }

  void a_map_pushes_out_the_least_recent() {
    BoundedMap<std::string, int> map(2);
    map["a"] = 1;
    map["b"] = 2;
    QCOMPARE(*map.find("a"), 1);  // now b is the oldest
    map["c"] = 3;
    QVERIFY(map.find("b") == nullptr);
    QCOMPARE(*map.peek("a"), 1);
    QCOMPARE(map.size(), std::size_t{2});
    QCOMPARE(map.evicted(), std::size_t{1});
    map["d"] = 4;  // a was only peeked at
    QVERIFY(map.find("a") == nullptr);
    QVERIFY(map.erase("c"));
    QVERIFY(!map.erase("c"));
    QCOMPARE(map["e"], 0);
    QCOMPARE(map.begin()->first, std::string("e"));
  }

  void a_full_map_makes_new_values_from_nothing() {
    BoundedMap<int, std::vector<int>> map(3);
    for (int i = 0; i < 1000; ++i) {
      QVERIFY(map[i].empty());
      map[i].push_back(i);
      QCOMPARE(map.peek(i)->front(), i);
    }
    QCOMPARE(map.size(), std::size_t{3});
  }

  void a_function_ref_calls_what_it_borrows() {
    int calls = 0;
    const auto lambda = [&](int n) { return calls += n; };
    const FunctionRef<int(int)> ref = lambda;
    QCOMPARE(ref(2), 2);
    QCOMPARE(ref(3), 5);
    QCOMPARE(calls, 5);
  }

  void levels_have_names() {
    LogLevel level = LogLevel::kInfo;
    QVERIFY(parse_log_level("debug", &level));
    QCOMPARE(level, LogLevel::kDebug);
    QVERIFY(parse_log_level("warning", &level));
    QCOMPARE(level, LogLevel::kWarn);
    QVERIFY(!parse_log_level("loud", &level));
    set_log_level(LogLevel::kError);
    QVERIFY(!log_enabled(LogLevel::kWarn));
    QVERIFY(log_enabled(LogLevel::kError));
  }
};

}  // namespace pr

using pr::BoundedTest;
QTEST_APPLESS_MAIN(BoundedTest)
#include "bounded_test.moc"
