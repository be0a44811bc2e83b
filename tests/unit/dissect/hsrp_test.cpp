#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector hsrp_dissector;
}

namespace pr {

class HsrpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kHello = "000004030ac80100636973636f000000c0a80001";
  static constexpr const char* kAdvertise = "00030001000e0200000000036f000000";
  static constexpr const char* kVersion2 =
      "0128020005040398700f6aeff5bf0000005a00000bb8000027100a34dc7e000000000000000000000000030863697363"
      "6f000000";
  static constexpr const char* kDigest =
      "01280200060400010200000000010000006400000bb8000027100a0000fe000000000000000000000000020400020003"
      "041c010000000a00000100000001000102030405060708090a0b0c0d0e0f";
  static constexpr const char* kOverIpv6 =
      "01280200060600010200000000010000006400000bb800002710fe800000000000000000000000000001";

 private slots:
  void hello() {
    const auto r = test::run(dissect::hsrp_dissector, test::from_hex(kHello));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("hsrp.version"), 0U);
    QCOMPARE(r.uint("hsrp.state"), 4U);
    QCOMPARE(r.uint("hsrp.priority"), 200U);
    QCOMPARE(r.uint("hsrp.virt_ip"), 0xc0a80001U);  // 192.168.0.1
    QCOMPARE(r.text("hsrp.auth_data"), std::string("cisco"));
  }
  void advertise() {
    const auto r = test::run(dissect::hsrp_dissector, test::from_hex(kAdvertise));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("hsrp.opcode"), 3U);
    QCOMPARE(r.uint("hsrp.adv.tlvtype"), 1U);
    QCOMPARE(r.uint("hsrp.adv.state"), 2U);
    QCOMPARE(r.uint("hsrp.adv.passivegrp"), 3U);
  }
  void version_2() {
    const auto r = test::run(dissect::hsrp_dissector, test::from_hex(kVersion2));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("hsrp2.group"), 920U);
    QCOMPARE(r.uint("hsrp2.state"), 5U);
    QCOMPARE(r.hex("hsrp2.identifier"), std::string("700f6aeff5bf"));
    QCOMPARE(r.uint("hsrp2.priority"), 90U);
    QCOMPARE(r.uint("hsrp2.virt_ip"), 0x0a34dc7eU);  // 10.52.220.126
    QCOMPARE(r.text("hsrp2.auth_data"), std::string("cisco"));
  }
  void digest() {
    const auto r = test::run(dissect::hsrp_dissector, test::from_hex(kDigest));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("hsrp2.interface_state_tlv"), 2U);
    QCOMPARE(r.uint("hsrp2.active_groups"), 2U);
    QCOMPARE(r.uint("hsrp2.passive_groups"), 3U);
    QCOMPARE(r.uint("hsrp2.md5_auth_tlv"), 4U);
    QCOMPARE(r.uint("hsrp2.md5_algorithm"), 1U);
    QCOMPARE(r.uint("hsrp2.md5_padding"), 0U);
    QCOMPARE(r.uint("hsrp2.md5_flags"), 0U);
    QCOMPARE(r.uint("hsrp.md5_ip_address"), 0x0a000001U);  // 10.0.0.1
    QCOMPARE(r.uint("hsrp2.md5_key_id"), 1U);
    QCOMPARE(r.hex("hsrp2.md5_auth_data"), std::string("000102030405060708090a0b0c0d0e0f"));
  }
  void over_ipv6() {
    const auto r = test::run(dissect::hsrp_dissector, test::from_hex(kOverIpv6));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.hex("hsrp2.virt_ip_v6"), std::string("fe800000000000000000000000000001"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::hsrp_dissector, test::from_hex(kHello));
    test::sweep_prefixes(dissect::hsrp_dissector, test::from_hex(kAdvertise));
    test::sweep_prefixes(dissect::hsrp_dissector, test::from_hex(kVersion2));
    test::sweep_prefixes(dissect::hsrp_dissector, test::from_hex(kDigest));
    test::sweep_prefixes(dissect::hsrp_dissector, test::from_hex(kOverIpv6));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::HsrpTest)
#include "hsrp_test.moc"
