#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}  // namespace pr::dissect

namespace pr {
namespace {

constexpr const char* kCarriesPackets =
    "120001023100e8b74810e128080045580040208c00b9fe115ca70a9b94950a9b949d3031323334353637383930313233"
    "343536373839303132333435363738393031323334353637383930313233";
constexpr const char* kHasASequenceNumber =
    "000c29dad1de000c29e3c64d08004500007c00004000401167bbc0a828b3c0a828b2086808680068bf6432ff00580000"
    "000128db0000450000540000400040015ea5ca0b289ec0a828b20800bee70000287b0411204bf43d0d0008090a0b0c0d"
    "0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637";
constexpr const char* kReadsElements =
    "000585a6545f001edf2d828e0800450000ad13ae40003f113062c0a964010a64c82185e1084b0099c6b3321000890000"
    "0000130b00000264004001000001f10364f060fffeff0eb00ffd1032f02bf91132f02bf91405800002f1218300070665"
    "657465737484001a8080211601010016030600000000810600000000830600000000850004c0a96401850004c0a96401"
    "86000891685122010001f187000c021b421f738c4040744b4040970001029900022320ff00052aab020103";
constexpr const char* kReadsResponses =
    "001edf2d828e000585a6545f080045000089e36000003f11a0d30a64c821c0a96401084b85e10075a76d3211006532f0"
    "2bf9130b0000018008fe0e181010000085111000008014057f0623a7c9800006f121c0a8fc8284002180802110040100"
    "1081060000000083060000000080210a0301000a0306c0a8fc828500040a64c8228500040a64c83187000c021b421f73"
    "8c4040744b4040";

}  // namespace

class GtpTest : public QObject {
  Q_OBJECT

 private slots:
  void carries_packets() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kCarriesPackets));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
  }
  void has_a_sequence_number() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kHasASequenceNumber));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gtp.flags"), 0x32U);
    QCOMPARE(r.uint("gtp.flags.version"), 1U);
    QCOMPARE(r.uint("gtp.flags.payload"), 1U);
    QCOMPARE(r.uint("gtp.flags.reserved"), 0U);
    QCOMPARE(r.uint("gtp.flags.e"), 0U);
    QCOMPARE(r.uint("gtp.flags.s"), 1U);
    QCOMPARE(r.uint("gtp.flags.pn"), 0U);
    QCOMPARE(r.uint("gtp.message"), 0xffU);
    QCOMPARE(r.uint("gtp.length"), 88U);
    QCOMPARE(r.uint("gtp.teid"), 0x1U);
    QCOMPARE(r.uint("gtp.seq_number"), 0x28dbU);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{1});
    QCOMPARE(std::string(r.frame.tunnels[0].name), std::string("gtp"));
    QCOMPARE(r.frame.tunnels[0].id, 1U);
  }
  void reads_elements() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kReadsElements));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gtp.flags"), 0x32U);
    QCOMPARE(r.uint("gtp.flags.version"), 1U);
    QCOMPARE(r.uint("gtp.flags.payload"), 1U);
    QCOMPARE(r.uint("gtp.flags.reserved"), 0U);
    QCOMPARE(r.uint("gtp.flags.e"), 0U);
    QCOMPARE(r.uint("gtp.flags.s"), 1U);
    QCOMPARE(r.uint("gtp.flags.pn"), 0U);
    QCOMPARE(r.uint("gtp.message"), 0x10U);
    QCOMPARE(r.uint("gtp.length"), 137U);
    QCOMPARE(r.uint("gtp.teid"), 0x0U);
    QCOMPARE(r.uint("gtp.seq_number"), 0x130bU);
    QCOMPARE(r.uint("gtp.recovery"), 176U);
    QCOMPARE(r.uint("gtp.sel_mode"), 1U);
    QCOMPARE(r.uint("gtp.teid_data"), 0x32f02bf9U);
    QCOMPARE(r.uint("gtp.teid_cp"), 0x32f02bf9U);
    QCOMPARE(r.uint("gtp.nsapi"), 5U);
    QCOMPARE(r.text("gtp.apn"), std::string("eetest"));
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{0});
  }
  void reads_responses() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kReadsResponses));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.frame.issue_count, std::uint16_t{0});
    QCOMPARE(r.uint("gtp.flags"), 0x32U);
    QCOMPARE(r.uint("gtp.flags.version"), 1U);
    QCOMPARE(r.uint("gtp.flags.payload"), 1U);
    QCOMPARE(r.uint("gtp.flags.reserved"), 0U);
    QCOMPARE(r.uint("gtp.flags.e"), 0U);
    QCOMPARE(r.uint("gtp.flags.s"), 1U);
    QCOMPARE(r.uint("gtp.flags.pn"), 0U);
    QCOMPARE(r.uint("gtp.message"), 0x11U);
    QCOMPARE(r.uint("gtp.length"), 101U);
    QCOMPARE(r.uint("gtp.teid"), 0x32f02bf9U);
    QCOMPARE(r.uint("gtp.seq_number"), 0x130bU);
    QCOMPARE(r.uint("gtp.cause"), 128U);
    QCOMPARE(r.uint("gtp.reorder"), 0U);
    QCOMPARE(r.uint("gtp.recovery"), 24U);
    QCOMPARE(r.uint("gtp.teid_data"), 0x10000085U);
    QCOMPARE(r.uint("gtp.teid_cp"), 0x10000080U);
    QCOMPARE(r.uint("gtp.nsapi"), 5U);
    QCOMPARE(r.uint("gtp.chrg_id"), 0x623a7c9U);
    QCOMPARE(r.uint("gtp.gsn_ipv4"), 0x0a64c822U);
    QCOMPARE(r.frame.tunnel_count, std::uint8_t{0});
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kCarriesPackets));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kHasASequenceNumber));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kReadsElements));
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(kReadsResponses));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::GtpTest)
#include "gtp_test.moc"
