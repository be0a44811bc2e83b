#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ipv6_fraghdr_dissector;
}

namespace pr {
namespace {

constexpr const char* kFirst = "11000001 12345678 14e90035 000b0000";
constexpr const char* kAtomic = "11000000 12345678 14e90035 000b0000 616263";

}  // namespace

class Ipv6FraghdrTest : public QObject {
  Q_OBJECT

 private slots:
  void a_fragment_has_no_transport() {
    const auto r = test::run(dissect::ipv6_fraghdr_dissector, test::from_hex(kFirst));
    QCOMPARE(r.uint("ipv6.fraghdr.nxt"), 17U);
    QCOMPARE(r.uint("ipv6.fraghdr.offset"), 0U);
    QCOMPARE(r.uint("ipv6.fraghdr.more"), 1U);
    QCOMPARE(r.uint("ipv6.fraghdr.ident"), 0x12345678U);
    QVERIFY(r.frame.fragment);
    QVERIFY(!r.has("udp.srcport"));
    QCOMPARE(r.tree.info, std::string("IPv6 fragment (off=0 more=y ident=0x12345678 nxt=17)"));
  }
  void an_atomic_fragment_is_none() {
    const auto r = test::run(dissect::ipv6_fraghdr_dissector, test::from_hex(kAtomic));
    QVERIFY(!r.frame.fragment);
    QCOMPARE(r.uint("udp.dstport"), 53U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::ipv6_fraghdr_dissector, test::from_hex(kAtomic)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ipv6FraghdrTest)
#include "ipv6_fraghdr_test.moc"
