#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ipnet_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 226;
constexpr const char* kIp = "0102000100000014000000020000000000000003ffffffff4500001400010000400066d20a0000010a000002";
constexpr const char* kUnknownFamily = "0100000100000014000000020000000000000003ffffffff45";

test::Result result_of(const char* packet) {
  return test::run(dissect::ipnet_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class IpnetTest : public QObject {
  Q_OBJECT

 private slots:
  void ip() {
    const auto r = result_of(kIp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ipnet.version"), 1U);
    QCOMPARE(r.uint("ipnet.family"), 2U);
    QCOMPARE(r.uint("ipnet.htype"), 1U);
    QCOMPARE(r.uint("ipnet.pktlen"), 20U);
    QCOMPARE(r.uint("ipnet.ifindex"), 2U);
    QCOMPARE(r.uint("ipnet.zsrc"), 3U);
    QCOMPARE(r.uint("ipnet.zdst"), 0xffffffffU);
    QVERIFY(r.frame.has_ip);
  }
  void unknown_family() {
    const auto r = result_of(kUnknownFamily);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QVERIFY(!r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kIp, kUnknownFamily}) {
      test::sweep_prefixes(dissect::ipnet_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IpnetTest)
#include "ipnet_test.moc"
