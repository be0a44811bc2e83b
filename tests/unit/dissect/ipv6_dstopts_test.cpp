#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector ipv6_dstopts_dissector;
}

namespace pr {
namespace {

constexpr const char* kHome = "3b020102 0000c910 20010db8 00000000 00000000 00000001";

}  // namespace

class Ipv6DstoptsTest : public QObject {
  Q_OBJECT

 private slots:
  void a_home_address_is_the_source() {
    const auto r = test::run(dissect::ipv6_dstopts_dissector, test::from_hex(kHome));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("ipv6.dstopts.len_oct"), 24U);
    QCOMPARE(r.hex("ipv6.opt.mipv6.home_address"), std::string("20010db8000000000000000000000001"));
    QCOMPARE(r.frame.src.ip.text(), std::string("2001:db8::1"));
  }
  void reads_rare_options_data() {
    test::golden_columns();
    test::golden("tunnel encapsulation limit", "3b000401 04010100", {{"ipv6.opt.tel", "4"}});
    test::golden("performance and diagnostic metrics", "3b010f0a 02030001 00020003 00040100",
                 {{"ipv6.opt.pdm.delta_last_recv", "3"},
                  {"ipv6.opt.pdm.delta_last_sent", "4"},
                  {"ipv6.opt.pdm.psn_last_recv", "2"},
                  {"ipv6.opt.pdm.psn_this_pkt", "1"},
                  {"ipv6.opt.pdm.scale_dtlr", "2"},
                  {"ipv6.opt.pdm.scale_dtls", "3"}});
  }
  void reads_rare_options() { test::check_golden(dissect::ipv6_dstopts_dissector); }
  void every_prefix() { test::sweep_prefixes(dissect::ipv6_dstopts_dissector, test::from_hex(kHome)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ipv6DstoptsTest)
#include "ipv6_dstopts_test.moc"
