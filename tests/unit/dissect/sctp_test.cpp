#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector sctp_dissector;
}

namespace pr {
namespace {

constexpr const char* kInit =
    "13881389 00000000 abcdef01 01000024 11223344 00010000 000a000a 00000005 000c0006 00050000 "
    "80000004 c0000004";
constexpr const char* kData =
    "13881389 11223344 abcdef01 00030013 00000005 00010002 00000000 61626300 03000010 00000004 "
    "0000ffff 00000000";

}  // namespace

class SctpTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_an_init_with_parameters() {
    const auto r = test::run(dissect::sctp_dissector, test::from_hex(kInit));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("sctp.srcport"), 5000U);
    QCOMPARE(r.values("sctp.port").size(), 2UL);
    QCOMPARE(r.uint("sctp.chunk_type"), 1U);
    QCOMPARE(r.uint("sctp.initiate_tag"), 0x11223344U);
    QCOMPARE(r.uint("sctp.init_initial_tsn"), 5U);
    QCOMPARE(r.values("sctp.parameter_type").size(), 3UL);
    QCOMPARE(r.uint("sctp.parameter_supported_address_type"), 5U);
    QCOMPARE(r.hex("sctp.parameter_padding"), std::string("0000"));
    QCOMPARE(r.frame.dst.port, 5001U);
  }
  void hands_on_whole_messages() {
    const auto r = test::run(dissect::sctp_dissector, test::from_hex(kData));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("sctp.data_tsn_raw"), 5U);
    QCOMPARE(r.uint("sctp.data_b_bit"), 1U);
    QCOMPARE(r.hex("sctp.chunk_padding"), std::string("00"));
    QCOMPARE(r.uint("sctp.sack_cumulative_tsn_ack_raw"), 4U);
    QCOMPARE(r.hex("data.data"), std::string("616263"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::sctp_dissector, test::from_hex(kInit)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::SctpTest)
#include "sctp_test.moc"
