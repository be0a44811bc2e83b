#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector vlan_dissector;
}

namespace pr {
namespace {

constexpr const char* kStack =
    "60648100 00650800 4500001f 00014000 40110000 c0a80001 c0a80002 14e90035 000b0000 616263";
constexpr const char* kLength = "00010003 42420300 00";

}  // namespace

class VlanTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_stack_and_keeps_the_outer_id() {
    const auto r = test::run(dissect::vlan_dissector, test::from_hex(kStack));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("vlan.priority"), 3U);
    QCOMPARE(r.uint("vlan.dei"), 0U);
    QCOMPARE(r.values("vlan.id").size(), 2UL);
    QCOMPARE(r.values("vlan.id")[1].number, 0x65U);
    QCOMPARE(r.uint("vlan.etype"), 0x8100U);
    QCOMPARE(r.frame.vlan, 0x64U);
    QVERIFY(r.frame.has_ip);
  }
  void a_length_is_followed_by_llc() {
    const auto r = test::run(dissect::vlan_dissector, test::from_hex(kLength));
    QCOMPARE(r.uint("vlan.len"), 3U);
    QVERIFY(r.has("llc.control"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::vlan_dissector, test::from_hex(kStack)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::VlanTest)
#include "vlan_test.moc"
