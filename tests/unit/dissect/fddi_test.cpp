#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector fddi_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 10;
constexpr const char* kTcp =
    "50aa00040082a7aa00040083a7aaaa03000000080045000028125200000806494880038c84c28c882207f3005052c73e"
    "0d52c73e0d500420000ebe000000000000140001";
constexpr const char* kStationManagement = "41020000000001020000000002aabb";
constexpr const char* kClaim = "c3020000000001020000000002aabb";

test::Result result_of(const char* packet) {
  return test::run(dissect::fddi_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class FddiTest : public QObject {
  Q_OBJECT

 private slots:
  void tcp() {
    const auto r = result_of(kTcp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("fddi.fc"), 0x50U);
    QCOMPARE(r.uint("fddi.fc.clf"), 5U);
    QCOMPARE(r.uint("fddi.fc.prio"), 0U);
    QCOMPARE(r.hex("fddi.dst"), std::string("5500200041e5"));
    QCOMPARE(r.hex("fddi.src"), std::string("55002000c1e5"));
    QCOMPARE(r.uint("tcp.dstport"), 80U);
  }
  void station_management() {
    const auto r = result_of(kStationManagement);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("fddi.fc.smt_subtype"), 1U);
    QVERIFY(!r.has("fddi.fc.prio"));
    QCOMPARE(r.hex("data.data"), std::string("aabb"));
  }
  void claim() {
    const auto r = result_of(kClaim);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("fddi.fc.mac_subtype"), 3U);
    QVERIFY(!r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kTcp, kStationManagement, kClaim}) {
      test::sweep_prefixes(dissect::fddi_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::FddiTest)
#include "fddi_test.moc"
