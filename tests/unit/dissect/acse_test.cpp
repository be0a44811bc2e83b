#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector acse_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::acse_dissector;

// An association for MMS, by hand.
constexpr std::string_view kRequest = "601ca107060528ca220203be11280f06025101020103a006a80480027530";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class AcseTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_request() {
    const Result r = run(acse_dissector, from_hex(kRequest), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QVERIFY(r.has("acse.aarq_element"));
    QCOMPARE(r.text("acse.aSO_context_name"), std::string("1.0.9506.2.3"));
    QCOMPARE(r.uint("acse.indirect_reference"), std::uint64_t{3});
    QVERIFY(r.has("mms.initiate_RequestPDU_element"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kRequest}) {
      const auto good = from_hex(wire);
      sweep_prefixes(acse_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(acse_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(AcseTest)
#include "acse_test.moc"
