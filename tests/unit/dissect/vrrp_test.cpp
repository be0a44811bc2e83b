#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector vrrp_dissector;
}

namespace pr {

class VrrpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kVersion2 = "2101c80100015652c0a800010000000000000000";
  static constexpr const char* kVersion3 = "3124640103e8341bfe800000000000000000000000003636";
  static constexpr const char* kPassword = "21016401010132b20a0000fe7365637265740000";

 private slots:
  void version_2() {
    const auto r = test::run(dissect::vrrp_dissector, test::from_hex(kVersion2));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("vrrp.version"), 2U);
    QCOMPARE(r.uint("vrrp.virt_rtr_id"), 1U);
    QCOMPARE(r.uint("vrrp.prio"), 200U);
    QCOMPARE(r.uint("vrrp.ip_addr"), 0xc0a80001U);  // 192.168.0.1
    QCOMPARE(r.uint("vrrp.adver_int"), 1U);
  }
  void version_3() {
    const auto r = test::run(dissect::vrrp_dissector, test::from_hex(kVersion3));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("vrrp.version"), 3U);
    QCOMPARE(r.uint("vrrp.short_adver_int"), 1000U);
  }
  void password() {
    const auto r = test::run(dissect::vrrp_dissector, test::from_hex(kPassword));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.text("vrrp.auth_string"), std::string("secret"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::vrrp_dissector, test::from_hex(kVersion2));
    test::sweep_prefixes(dissect::vrrp_dissector, test::from_hex(kVersion3));
    test::sweep_prefixes(dissect::vrrp_dissector, test::from_hex(kPassword));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::VrrpTest)
#include "vrrp_test.moc"
