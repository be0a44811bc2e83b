#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector enc_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 109;
constexpr const char* kLittleEndian = "0200000000001234002c00004500001400010000400066d20a0000010a000002";
constexpr const char* kBigEndian = "0000000200001234000004004500001400010000400066d20a0000010a000002";

test::Result result_of(const char* packet) {
  return test::run(dissect::enc_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class EncTest : public QObject {
  Q_OBJECT

 private slots:
  void little_endian() {
    const auto r = result_of(kLittleEndian);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("enc.af"), 2U);
    QCOMPARE(r.uint("enc.spi"), 0x1234U);
    QCOMPARE(r.uint("enc.flags"), 0x2c00U);
    QCOMPARE(r.uint("enc.flags.payload_enc"), 1U);
    QCOMPARE(r.uint("enc.flags.payload_compress"), 0U);
    QCOMPARE(r.uint("enc.flags.header_auth"), 1U);
    QCOMPARE(r.uint("enc.flags.reserved"), 0U);
    QVERIFY(r.frame.has_ip);
  }
  void big_endian() {
    const auto r = result_of(kBigEndian);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("enc.flags.payload_enc"), 1U);
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kLittleEndian, kBigEndian}) {
      test::sweep_prefixes(dissect::enc_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::EncTest)
#include "enc_test.moc"
