#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector vtp_dissector;
}

namespace pr {

class VtpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kSummary =
      "01010005636973636f000000000000000000000000000000000000000000000000000000000000029b01250739333033"
      "3031303030393030fb393cf67014e50aa79c7c5b193f6fe10101000200";
  static constexpr const char* kSubset =
      "010201036c616200000000000000000000000000000000000000000000000000000000000000000514000107000105dc"
      "000186a164656661756c7400";
  static constexpr const char* kRequest =
      "010300036c616200000000000000000000000000000000000000000000000000000000000002";

 private slots:
  void summary() {
    const auto r = test::run(dissect::vtp_dissector, test::from_hex(kSummary));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("vtp.code"), 1U);
    QCOMPARE(r.text("vtp.md"), std::string("cisco"));
    QCOMPARE(r.uint("vtp.conf_rev_num"), 2U);
    QCOMPARE(r.uint("vtp.upd_id"), 0x9b012507U);  // 155.1.37.7
    QCOMPARE(r.text("vtp.upd_ts"), std::string("93-03-01 00:09:00"));
    QCOMPARE(r.hex("vtp.md5_digest"), std::string("fb393cf67014e50aa79c7c5b193f6fe1"));
  }
  void subset() {
    const auto r = test::run(dissect::vtp_dissector, test::from_hex(kSubset));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("vtp.seq_num"), 1U);
    QCOMPARE(r.uint("vtp.vlan_info.len"), 20U);
    QCOMPARE(r.uint("vtp.vlan_info.status"), 0U);
    QCOMPARE(r.uint("vtp.vlan_info.vlan_type"), 1U);
    QCOMPARE(r.uint("vtp.vlan_info.vlan_name_len"), 7U);
    QCOMPARE(r.uint("vtp.vlan_info.isl_vlan_id"), 1U);
    QCOMPARE(r.uint("vtp.vlan_info.mtu_size"), 1500U);
    QCOMPARE(r.uint("vtp.vlan_info.802_10_index"), 100001U);
    QCOMPARE(r.text("vtp.vlan_info.vlan_name"), std::string("default"));
  }
  void request() {
    const auto r = test::run(dissect::vtp_dissector, test::from_hex(kRequest));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("vtp.start_value"), 2U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::vtp_dissector, test::from_hex(kSummary));
    test::sweep_prefixes(dissect::vtp_dissector, test::from_hex(kSubset));
    test::sweep_prefixes(dissect::vtp_dissector, test::from_hex(kRequest));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::VtpTest)
#include "vtp_test.moc"
