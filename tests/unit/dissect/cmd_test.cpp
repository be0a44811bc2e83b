#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kIcmp =
    "001122334443001122334442890901010001002a08004500001c000100004001e58cc0a80a01c0a80a020800f7ff0000"
    "0000";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class CmdTest : public QObject {
  Q_OBJECT

 private slots:
  void icmp() {
    const auto r = result_of(kIcmp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("cmd.version"), 1U);
    QCOMPARE(r.uint("cmd.length"), 1U);
    QCOMPARE(r.uint("cmd.options"), 1U);
    QCOMPARE(r.uint("cmd.sgt"), 42U);
    QCOMPARE(r.uint("cmd.type"), 0x800U);
    QCOMPARE(r.uint("icmp.type"), 8U);
  }
  void every_prefix() {
    for (const char* packet : {kIcmp}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::CmdTest)
#include "cmd_test.moc"
