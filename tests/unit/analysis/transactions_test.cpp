#include "helper/analysis/transactions.h"

#include <QTest>

#include <string_view>

namespace pr::analysis {
namespace {

Bytes octets(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

class TransactionsTest : public QObject {
  Q_OBJECT

  const dissect::Registry registry_;
  const ProtocolId http_ = registry_.find("http");

  [[nodiscard]] std::uint16_t field(std::string_view name) const {
    const auto fields = registry_.at(http_).fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == name) return static_cast<std::uint16_t>(i);
    }
    return 0;
  }
  [[nodiscard]] Message::Item item(std::string_view name, std::string_view value) const {
    return {field(name), Value::of(octets(value))};
  }
  TransactionTracker::Answered add(TransactionTracker& tracker, const Message& message, std::uint64_t frame) {
    const Packet packet{.number = frame, .ts = from_ns(static_cast<std::int64_t>(frame))};
    return tracker.add(registry_, http_, message, packet,
                       [this](Transaction&& made) { made_.push_back(std::move(made)); });
  }
  std::vector<Transaction> made_;

 private slots:
  void init() { made_.clear(); }

  void a_field_of_both_messages_stands_once() {
    TransactionTracker tracker;
    const Message::Item asked[] = {item("http.content_type", "a\"},"), item("http.host", "h")};
    const Message::Item told[] = {item("http.content_type", "b"), item("http.host", "h"), item("http.server", "s"),
                                  item("http.server", "t")};
    add(tracker, {.role = Message::Role::kRequest, .items = asked}, 1);
    add(tracker, {.role = Message::Role::kResponse, .items = told}, 2);
    QCOMPARE(made_.size(), std::size_t{1});
    const std::string expected =
        "\"http.content_type\":[\"a\\\"},\",\"b\"],\"http.host\":\"h\",\"http.server\":[\"s\",\"t\"]";
    QCOMPARE(made_[0].fields, expected);
  }

  void a_list_grows() {
    TransactionTracker tracker;
    const Message::Item asked[] = {item("http.host", "[1]"), item("http.host", "2")};
    const Message::Item told[] = {item("http.host", "3")};
    add(tracker, {.role = Message::Role::kRequest, .items = asked}, 1);
    add(tracker, {.role = Message::Role::kResponse, .items = told}, 2);
    const std::string expected = "\"http.host\":[\"[1]\",\"2\",\"3\"]";
    QCOMPARE(made_.at(0).fields, expected);
  }

  void a_response_names_the_packet_that_completed_its_request() {
    TransactionTracker tracker;
    add(tracker, {.role = Message::Role::kRequest}, 1);
    tracker.completed(tracker.asked(), {.number = 3, .ts = from_ns(3)});
    QCOMPARE(add(tracker, {.role = Message::Role::kResponse}, 4).frame, std::uint64_t{3});
    QCOMPARE(to_ns(made_.at(0).request_ts), std::int64_t{1});
  }

  void behind_a_loss_only_the_latest_request_waits() {
    TransactionTracker tracker;
    for (const std::uint64_t frame : {1, 2, 3}) add(tracker, {.role = Message::Role::kRequest}, frame);
    tracker.lost([this](Transaction&& made) { made_.push_back(std::move(made)); });
    QCOMPARE(made_.size(), std::size_t{2});
    QCOMPARE(add(tracker, {.role = Message::Role::kResponse}, 4).frame, std::uint64_t{3});
  }

  void an_echo_reply_names_its_request() {
    EchoTracker echoes;
    for (const std::uint64_t frame : {1, 2}) echoes.add(7, false, {.number = frame});
    QCOMPARE(echoes.add(8, true, {.number = 3}).frame, std::uint64_t{0});
    QCOMPARE(echoes.add(7, true, {.number = 4}).frame, std::uint64_t{2});
    QCOMPARE(echoes.add(7, true, {.number = 5}).frame, std::uint64_t{0});
    for (std::uint32_t id = 0; id < 100; ++id) echoes.add(id, false, {.number = id + 10});
    QCOMPARE(echoes.add(30, true, {.number = 200}).frame, std::uint64_t{0});
    QCOMPARE(echoes.add(40, true, {.number = 201}).frame, std::uint64_t{50});
  }

  void an_interim_response_takes_the_request() {
    TransactionTracker tracker;
    add(tracker, {.role = Message::Role::kRequest}, 1);
    QCOMPARE(add(tracker, {.role = Message::Role::kInterim}, 2).frame, std::uint64_t{1});
    tracker.completed(tracker.asked(), {.number = 3});
    QCOMPARE(add(tracker, {.role = Message::Role::kResponse}, 4).frame, std::uint64_t{0});
    QCOMPARE(made_.size(), std::size_t{1});
  }
};

}  // namespace pr::analysis

QTEST_APPLESS_MAIN(pr::analysis::TransactionsTest)
#include "transactions_test.moc"
