#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eigrp_dissector;
}

namespace pr {

class EigrpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kHello =
      "0205c352000000000000000000000000000000640001000c010001000000000f000400080c04010200030009040a0000"
      "010005000800000019";
  static constexpr const char* kUpdate =
      "020124b9000000080000001800000017000000640102001c0000000000000a00000064000005dc00ff01000018c0a801"
      "0102001d00000000000064000003e8000005dc00ff0100001e0a0000040102001c0000000000006e000003e8000005dc"
      "01ff01000018c0a8030102001d000000000000c8000003e8000005dc01ff0100001e0a00000c0102001c000000000000"
      "d2000003e8000005dc02ff01000018c0a8040102001d0000000000012c000003e8000005dc02ff0100001e0a00000801"
      "02001c00000000000136000003e8000005dc03ff01000018c0a802";
  static constexpr const char* kOverIpv6 =
      "02032405000000000000002800000000000000640402002e00000000000000000000000000000000ffffffff00000000"
      "0005dc00000000044020010db80000040000";
  static constexpr const char* kAuthenticatedStub =
      "0205f8760000000000000007000000000000006400020028000200100000000100000005000000000000000000010203"
      "0405060708090a0b0c0d0e0f0001000c010001000000000f000600060029000300151020010db8000000000000000000"
      "000001";
  static constexpr const char* kExternal =
      "02017d96000000000000000700000000000000640103002f0a000009010101010000fde9000000070000001400000b03"
      "00000a00000064000005dc01ff02000210ac10";
  static constexpr const char* kWideMetric =
      "02018f5b000000000000000700000000000000640602002c00000001020202020000ff010005dc020000009896800000"
      "00002710000000040a00000918c0a805";

 private slots:
  void hello() {
    const auto r = test::run(dissect::eigrp_dissector, test::from_hex(kHello));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("eigrp.opcode"), 5U);
    QCOMPARE(r.uint("eigrp.as"), 100U);
    QCOMPARE(r.uint("eigrp.par.k1"), 1U);
    QCOMPARE(r.uint("eigrp.par.holdtime"), 15U);
    QCOMPARE(r.uint("eigrp.seq.ipv4addr"), 0x0a000001U);  // 10.0.0.1
    QCOMPARE(r.uint("eigrp.next_mcast_seq"), 25U);
  }
  void update() {
    const auto r = test::run(dissect::eigrp_dissector, test::from_hex(kUpdate));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("eigrp.flags.eot"), 1U);
    QCOMPARE(r.uint("eigrp.ack"), 23U);
    QCOMPARE(r.uint("eigrp.tlv_type"), 258U);
    QCOMPARE(r.uint("eigrp.old_metric.bw"), 25600U);
    QCOMPARE(r.uint("eigrp.ipv4.prefixlen"), 24U);
    QCOMPARE(r.uint("eigrp.ipv4.destination"), 0xc0a80100U);  // 192.168.1.0
  }
  void over_ipv6() {
    const auto r = test::run(dissect::eigrp_dissector, test::from_hex(kOverIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("eigrp.ipv6.nexthop"), std::string("00000000000000000000000000000000"));
    QCOMPARE(r.uint("eigrp.ipv6.prefixlen"), 64U);
    QCOMPARE(r.hex("eigrp.ipv6.destination"), std::string("20010db8000004000000000000000000"));
  }
  void authenticated_stub() {
    const auto r = test::run(dissect::eigrp_dissector, test::from_hex(kAuthenticatedStub));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("eigrp.auth.type"), 2U);
    QCOMPARE(r.uint("eigrp.auth.length"), 16U);
    QCOMPARE(r.uint("eigrp.auth.keyid"), 1U);
    QCOMPARE(r.uint("eigrp.auth.keyseq"), 5U);
    QCOMPARE(r.hex("eigrp.nullpad"), std::string("0000000000000000"));
    QCOMPARE(r.hex("eigrp.auth.digest"), std::string("000102030405060708090a0b0c0d0e0f"));
    QCOMPARE(r.uint("eigrp.stub_options"), 41U);
    QCOMPARE(r.uint("eigrp.stub_options.connected"), 1U);
    QCOMPARE(r.uint("eigrp.stub_options.static"), 0U);
    QCOMPARE(r.uint("eigrp.stub_options.summary"), 0U);
    QCOMPARE(r.uint("eigrp.stub_options.redist"), 1U);
    QCOMPARE(r.uint("eigrp.stub_options.leakmap"), 0U);
    QCOMPARE(r.uint("eigrp.stub_options.recvonly"), 1U);
    QCOMPARE(r.hex("eigrp.seq.ipv6addr"), std::string("20010db8000000000000000000000001"));
  }
  void external() {
    const auto r = test::run(dissect::eigrp_dissector, test::from_hex(kExternal));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("eigrp.extdata.origrid"), 0x01010101U);  // 1.1.1.1
    QCOMPARE(r.uint("eigrp.extdata.as"), 65001U);
    QCOMPARE(r.uint("eigrp.extdata.tag"), 7U);
    QCOMPARE(r.uint("eigrp.extdata.metric"), 20U);
    QCOMPARE(r.uint("eigrp.extdata.reserved"), 0U);
    QCOMPARE(r.uint("eigrp.extdata.proto"), 11U);
    QCOMPARE(r.uint("eigrp.opaque.flag.ext"), 1U);
    QCOMPARE(r.uint("eigrp.opaque.flag.cd"), 1U);
  }
  void wide_metric() {
    const auto r = test::run(dissect::eigrp_dissector, test::from_hex(kWideMetric));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("eigrp.tid"), 0U);
    QCOMPARE(r.uint("eigrp.afi"), 1U);
    QCOMPARE(r.uint("eigrp.routerid"), 0x02020202U);  // 2.2.2.2
    QCOMPARE(r.uint("eigrp.metric.offset"), 0U);
    QCOMPARE(r.uint("eigrp.metric.priority"), 0U);
    QCOMPARE(r.uint("eigrp.metric.reliability"), 255U);
    QCOMPARE(r.uint("eigrp.metric.load"), 1U);
    QCOMPARE(r.uint("eigrp.metric.mtu"), 1500U);
    QCOMPARE(r.uint("eigrp.metric.hopcount"), 2U);
    QCOMPARE(r.uint("eigrp.metric.delay"), 10000000U);
    QCOMPARE(r.uint("eigrp.metric.bandwidth"), 10000U);
    QCOMPARE(r.uint("eigrp.metric.reserved"), 0U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::eigrp_dissector, test::from_hex(kHello));
    test::sweep_prefixes(dissect::eigrp_dissector, test::from_hex(kUpdate));
    test::sweep_prefixes(dissect::eigrp_dissector, test::from_hex(kOverIpv6));
    test::sweep_prefixes(dissect::eigrp_dissector, test::from_hex(kAuthenticatedStub));
    test::sweep_prefixes(dissect::eigrp_dissector, test::from_hex(kExternal));
    test::sweep_prefixes(dissect::eigrp_dissector, test::from_hex(kWideMetric));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::EigrpTest)
#include "eigrp_test.moc"
