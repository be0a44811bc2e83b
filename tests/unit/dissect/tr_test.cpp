#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector tr_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 6;
constexpr const char* kPlain = "1040020000000001020000000002aaaa0300000008004500001400010000400066d20a0000010a000002";
constexpr const char* kSourceRouted =
    "1040020000000001820000000002067012312342aaaa0300000008004500001400010000400066d20a0000010a000002";
constexpr const char* kARouteThatIsTooLong = "1040020000000001820000000002087012312342";

test::Result result_of(const char* packet) {
  return test::run(dissect::tr_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class TrTest : public QObject {
  Q_OBJECT

 private slots:
  void plain() {
    const auto r = result_of(kPlain);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("tr.ac"), 0x10U);
    QCOMPARE(r.uint("tr.frame"), 1U);
    QCOMPARE(r.uint("tr.frame_type"), 1U);
    QCOMPARE(r.hex("tr.dst"), std::string("020000000001"));
    QCOMPARE(r.hex("tr.src"), std::string("020000000002"));
    QCOMPARE(r.uint("tr.sr"), 0U);
    QVERIFY(r.frame.has_ip);
  }
  void source_routed() {
    const auto r = result_of(kSourceRouted);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("tr.sr"), 1U);
    QCOMPARE(r.hex("tr.src"), std::string("020000000002"));
    QCOMPARE(r.uint("tr.rif_bytes"), 6U);
    QCOMPARE(r.uint("tr.max_frame_size"), 112U);
    QCOMPARE(r.uint("tr.direction"), 0U);
    QCOMPARE(r.values("tr.rif.ring").size(), std::size_t{2});
    QCOMPARE(r.uint("tr.rif.ring"), 0x123U);
    QCOMPARE(r.uint("tr.rif.bridge"), 1U);
    QVERIFY(r.frame.has_ip);
  }
  void a_route_that_is_too_long() {
    const auto r = result_of(kARouteThatIsTooLong);
    QVERIFY(r.has_issue(IssueKind::kMalformed));
    QVERIFY(!r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kPlain, kSourceRouted, kARouteThatIsTooLong}) {
      test::sweep_prefixes(dissect::tr_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::TrTest)
#include "tr_test.moc"
