#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ppi_dissector;
extern constinit const Dissector radiotap_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kBeaconsNameTheirNetwork =
    "0000200069000000020014009d6bff5f6d020000010002006c09a0000000beb580000000ffffffffffff000fccfb5408"
    "000fccfb540810d842122483160000006400110400055457494741010582848b960c030101050c010200000000000000"
    "0000002a010730140100000fac020100000fac040100000fac02000032080c1218243048606cdd180050f20101000050"
    "f20201000050f20201000050f202000013d029cc";
constexpr const char* kDataLeadsToIp =
    "000030006b081c00e1615656000000001000a4154001b6a3014e349740010100a4156c221f0107000100000000000000"
    "88012c008a15149b5ae090724097b6f5442b03aaab8d10000600aaaa0300000008004500003fd68d00004011aea2ac11"
    "9c4cd043dcdcf12a0035002bc5dfa72f010000010000000000000763617074697665056170706c6503636f6d00000100"
    "010312c6a7";

}  // namespace

class WlanTest : public QObject {
  Q_OBJECT

 private slots:
  void beacons_name_their_network() {
    const auto r = test::run(dissect::ppi_dissector, test::from_hex(kBeaconsNameTheirNetwork), {.link_type = 192});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("wlan.fc.type_subtype"), 0x8U);
    QCOMPARE(r.uint("wlan.fc"), 0x8000U);
    QCOMPARE(r.uint("wlan.fc.version"), 0U);
    QCOMPARE(r.uint("wlan.fc.type"), 0U);
    QCOMPARE(r.uint("wlan.fc.subtype"), 8U);
    QCOMPARE(r.uint("wlan.flags"), 0x0U);
    QCOMPARE(r.uint("wlan.fc.ds"), 0x0U);
    QCOMPARE(r.uint("wlan.fc.tods"), 0U);
    QCOMPARE(r.uint("wlan.fc.fromds"), 0U);
    QCOMPARE(r.uint("wlan.fc.frag"), 0U);
    QCOMPARE(r.uint("wlan.fc.retry"), 0U);
    QCOMPARE(r.uint("wlan.fc.pwrmgt"), 0U);
    QCOMPARE(r.uint("wlan.fc.moredata"), 0U);
    QCOMPARE(r.uint("wlan.fc.protected"), 0U);
    QCOMPARE(r.uint("wlan.fc.order"), 0U);
    QCOMPARE(r.uint("wlan.duration"), 0U);
    QCOMPARE(r.hex("wlan.ra"), std::string("ffffffffffff"));
    QCOMPARE(r.hex("wlan.addr"), std::string("ffffffffffff"));
    QCOMPARE(r.hex("wlan.da"), std::string("ffffffffffff"));
    QCOMPARE(r.hex("wlan.ta"), std::string("000fccfb5408"));
    QCOMPARE(r.hex("wlan.sa"), std::string("000fccfb5408"));
    QCOMPARE(r.hex("wlan.bssid"), std::string("000fccfb5408"));
    QCOMPARE(r.uint("wlan.frag"), 0U);
    QCOMPARE(r.uint("wlan.seq"), 3457U);
    QCOMPARE(r.uint("wlan.fcs"), 0xcc29d013U);
    QCOMPARE(r.uint("wlan.fcs.status"), 2U);
  }
  void data_leads_to_ip() {
    const auto r = test::run(dissect::radiotap_dissector, test::from_hex(kDataLeadsToIp), {.link_type = 127});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("wlan.fc.type_subtype"), 0x28U);
    QCOMPARE(r.uint("wlan.fc"), 0x8801U);
    QCOMPARE(r.uint("wlan.fc.version"), 0U);
    QCOMPARE(r.uint("wlan.fc.type"), 2U);
    QCOMPARE(r.uint("wlan.fc.subtype"), 8U);
    QCOMPARE(r.uint("wlan.flags"), 0x1U);
    QCOMPARE(r.uint("wlan.fc.ds"), 0x1U);
    QCOMPARE(r.uint("wlan.fc.tods"), 1U);
    QCOMPARE(r.uint("wlan.fc.fromds"), 0U);
    QCOMPARE(r.uint("wlan.fc.frag"), 0U);
    QCOMPARE(r.uint("wlan.fc.retry"), 0U);
    QCOMPARE(r.uint("wlan.fc.pwrmgt"), 0U);
    QCOMPARE(r.uint("wlan.fc.moredata"), 0U);
    QCOMPARE(r.uint("wlan.fc.protected"), 0U);
    QCOMPARE(r.uint("wlan.fc.order"), 0U);
    QCOMPARE(r.uint("wlan.duration"), 44U);
    QCOMPARE(r.hex("wlan.ra"), std::string("8a15149b5ae0"));
    QCOMPARE(r.hex("wlan.addr"), std::string("8a15149b5ae0"));
    QCOMPARE(r.hex("wlan.ta"), std::string("90724097b6f5"));
    QCOMPARE(r.hex("wlan.da"), std::string("442b03aaab8d"));
    QCOMPARE(r.hex("wlan.sa"), std::string("90724097b6f5"));
    QCOMPARE(r.hex("wlan.bssid"), std::string("8a15149b5ae0"));
    QCOMPARE(r.hex("wlan.staa"), std::string("90724097b6f5"));
    QCOMPARE(r.uint("wlan.frag"), 0U);
    QCOMPARE(r.uint("wlan.seq"), 1U);
    QCOMPARE(r.uint("wlan.fcs"), 0xa7c61203U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::ppi_dissector, test::from_hex(kBeaconsNameTheirNetwork), {.link_type = 192});
    test::sweep_prefixes(dissect::radiotap_dissector, test::from_hex(kDataLeadsToIp), {.link_type = 127});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::WlanTest)
#include "wlan_test.moc"
