#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector pktap_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 258;
constexpr const char* kDns =
    "6c0000000100000001000000656e3000000000000000000000000000000000000000000002000000020000000e000000"
    "000000000002000000000000000000000000000000000000000000000000000000000000ffffffff0000000000000000"
    "000000000000000000000000001e491ff2c47073cb0b262a08004500003c2e030000ff1111440a20041b0a20640ff832"
    "00350028481443010100000100000000000002696e016d057961686f6f03636f6d0000010001";
constexpr const char* kAShortHeader = "080000000100000001000000";

test::Result result_of(const char* packet) {
  return test::run(dissect::pktap_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class PktapTest : public QObject {
  Q_OBJECT

 private slots:
  void dns() {
    const auto r = result_of(kDns);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("pktap.hdrlen"), 108U);
    QCOMPARE(r.uint("pktap.dlt"), 1U);
    QCOMPARE(r.text("pktap.ifname"), std::string("en0"));
    QCOMPARE(r.uint("pktap.flags"), 2U);
    QCOMPARE(r.uint("pktap.llhdrlen"), 14U);
    QCOMPARE(r.uint("pktap.pid"), 512U);
    QCOMPARE(r.text("pktap.cmdname"), std::string(""));
    QCOMPARE(r.uint("pktap.epid"), 4294967295U);
    QCOMPARE(r.uint("udp.dstport"), 53U);
  }
  void a_short_header() {
    const auto r = result_of(kAShortHeader);
    QVERIFY(r.has_issue(IssueKind::kMalformed));
    QVERIFY(r.has("pktap.hdrlen_too_short"));
  }
  void every_prefix() {
    for (const char* packet : {kDns, kAShortHeader}) {
      test::sweep_prefixes(dissect::pktap_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PktapTest)
#include "pktap_test.moc"
