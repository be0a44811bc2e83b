#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector mipv6_dissector;
}

namespace pr {
namespace {

constexpr const char* kUpdate = "3b010500 abcd0007 c00000ff 01020000";

}  // namespace

class Mipv6Test : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_binding_update() {
    const auto r = test::run(dissect::mipv6_dissector, test::from_hex(kUpdate));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("mip6.mhtype"), 5U);
    QCOMPARE(r.uint("mip6.csum"), 0xabcdU);
    QCOMPARE(r.uint("mip6.bu.seqnr"), 7U);
    QCOMPARE(r.uint("mip6.bu.a_flag"), 1U);
    QCOMPARE(r.uint("mip6.bu.h_flag"), 1U);
    QCOMPARE(r.uint("mip6.bu.l_flag"), 0U);
    QCOMPARE(r.uint("mip6.bu.lifetime"), 255U);
    QCOMPARE(r.tree.info, std::string("Binding Update"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::mipv6_dissector, test::from_hex(kUpdate)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Mipv6Test)
#include "mipv6_test.moc"
