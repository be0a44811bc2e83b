#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector cdp_dissector;
}

namespace pr {

class CdpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kSwitchPort =
      "02b40bea000100065331000500c2436973636f20494f5320536f6674776172652c20433335363020536f667477617265"
      "202843333536302d414456495053455256494345534b392d4d292c2056657273696f6e2031322e322834342953452c20"
      "52454c4541534520534f4654574152452028666331290a436f707972696768742028632920313938362d323030382062"
      "7920436973636f2053797374656d732c20496e632e0a436f6d70696c6564205361742030352d4a616e2d30382030303a"
      "3135206279207765696c697500060017636973636f2057532d43333536302d3234545300020011000000010101cc0004"
      "00000000000300144661737445746865726e6574302f313300040008000000280008002400000c011200000000ffffff"
      "ff010220ff0000000000000018ba986880ff000000090004000a00060001000b00050100120005000013000500001600"
      "11000000010101cc000400000000001a00100000000100000000ffffffff";
  static constexpr const char* kAccessPoint =
      "02b4897d000100144150623833382e363166332e30356163000500f2436973636f20494f5320536f6674776172652c20"
      "433236303020536f667477617265202841503347322d4b3957382d4d292c2056657273696f6e2031352e322834294a41"
      "312c2052454c4541534520534f4654574152452028666332290a546563686e6963616c20537570706f72743a20687474"
      "703a2f2f7777772e636973636f2e636f6d2f74656368737570706f72740a436f70797269676874202863292031393836"
      "2d3230313320627920436973636f2053797374656d732c20496e632e0a436f6d70696c6564205475652033302d4a756c"
      "2d31332032323a35372062792070726f645f72656c5f7465616d0006001b636973636f204149522d4341503236303249"
      "2d512d4b3900020011000000010101cc0004c0a80a0a000300164769676162697445746865726e6574302e3100040008"
      "00000003000b0005010010000632c800190010a48d000000003c28000032c8";
  static constexpr const char* kRareElements =
      "02b4b07a0001000652310002002c000000020208aaaa0300000086dd001020010db80000000000000000000000010101"
      "810003490001000700080a00000100110008000005dc001400086e616d650015000706082b00170009006c616231001f"
      "000505";

 private slots:
  void switch_port() {
    const auto r = test::run(dissect::cdp_dissector, test::from_hex(kSwitchPort));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("cdp.version"), 2U);
    QCOMPARE(r.uint("cdp.ttl"), 180U);
    QCOMPARE(r.uint("cdp.checksum.status"), 1U);
    QCOMPARE(r.text("cdp.deviceid"), std::string("S1"));
    QCOMPARE(r.uint("cdp.nrgyz.ip_address"), 0x00000000U);  // 0.0.0.0
    QCOMPARE(r.text("cdp.portid"), std::string("FastEthernet0/13"));
    QCOMPARE(r.uint("cdp.capabilities.switch"), 1U);
    QCOMPARE(r.hex("cdp.cluster.switch_mac"), std::string("0018ba986880"));
    QCOMPARE(r.uint("cdp.native_vlan"), 1U);
    QCOMPARE(r.uint("cdp.duplex"), 1U);
  }
  void access_point() {
    const auto r = test::run(dissect::cdp_dissector, test::from_hex(kAccessPoint));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("cdp.checksum.status"), 1U);
    QCOMPARE(r.uint("cdp.power_consumption"), 13000U);
    QCOMPARE(r.uint("cdp.power_requested"), 15400U);
  }
  void rare_elements() {
    const auto r = test::run(dissect::cdp_dissector, test::from_hex(kRareElements));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("cdp.nrgyz.ipv6_address"), std::string("20010db8000000000000000000000001"));
    QCOMPARE(r.hex("cdp.address"), std::string("490001"));
    QCOMPARE(r.uint("cdp.odr_default_gateway"), 0x0a000001U);  // 10.0.0.1
    QCOMPARE(r.uint("cdp.mtu"), 1500U);
    QCOMPARE(r.text("cdp.system_name"), std::string("name"));
    QCOMPARE(r.hex("cdp.system_object_identifier"), std::string("06082b"));
    QCOMPARE(r.uint("cdp.location.unknown"), 0U);
    QCOMPARE(r.text("cdp.location"), std::string("lab1"));
    QCOMPARE(r.uint("cdp.spare_poe_tlv"), 5U);
    QCOMPARE(r.uint("cdp.spare_poe_tlv.poe"), 1U);
    QCOMPARE(r.uint("cdp.spare_poe_tlv.spare_pair_arch"), 0U);
    QCOMPARE(r.uint("cdp.spare_poe_tlv.req_spare_pair_poe"), 1U);
    QCOMPARE(r.uint("cdp.spare_poe_tlv.pse_spare_pair_poe"), 0U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::cdp_dissector, test::from_hex(kSwitchPort));
    test::sweep_prefixes(dissect::cdp_dissector, test::from_hex(kAccessPoint));
    test::sweep_prefixes(dissect::cdp_dissector, test::from_hex(kRareElements));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::CdpTest)
#include "cdp_test.moc"
