#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector ipv6_routing_dissector;
}

namespace pr {
namespace {

constexpr const char* kSource = "3b020001 00000000 20010db8 00000000 00000000 00000001";
constexpr const char* kSegments =
    "3b040401 01000000 20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002";

}  // namespace

class Ipv6RoutingTest : public QObject {
  Q_OBJECT

 private slots:
  void a_source_route_ends_at_its_last_address() {
    const auto r = test::run(dissect::ipv6_routing_dissector, test::from_hex(kSource));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("ipv6.routing.type"), 0U);
    QCOMPARE(r.uint("ipv6.routing.segleft"), 1U);
    QCOMPARE(r.uint("ipv6.routing.len_oct"), 24U);
    QVERIFY(r.has("ipv6.routing.src.addr"));
    QCOMPARE(r.frame.dst.ip.text(), std::string("2001:db8::1"));
  }
  void segments_stand_in_reverse() {
    const auto r = test::run(dissect::ipv6_routing_dissector, test::from_hex(kSegments));
    QCOMPARE(r.uint("ipv6.routing.srh.last_entry"), 1U);
    QCOMPARE(r.values("ipv6.routing.srh.addr").size(), 2UL);
    QCOMPARE(r.frame.dst.ip.text(), std::string("2001:db8::1"));
  }
  void reads_other_types_data() {
    test::golden_columns();
    test::golden("mobile", "3b020201 00000000 20010db8 00000000 00000000 00000009",
                 {{"ipv6.routing.mipv6.home_address", "2001:db8::9"}, {"ipv6.routing.mipv6.reserved", "00000000"}});
    test::golden("of another type", "3b00fd00 01020304", {{"ipv6.routing.unknown_data", "01020304"}});
  }
  void reads_other_types() { test::check_golden(dissect::ipv6_routing_dissector); }
  void every_prefix() { test::sweep_prefixes(dissect::ipv6_routing_dissector, test::from_hex(kSegments)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ipv6RoutingTest)
#include "ipv6_routing_test.moc"
