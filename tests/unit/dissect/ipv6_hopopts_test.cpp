#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector ipv6_hopopts_dissector;
}

namespace pr {
namespace {

constexpr const char* kRouterAlert = "3a000502 00000100 8f000000 00000000";
constexpr const char* kPads = "3b010001 04000000 00c20400 02000000";

}  // namespace

class Ipv6HopoptsTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_router_alert() {
    const auto r = test::run(dissect::ipv6_hopopts_dissector, test::from_hex(kRouterAlert));
    QCOMPARE(r.uint("ipv6.hopopts.nxt"), 58U);
    QCOMPARE(r.uint("ipv6.hopopts.len"), 0U);
    QCOMPARE(r.uint("ipv6.hopopts.len_oct"), 8U);
    QCOMPARE(r.values("ipv6.opt").size(), 2UL);
    QCOMPARE(r.uint("ipv6.opt.type"), 5U);
    QCOMPARE(r.uint("ipv6.opt.router_alert"), 0U);
    QCOMPARE(r.values("ipv6.opt.padn").size(), 1UL);
    QCOMPARE(r.frame.ip_proto, 58U);
  }
  void one_octet_of_padding_has_no_length() {
    const auto r = test::run(dissect::ipv6_hopopts_dissector, test::from_hex(kPads));
    QCOMPARE(r.values("ipv6.opt.type").size(), 4UL);
    QCOMPARE(r.values("ipv6.opt.length").size(), 2UL);
    QCOMPARE(r.values("ipv6.opt.pad1").size(), 2UL);
    QCOMPARE(r.uint("ipv6.opt.jumbo"), 0x20000U);
  }
  void reads_rare_options_data() {
    test::golden_columns();
    test::golden("quick start", "3b012606 07401234 56780104 00000000",
                 {{"ipv6.opt.qs_func", "0"},
                  {"ipv6.opt.qs_nonce", "0x048d159e"},
                  {"ipv6.opt.qs_rate", "7"},
                  {"ipv6.opt.qs_ttl", "64"}});
    test::golden("quick start report", "3b012606 87001234 56780104 00000000",
                 {{"ipv6.opt.qs_func", "8"}, {"ipv6.opt.qs_ttl", ""}});
    test::golden(
        "RPL", "3b006304 801e0100",
        {{"ipv6.opt.rpl.flag", "0x80"}, {"ipv6.opt.rpl.instance_id", "0x1e"}, {"ipv6.opt.rpl.sender_rank", "0x0100"}});
    test::golden("RPL, old type", "3b002304 801e0100", {{"ipv6.opt.unknown", "801e0100"}, {"ipv6.opt.rpl.flag", ""}});
  }
  void reads_rare_options() { test::check_golden(dissect::ipv6_hopopts_dissector); }
  void every_prefix() { test::sweep_prefixes(dissect::ipv6_hopopts_dissector, test::from_hex(kPads)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ipv6HopoptsTest)
#include "ipv6_hopopts_test.moc"
