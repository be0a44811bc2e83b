// Protocols directly above IP have no ports, but flows like others: a name, a memory and events.
#include <QTest>

#include "tests/support/analyse.h"
#include "tests/support/dissect.h"

namespace pr::analysis {
namespace {

constexpr const char* kEthernet = "01005e000005 c20001020304 0800";
// From 10.0.0.1 to 224.0.0.5; the octets before: total length.
constexpr const char* kHeader = "0000 0000 0159 0000 0a000001 e0000005";
constexpr const char* kHello = "0000 0000 0000000000000000 ffffff00 000a 02 01 00000028 0a000001 00000000";

using Capture = std::vector<std::pair<Packet, std::vector<std::uint8_t>>>;

void add(Capture& capture, const std::string& hex) {
  auto bytes = test::from_hex(kEthernet + hex);
  const std::uint64_t number = capture.size() + 1;
  capture.emplace_back(Packet{.number = number,
                              .ts = from_ns(static_cast<std::int64_t>(number) * 10'000'000'000),
                              .link_type = 1,
                              .wire_len = static_cast<std::uint32_t>(bytes.size())},
                       std::move(bytes));
}

// A hello of router 1.1.1.1 with these neighbors.
std::string hello(const std::string& neighbors) {
  const bool heard = !neighbors.empty();
  return std::string(heard ? "45c0 0044 " : "45c0 0040 ") + kHeader + (heard ? "0201 0030" : "0201 002c") +
         "01010101 00000000" + kHello + neighbors;
}

}  // namespace

class NetworkProtocolsTest : public QObject {
  Q_OBJECT

 private slots:
  void a_flow_has_a_name_and_changes_are_events() {
    const dissect::Registry registry;
    const dissect::Engine engine(registry);
    Capture capture;
    for (const char* neighbors : {"", "", "02020202", "02020202", ""}) add(capture, hello(neighbors));
    const test::Analysed all = test::analyse(engine, capture);
    QCOMPARE(all.slices.size(), 1U);
    QCOMPARE(all.slices[0].app_proto, std::string("ospf"));
    std::vector<std::string> said;
    for (const Transaction& event : all.transactions) {
      QCOMPARE(event.flow_id, all.slices[0].flow_id);
      said.push_back(event.name);
    }
    QCOMPARE(said, (std::vector<std::string>{"hello", "neighbor up", "neighbor down"}));
  }
  // What only looks like it by its number is shown as data and does not name the flow.
  void another_protocol_under_its_number() {
    const dissect::Registry registry;
    const dissect::Engine engine(registry);
    Capture capture;
    add(capture, std::string("45c0 0018") + kHeader + "99999999");
    const test::Analysed all = test::analyse(engine, capture);
    QCOMPARE(all.slices.size(), 1U);
    QVERIFY(all.slices[0].app_proto.empty());
    QVERIFY(all.transactions.empty());
  }
};

}  // namespace pr::analysis

QTEST_APPLESS_MAIN(pr::analysis::NetworkProtocolsTest)
#include "network_protocols_test.moc"
