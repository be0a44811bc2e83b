#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector sll_dissector;
}

namespace pr {

class SllTest : public QObject {
  Q_OBJECT

 private slots:
  // The first form is for LINKTYPE 113; the runner's link type is another, so the second form is what it reads.
  void second_version() {
    const auto r = test::run(dissect::sll_dissector,
                             test::from_hex("08 00 00 00 00 00 00 02 00 01 04 06 00 0c 29 06 f9 85 00 00 45 00 00 14 "
                                            "00 01 00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("sll.etype"), 0x0800U);
    QCOMPARE(r.uint("sll.ifindex"), 2U);
    QCOMPARE(r.uint("sll.pkttype"), 4U);
    QCOMPARE(r.uint("sll.halen"), 6U);
    QCOMPARE(r.hex("sll.src.eth"), std::string("000c2906f985"));
    QCOMPARE(r.hex("sll.unused"), std::string("0000"));
    QVERIFY(r.frame.has_ip);
  }
  void first_version() {
    test::Options options;
    options.link_type = 113;
    const auto r = test::run(dissect::sll_dissector,
                             test::from_hex("00 04 00 01 00 06 00 15 5d a0 07 5d 00 00 08 00 45 00 00 14 00 01 00 00 "
                                            "40 3b 00 00 0a 00 00 01 0a 00 00 02"),
                             options);
    QCOMPARE(r.uint("sll.etype"), 0x0800U);
    QCOMPARE(r.uint("sll.hatype"), 1U);
    QCOMPARE(r.hex("sll.src.eth"), std::string("00155da0075d"));
    QVERIFY(r.frame.has_ip);
  }
  void reads_rare_addresses_data() {
    test::golden_columns();
    test::golden("GRE",
                 "0000030a 0004c000 02010000 00000800 4500001c 00010000 401166ce 0a000001 0a000002 14e90035 00080000",
                 {{"sll.gretype", "0x0800"}, {"sll.src.ipv4", "192.0.2.1"}});
    test::golden("address of another length",
                 "00000001 00030102 03000000 00000800 4500001c 00010000 401166ce 0a000001 0a000002 14e90035 00080000",
                 {{"sll.src.other", "010203"}});
  }
  void reads_rare_addresses() { test::check_golden(dissect::sll_dissector, {.link_type = 113}); }
  void every_prefix() {
    test::sweep_prefixes(dissect::sll_dissector,
                         test::from_hex("08 00 00 00 00 00 00 02 00 01 04 06 00 0c 29 06 f9 85 00 00 45 00 00 14 00 01 "
                                        "00 00 40 3b 00 00 0a 00 00 01 0a 00 00 02"));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::SllTest)
#include "sll_test.moc"
