#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ppi_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kReadsCommonFields =
    "0000200069000000020014009d6bff5f6d020000010002006c09a0000000beb580000000ffffffffffff000fccfb5408"
    "000fccfb540810d842122483160000006400110400055457494741010582848b960c030101050c010200000000000000"
    "0000002a010730140100000fac020100000fac040100000fac02000032080c1218243048606cdd180050f20101000050"
    "f20201000050f20201000050f202000013d029cc";

}  // namespace

class PpiTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_common_fields() {
    const auto r = test::run(dissect::ppi_dissector, test::from_hex(kReadsCommonFields), {.link_type = 192});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ppi.version"), 0U);
    QCOMPARE(r.uint("ppi.flags"), 0x0U);
    QCOMPARE(r.uint("ppi.flags.alignment"), 0U);
    QCOMPARE(r.uint("ppi.flags.reserved"), 0x0U);
    QCOMPARE(r.uint("ppi.length"), 32U);
    QCOMPARE(r.uint("ppi.dlt"), 105U);
    QCOMPARE(r.uint("ppi.field_type"), 2U);
    QCOMPARE(r.uint("ppi.field_len"), 20U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::ppi_dissector, test::from_hex(kReadsCommonFields), {.link_type = 192});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::PpiTest)
#include "ppi_test.moc"
