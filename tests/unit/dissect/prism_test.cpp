#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector prism_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 119;
constexpr const char* kData =
    "4400000030000000776c616e300000000000000000000000441000000000040001000000442000000000040002000000"
    "080100000200000000010200000000020200000000031000aaaa0300000008004500001400010000400066d20a000001"
    "0a000002";
constexpr const char* kAvs =
    "80211001000000400000000000000001000000000000000200000004000000060000000b000000000000000000000002"
    "ffffffe0ffffffa00000000000000000080100000200000000010200000000020200000000031000aaaa030000000800"
    "4500001400010000400066d20a0000010a000002";

test::Result result_of(const char* packet) {
  return test::run(dissect::prism_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class PrismTest : public QObject {
  Q_OBJECT

 private slots:
  void data() {
    const auto r = result_of(kData);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("prism.msgcode"), 0x44U);
    QCOMPARE(r.uint("prism.msglen"), 48U);
    QCOMPARE(r.text("prism.devname"), std::string("wlan0"));
    QCOMPARE(r.values("prism.did").size(), std::size_t{2});
    QCOMPARE(r.uint("prism.did.type"), 0x1044U);
    QCOMPARE(r.uint("prism.did.length"), 4U);
    QVERIFY(r.frame.has_ip);
  }
  void avs() {
    const auto r = result_of(kAvs);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("wlancap.version"), 1U);
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kData, kAvs}) {
      test::sweep_prefixes(dissect::prism_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PrismTest)
#include "prism_test.moc"
