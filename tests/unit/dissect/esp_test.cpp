#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector esp_dissector;
}

namespace pr {
namespace {

using dissect::Outcome;
using test::from_hex;

}  // namespace

class EspTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_what_is_clear() {
    const auto result =
        test::run(dissect::esp_dissector, from_hex("3d71315a 00000007 00112233445566778899aabbccddeeff"));
    QCOMPARE(result.outcome, Outcome::kDone);
    QCOMPARE(result.uint("esp.spi"), 0x3d71315aU);
    QCOMPARE(result.uint("esp.sequence"), 7U);
    QCOMPARE(QString::fromStdString(result.tree.info), "ESP (SPI=0x3d71315a)");
  }
  void survives_every_prefix() { test::sweep_prefixes(dissect::esp_dissector, from_hex("3d71315a 00000007 00112233")); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::EspTest)
#include "esp_test.moc"
