#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kTcp =
    "005056adbc900081c4932c78893f100000d3000008004500002861cb40007106355234727c6ac0a8012e01bbcd56c0f7"
    "e9ed2b08ed5350100402a6cc0000000000000000";
constexpr const char* kUnknownType = "005056adbc900081c4932c78893fe1237456890a0004aabb";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class EtagTest : public QObject {
  Q_OBJECT

 private slots:
  void tcp() {
    const auto r = result_of(kTcp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("etag.pcp"), 0U);
    QCOMPARE(r.uint("etag.dei"), 1U);
    QCOMPARE(r.uint("etag.iecid_base"), 0U);
    QCOMPARE(r.uint("etag.group"), 0U);
    QCOMPARE(r.uint("etag.ecid_base"), 211U);
    QCOMPARE(r.uint("etag.iecid_ext"), 0U);
    QCOMPARE(r.uint("etag.ecid_ext"), 0U);
    QCOMPARE(r.uint("etag.etype"), 0x800U);
    QCOMPARE(r.hex("etag.trailer"), std::string("000000000000"));
    QCOMPARE(r.uint("tcp.srcport"), 443U);
  }
  void unknown_type() {
    const auto r = result_of(kUnknownType);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("etag.pcp"), 7U);
    QCOMPARE(r.uint("etag.dei"), 0U);
    QCOMPARE(r.uint("etag.iecid_base"), 0x123U);
    QCOMPARE(r.uint("etag.resv"), 1U);
    QCOMPARE(r.uint("etag.group"), 3U);
    QCOMPARE(r.uint("etag.ecid_base"), 0x456U);
    QCOMPARE(r.uint("etag.iecid_ext"), 0x89U);
    QCOMPARE(r.uint("etag.ecid_ext"), 0x0aU);
    QCOMPARE(r.hex("data.data"), std::string("aabb"));
  }
  void every_prefix() {
    for (const char* packet : {kTcp, kUnknownType}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::EtagTest)
#include "etag_test.moc"
