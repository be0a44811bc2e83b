#include "helper/analysis/expectations.h"

#include <QTest>

namespace pr::analysis {
namespace {

Endpoint at(std::uint32_t host, std::uint16_t port) { return {IpAddress::v4(0x0a000000U + host), port}; }
FlowKey tcp(Endpoint orig, Endpoint resp) { return {.orig = orig, .resp = resp, .ip_proto = 6}; }

constexpr ProtocolId kProtocol = 7;
const Timestamp kNow = from_ns(1'700'000'000'000'000'000);

struct ControlFlow {
  Expectations expectations{42};
  FlowKey control = tcp(at(1, 40000), at(2, 21));
  void announce(Endpoint where, bool tcp = true) {
    dissect::ExpectedFlow flow{.endpoint = where, .tcp = tcp, .protocol = "some", .state = {}};
    flow.state.raw[0] = std::byte{9};
    expectations.add(control, flow, kProtocol, kNow);
  }
};

}  // namespace

class ExpectationsTest : public QObject {
  Q_OBJECT

 private slots:
  void finds_a_flow_by_either_end() {
    ControlFlow c;
    QVERIFY(c.expectations.empty());
    c.announce(at(2, 5000));
    const auto* passive = c.expectations.find(tcp(at(1, 40001), at(2, 5000)), kNow);
    QVERIFY(passive != nullptr);
    QCOMPARE(passive->protocol, kProtocol);
    QCOMPARE(passive->state.raw[0], std::byte{9});
    QVERIFY(c.expectations.find(tcp(at(2, 5000), at(1, 40001)), kNow) != nullptr);
  }

  void leaves_other_flows_alone() {
    ControlFlow c;
    c.announce(at(2, 5000));
    c.announce(at(2, 6000), false);
    c.announce(at(3, 7000));  // a third address: another shard may have its flows
    QVERIFY(c.expectations.find(tcp(at(1, 40001), at(2, 5001)), kNow) == nullptr);
    QVERIFY(c.expectations.find(tcp(at(3, 40001), at(2, 5000)), kNow) == nullptr);
    QVERIFY(c.expectations.find(tcp(at(1, 5000), at(2, 40001)), kNow) == nullptr);
    QVERIFY(c.expectations.find(tcp(at(1, 40001), at(2, 6000)), kNow) == nullptr);
    QVERIFY(c.expectations.find(tcp(at(1, 40001), at(3, 7000)), kNow) == nullptr);
  }

  void forgets_in_packet_time() {
    ControlFlow c;
    c.announce(at(2, 5000));
    const FlowKey flow = tcp(at(1, 40001), at(2, 5000));
    QVERIFY(c.expectations.find(flow, kNow + std::chrono::minutes(4)) != nullptr);
    QVERIFY(c.expectations.find(flow, kNow + std::chrono::minutes(6)) == nullptr);
    QVERIFY(c.expectations.find(flow, kNow) == nullptr);
  }

  void stays_small() {
    ControlFlow c;
    for (int port = 1; port < 60'000; ++port) c.announce(at(2, static_cast<std::uint16_t>(port)));
    QVERIFY(c.expectations.find(tcp(at(1, 40001), at(2, 1)), kNow) == nullptr);
    QVERIFY(c.expectations.find(tcp(at(1, 40001), at(2, 59'999)), kNow) != nullptr);
  }
};

}  // namespace pr::analysis

QTEST_APPLESS_MAIN(pr::analysis::ExpectationsTest)
#include "expectations_test.moc"
