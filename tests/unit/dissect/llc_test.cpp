#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector llc_dissector;
}

namespace pr {
namespace {

constexpr const char* kSnap = "aaaa0300 00000800 4500001f 00014000 40110000 c0a80001 c0a80002 14e90035 000b0000 616263";
constexpr const char* kCisco = "aaaa0300 000c7777 0102";
constexpr const char* kInformation = "f0f00002";

}  // namespace

class LlcTest : public QObject {
  Q_OBJECT

 private slots:
  void finds_ip_behind_snap() {
    const auto r = test::run(dissect::llc_dissector, test::from_hex(kSnap));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("llc.dsap"), 0xaaU);
    QCOMPARE(r.uint("llc.dsap.sap"), 0x55U);
    QCOMPARE(r.uint("llc.control"), 3U);
    QCOMPARE(r.uint("llc.control.ftype"), 3U);
    QCOMPARE(r.uint("llc.type"), 0x0800U);
    QVERIFY(r.frame.has_ip);
  }
  void names_the_organisation() {
    const auto r = test::run(dissect::llc_dissector, test::from_hex(kCisco));
    QCOMPARE(r.uint("llc.oui"), 0x00000cU);
    QCOMPARE(r.uint("llc.cisco_pid"), 0x7777U);
    QCOMPARE(r.hex("data.data"), std::string("0102"));
  }
  void information_frames_have_two_octets_of_control() {
    const auto r = test::run(dissect::llc_dissector, test::from_hex(kInformation));
    QCOMPARE(r.uint("llc.control"), 0x0200U);
    QCOMPARE(r.uint("llc.control.n_r"), 1U);
    QCOMPARE(r.uint("llc.control.n_s"), 0U);
    QVERIFY(!r.has("llc.control.p"));
  }
  void reads_identifiers_of_organisations_data() {
    test::golden_columns();
    test::golden("Nortel", "aaaa0300 008101a2 01020304", {{"llc.nortel_pid", "0x01a2"}});
    test::golden("SNAP of another organisation", "aaaa0308 003e1234 01020304", {{"llc.pid", "0x1234"}});
  }
  void reads_identifiers_of_organisations() { test::check_golden(dissect::llc_dissector); }
  void every_prefix() { test::sweep_prefixes(dissect::llc_dissector, test::from_hex(kSnap)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::LlcTest)
#include "llc_test.moc"
