#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector user_dlt_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 149;
constexpr const char* kPktap =
    "6c0000000100000001000000656e3000000000000000000000000000000000000000000002000000020000000e000000"
    "000000000002000000000000000000000000000000000000000000000000000000000000ffffffff0000000000000000"
    "000000000000000000000000001e491ff2c47073cb0b262a08004500001400010000400066d20a0000010a000002";

test::Result result_of(const char* packet) {
  return test::run(dissect::user_dlt_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class UserDltTest : public QObject {
  Q_OBJECT

 private slots:
  void pktap() {
    const auto r = result_of(kPktap);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("pktap.hdrlen"), 108U);
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kPktap}) {
      test::sweep_prefixes(dissect::user_dlt_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::UserDltTest)
#include "user_dlt_test.moc"
