#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector fr_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kCiscoEncapsulation =
    "1861080045000064000f0000ff01a7870a0000010a0000020800035c0003000000000000002f7abcabcdabcdabcdabcd"
    "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
    "abcdabcdabcdabcd";
constexpr const char* kMultiprotocol = "18610300800000000806000f08000204000800000a00000230910000000001020000";

}  // namespace

class FrTest : public QObject {
  Q_OBJECT

 private slots:
  void cisco_encapsulation() {
    const auto r = test::run(dissect::fr_dissector, test::from_hex(kCiscoEncapsulation), {.link_type = 107});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("fr.first_addr_octet"), 0x18U);
    QCOMPARE(r.uint("fr.upper_dlci"), 0x6U);
    QCOMPARE(r.uint("fr.cr"), 0U);
    QCOMPARE(r.uint("fr.ea"), 0U);
    QCOMPARE(r.uint("fr.second_addr_octet"), 0x61U);
    QCOMPARE(r.uint("fr.second_dlci"), 0x6U);
    QCOMPARE(r.uint("fr.fecn"), 0U);
    QCOMPARE(r.uint("fr.becn"), 0U);
    QCOMPARE(r.uint("fr.de"), 0U);
    QCOMPARE(r.uint("fr.dlci"), 102U);
    QCOMPARE(r.uint("fr.chdlctype"), 0x800U);
  }
  void multiprotocol() {
    const auto r = test::run(dissect::fr_dissector, test::from_hex(kMultiprotocol), {.link_type = 107});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("fr.first_addr_octet"), 0x18U);
    QCOMPARE(r.uint("fr.upper_dlci"), 0x6U);
    QCOMPARE(r.uint("fr.cr"), 0U);
    QCOMPARE(r.uint("fr.ea"), 0U);
    QCOMPARE(r.uint("fr.second_addr_octet"), 0x61U);
    QCOMPARE(r.uint("fr.second_dlci"), 0x6U);
    QCOMPARE(r.uint("fr.fecn"), 0U);
    QCOMPARE(r.uint("fr.becn"), 0U);
    QCOMPARE(r.uint("fr.de"), 0U);
    QCOMPARE(r.uint("fr.dlci"), 102U);
    QCOMPARE(r.uint("fr.control"), 0x3U);
    QCOMPARE(r.uint("fr.control.u_modifier_cmd"), 0x0U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::fr_dissector, test::from_hex(kCiscoEncapsulation), {.link_type = 107});
    test::sweep_prefixes(dissect::fr_dissector, test::from_hex(kMultiprotocol), {.link_type = 107});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::FrTest)
#include "fr_test.moc"
