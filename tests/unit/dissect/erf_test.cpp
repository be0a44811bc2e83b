#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector erf_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 197;
constexpr const char* kEthernet =
    "0011223344556677020400380003002a000002000000000102000000000208004500001400010000400066d20a000001"
    "0a000002";
constexpr const char* kExtensions =
    "0011223344556677960400380000002a830000000000000003000000000000004500001400010000400066d20a000001"
    "0a000002";
constexpr const char* kUnknown = "0011223344556677050400380000002aaabb";

test::Result result_of(const char* packet) {
  return test::run(dissect::erf_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class ErfTest : public QObject {
  Q_OBJECT

 private slots:
  void ethernet() {
    const auto r = result_of(kEthernet);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("erf.ts"), 0x7766554433221100U);
    QCOMPARE(r.uint("erf.types.type"), 2U);
    QCOMPARE(r.uint("erf.flags.vlen"), 1U);
    QCOMPARE(r.uint("erf.rlen"), 56U);
    QCOMPARE(r.uint("erf.lctr"), 3U);
    QCOMPARE(r.uint("erf.wlen"), 42U);
    QCOMPARE(r.uint("erf.eth.off"), 0U);
    QVERIFY(r.frame.has_ip);
  }
  void extensions() {
    const auto r = result_of(kExtensions);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("erf.types.type"), 22U);
    QCOMPARE(r.uint("erf.types.ext_header"), 1U);
    QVERIFY(r.frame.has_ip);
  }
  void unknown() {
    const auto r = result_of(kUnknown);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.hex("data.data"), std::string("aabb"));
  }
  void every_prefix() {
    for (const char* packet : {kEthernet, kExtensions, kUnknown}) {
      test::sweep_prefixes(dissect::erf_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ErfTest)
#include "erf_test.moc"
