#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ripng_dissector;
}

namespace pr {

class RipngTest : public QObject {
  Q_OBJECT

  static constexpr const char* kResponse =
      "02010000 20010db8000100000000000000000000 0007 30 02 20010db8000200000000000000000000 0000 30 10";

 private slots:
  void response() {
    const auto r =
        test::run(dissect::ripng_dissector, test::from_hex(kResponse), {.transport = dissect::Transport::kUdp});
    QCOMPARE(r.uint("ripng.cmd"), 2U);
    QCOMPARE(r.uint("ripng.version"), 1U);
    QCOMPARE(r.hex("ripng.rte.ipv6_prefix"), std::string("20010db8000100000000000000000000"));
    QCOMPARE(r.uint("ripng.rte.route_tag"), 7U);
    QCOMPARE(r.uint("ripng.rte.prefix_length"), 48U);
    QCOMPARE(r.values("ripng.rte.metric").size(), 2U);
  }
  void routes_are_told_of_once() {
    struct Listener final : dissect::Observer {
      std::vector<std::string> said;
      void message(ProtocolId, const Message& message) override {
        said.push_back(std::string(message.name) + "|" + std::string(message.summary));
      }
    } listener;
    test::Options options{.transport = dissect::Transport::kUdp, .observer = &listener};
    const auto first = test::run(dissect::ripng_dissector, test::from_hex(kResponse), options);
    options.state = first.state;
    test::run(dissect::ripng_dissector, test::from_hex(kResponse), options);
    QCOMPARE(listener.said.size(), 1U);
    QCOMPARE(listener.said[0],
             std::string("announced and withdrawn|: 2001:db8:1::/48 metric 2, 2001:db8:2::/48 unreachable"));
  }
  void recognised_by_content() {
    const auto bytes = test::from_hex(kResponse);
    QVERIFY(dissect::ripng_dissector.probe(bytes, {}) == dissect::Likeness::kYes);
    QVERIFY(dissect::ripng_dissector.probe(Bytes(bytes).first(23), {}) != dissect::Likeness::kYes);
  }
  void every_prefix() { test::sweep_prefixes(dissect::ripng_dissector, test::from_hex(kResponse)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::RipngTest)
#include "ripng_test.moc"
