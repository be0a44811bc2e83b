#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kReadsAHeaderWithEverything =
    "aabbcc000400aabbcc00010008004500008800110000ff2fbd31cb007101c0000202b00008006e7c00000001d97c0000"
    "000545000064000c0000ff01a3880a0102010a010202080038660004000000000000000845d8abcdabcdabcdabcdabcd"
    "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
    "abcdabcdabcd";
constexpr const char* kKnowsNvgre =
    "aabb00002002aabb0000200108004500005400000000402f000064001101640011022000655812345602aabb00001002"
    "aabb0000100108004500002a00000000400600000a0000010a00000203e903ea00000000000000005010008000000000"
    "abcd";
constexpr const char* kIsFoundOverUdp =
    "000000000000000000000000080045000056b275400040110165c0a8006bc0a80501c4a7129200420000000008004500"
    "003647be4000401144e4ac11000201010101ca0200350022e19ff96401000001000000000000047a65656b036f726700"
    "00010001";
constexpr const char* kPptpHasCalls =
    "c500000082c400121ef2613d8100006486dd60000000008b04f62402f00000018e0100000000000055552607fcd00100"
    "230000000000b1082a6b4500008b8caf0000402f75fe100000c8c034a69a3081880b0067178000068fb100083a76ff03"
    "002145000063000040003c115667ac102c03080808089f400035004f2d23a62c01000001000000000000357871742d64"
    "65746563742d6d6f6465322d39373731326538382d313637612d343562392d393365652d393133313430653736363738"
    "00001c0001";

}  // namespace

class GreTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_header_with_everything() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kReadsAHeaderWithEverything));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gre.flags_and_version"), 0xb000U);
    QCOMPARE(r.uint("gre.flags.checksum"), 1U);
    QCOMPARE(r.uint("gre.flags.routing"), 0U);
    QCOMPARE(r.uint("gre.flags.key"), 1U);
    QCOMPARE(r.uint("gre.flags.sequence_number"), 1U);
    QCOMPARE(r.uint("gre.flags.strict_source_route"), 0U);
    QCOMPARE(r.uint("gre.flags.recursion_control"), 0U);
    QCOMPARE(r.uint("gre.flags.reserved"), 0U);
    QCOMPARE(r.uint("gre.flags.version"), 0U);
    QCOMPARE(r.uint("gre.proto"), 0x800U);
    QCOMPARE(r.uint("gre.checksum"), 0x6e7cU);
    QCOMPARE(r.uint("gre.checksum.status"), 1U);
    QCOMPARE(r.uint("gre.offset"), 0U);
    QCOMPARE(r.uint("gre.key"), 0x1d97cU);
    QCOMPARE(r.uint("gre.sequence_number"), 5U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("gre"));
    QCOMPARE(r.frame.tunnels[0].id, 121212U);
  }
  void knows_nvgre() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kKnowsNvgre));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gre.flags_and_version"), 0x2000U);
    QCOMPARE(r.uint("gre.flags.checksum"), 0U);
    QCOMPARE(r.uint("gre.flags.routing"), 0U);
    QCOMPARE(r.uint("gre.flags.key"), 1U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("nvgre"));
    QCOMPARE(r.frame.tunnels[0].id, 1193046U);
  }
  void is_found_over_udp() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kIsFoundOverUdp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gre.flags_and_version"), 0x0U);
    QCOMPARE(r.uint("gre.flags.checksum"), 0U);
    QCOMPARE(r.uint("gre.flags.routing"), 0U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("gre"));
  }
  void pptp_has_calls() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kPptpHasCalls));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gre.flags_and_version"), 0x3081U);
    QCOMPARE(r.uint("gre.flags.checksum"), 0U);
    QCOMPARE(r.uint("gre.flags.routing"), 0U);
    QCOMPARE(r.uint("gre.flags.key"), 1U);
    QCOMPARE(r.uint("gre.flags.sequence_number"), 1U);
    QCOMPARE(r.uint("gre.flags.strict_source_route"), 0U);
    QCOMPARE(r.uint("gre.flags.recursion_control"), 0U);
    QCOMPARE(r.uint("gre.flags.ack"), 1U);
    QCOMPARE(r.uint("gre.flags.reserved"), 0U);
    QCOMPARE(r.uint("gre.flags.version"), 1U);
    QCOMPARE(r.uint("gre.proto"), 0x880bU);
    QCOMPARE(r.uint("gre.key.payload_length"), 103U);
    QCOMPARE(r.uint("gre.key.call_id"), 6016U);
    QCOMPARE(r.uint("gre.sequence_number"), 430001U);
    QCOMPARE(r.uint("gre.ack_number"), 539254U);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kReadsAHeaderWithEverything));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kKnowsNvgre));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kIsFoundOverUdp));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kPptpHasCalls));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::GreTest)
#include "gre_test.moc"
