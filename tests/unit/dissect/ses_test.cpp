#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector ses_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::ses_dissector;

// Tokens and data.
constexpr std::string_view kData = "0100010061123010020103a00ba00902012aa404a102a000";
// A connection, by hand.
constexpr std::string_view kConnect =
    "0d5c05061301001601021402000233020001c14a3148a003800101a241820400000001a4123010020103060528ca22020130040602510161"
    "253023020101a01e601ca107060528ca220203be11280f06025101020103a006a80480027530";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class SesTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_data() {
    const Result r = run(ses_dissector, from_hex(kData), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.values("ses.type").size(), std::size_t{2});
    QCOMPARE(r.uint("mms.invokeID"), std::uint64_t{42});
  }

  void reads_connect() {
    const Result r = run(ses_dissector, from_hex(kConnect), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ses.type"), std::uint64_t{13});
    QCOMPARE(r.hex("ses.calling_session_selector"), std::string("0001"));
    QVERIFY(r.has("pres.cptype"));
    QVERIFY(r.has("mms.initiate_RequestPDU_element"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kData, kConnect}) {
      const auto good = from_hex(wire);
      sweep_prefixes(ses_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(ses_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(SesTest)
#include "ses_test.moc"
