#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector rip_dissector;
}

namespace pr {

class RipTest : public QObject {
  Q_OBJECT

  static constexpr const char* kVersion1 =
      "02010000000200000a000300000000000000000000000001000200000a00040000000000000000000000000200020000"
      "c0a8020000000000000000000000000100020000c0a80400000000000000000000000002";
  static constexpr const char* kVersion2 =
      "020200000002000009090900ffffff000000000000000002000200000a0a0b00fffffffc000000000000000100020000"
      "0a0a1900ffffff0000000000000000010002000014141400fffffffc0000000000000001";
  static constexpr const char* kPassword =
      "02020000ffff000273656372657400000000000000000000000200000a000000ff0000000000000000000001";
  static constexpr const char* kDigest =
      "02020000ffff0003002c0114000000070000000000000000000200000a000000ff0000000000000000000001ffff0001"
      "000102030405060708090a0b0c0d0e0f";

 private slots:
  void version_1() {
    const auto r = test::run(dissect::rip_dissector, test::from_hex(kVersion1));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("rip.command"), 2U);
    QCOMPARE(r.uint("rip.version"), 1U);
    QCOMPARE(r.uint("rip.ip"), 0x0a000300U);  // 10.0.3.0
    QCOMPARE(r.uint("rip.metric"), 1U);
  }
  void version_2() {
    const auto r = test::run(dissect::rip_dissector, test::from_hex(kVersion2));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("rip.version"), 2U);
    QCOMPARE(r.uint("rip.ip"), 0x09090900U);        // 9.9.9.0
    QCOMPARE(r.uint("rip.netmask"), 0xffffff00U);   // 255.255.255.0
    QCOMPARE(r.uint("rip.next_hop"), 0x00000000U);  // 0.0.0.0
    QCOMPARE(r.uint("rip.metric"), 2U);
  }
  void password() {
    const auto r = test::run(dissect::rip_dissector, test::from_hex(kPassword));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.text("rip.auth.passwd"), std::string("secret"));
  }
  void digest() {
    const auto r = test::run(dissect::rip_dissector, test::from_hex(kDigest));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("rip.digest_offset"), 44U);
    QCOMPARE(r.uint("rip.key_id"), 1U);
    QCOMPARE(r.uint("rip.auth_data_len"), 20U);
    QCOMPARE(r.uint("rip.seq_num"), 7U);
    QCOMPARE(r.hex("rip.authentication_data"), std::string("000102030405060708090a0b0c0d0e0f"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::rip_dissector, test::from_hex(kVersion1));
    test::sweep_prefixes(dissect::rip_dissector, test::from_hex(kVersion2));
    test::sweep_prefixes(dissect::rip_dissector, test::from_hex(kPassword));
    test::sweep_prefixes(dissect::rip_dissector, test::from_hex(kDigest));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::RipTest)
#include "rip_test.moc"
