#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector mbtcp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::mbtcp_dissector;

constexpr std::string_view kDiagnostics = "0001000000060108000000aa";
constexpr std::string_view kClear = "0001000000060108000a0007";
constexpr std::string_view kMask = "0002000000080116000400f20025";
constexpr std::string_view kReadWrite = "00030000000d011700030006000e00010200ff";
constexpr std::string_view kEventLog = "00040000000b010c080000010801212000";
constexpr std::string_view kUnknown = "0005000000040164beef";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(mbtcp_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class ModbusTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kDiagnostics);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{12});
      QCOMPARE(r.uint("modbus.diagnostic_code"), std::uint64_t{0U});
      QCOMPARE(r.hex("modbus.diagnostic.return_query_data.request"), std::string("00aa"));
    }
    {
      const Result r = talk.say(false, kClear);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{12});
      QCOMPARE(r.uint("modbus.diagnostic.clear_ctr_diag_reg"), std::uint64_t{7U});
    }
    {
      const Result r = talk.say(true, kMask);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{14});
      QCOMPARE(r.uint("modbus.and_mask"), std::uint64_t{242U});
      QCOMPARE(r.uint("modbus.or_mask"), std::uint64_t{37U});
    }
    {
      const Result r = talk.say(true, kReadWrite);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{19});
      QCOMPARE(r.uint("modbus.read_reference_num"), std::uint64_t{3U});
      QCOMPARE(r.uint("modbus.write_reference_num"), std::uint64_t{14U});
      QCOMPARE(r.uint("modbus.regval_uint16"), std::uint64_t{255U});
    }
    {
      const Result r = talk.say(false, kEventLog);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{17});
      QCOMPARE(r.uint("modbus.ev_count"), std::uint64_t{264U});
      QCOMPARE(r.values("modbus.event").size(), std::size_t{2});
    }
    {
      const Result r = talk.say(true, kUnknown);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{10});
      QCOMPARE(r.uint("modbus.func_code"), std::uint64_t{100U});
      QCOMPARE(r.hex("modbus.data"), std::string("beef"));
    }
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kDiagnostics}, std::pair{false, kClear}, std::pair{true, kMask}, std::pair{true, kReadWrite},
          std::pair{false, kEventLog}, std::pair{true, kUnknown}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(mbtcp_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(mbtcp_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
  void reads_rare_functions_data() {
    test::golden_columns();
    test::golden("ASCII delimiter", "000100000006010800030a00", {{"modbus.diagnostic.ascii_input_delimiter", "0x0a"}});
    test::golden("count of diagnostic register", {"> 000100000006010800020000", "< 000100000006010800020007"},
                 {{"modbus.diagnostic.return_diag_register", "0x0007"}});
    test::golden("count of bus messages", {"> 0001000000060108000b0000", "< 0001000000060108000b0007"},
                 {{"modbus.diagnostic.bus_message_count", "7"}});
    test::golden("count of communication errors", {"> 0001000000060108000c0000", "< 0001000000060108000c0007"},
                 {{"modbus.diagnostic.bus_comm_error_count", "7"}});
    test::golden("count of exceptions", {"> 0001000000060108000d0000", "< 0001000000060108000d0007"},
                 {{"modbus.diagnostic.bus_exception_error_count", "7"}});
    test::golden("count of server messages", {"> 0001000000060108000e0000", "< 0001000000060108000e0007"},
                 {{"modbus.diagnostic.slave_message_count", "7"}});
    test::golden("count of no responses", {"> 0001000000060108000f0000", "< 0001000000060108000f0007"},
                 {{"modbus.diagnostic.no_slave_response_count", "7"}});
    test::golden("count of NAKs", {"> 000100000006010800100000", "< 000100000006010800100007"},
                 {{"modbus.diagnostic.slave_nak_count", "7"}});
    test::golden("count of busy", {"> 000100000006010800110000", "< 000100000006010800110007"},
                 {{"modbus.diagnostic.slave_busy_count", "7"}});
    test::golden("count of overruns", {"> 000100000006010800120000", "< 000100000006010800120007"},
                 {{"modbus.diagnostic.bus_char_overrun_count", "7"}});
    test::golden("event counter", {"> 000100000002010b", "< 000100000006010bffff0108"},
                 {{"modbus.ev_status", "0xffff"}});
    test::golden("event log", {"> 000100000002010c", "< 00010000000b010c080000010801212000"},
                 {{"modbus.ev_msg_count", "289"}});
    test::golden("device identification",
                 {"> 000100000005012b0e0100", "< 000100000012012b0e0101000002000441636d6501025831"},
                 {{"modbus.conformity_level", "0x01"},
                  {"modbus.more_follows", "0x00"},
                  {"modbus.next_object_id", "0"},
                  {"modbus.objects_len", "4,2"}});
    test::golden("CANopen", {"> 000100000005012b0d0102", "< 000100000005012b0d0102"}, {{"modbus.data", "0d0102"}});
    test::golden("read FIFO", {"> 000100000004011804de", "< 00010000000a01180006000201b81284"},
                 {{"modbus.byte_cnt_16", "6"}, {"modbus.data", "01b81284"}});
    test::golden("read file", "00010000001101140e0600040001000206000300090002",
                 {{"modbus.reference_num_32", "262145,196617"}, {"modbus.reference_type", "6,6"}});
    test::golden("write file", "00010000001001150d0600040007000306af04be100d", {{"modbus.data", "06af04be100d"}});
    test::golden("read and write",
                 {"> 000100000011011700030006000e00030600ff00ff00ff", "< 00010000000f01170c00fe0acd00010003000d00ff"},
                 {{"modbus.data", "00fe0acd00010003000d00ff"}});
  }
  void reads_rare_functions() { test::check_golden(dissect::mbtcp_dissector); }
};

QTEST_APPLESS_MAIN(ModbusTest)
#include "modbus_test.moc"
