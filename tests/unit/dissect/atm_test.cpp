#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector atm_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 123;
constexpr const char* kLlc = "02050064aaaa0300000008004500001400010000400066d20a0000010a000002";
constexpr const char* kUnknown = "06050064aabb";

test::Result result_of(const char* packet) {
  return test::run(dissect::atm_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class AtmTest : public QObject {
  Q_OBJECT

 private slots:
  void llc() {
    const auto r = result_of(kLlc);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("atm.channel"), 1U);
    QCOMPARE(r.uint("atm.traffic_type"), 1U);
    QCOMPARE(r.uint("atm.vpi"), 5U);
    QCOMPARE(r.uint("atm.vci"), 100U);
    QVERIFY(r.frame.has_ip);
  }
  void unknown() {
    const auto r = result_of(kUnknown);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("atm.traffic_type"), 0U);
    QCOMPARE(r.hex("data.data"), std::string("aabb"));
  }
  void every_prefix() {
    for (const char* packet : {kLlc, kUnknown}) {
      test::sweep_prefixes(dissect::atm_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::AtmTest)
#include "atm_test.moc"
