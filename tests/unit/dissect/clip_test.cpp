#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector clip_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 106;
constexpr const char* kIp = "4500001400010000400066d20a0000010a000002";
constexpr const char* kNoIp = "aaaa03";

test::Result result_of(const char* packet) {
  return test::run(dissect::clip_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class ClipTest : public QObject {
  Q_OBJECT

 private slots:
  void ip() {
    const auto r = result_of(kIp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QVERIFY(r.has("clip.no_link_info"));
    QVERIFY(r.frame.has_ip);
  }
  void no_ip() {
    const auto r = result_of(kNoIp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.hex("data.data"), std::string("aaaa03"));
  }
  void every_prefix() {
    for (const char* packet : {kIp, kNoIp}) {
      test::sweep_prefixes(dissect::clip_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ClipTest)
#include "clip_test.moc"
