#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector udpencap_dissector;
}

namespace pr {
namespace {

using dissect::Likeness;
using dissect::Outcome;
using test::from_hex;

const test::Options kOptions{.at_end = true, .transport = dissect::Transport::kUdp};

}  // namespace

class UdpencapTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_keep_alives() {
    QVERIFY(test::run(dissect::udpencap_dissector, from_hex("ff"), kOptions).has("udpencap.nat_keepalive"));
  }
  void reads_esp() {
    const auto result =
        test::run(dissect::udpencap_dissector, from_hex("12345678 00000001 aabbccddeeff0011"), kOptions);
    QCOMPARE(result.uint("esp.spi"), 0x12345678U);
  }
  void reads_ike_behind_its_marker() {
    const auto bytes = from_hex("00000000 0102030405060708 0000000000000000 00 20 25 08 00000000 0000001c");
    QCOMPARE(dissect::udpencap_dissector.probe(bytes, {.tcp = false}), Likeness::kYes);
    const auto result = test::run(dissect::udpencap_dissector, bytes, kOptions);
    QVERIFY(result.has("udpencap.non_esp_marker"));
    QCOMPARE(result.uint("isakmp.exchangetype"), 37U);
    QCOMPARE(result.outcome, Outcome::kDone);
  }
  void survives_every_prefix() {
    test::sweep_prefixes(dissect::udpencap_dissector,
                         from_hex("00000000 0102030405060708 0000000000000000 00 20 25 08 00000000 0000001c"),
                         kOptions);
    test::sweep_prefixes(dissect::udpencap_dissector, from_hex("12345678 00000001 aabbccddeeff0011"), kOptions);
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::UdpencapTest)
#include "udpencap_test.moc"
