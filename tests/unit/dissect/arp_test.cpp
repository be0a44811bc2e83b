#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector arp_dissector;
}

namespace pr {
namespace {

constexpr const char* kRequest = "00010800 06040001 00112233 4455c0a8 00010000 00000000 c0a80002";
constexpr const char* kGratuitous = "00010800 06040001 00112233 4455c0a8 0001ffff ffffffff c0a80001";
constexpr const char* kReply = "00010800 06040002 00112233 4455c0a8 00016655 44332211 c0a80002";

}  // namespace

class ArpTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_request() {
    const auto r = test::run(dissect::arp_dissector, test::from_hex(kRequest));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("arp.opcode"), 1U);
    QCOMPARE(r.hex("arp.src.hw_mac"), std::string("001122334455"));
    QCOMPARE(r.uint("arp.src.proto_ipv4"), 0xc0a80001U);
    QCOMPARE(r.uint("arp.dst.proto_ipv4"), 0xc0a80002U);
    QVERIFY(!r.has("arp.isgratuitous"));
    QCOMPARE(r.tree.info, std::string("Who has 192.168.0.2? Tell 192.168.0.1"));
  }
  void reads_a_reply() {
    QCOMPARE(test::run(dissect::arp_dissector, test::from_hex(kReply)).tree.info,
             std::string("192.168.0.1 is at 00:11:22:33:44:55"));
  }
  void knows_announcements() {
    const auto r = test::run(dissect::arp_dissector, test::from_hex(kGratuitous));
    QCOMPARE(r.uint("arp.isgratuitous"), 1U);
    QVERIFY(!r.has("arp.isannouncement"));
    QCOMPARE(r.tree.info, std::string("Gratuitous ARP for 192.168.0.1 (Request)"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::arp_dissector, test::from_hex(kRequest)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ArpTest)
#include "arp_test.moc"
