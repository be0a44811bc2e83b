#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector pres_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::pres_dissector;

// A value of context 3, by hand.
constexpr std::string_view kData = "61123010020103a00ba00902012aa404a102a000";
// A connection, by hand.
constexpr std::string_view kConnect =
    "3148a003800101a241820400000001a4123010020103060528ca22020130040602510161253023020101a01e601ca107060528ca220203be"
    "11280f06025101020103a006a80480027530";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class PresTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_data() {
    const Result r = run(pres_dissector, from_hex(kData), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("pres.fully_encoded_data"), std::uint64_t{1});
    QCOMPARE(r.uint("pres.presentation_context_identifier"), std::uint64_t{3});
    QCOMPARE(r.uint("mms.invokeID"), std::uint64_t{42});
  }

  void reads_connect() {
    const Result r = run(pres_dissector, from_hex(kConnect), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QVERIFY(r.has("pres.cptype"));
    QCOMPARE(r.uint("pres.mode_value"), std::uint64_t{1});
    QCOMPARE(r.text("pres.abstract_syntax_name"), std::string("1.0.9506.2.1"));
    QCOMPARE(r.hex("pres.called_presentation_selector"), std::string("00000001"));
    QVERIFY(r.has("acse.aarq_element"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kData, kConnect}) {
      const auto good = from_hex(wire);
      sweep_prefixes(pres_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(pres_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(PresTest)
#include "pres_test.moc"
