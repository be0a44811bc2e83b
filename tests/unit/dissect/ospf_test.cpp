#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ospf_dissector;
}

namespace pr {

class OspfTest : public QObject {
  Q_OBJECT

  static constexpr const char* kDescription =
      "020200acc0a8aa0300000001f0670000000000000000000005dc02024177a97e00010201c0a8aa03c0a8aa0380000001"
      "3a9c00300002020550d41000c0a8aa02800000012a490024000202059479ab00c0a8aa028000000134a5002400020205"
      "c0827800c0a8aa0280000001d319002400020205c0a80000c0a8aa02800000013708002400020205c0a80100c0a8aa02"
      "800000012c12002400020205c0a8ac00c0a8aa028000000133410024";
  static constexpr const char* kUpdate =
      "02040040c0a8aa0800000001961f000000000000000000000000000103e20201c0a8aa08c0a8aa0880000dc325060024"
      "02000001c0a8aa00ffffff000300000a";
  static constexpr const char* kExternal =
      "02040124c0a8aa0300000001366b000000000000000000000000000700020201c0a8aa03c0a8aa03800000013a9c0030"
      "02000002c0a8aa00ffffff000300000ac0a8aa00ffffff000300000a0003020550d41000c0a8aa02800000012a490024"
      "ffffffff800000140000000000000000000302059479ab00c0a8aa028000000134a50024ffffff0080000014c0a8aa01"
      "0000000000030205c0827800c0a8aa0280000001d3190024ffffff0080000014000000000000000000030205c0a80000"
      "c0a8aa028000000137080024ffffff0080000014000000000000000000030205c0a80100c0a8aa02800000012c120024"
      "ffffff0080000014000000000000000000030205c0a8ac00c0a8aa028000000133410024ffffff0080000014c0a8aa0a"
      "00000000";
  static constexpr const char* kVersion3 =
      "030400e403030303000000008eb500000000000500732003000000020303030380000001fcec00240000001440000000"
      "20010db800000004007d20030000000103030303800000012e9600240000000a4000000020010db800000034007d2003"
      "000000000303030380000001c23400240000000a4000000020010db80000000300870008000000060303030380000001"
      "a049003864000033fe800000000000000000000000000003000000014000000020010db8000000000087200900000000"
      "03030303800000010b7c002c0001200100000000030303034000004020010db800000000";
  static constexpr const char* kSimplePassword =
      "0201002cc0a8670100000001b9f80001636973636f000000fffffff8000a1201000000280a00000200000000fff60003"
      "0001000400000001";
  static constexpr const char* kDigest =
      "0201002c0101010100000000000000020000011000000005ffffff00000a0201000000280a0000010000000000010203"
      "0405060708090a0b0c0d0e0f";
  static constexpr const char* kNssa =
      "0204004001010101000000001587000000000000000000000000000100010807c0a80000010101018000000112340024"
      "ffffff00800000140a00000900000007";
  static constexpr const char* kVersion3External =
      "0304009001010101000000000000000000000003000140050000000101010101800000011234003c0700001430002001"
      "20010db80001000020010db8000000000000000000000009000000070000000100012004000000010101010180000001"
      "12340020000000130000000a020202020001200700000001010101018000000112340020040000142000000020010db8";

 private slots:
  void description() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kDescription));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.version"), 2U);
    QCOMPARE(r.uint("ospf.msg"), 2U);
    QCOMPARE(r.uint("ospf.srcrouter"), 0xc0a8aa03U);  // 192.168.170.3
    QCOMPARE(r.uint("ospf.db.interface_mtu"), 1500U);
    QCOMPARE(r.uint("ospf.dbd.ms"), 0U);
    QCOMPARE(r.uint("ospf.lsa.id"), 0xc0a8aa03U);     // 192.168.170.3
    QCOMPARE(r.uint("ospf.advrouter"), 0xc0a8aa03U);  // 192.168.170.3
  }
  void update() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kUpdate));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.ls.number_of_lsas"), 1U);
    QCOMPARE(r.uint("ospf.lsa.router.linkid"), 0xc0a8aa00U);  // 192.168.170.0
    QCOMPARE(r.uint("ospf.lsa.router.metric0"), 10U);
  }
  void external() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kExternal));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.lsa.asext.netmask"), 0xffffffffU);  // 255.255.255.255
    QCOMPARE(r.uint("ospf.lsa.asext.type"), 1U);
    QCOMPARE(r.uint("ospf.metric"), 20U);
  }
  void version_3() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kVersion3));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.version"), 3U);
    QCOMPARE(r.uint("ospf.v3.lsa.fc"), 3U);
    QCOMPARE(r.uint("ospf.prefix_length"), 64U);
    QCOMPARE(r.hex("ospf.v3.address_prefix.ipv6"), std::string("20010db8000000040000000000000000"));
  }
  void simple_password() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kSimplePassword));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.auth.type"), 1U);
    QCOMPARE(r.text("ospf.auth.simple"), std::string("cisco"));
  }
  void digest() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kDigest));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.auth.crypt.key_id"), 1U);
    QCOMPARE(r.uint("ospf.auth.crypt.data_length"), 16U);
    QCOMPARE(r.uint("ospf.auth.crypt.seq_nbr"), 5U);
    QCOMPARE(r.hex("ospf.auth.crypt.data"), std::string("000102030405060708090a0b0c0d0e0f"));
  }
  void nssa() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kNssa));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.lsa.nssa"), 1U);
  }
  void version_3_external() {
    const auto r = test::run(dissect::ospf_dissector, test::from_hex(kVersion3External));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("ospf.v3.lsa.asext"), 1U);
    QCOMPARE(r.uint("ospf.v3.as.external.flags"), 7U);
    QCOMPARE(r.uint("ospf.v3.as.external.flags.e"), 1U);
    QCOMPARE(r.uint("ospf.v3.as.external.flags.f"), 1U);
    QCOMPARE(r.uint("ospf.v3.as.external.flags.t"), 1U);
    QCOMPARE(r.hex("ospf.v3.lsa.forwarding_address.ipv6"), std::string("20010db8000000000000000000000009"));
    QCOMPARE(r.uint("ospf.v3.lsa.external_route_tag"), 7U);
    QCOMPARE(r.uint("ospf.v3.lsa.interrouter"), 1U);
    QCOMPARE(r.uint("ospf.v3.lsa.destination_router_id"), 0x02020202U);  // 2.2.2.2
    QCOMPARE(r.uint("ospf.v3.lsa.nssa"), 1U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kDescription));
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kUpdate));
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kExternal));
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kVersion3));
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kSimplePassword));
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kDigest));
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kNssa));
    test::sweep_prefixes(dissect::ospf_dissector, test::from_hex(kVersion3External));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::OspfTest)
#include "ospf_test.moc"
