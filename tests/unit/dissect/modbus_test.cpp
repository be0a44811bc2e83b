#include "tests/support/dissect.h"

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
};

QTEST_APPLESS_MAIN(ModbusTest)
#include "modbus_test.moc"
