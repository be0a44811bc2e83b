#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector loop_dissector;
}

namespace pr {
namespace {

constexpr const char* kReply = "00000100 07000000";

}  // namespace

class LoopTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_reply() {
    const auto r = test::run(dissect::loop_dissector, test::from_hex(kReply));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("loop.skipcount"), 0U);
    QCOMPARE(r.uint("loop.function"), 1U);
    QCOMPARE(r.uint("loop.relevant_function"), 1U);
    QCOMPARE(r.uint("loop.receipt_number"), 7U);
  }
  void reads_forwards_data() {
    test::golden_columns();
    test::golden("forwards", "00000200 aabbccdd eeff0100 0700", {{"loop.forwarding_address", "aa:bb:cc:dd:ee:ff"}});
  }
  void reads_forwards() { test::check_golden(dissect::loop_dissector); }
  void every_prefix() { test::sweep_prefixes(dissect::loop_dissector, test::from_hex(kReply)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::LoopTest)
#include "loop_test.moc"
