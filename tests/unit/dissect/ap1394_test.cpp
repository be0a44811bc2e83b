#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ap1394_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 138;
constexpr const char* kIp = "0000000000000001000000000000000208004500001400010000400066d20a0000010a000002";

test::Result result_of(const char* packet) {
  return test::run(dissect::ap1394_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class Ap1394Test : public QObject {
  Q_OBJECT

 private slots:
  void ip() {
    const auto r = result_of(kIp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.hex("ap1394.dst"), std::string("0000000000000001"));
    QCOMPARE(r.hex("ap1394.src"), std::string("0000000000000002"));
    QCOMPARE(r.uint("ap1394.type"), 0x800U);
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kIp}) {
      test::sweep_prefixes(dissect::ap1394_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ap1394Test)
#include "ap1394_test.moc"
