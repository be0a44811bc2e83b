#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ipoib_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 242;
constexpr const char* kSent =
    "000000000000000000000000000000002fa3000a80000550fe800000000000000010e000664ab4510800000045000014"
    "00010000400066d20a0000010a000002";
constexpr const char* kReceived =
    "6123456700000001fe80000000000000aabbccdd00000550fe800000000000000010e000664ab4510800000045000014"
    "00010000400066d20a0000010a000002";

test::Result result_of(const char* packet) {
  return test::run(dissect::ipoib_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class IpoibTest : public QObject {
  Q_OBJECT

 private slots:
  void sent() {
    const auto r = result_of(kSent);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ipoib.daddr.qpn"), 0x550U);
    QCOMPARE(r.hex("ipoib.dgid"), std::string("fe800000000000000010e000664ab451"));
    QVERIFY(!r.has("ipoib.grh"));
    QCOMPARE(r.uint("ipoib.type"), 0x800U);
    QCOMPARE(r.uint("ipoib.reserved"), 0U);
    QVERIFY(r.frame.has_ip);
  }
  void received() {
    const auto r = result_of(kReceived);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ipoib.grh.ipver"), 6U);
    QCOMPARE(r.uint("ipoib.grh.tclass"), 18U);
    QCOMPARE(r.uint("ipoib.grh.flowlabel"), 214375U);
    QCOMPARE(r.uint("ipoib.grh.sqpn"), 1U);
    QCOMPARE(r.hex("ipoib.grh.sgid"), std::string("fe80000000000000aabbccdd00000550"));
    QVERIFY(!r.has("ipoib.daddr"));
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kSent, kReceived}) {
      test::sweep_prefixes(dissect::ipoib_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IpoibTest)
#include "ipoib_test.moc"
