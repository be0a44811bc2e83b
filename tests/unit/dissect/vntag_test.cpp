#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kTagged =
    "0000010200010000010100018926000000008100000b080045000064acb80000fffd08e101010101010102011b794b17"
    "5fac06aba65841255f34e28cae99cd04bf24d948801f4ef812dc0b6d453274390619cc75bf7a7b5f95dea5a3ebdc42df"
    "57cd94a301fe7983bfcbd306edd988b6f69b206263fa163948011d6aa5f1b87d";
constexpr const char* kALength = "0000010200010000010100018926ffff9abc0004f0f003ff";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class VntagTest : public QObject {
  Q_OBJECT

 private slots:
  void tagged() {
    const auto r = result_of(kTagged);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("vntag.dst"), 0U);
    QCOMPARE(r.uint("vntag.etype"), 0x8100U);
    QCOMPARE(r.uint("vlan.id"), 11U);
    QCOMPARE(r.hex("vlan.trailer"), std::string("a5f1b87d"));
    QVERIFY(r.frame.has_ip);
  }
  void a_length() {
    const auto r = result_of(kALength);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("vntag.dir"), 1U);
    QCOMPARE(r.uint("vntag.ptr"), 1U);
    QCOMPARE(r.uint("vntag.dst"), 0x3fffU);
    QCOMPARE(r.uint("vntag.looped"), 1U);
    QCOMPARE(r.uint("vntag.r"), 0U);
    QCOMPARE(r.uint("vntag.version"), 1U);
    QCOMPARE(r.uint("vntag.src"), 0xabcU);
    QCOMPARE(r.uint("vntag.len"), 4U);
    QCOMPARE(r.uint("llc.dsap"), 0xf0U);
  }
  void every_prefix() {
    for (const char* packet : {kTagged, kALength}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::VntagTest)
#include "vntag_test.moc"
