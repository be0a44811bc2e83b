#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kWide =
    "000000000001001122334455d28b000100105ceeed57384f59c808004500001400000000403f66ba0a8801200a021718";
constexpr const char* kNarrow =
    "000000000001001122334455d28b00010120ed57384f59c88100006488470040014045000014000100004000669a0a00"
    "00010a000002";
constexpr const char* kUnknownVersion = "000000000001001122334455d28b00010011ed57384f59c8";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class AvspTest : public QObject {
  Q_OBJECT

 private slots:
  void wide() {
    const auto r = result_of(kWide);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("avsp.sub_type"), 1U);
    QCOMPARE(r.uint("avsp.ver"), 0x10U);
    QCOMPARE(r.uint("avsp.64sec"), 1559162199U);
    QCOMPARE(r.uint("avsp.64ns"), 944724424U);
    QCOMPARE(r.uint("avsp.etype"), 0x800U);
    QVERIFY(r.frame.has_ip);
  }
  void narrow() {
    const auto r = result_of(kNarrow);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("avsp.48sec"), 0xed57U);
    QCOMPARE(r.uint("avsp.48ns"), 944724424U);
    QVERIFY(!r.has("avsp.64sec"));
    QCOMPARE(r.uint("vlan.id"), 100U);
    QVERIFY(r.frame.has_ip);
  }
  void unknown_version() {
    const auto r = result_of(kUnknownVersion);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QVERIFY(r.has("avsp.ts.unknown_version"));
    QVERIFY(!r.has("avsp.etype"));
  }
  void every_prefix() {
    for (const char* packet : {kWide, kNarrow, kUnknownVersion}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::AvspTest)
#include "avsp_test.moc"
