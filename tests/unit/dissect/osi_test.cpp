#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector osi_dissector;
}

namespace pr {

class OsiTest : public QObject {
  Q_OBJECT

  static constexpr const char* kPartial = "831101001a010000 0023 11111111111100 0910 04ad222222222222000000000005 4382";

  static ProtocolId last_layer(const test::Result& r) { return r.tree.layers.back().protocol; }

 private slots:
  void its_first_octet_says_what_follows() {
    const auto r = test::run(dissect::osi_dissector, test::from_hex(kPartial));
    QCOMPARE(last_layer(r), test::registry().find("isis.psnp"));
    QCOMPARE(r.uint("isis.irpd"), 0x83U);
  }
  void padding_in_front() {
    const auto r = test::run(dissect::osi_dissector, test::from_hex(std::string("00") + kPartial));
    QCOMPARE(last_layer(r), test::registry().find("isis.psnp"));
  }
  void what_nobody_knows_is_data() {
    const auto r = test::run(dissect::osi_dissector, test::from_hex("99 01 02"));
    QCOMPARE(last_layer(r), test::registry().find("data"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::osi_dissector, test::from_hex(kPartial)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::OsiTest)
#include "osi_test.moc"
