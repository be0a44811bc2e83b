#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector pflog_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 117;
constexpr const char* kOld =
    "3d020001656d300000000000000000000000000072756c650000000000000000000000000000000500000006ffffffff"
    "000186a00000000000000000010000004500001400010000400066d20a0000010a000002";
constexpr const char* kWithAddresses =
    "64020001656d300000000000000000000000000072756c650000000000000000000000000000000500000006ffffffff"
    "000186a00000000000000000010100000a0000010000000000000000000000000a000002000000000000000000000000"
    "111122224500001400010000400066d20a0000010a000002";
constexpr const char* kTooShort = "1c02";

test::Result result_of(const char* packet) {
  return test::run(dissect::pflog_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class PflogTest : public QObject {
  Q_OBJECT

 private slots:
  void old() {
    const auto r = result_of(kOld);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("pflog.length"), 61U);
    QCOMPARE(r.uint("pflog.af"), 2U);
    QCOMPARE(r.uint("pflog.reason"), 1U);
    QCOMPARE(r.text("pflog.ifname"), std::string("em0"));
    QCOMPARE(r.text("pflog.ruleset"), std::string("rule"));
    QCOMPARE(r.uint("pflog.rulenr"), 5U);
    QCOMPARE(r.uint("pflog.subrulenr"), 6U);
    QCOMPARE(static_cast<std::int64_t>(r.uint("pflog.uid")), std::int64_t{-1});
    QCOMPARE(r.uint("pflog.pid"), 100000U);
    QCOMPARE(r.uint("pflog.dir"), 1U);
    QCOMPARE(r.hex("pflog.pad"), std::string("000000"));
    QVERIFY(r.frame.has_ip);
  }
  void with_addresses() {
    const auto r = result_of(kWithAddresses);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("pflog.rewritten"), 1U);
    QCOMPARE(r.uint("pflog.saddr.ipv4"), 0x0a000001U);
    QCOMPARE(r.uint("pflog.daddr.ipv4"), 0x0a000002U);
    QCOMPARE(r.uint("pflog.sport"), 0x1111U);
    QCOMPARE(r.uint("pflog.dport"), 0x2222U);
    QVERIFY(r.frame.has_ip);
  }
  void too_short() {
    const auto r = result_of(kTooShort);
    QVERIFY(r.has_issue(IssueKind::kMalformed));
    QVERIFY(r.has("pflog.invalid_header_length"));
  }
  void every_prefix() {
    for (const char* packet : {kOld, kWithAddresses, kTooShort}) {
      test::sweep_prefixes(dissect::pflog_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PflogTest)
#include "pflog_test.moc"
