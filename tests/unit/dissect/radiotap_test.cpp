#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector radiotap_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kReadsWhatIsPresent =
    "00001a006f1800007ced46ed0000000010028009a000c8ab001d940000000024b2f8d7067cc5376d16e7040000000000"
    "0000000000009bb909c2";

}  // namespace

class RadiotapTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_what_is_present() {
    const auto r = test::run(dissect::radiotap_dissector, test::from_hex(kReadsWhatIsPresent), {.link_type = 127});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("radiotap.version"), 0U);
    QCOMPARE(r.uint("radiotap.pad"), 0U);
    QCOMPARE(r.uint("radiotap.length"), 26U);
    QCOMPARE(r.uint("radiotap.present.word"), 0x186fU);
    QCOMPARE(r.uint("radiotap.present.tsft"), 1U);
    QCOMPARE(r.uint("radiotap.present.flags"), 1U);
    QCOMPARE(r.uint("radiotap.present.rate"), 1U);
    QCOMPARE(r.uint("radiotap.present.channel"), 1U);
    QCOMPARE(r.uint("radiotap.present.fhss"), 0U);
    QCOMPARE(r.uint("radiotap.present.dbm_antsignal"), 1U);
    QCOMPARE(r.uint("radiotap.present.dbm_antnoise"), 1U);
    QCOMPARE(r.uint("radiotap.present.lock_quality"), 0U);
    QCOMPARE(r.uint("radiotap.present.tx_attenuation"), 0U);
    QCOMPARE(r.uint("radiotap.present.db_tx_attenuation"), 0U);
    QCOMPARE(r.uint("radiotap.present.dbm_tx_power"), 0U);
    QCOMPARE(r.uint("radiotap.present.antenna"), 1U);
    QCOMPARE(r.uint("radiotap.present.db_antsignal"), 1U);
    QCOMPARE(r.uint("radiotap.present.db_antnoise"), 0U);
    QCOMPARE(r.uint("radiotap.present.rxflags"), 0U);
    QCOMPARE(r.uint("radiotap.present.txflags"), 0U);
    QCOMPARE(r.uint("radiotap.present.data_retries"), 0U);
    QCOMPARE(r.uint("radiotap.present.xchannel"), 0U);
    QCOMPARE(r.uint("radiotap.present.mcs"), 0U);
    QCOMPARE(r.uint("radiotap.present.ampdu"), 0U);
    QCOMPARE(r.uint("radiotap.present.vht"), 0U);
    QCOMPARE(r.uint("radiotap.present.timestamp"), 0U);
    QCOMPARE(r.uint("radiotap.present.he"), 0U);
    QCOMPARE(r.uint("radiotap.present.he_mu"), 0U);
    QCOMPARE(r.uint("radiotap.present.0_length.psdu"), 0U);
    QCOMPARE(r.uint("radiotap.present.l_sig"), 0U);
    QCOMPARE(r.uint("radiotap.present.tlv"), 0U);
    QCOMPARE(r.uint("radiotap.present.rtap_ns"), 0U);
    QCOMPARE(r.uint("radiotap.present.vendor_ns"), 0U);
    QCOMPARE(r.uint("radiotap.mactime"), 3980848508U);
    QCOMPARE(r.uint("radiotap.flags"), 0x10U);
    QCOMPARE(r.uint("radiotap.flags.cfp"), 0U);
    QCOMPARE(r.uint("radiotap.flags.preamble"), 0U);
    QCOMPARE(r.uint("radiotap.flags.wep"), 0U);
    QCOMPARE(r.uint("radiotap.flags.frag"), 0U);
    QCOMPARE(r.uint("radiotap.flags.fcs"), 1U);
    QCOMPARE(r.uint("radiotap.flags.datapad"), 0U);
    QCOMPARE(r.uint("radiotap.flags.badfcs"), 0U);
    QCOMPARE(r.uint("radiotap.flags.shortgi"), 0U);
    QCOMPARE(r.uint("radiotap.channel.freq"), 2432U);
    QCOMPARE(r.uint("radiotap.channel.flags"), 0xa0U);
    QCOMPARE(r.uint("radiotap.channel.flags.700mhz"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.800mhz"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.900mhz"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.turbo"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.cck"), 1U);
    QCOMPARE(r.uint("radiotap.channel.flags.ofdm"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.2ghz"), 1U);
    QCOMPARE(r.uint("radiotap.channel.flags.5ghz"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.passive"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.dynamic"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.gfsk"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.gsm"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.sturbo"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.half"), 0U);
    QCOMPARE(r.uint("radiotap.channel.flags.quarter"), 0U);
    QCOMPARE(r.uint("radiotap.antenna"), 0U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::radiotap_dissector, test::from_hex(kReadsWhatIsPresent), {.link_type = 127});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::RadiotapTest)
#include "radiotap_test.moc"
