#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ieee8021ad_dissector;
}

namespace pr {
namespace {

constexpr const char* kTag = "e0c88100 00650800 4500001f 00014000 40110000 c0a80001 c0a80002 14e90035 000b0000 616263";

}  // namespace

class Ieee8021adTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_the_service_tag() {
    const auto r = test::run(dissect::ieee8021ad_dissector, test::from_hex(kTag));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("ieee8021ad.priority"), 7U);
    QCOMPARE(r.uint("ieee8021ad.id"), 200U);
    QCOMPARE(r.uint("ieee8021ah.etype"), 0x8100U);
    QCOMPARE(r.uint("vlan.id"), 0x65U);
    QCOMPARE(r.frame.vlan, 200U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::ieee8021ad_dissector, test::from_hex(kTag)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ieee8021adTest)
#include "ieee8021ad_test.moc"
