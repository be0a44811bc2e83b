#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
extern constinit const Dissector ppp_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kEchoes = "000218030007000423a95d8e886411000017000ec021096a000ca4cbea340ee2f609";
constexpr const char* kConfigures = "ff03c0210145000e0304c2270506012f4de5";

}  // namespace

class LcpTest : public QObject {
  Q_OBJECT

 private slots:
  void echoes() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kEchoes));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ppp.code"), 9U);
    QCOMPARE(r.uint("ppp.identifier"), 106U);
    QCOMPARE(r.uint("ppp.length"), 12U);
    QCOMPARE(r.uint("lcp.magic_number"), 0xa4cbea34U);
    QCOMPARE(r.hex("lcp.data"), std::string("0ee2f609"));
  }
  void configures() {
    const auto r = test::run(dissect::ppp_dissector, test::from_hex(kConfigures), {.link_type = 9});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ppp.code"), 1U);
    QCOMPARE(r.uint("ppp.identifier"), 69U);
    QCOMPARE(r.uint("ppp.length"), 14U);
    QCOMPARE(r.uint("lcp.opt.type"), 3U);
    QCOMPARE(r.uint("lcp.opt.length"), 4U);
    QCOMPARE(r.uint("lcp.opt.auth_protocol"), 0xc227U);
    QCOMPARE(r.uint("lcp.opt.magic_number"), 0x12f4de5U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kEchoes));
    test::sweep_prefixes(dissect::ppp_dissector, test::from_hex(kConfigures), {.link_type = 9});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::LcpTest)
#include "lcp_test.moc"
