#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector nflog_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 239;
constexpr const char* kDns =
    "02000014080001000800012705000a00000000000800040000000002100008000006ffffb8a386b9c3d6000006000f00"
    "0001000006001100000e0000120010000811961c10c8b8a386b9c3d6080000001400030000000000522a1f9e00000000"
    "000960fc4d00090045000049000040003711c5144a522a2a0a0000140035a65900356ddf437181800001000100000000"
    "076578616d706c6503636f6d0000010001c00c0001000100002f9600045db8d877000000";
constexpr const char* kBigEndian =
    "0a0000000008000b000003e8002c00096000000000003b4000000000000000000000000000000001"
    "00000000000000000000000000000002";
constexpr const char* kALengthOfNothing = "0200001400000100";

test::Result result_of(const char* packet) {
  return test::run(dissect::nflog_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class NflogTest : public QObject {
  Q_OBJECT

 private slots:
  void dns() {
    const auto r = result_of(kDns);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("nflog.family"), 2U);
    QCOMPARE(r.uint("nflog.res_id"), 20U);
    QCOMPARE(r.uint("nflog.tlv_length"), 8U);
    QCOMPARE(r.uint("nflog.tlv_type"), 1U);
    QCOMPARE(r.uint("nflog.protocol"), 0x800U);
    QCOMPARE(r.uint("nflog.hook"), 1U);
    QCOMPARE(r.text("nflog.prefix"), std::string(""));
    QCOMPARE(r.uint("nflog.ifindex_indev"), 2U);
    QCOMPARE(r.uint("nflog.timestamp"), 1378492318614652000U);
    QCOMPARE(r.values("nflog.tlv").size(), std::size_t{9});
    QCOMPARE(r.uint("udp.srcport"), 53U);
  }
  void big_endian() {
    const auto r = result_of(kBigEndian);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("nflog.uid"), 1000U);
    QCOMPARE(r.uint("ipv6.nxt"), 59U);
    QVERIFY(r.frame.has_ip);
  }
  void a_length_of_nothing() {
    const auto r = result_of(kALengthOfNothing);
    QVERIFY(r.has_issue(IssueKind::kMalformed));
    QVERIFY(!r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kDns, kBigEndian, kALengthOfNothing}) {
      test::sweep_prefixes(dissect::nflog_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::NflogTest)
#include "nflog_test.moc"
