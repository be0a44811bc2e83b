#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ah_dissector;
}

namespace pr {
namespace {

constexpr const char* kAh = "11040000 00000100 00000007 00010203 04050607 08090a0b 14e90035 000b0000 616263";

}  // namespace

class AhTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_the_header_and_goes_on() {
    const auto r = test::run(dissect::ah_dissector, test::from_hex(kAh));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("ah.next_header"), 17U);
    QCOMPARE(r.uint("ah.length"), 4U);
    QCOMPARE(r.uint("ah.spi"), 0x100U);
    QCOMPARE(r.uint("ah.sequence"), 7U);
    QCOMPARE(r.hex("ah.icv"), std::string("000102030405060708090a0b"));
    QCOMPARE(r.uint("udp.dstport"), 53U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::ah_dissector, test::from_hex(kAh)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::AhTest)
#include "ah_test.moc"
