#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector lldp_dissector;
}

namespace pr {

class LldpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kSwitchPort =
      "02070400192fa7b28d040d0155706c696e6b20746f205331060200780a0c53322e636973636f2e636f6d0cbe43697363"
      "6f20494f5320536f6674776172652c20433335363020536f667477617265202843333536302d41445649505345525649"
      "4345534b392d4d292c2056657273696f6e2031322e322834342953452c2052454c4541534520534f4654574152452028"
      "666331290a436f707972696768742028632920313938362d3230303820627920436973636f2053797374656d732c2049"
      "6e632e0a436f6d70696c6564205361742030352d4a616e2d30382030303a3135206279207765696c6975081347696761"
      "62697445746865726e6574302f31330e0400140004fe060080c2010001fe0900120f0103c03600100000";
  static constexpr const char* kFlowControl =
      "02070408002742ba5904070308002742ba5906020078fe060080c2010001fe070080c202020000fe0e0080c203000107"
      "64656661756c74fe0d0080c204080000424203000000fe060080c20b0434000000000000000000";
  static constexpr const char* kUsageDescription =
      "020704002354c25702040703002354c25702060200780a1c75707374616972732e6f66636f75727365696d7269676874"
      "2e636f6d0c5c5562756e74752031342e30342e35204c5453204c696e757820332e31332e302d3130362d67656e657269"
      "6320233135332d5562756e747520534d50205475652044656320362031353a34353a3133205554432032303136206936"
      "38360e04009c0008100c05013e0cad7202000000020010181102200108a810060004022354fffec25702020000000200"
      "080465746830fe0900120f030100000000fe0900120f0103ecc30010fe4000005e0168747470733a2f2f696d72696768"
      "742e6d75642e6578616d706c652e636f6d2f2e77656c6c2d6b6e6f776e2f6d75642f76312f766f6d697476322e300000";
  static constexpr const char* kMediaEndpoint =
      "020807636861737369730405056574683006020078fe070012bb01003303fe080012bb020140c8aefe070012bb044300"
      "40fe070012bb05687731fe070012bb06667731fe070012bb07737731fe0a0012bb0873657269616cfe090012bb096d61"
      "6b6572fe090012bb0a6d6f64656cfe090012bb0b61737365740000";
  static constexpr const char* kIeee =
      "0212050220010db8000000000000000000000001040604010a00000106020078fe0700120f02070100fe0600120f0405"
      "eefe090080c2070300000005100e07060200000000010200000003000000";
  static constexpr const char* kPortIpv6 =
      "020807636861737369730412040220010db800000000000000000000000206020078000000000000000000000000";

 private slots:
  void switch_port() {
    const auto r = test::run(dissect::lldp_dissector, test::from_hex(kSwitchPort));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("lldp.chassis.id.mac"), std::string("00192fa7b28d"));
    QCOMPARE(r.text("lldp.port.id"), std::string("Uplink to S1"));
    QCOMPARE(r.uint("lldp.time_to_live"), 120U);
    QCOMPARE(r.text("lldp.tlv.system.name"), std::string("S2.cisco.com"));
    QCOMPARE(r.uint("lldp.tlv.system_cap.router"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_1.port_vlan.id"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_3.pmd_mau_type"), 16U);
  }
  void flow_control() {
    const auto r = test::run(dissect::lldp_dissector, test::from_hex(kFlowControl));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.text("lldp.ieee.802_1.vlan.name"), std::string("default"));
    QCOMPARE(r.hex("lldp.ieee.802_1.proto.id"), std::string("0000424203000000"));
    QCOMPARE(r.uint("lldp.dcbx.ieee.pfc.numtcs"), 4U);
    QCOMPARE(r.uint("lldp.dcbx.feature.pfc.prio2"), 1U);
  }
  void usage_description() {
    const auto r = test::run(dissect::lldp_dissector, test::from_hex(kUsageDescription));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("lldp.mgn.addr.ip4"), 0x3e0cad72U);  // 62.12.173.114
    QCOMPARE(r.text("lldp.iana.mudurl"), std::string("https://imright.mud.example.com/.well-known/mud/v1/vomitv2.0"));
  }
  void media_endpoint() {
    const auto r = test::run(dissect::lldp_dissector, test::from_hex(kMediaEndpoint));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("lldp.chassis.id"), std::string("63686173736973"));
    QCOMPARE(r.uint("lldp.media.subtype"), 1U);
    QCOMPARE(r.uint("lldp.media.subtype.caps"), 51U);
    QCOMPARE(r.uint("lldp.media.subtype.caps.llpd"), 1U);
    QCOMPARE(r.uint("lldp.media.subtype.caps.network_policy"), 1U);
    QCOMPARE(r.uint("lldp.media.subtype.caps.location_id"), 0U);
    QCOMPARE(r.uint("lldp.media.subtype.caps.mdi_pse"), 0U);
    QCOMPARE(r.uint("lldp.media.subtype.caps.mid_pd"), 1U);
    QCOMPARE(r.uint("lldp.media.subtype.caps.inventory"), 1U);
    QCOMPARE(r.uint("lldp.media.subtype.class"), 3U);
    QCOMPARE(r.uint("lldp.media.app_type"), 1U);
    QCOMPARE(r.uint("lldp.media.policy_flag"), 0U);
    QCOMPARE(r.uint("lldp.media.tag_flag"), 1U);
    QCOMPARE(r.uint("lldp.media.vlan_id"), 100U);
    QCOMPARE(r.uint("lldp.media.l2_prio"), 2U);
    QCOMPARE(r.uint("lldp.media.dscp"), 46U);
    QCOMPARE(r.uint("lldp.media.power.type"), 1U);
    QCOMPARE(r.uint("lldp.media.power.source"), 0U);
    QCOMPARE(r.uint("lldp.media.power.prio"), 3U);
    QCOMPARE(r.uint("lldp.media.power.value"), 64U);
    QCOMPARE(r.text("lldp.media.hardware"), std::string("hw1"));
    QCOMPARE(r.text("lldp.media.firmware"), std::string("fw1"));
    QCOMPARE(r.text("lldp.media.software"), std::string("sw1"));
    QCOMPARE(r.text("lldp.media.sn"), std::string("serial"));
    QCOMPARE(r.text("lldp.media.manufacturer"), std::string("maker"));
    QCOMPARE(r.text("lldp.media.model"), std::string("model"));
    QCOMPARE(r.text("lldp.media.asset"), std::string("asset"));
  }
  void ieee() {
    const auto r = test::run(dissect::lldp_dissector, test::from_hex(kIeee));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("lldp.chassis.id.ip6"), std::string("20010db8000000000000000000000001"));
    QCOMPARE(r.uint("lldp.port.id.ip4"), 0x0a000001U);  // 10.0.0.1
    QCOMPARE(r.uint("lldp.ieee.802_3.mdi_power_support"), 7U);
    QCOMPARE(r.uint("lldp.ieee.802_3.mdi_power_support.port_class"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_3.mdi_power_support.supported"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_3.mdi_power_support.enabled"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_3.mdi_power_support.pse_pairs"), 0U);
    QCOMPARE(r.uint("lldp.ieee.802_3.mdi_pse_pair"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_3.mdi_power_class"), 0U);
    QCOMPARE(r.uint("lldp.ieee.802_3.max_frame_size"), 1518U);
    QCOMPARE(r.uint("lldp.ieee.802_1.aggregation_status"), 3U);
    QCOMPARE(r.uint("lldp.ieee.802_1.aggregation_status.cap"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_1.aggregation_status.enabled"), 1U);
    QCOMPARE(r.uint("lldp.ieee.802_1.aggregation_status.porttype"), 0U);
    QCOMPARE(r.uint("lldp.ieee.802_1.aggregated_port_id"), 5U);
    QCOMPARE(r.hex("lldp.mgn.addr.hex"), std::string("020000000001"));
  }
  void port_ipv6() {
    const auto r = test::run(dissect::lldp_dissector, test::from_hex(kPortIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("lldp.chassis.id"), std::string("63686173736973"));
    QCOMPARE(r.hex("lldp.port.id.ip6"), std::string("20010db8000000000000000000000002"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::lldp_dissector, test::from_hex(kSwitchPort));
    test::sweep_prefixes(dissect::lldp_dissector, test::from_hex(kFlowControl));
    test::sweep_prefixes(dissect::lldp_dissector, test::from_hex(kUsageDescription));
    test::sweep_prefixes(dissect::lldp_dissector, test::from_hex(kMediaEndpoint));
    test::sweep_prefixes(dissect::lldp_dissector, test::from_hex(kIeee));
    test::sweep_prefixes(dissect::lldp_dissector, test::from_hex(kPortIpv6));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::LldpTest)
#include "lldp_test.moc"
