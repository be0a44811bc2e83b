#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kHasTags =
    "cc050e880000ca010e88000688631165001100280101000001030004641385180102000442524153010400103d0f0587"
    "062484f2df32b9ddfd77bd5b";

}  // namespace

class PppoedTest : public QObject {
  Q_OBJECT

 private slots:
  void has_tags() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kHasTags));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("pppoe.version"), 1U);
    QCOMPARE(r.uint("pppoe.type"), 1U);
    QCOMPARE(r.uint("pppoe.code"), 0x65U);
    QCOMPARE(r.uint("pppoe.session_id"), 0x11U);
    QCOMPARE(r.uint("pppoe.payload_length"), 40U);
    QCOMPARE(r.hex("pppoed.tags.host_uniq"), std::string("64138518"));
    QCOMPARE(r.text("pppoed.tags.ac_name"), std::string("BRAS"));
    QCOMPARE(r.hex("pppoed.tags.ac_cookie"), std::string("3d0f0587062484f2df32b9ddfd77bd5b"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kHasTags)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PppoedTest)
#include "pppoed_test.moc"
