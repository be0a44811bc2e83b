#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kAuthenticated =
    "b6b95d808d79caf9df4f509a88e5202200000042caf9df4f509a00640800450000202df140004011a787c0a87201c0a8"
    "720292531a0a000c89e73132330a079d1505db571783ceb1aec143e4e374";
constexpr const char* kEncrypted =
    "3e6ff374237c2eb73f3995c388e52c00000000062eb73f3995c3006f080045000054ab6b303132333435363772f1e918"
    "85faca0b";
constexpr const char* kNoChannel =
    "3e6ff374237c2eb73f3995c388e5030000000006080045000014000100004000669a0a0000010a000002";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class MacsecTest : public QObject {
  Q_OBJECT

 private slots:
  void authenticated() {
    const auto r = result_of(kAuthenticated);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("macsec.TCI"), 8U);
    QCOMPARE(r.uint("macsec.TCI.V"), 0U);
    QCOMPARE(r.uint("macsec.TCI.SC"), 1U);
    QCOMPARE(r.uint("macsec.TCI.E"), 0U);
    QCOMPARE(r.uint("macsec.AN"), 0U);
    QCOMPARE(r.uint("macsec.SL"), 34U);
    QCOMPARE(r.uint("macsec.PN"), 66U);
    QCOMPARE(r.hex("macsec.SCI.system_identifier"), std::string("caf9df4f509a"));
    QCOMPARE(r.uint("macsec.SCI.port_identifier"), 100U);
    QCOMPARE(r.uint("macsec.etype"), 0x800U);
    QCOMPARE(r.hex("macsec.ICV"), std::string("079d1505db571783ceb1aec143e4e374"));
    QCOMPARE(r.uint("udp.dstport"), 6666U);
  }
  void encrypted() {
    const auto r = result_of(kEncrypted);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("macsec.TCI.E"), 1U);
    QCOMPARE(r.uint("macsec.TCI.C"), 1U);
    QVERIFY(!r.has("macsec.etype"));
    QCOMPARE(r.hex("macsec.ICV"), std::string("303132333435363772f1e91885faca0b"));
    QCOMPARE(r.hex("data.data"), std::string("080045000054ab6b"));
    QVERIFY(!r.frame.has_ip);
  }
  void no_channel() {
    const auto r = result_of(kNoChannel);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("macsec.AN"), 3U);
    QVERIFY(!r.has("macsec.SCI.system_identifier"));
    QVERIFY(!r.has("macsec.ICV"));
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kAuthenticated, kEncrypted, kNoChannel}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::MacsecTest)
#include "macsec_test.moc"
