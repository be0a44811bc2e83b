#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector radiotap_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kTellsOfReception =
    "00001a006f1800007ced46ed0000000010028009a000c8ab001d940000000024b2f8d7067cc5376d16e7040000000000"
    "0000000000009bb909c2";

}  // namespace

class WlanRadioTest : public QObject {
  Q_OBJECT

 private slots:
  void tells_of_reception() {
    const auto r = test::run(dissect::radiotap_dissector, test::from_hex(kTellsOfReception), {.link_type = 127});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("wlan_radio.phy"), 4U);
    QCOMPARE(r.uint("wlan_radio.short_preamble"), 0U);
    QCOMPARE(r.uint("wlan_radio.channel"), 5U);
    QCOMPARE(r.uint("wlan_radio.frequency"), 2432U);
    QCOMPARE(r.uint("wlan_radio.signal_db"), 29U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::radiotap_dissector, test::from_hex(kTellsOfReception), {.link_type = 127});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::WlanRadioTest)
#include "wlan_radio_test.moc"
