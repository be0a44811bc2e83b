#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector mbtcp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::mbtcp_dissector;

constexpr std::string_view kReadCoils = "0001000000060a0100000001";
constexpr std::string_view kCoils = "0001000000040a010105";
constexpr std::string_view kReadRegisters = "000200000006010300640002";
constexpr std::string_view kRegisters = "00020000000701030412340007";
constexpr std::string_view kRefused = "000300000003018302";
constexpr std::string_view kWriteRegisters = "00040000000b011000010002040001fffe";
constexpr std::string_view kDeviceId = "000500000010012b0e0101000001000641636d652121";

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

class MbtcpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kReadCoils);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{12});
      QCOMPARE(r.uint("mbtcp.trans_id"), std::uint64_t{1U});
      QCOMPARE(r.uint("mbtcp.unit_id"), std::uint64_t{10U});
      QCOMPARE(r.uint("modbus.func_code"), std::uint64_t{1U});
      QCOMPARE(r.uint("modbus.reference_num"), std::uint64_t{0U});
      QCOMPARE(r.uint("modbus.bit_cnt"), std::uint64_t{1U});
      QCOMPARE(r.tree.info, std::string("   Query: Trans:     1; Unit:  10, Func:   1: Read Coils"));
    }
    {
      const Result r = talk.say(false, kCoils);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{10});
      QCOMPARE(r.uint("modbus.byte_cnt"), std::uint64_t{1U});
      QCOMPARE(r.values("modbus.bitval").size(), std::size_t{1});
      QCOMPARE(r.uint("modbus.bitval"), std::uint64_t{1U});
    }
    {
      const Result r = talk.say(true, kReadRegisters);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{12});
      QCOMPARE(r.uint("modbus.reference_num"), std::uint64_t{100U});
      QCOMPARE(r.uint("modbus.word_cnt"), std::uint64_t{2U});
    }
    {
      const Result r = talk.say(false, kRegisters);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{13});
      QCOMPARE(r.values("modbus.regnum16").size(), std::size_t{2});
      QCOMPARE(r.uint("modbus.regnum16"), std::uint64_t{100U});
      QCOMPARE(r.uint("modbus.regval_uint16"), std::uint64_t{4660U});
      QCOMPARE(r.tree.info, std::string("Response: Trans:     2; Unit:   1, Func:   3: Read Holding Registers"));
    }
    {
      const Result r = talk.say(false, kRefused);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{9});
      QCOMPARE(r.uint("modbus.func_code"), std::uint64_t{3U});
      QCOMPARE(r.uint("modbus.exception_code"), std::uint64_t{2U});
      QVERIFY(!r.has("modbus.byte_cnt"));
    }
    {
      const Result r = talk.say(true, kWriteRegisters);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{17});
      QCOMPARE(r.uint("modbus.word_cnt"), std::uint64_t{2U});
      QCOMPARE(r.values("modbus.regval_uint16").size(), std::size_t{2});
    }
    {
      const Result r = talk.say(false, kDeviceId);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{22});
      QCOMPARE(r.uint("modbus.mei"), std::uint64_t{14U});
      QCOMPARE(r.uint("modbus.num_objects"), std::uint64_t{1U});
      QCOMPARE(r.text("modbus.object_str_value"), std::string("Acme!!"));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(mbtcp_dissector.probe(from_hex(kReadCoils), hint), Likeness::kYes);
    QCOMPARE(mbtcp_dissector.probe(from_hex(kCoils), answer), Likeness::kYes);
    QCOMPARE(mbtcp_dissector.probe(from_hex(kReadRegisters), hint), Likeness::kYes);
    QCOMPARE(mbtcp_dissector.probe(from_hex(kRegisters), answer), Likeness::kYes);
    QCOMPARE(mbtcp_dissector.probe(from_hex(kRefused), answer), Likeness::kYes);
    QCOMPARE(mbtcp_dissector.probe(from_hex(kWriteRegisters), hint), Likeness::kYes);
    QVERIFY(mbtcp_dissector.probe(from_hex("000100010006010100000001"), hint) != Likeness::kYes);
    QVERIFY(mbtcp_dissector.probe(from_hex("000100000007010100000001"), hint) != Likeness::kYes);
    QVERIFY(mbtcp_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(mbtcp_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(mbtcp_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(mbtcp_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(mbtcp_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kReadCoils}, std::pair{false, kCoils}, std::pair{true, kReadRegisters},
          std::pair{false, kRegisters}, std::pair{false, kRefused}, std::pair{true, kWriteRegisters},
          std::pair{false, kDeviceId}}) {
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

QTEST_APPLESS_MAIN(MbtcpTest)
#include "mbtcp_test.moc"
