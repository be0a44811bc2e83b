#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector wlancap_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 163;
constexpr const char* kData =
    "80211001000000400000000000000001000000000000000200000004000000060000000b000000000000000000000002"
    "ffffffe0ffffffa00000000000000000080100000200000000010200000000020200000000031000aaaa030000000800"
    "4500001400010000400066d20a0000010a000002";
constexpr const char* kAShortHeader = "8021100100000020";

test::Result result_of(const char* packet) {
  return test::run(dissect::wlancap_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class WlancapTest : public QObject {
  Q_OBJECT

 private slots:
  void data() {
    const auto r = result_of(kData);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("wlancap.magic"), 0x8021100U);
    QCOMPARE(r.uint("wlancap.version"), 1U);
    QCOMPARE(r.uint("wlancap.length"), 64U);
    QCOMPARE(r.uint("wlancap.mactime"), 1U);
    QCOMPARE(r.uint("wlancap.hosttime"), 2U);
    QCOMPARE(r.uint("wlancap.phytype"), 4U);
    QCOMPARE(r.uint("wlancap.channel"), 6U);
    QCOMPARE(r.uint("wlancap.data_rate"), 1100000U);
    QCOMPARE(r.uint("wlancap.ssi_type"), 2U);
    QCOMPARE(static_cast<std::int64_t>(r.uint("wlancap.dbm_antsignal")), std::int64_t{-32});
    QCOMPARE(static_cast<std::int64_t>(r.uint("wlancap.dbm_antnoise")), std::int64_t{-96});
    QVERIFY(!r.has("wlancap.normrssi_antsignal"));
    QVERIFY(r.frame.has_ip);
  }
  void a_short_header() {
    const auto r = result_of(kAShortHeader);
    QVERIFY(r.has_issue(IssueKind::kMalformed));
  }
  void every_prefix() {
    for (const char* packet : {kData, kAShortHeader}) {
      test::sweep_prefixes(dissect::wlancap_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::WlancapTest)
#include "wlancap_test.moc"
