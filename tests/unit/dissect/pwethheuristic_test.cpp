#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kFindsAControlWord =
    "cc0304dc0010cc0404dc00108847000130fe000101ff00000000cc000a640000cc070d08000081000001080045000064"
    "00050000ff013840c0a80101c0a801020800b49000010000000000000004c9b4abcdabcdabcdabcdabcdabcdabcdabcd"
    "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd";

}  // namespace

class PwethheuristicTest : public QObject {
  Q_OBJECT

 private slots:
  void finds_a_control_word() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kFindsAControlWord));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("mpls.label"), 19U);
    QCOMPARE(r.uint("mpls.exp"), 0U);
    QCOMPARE(r.uint("mpls.bottom"), 0U);
    QCOMPARE(r.uint("mpls.ttl"), 254U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kFindsAControlWord)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PwethheuristicTest)
#include "pwethheuristic_test.moc"
