#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ipfc_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kLinkType = 122;
constexpr const char* kIp = "00000200000000010000020000000002aaaa0300000008004500001400010000400066d20a0000010a000002";

test::Result result_of(const char* packet) {
  return test::run(dissect::ipfc_dissector, test::from_hex(packet), {.link_type = kLinkType});
}

}  // namespace

class IpfcTest : public QObject {
  Q_OBJECT

 private slots:
  void ip() {
    const auto r = result_of(kIp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.hex("ipfc.nh.da"), std::string("0000020000000001"));
    QCOMPARE(r.hex("ipfc.nh.sa"), std::string("0000020000000002"));
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kIp}) {
      test::sweep_prefixes(dissect::ipfc_dissector, test::from_hex(packet), {.link_type = kLinkType});
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IpfcTest)
#include "ipfc_test.moc"
