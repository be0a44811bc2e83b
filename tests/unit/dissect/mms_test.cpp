#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector mms_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::mms_dissector;

// A read, by hand.
constexpr std::string_view kRequest = "a00902012aa404a102a000";
// Its answer.
constexpr std::string_view kResponse = "a10702012aa402a000";
// An initiate request.
constexpr std::string_view kInitiate = "a80480027530";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class MmsTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_request() {
    const Result r = run(mms_dissector, from_hex(kRequest), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("mms.invokeID"), std::uint64_t{42});
    QCOMPARE(r.uint("mms.confirmedServiceRequest"), std::uint64_t{4});
    QVERIFY(r.has("mms.confirmed_RequestPDU_element"));
    QCOMPARE(r.tree.info, std::string("42 confirmed-RequestPDU read"));
  }

  void reads_response() {
    const Result r = run(mms_dissector, from_hex(kResponse), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("mms.confirmedServiceResponse"), std::uint64_t{4});
  }

  void reads_initiate() {
    const Result r = run(mms_dissector, from_hex(kInitiate), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QVERIFY(r.has("mms.initiate_RequestPDU_element"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kRequest, kResponse, kInitiate}) {
      const auto good = from_hex(wire);
      sweep_prefixes(mms_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(mms_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(MmsTest)
#include "mms_test.moc"
