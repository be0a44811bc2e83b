#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kOptions =
    "02000000000102000000000222f308451234567811223344020000000001020000000002080045000014000100004000"
    "669a0a0000010a000002";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class TrillTest : public QObject {
  Q_OBJECT

 private slots:
  void options() {
    const auto r = result_of(kOptions);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("trill.version"), 0U);
    QCOMPARE(r.uint("trill.multi_dst"), 1U);
    QCOMPARE(r.uint("trill.op_len"), 1U);
    QCOMPARE(r.uint("trill.hop_cnt"), 5U);
    QCOMPARE(r.uint("trill.egress_nick"), 0x1234U);
    QCOMPARE(r.uint("trill.ingress_nick"), 0x5678U);
    QCOMPARE(r.hex("trill.options"), std::string("11223344"));
    QVERIFY(r.frame.has_ip);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("trill"));
    QCOMPARE(r.frame.tunnels[0].id, 0x1234U);
  }
  void every_prefix() {
    for (const char* packet : {kOptions}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::TrillTest)
#include "trill_test.moc"
