#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ppp_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kGivesAnAddress = "ff0380210101000a03060a000002";

}  // namespace

class IpcpTest : public QObject {
  Q_OBJECT

 private slots:
  void gives_an_address() {
    const auto r = test::run(dissect::ppp_dissector, test::from_hex(kGivesAnAddress), {.link_type = 9});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ppp.code"), 1U);
    QCOMPARE(r.uint("ppp.identifier"), 1U);
    QCOMPARE(r.uint("ppp.length"), 10U);
    QCOMPARE(r.uint("ipcp.opt.type"), 3U);
    QCOMPARE(r.uint("ipcp.opt.length"), 6U);
    QCOMPARE(r.uint("ipcp.opt.ip_address"), 0x0a000002U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::ppp_dissector, test::from_hex(kGivesAnAddress), {.link_type = 9});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IpcpTest)
#include "ipcp_test.moc"
