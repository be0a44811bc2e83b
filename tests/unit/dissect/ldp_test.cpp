#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ldp_dissector;
}

namespace pr {

class LdpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kHello = "0001001e010102020000010000140000000004000004005ac0000401000401010202";
  static constexpr const char* kMapping =
      "00010108010102020000030000120000000e0101000a000101010202ac100201040000180000000f010000080200011f"
      "ac1002000200000400000003040000180000001001000008020001200101020202000004000000030400001800000011"
      "010000080200012001010201020000040000001104000018000000120100000802000120010101020200000400000012"
      "040000180000001301000008020001200101010102000004000000130400001800000014010000080200011fac100100"
      "02000004000000140400001800000015010000080200011fac1000000200000400000015040000240000001601000014"
      "8080050c000000000000000a010405dc0c0403020200000400000010";

 private slots:
  void hello() {
    const auto r = test::run(dissect::ldp_dissector, test::from_hex(kHello));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ldp.hdr.version"), 1U);
    QCOMPARE(r.uint("ldp.hdr.ldpid.lsr"), 0x01010202U);  // 1.1.2.2
    QCOMPARE(r.uint("ldp.msg.type"), 256U);
    QCOMPARE(r.uint("ldp.msg.tlv.hello.hold"), 90U);
    QCOMPARE(r.uint("ldp.msg.tlv.ipv4.taddr"), 0x01010202U);  // 1.1.2.2
  }
  void mapping() {
    const auto r = test::run(dissect::ldp_dissector, test::from_hex(kMapping));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ldp.msg.tlv.addrl.addr_family"), 1U);
    QCOMPARE(r.uint("ldp.msg.tlv.fec.type"), 2U);
    QCOMPARE(r.uint("ldp.msg.tlv.generic.label"), 3U);
    QCOMPARE(r.uint("ldp.msg.tlv.fec.pw.pwid"), 10U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::ldp_dissector, test::from_hex(kHello));
    test::sweep_prefixes(dissect::ldp_dissector, test::from_hex(kMapping));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::LdpTest)
#include "ldp_test.moc"
