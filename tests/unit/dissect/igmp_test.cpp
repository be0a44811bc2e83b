#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector igmp_dissector;
}

namespace pr {

class IgmpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kQuery3 = "11 64 ec 1e 00 00 00 00 02 7d 00 00";
  static constexpr const char* kReport3 = "22 00 00 00 00 00 00 01 04 00 00 01 e0 00 00 fb 0a 00 00 01";

 private slots:
  void version_2_query() {
    const auto r = test::run(dissect::igmp_dissector, test::from_hex("11 64 ee 9b 00 00 00 00"));
    QCOMPARE(r.uint("igmp.version"), 2U);
    QCOMPARE(r.uint("igmp.type"), 0x11U);
    QCOMPARE(r.uint("igmp.max_resp"), 100U);
    QCOMPARE(r.uint("igmp.checksum.status"), 1U);
    QCOMPARE(r.uint("igmp.maddr"), 0U);
  }
  void version_3_query() {
    const auto r = test::run(dissect::igmp_dissector, test::from_hex(kQuery3));
    QCOMPARE(r.uint("igmp.version"), 3U);
    QCOMPARE(r.uint("igmp.qrv"), 2U);
    QCOMPARE(r.uint("igmp.s"), 0U);
    QCOMPARE(r.uint("igmp.qqic"), 125U);
    QCOMPARE(r.uint("igmp.num_src"), 0U);
  }
  void long_times_are_floating_point() {
    const auto r = test::run(dissect::igmp_dissector, test::from_hex("11 9a 00 00 00 00 00 00 02 7d 00 00"));
    QCOMPARE(r.uint("igmp.max_resp"), (0x0aU | 0x10U) << 4U);
  }
  void version_3_report() {
    const auto r = test::run(dissect::igmp_dissector, test::from_hex(kReport3));
    QCOMPARE(r.uint("igmp.num_grp_recs"), 1U);
    QCOMPARE(r.uint("igmp.record_type"), 4U);
    QCOMPARE(r.uint("igmp.maddr"), 0xe00000fbU);
    QCOMPARE(r.uint("igmp.saddr"), 0x0a000001U);
  }
  void a_count_that_lies_is_noticed() {
    const auto r =
        test::run(dissect::igmp_dissector, test::from_hex("22 00 00 00 00 00 ff ff 04 00 00 01 e0 00 00 fb"));
    QVERIFY(r.has_issue(IssueKind::kMalformed));
  }
  void reads_auxiliary_data_data() {
    test::golden_columns();
    test::golden("report with auxiliary data", "22008162 00000001 04010000 e1000001 aabbccdd",
                 {{"igmp.aux_data", "aabbccdd"}});
  }
  void reads_auxiliary_data() { test::check_golden(dissect::igmp_dissector); }
  void every_prefix() {
    test::sweep_prefixes(dissect::igmp_dissector, test::from_hex(kQuery3));
    test::sweep_prefixes(dissect::igmp_dissector, test::from_hex(kReport3));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IgmpTest)
#include "igmp_test.moc"
