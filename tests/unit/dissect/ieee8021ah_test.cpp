#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kTcp =
    "02cccc003cff02cccc003aff81000fd388e7001ebb4410604b7dba7510604b7f2d2781000fb408004500003443204000"
    "8006affd0ac7f90b0ac7f90cc1c1c1088044b7b600000000800220008caa0000020405b40103030201010402";
constexpr const char* kBits = "02cccc003cff02cccc003aff88e7be00000110604b7dba7510604b7f2d2788b5";

test::Result result_of(const char* packet) { return test::run(dissect::eth_dissector, test::from_hex(packet)); }

}  // namespace

class Ieee8021ahTest : public QObject {
  Q_OBJECT

 private slots:
  void tcp() {
    const auto r = result_of(kTcp);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ieee8021ah.priority"), 0U);
    QCOMPARE(r.uint("ieee8021ah.nca"), 0U);
    QCOMPARE(r.uint("ieee8021ah.isid"), 2014020U);
    QCOMPARE(r.hex("ieee8021ah.cdst"), std::string("10604b7dba75"));
    QCOMPARE(r.hex("ieee8021ah.csrc"), std::string("10604b7f2d27"));
    QCOMPARE(r.uint("ieee8021ah.etype"), 0x8100U);
    QCOMPARE(r.uint("tcp.srcport"), 49601U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("pbb"));
    QCOMPARE(r.frame.tunnels[0].id, 2014020U);
  }
  void bits() {
    const auto r = result_of(kBits);
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("ieee8021ah.priority"), 5U);
    QCOMPARE(r.uint("ieee8021ah.drop"), 1U);
    QCOMPARE(r.uint("ieee8021ah.nca"), 1U);
    QCOMPARE(r.uint("ieee8021ah.res1"), 1U);
    QCOMPARE(r.uint("ieee8021ah.res2"), 2U);
    QCOMPARE(r.uint("ieee8021ah.isid"), 1U);
    QVERIFY(!r.frame.has_ip);
  }
  void every_prefix() {
    for (const char* packet : {kTcp, kBits}) {
      test::sweep_prefixes(dissect::eth_dissector, test::from_hex(packet));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::Ieee8021ahTest)
#include "ieee8021ah_test.moc"
