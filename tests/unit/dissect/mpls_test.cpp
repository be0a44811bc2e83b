#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kFindsIp =
    "cc010d5c0010cc000d5c0010884700012dfe45c0003e00000000ff11b4ea010102020101020102860286002a24ed0001"
    "001e010102020000010000140000000004000004005ac0000401000401010202";

}  // namespace

class MplsTest : public QObject {
  Q_OBJECT

 private slots:
  void finds_ip() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kFindsIp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("mpls.label"), 18U);
    QCOMPARE(r.uint("mpls.exp"), 6U);
    QCOMPARE(r.uint("mpls.bottom"), 1U);
    QCOMPARE(r.uint("mpls.ttl"), 254U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kFindsIp)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::MplsTest)
#include "mpls_test.moc"
