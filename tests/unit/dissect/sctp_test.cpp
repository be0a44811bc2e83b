#include "tests/support/golden.h"

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
  void reads_chunks_of_an_association_data() {
    test::golden_columns();
    test::golden("INIT with addresses",
                 "13881389 11223344 00000000 0100004c 11223344 00010000 000a000a 00000005 00050008 0a000001 00060014 "
                 "20010db8 00000000 00000000 00000001 00090008 000003e8 000b0009 612e6578 00000000 000c0008 00050006",
                 {{"sctp.parameter_cookie_preservative_incr", "1000"},
                  {"sctp.parameter_hostname", "a.ex"},
                  {"sctp.parameter_ipv6_address", "2001:db8::1"}});
    test::golden("INIT with authentication",
                 "13881389 11223344 00000000 01000038 11223344 00010000 000a000a 00000005 8002000c 00010203 04050607 "
                 "80030006 c1800000 80040008 00030001 80080008 c0828040",
                 {{"sctp.chunk_type_to_auth", "193,128"},
                  {"sctp.hmac_id", "3,1"},
                  {"sctp.random_number", "0001020304050607"},
                  {"sctp.supported_chunk_type", "192,130,128,64"}});
    test::golden("INIT ACK",
                 "13881389 11223344 00000000 02000038 11223344 00010000 000a000a 00000005 00070008 aabbccdd 0008000c "
                 "0bad0008 abcd0000 c0060008 00000007 12340006 abcd0000",
                 {{"sctp.parameter_value", "abcd0000,abcd"},
                  {"sctp.parameter_type", "0x0007,0x0008,0x0bad,0xc006,0x1234"},
                  {"sctp.parameter_state_cookie", "aabbccdd"},
                  {"sctp.adaptation_layer_indication", "0x00000007"}});
    test::golden(
        "SACK", "13881389 11223344 00000000 0300001c 00000004 0000ffff 00020001 00020003 00050006 00000003",
        {{"sctp.sack_duplicate_tsn", "3"}, {"sctp.sack_gap_block_end", "3,6"}, {"sctp.sack_gap_block_start", "2,5"}});
    test::golden("HEARTBEAT", "13881389 11223344 00000000 0400000c 00010006 01020000",
                 {{"sctp.parameter_heartbeat_information", "0102"}});
    test::golden("ABORT", "13881389 11223344 00000000 0601000c 000c0007 41424300",
                 {{"sctp.abort_t_bit", "1"},
                  {"sctp.cause_code", "0x000c"},
                  {"sctp.cause_information", "414243"},
                  {"sctp.cause_length", "7"},
                  {"sctp.cause_padding", "00"}});
    test::golden(
        "ERROR",
        "13881389 11223344 00000000 09000024 00010008 00020000 00030008 00000064 00090008 00000005 00060008 fe000004",
        {{"sctp.cause_measure_of_staleness", "100"},
         {"sctp.cause_reserved", "0"},
         {"sctp.cause_stream_identifier", "2"},
         {"sctp.cause_tsn", "5"},
         {"sctp.chunk_type", "9,254"}});
    test::golden(
        "ERROR about parameters", "13881389 11223344 00000000 09000010 0008000c 12340008 abcdabcd",
        {{"sctp.cause_code", "0x0008"}, {"sctp.parameter_type", "0x1234"}, {"sctp.parameter_value", "abcdabcd"}});
    test::golden("ASCONF ACK with an error", "13881389 11223344 00000000 80000014 00000001 c003000c 00000008 00a00004",
                 {{"sctp.asconf_ack_seq_nr_number", "0x00000001"},
                  {"sctp.correlation_id", "0x00000008"},
                  {"sctp.cause_code", "0x00a0"}});
  }
  void reads_chunks_of_an_association() { test::check_golden(dissect::sctp_dissector); }
  void reads_rare_chunks_data() {
    test::golden_columns();
    test::golden("ECNE", "13881389 11223344 00000000 0c000008 00000005", {{"sctp.ecne_lowest_tsn", "5"}});
    test::golden("CWR", "13881389 11223344 00000000 0d000008 00000006", {{"sctp.cwr_lowest_tsn", "6"}});
    test::golden("SHUTDOWN COMPLETE", "13881389 11223344 00000000 0e010004", {{"sctp.shutdown_complete_t_bit", "1"}});
    test::golden("AUTH", "13881389 11223344 00000000 0f00001c 00010001 00010203 04050607 08090a0b 0c0d0e0f 10111213",
                 {{"sctp.hmac", "000102030405060708090a0b0c0d0e0f10111213"}, {"sctp.shared_key_id", "1"}});
    test::golden("I-DATA", "13881389 11223344 00000000 40030017 00000005 00010000 00000007 00000000 61626300",
                 {{"sctp.data_mid", "7"}, {"sctp.data_reserved", "0"}});
    test::golden("I-DATA, not the first",
                 "13881389 11223344 00000000 40000017 00000006 00010000 00000007 00000001 61626300",
                 {{"sctp.data_fsn", "1"}});
    test::golden("FORWARD TSN", "13881389 11223344 00000000 c000000c 00000009 00010002",
                 {{"sctp.forward_tsn_sid", "1"}, {"sctp.forward_tsn_ssn", "2"}, {"sctp.forward_tsn_tsn", "9"}});
    test::golden("ASCONF",
                 "13881389 11223344 00000000 c1000020 00000001 00050008 0a000001 c0010010 00000007 00050008 0a000003",
                 {{"sctp.asconf_seq_nr_number", "0x00000001"}});
    test::golden("ASCONF ACK", "13881389 11223344 00000000 80000010 00000001 c0050008 00000007",
                 {{"sctp.correlation_id", "0x00000007"}});
    test::golden("PAD", "13881389 11223344 00000000 84000006 00000000", {{"sctp.padding_data", "0000"}});
    test::golden("of another type", "13881389 11223344 00000000 55000006 01020000", {{"sctp.chunk_value", "0102"}});
  }
  void reads_rare_chunks() { test::check_golden(dissect::sctp_dissector); }
  void every_prefix() { test::sweep_prefixes(dissect::sctp_dissector, test::from_hex(kInit)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::SctpTest)
#include "sctp_test.moc"
