#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector atm_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 123;
constexpr const char* kEthernet = "81050064000102000000000102000000000208004500001400010000400066d20a0000010a000002";
constexpr const char* kControl = "81050064ff000100";

test::Result result_of(const char* packet) {
  return test::run(dissect::atm_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class LaneTest : public QObject {
  Q_OBJECT

 private slots:
  void ethernet() {
    const auto r = result_of(kEthernet);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("atm.channel"), 0U);
    QCOMPARE(r.uint("atm.traffic.lane"), 2U);
    QCOMPARE(r.uint("atm.le_client.client"), 1U);
    QVERIFY(r.frame.has_ip);
  }
  void control() {
    const auto r = result_of(kControl);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("atm.le_client.client"), 0xff00U);
    QCOMPARE(r.hex("data.data"), std::string("0100"));
  }
  void every_prefix() {
    for (const char* packet : {kEthernet, kControl}) {
      test::sweep_prefixes(dissect::atm_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::LaneTest)
#include "lane_test.moc"
