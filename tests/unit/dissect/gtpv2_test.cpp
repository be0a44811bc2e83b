#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector gtpv2_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kReadsAHeader =
    "482000f3000000004b5462000100080089674511223344f54c0006009876541234564b00080034567890120102f35600"
    "0d00189876541234987654123456785300030089475652000100064d00020000005700090086355292040a6500024700"
    "090008696e7465726e6574800001000063000100014f00050001211717017f00010002480008000000270f0000270f49"
    "000100055d003d00490001000554000d002131010910c0a80101ffffff005700090284355292050a6500025000160018"
    "0700000000000000000000000000000000000000008400070001ac106b7100018400070101ac106b7200017200020000"
    "005f0002000001";

}  // namespace

class Gtpv2Test : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_header() {
    const auto r =
        test::run(dissect::gtpv2_dissector, test::from_hex(kReadsAHeader), {.transport = dissect::Transport::kUdp});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gtpv2.flags"), 0x48U);
    QCOMPARE(r.uint("gtpv2.version"), 2U);
    QCOMPARE(r.uint("gtpv2.p"), 0U);
    QCOMPARE(r.uint("gtpv2.t"), 1U);
    QCOMPARE(r.uint("gtpv2.mp"), 0U);
    QCOMPARE(r.uint("gtpv2.message_type"), 32U);
    QCOMPARE(r.uint("gtpv2.msg_length"), 243U);
    QCOMPARE(r.uint("gtpv2.teid"), 0x0U);
    QCOMPARE(r.uint("gtpv2.seq"), 0x4b5462U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::gtpv2_dissector, test::from_hex(kReadsAHeader),
                         {.transport = dissect::Transport::kUdp});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Gtpv2Test)
#include "gtpv2_test.moc"
