#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector dnp3_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::dnp3_dissector;
using dissect::Likeness;

constexpr std::string_view kUnsolicited = "05640a4401000a006e25c0f08280006b7d";
constexpr std::string_view kWrite = "05640ec40a0001002529c2c102500100070700c5af";
constexpr std::string_view kReadClasses = "056414c40a0001008fedc3c2013c02063c03063c04063c0106429e";
constexpr std::string_view kFirstOfTwo =
    "0564ff4401000a005aeb43c2810000010200000902020202020240460202020203020000090202020202020270da02020214"
    "010000090200000000020000e30b000002000000000200000000020000004dba000200000000020000000002000000007eae"
    "02000000000200000000150100000902d3420000000002000000000200000000020069ce0000000200000000020000000002"
    "0000dd5e000002000000000200000000020000004dba001e0100000902000000000200000000cd6302000000000200000000"
    "020000000002f0030000000002000000000200000000020069ce00000002000000000a020000090202021710020202020202"
    "0228010000090200000058e4000200000000020000000002000000007eae020000000002000000004e72";
constexpr std::string_view kTogether =
    "0564ff4401000a005aeb43c2810000010200000902020202020240460202020203020000090202020202020270da02020214"
    "010000090200000000020000e30b000002000000000200000000020000004dba000200000000020000000002000000007eae"
    "02000000000200000000150100000902d3420000000002000000000200000000020069ce0000000200000000020000000002"
    "0000dd5e000002000000000200000000020000004dba001e0100000902000000000200000000cd6302000000000200000000"
    "020000000002f0030000000002000000000200000000020069ce00000002000000000a020000090202021710020202020202"
    "0228010000090200000058e4000200000000020000000002000000007eae020000000002000000004e7205641a4401000a00"
    "af5d840200000000020000000002000000003be20200000000f3b9";
constexpr std::string_view kOperate = "05641ac404000300c2e6d0ce060c012801000100030164000000e0966400000000005b";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(dnp3_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class Dnp3Test : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(false, kUnsolicited);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{17});
      QCOMPARE(r.uint("dnp3.start"), std::uint64_t{1380U});
      QCOMPARE(r.uint("dnp3.len"), std::uint64_t{10U});
      QCOMPARE(r.uint("dnp3.src"), std::uint64_t{10U});
      QCOMPARE(r.uint("dnp3.dst"), std::uint64_t{1U});
      QCOMPARE(r.uint("dnp3.al.func"), std::uint64_t{130U});
      QCOMPARE(r.uint("dnp3.al.iin.rst"), std::uint64_t{1U});
      QCOMPARE(r.uint("dnp3.al.iin.cls1d"), std::uint64_t{0U});
      QCOMPARE(r.tree.info, std::string("Unsolicited Response"));
    }
    {
      const Result r = talk.say(true, kWrite);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{21});
      QCOMPARE(r.uint("dnp3.al.func"), std::uint64_t{2U});
      QCOMPARE(r.uint("dnp3.al.obj"), std::uint64_t{20481U});
      QCOMPARE(r.uint("dnp3.al.point_index"), std::uint64_t{7U});
      QCOMPARE(r.uint("dnp3.al.bit"), std::uint64_t{0U});
      QCOMPARE(r.tree.info, std::string("Write, Internal Indications"));
    }
    {
      const Result r = talk.say(true, kReadClasses);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{27});
      QCOMPARE(r.values("dnp3.al.obj").size(), std::size_t{4});
      QCOMPARE(r.uint("dnp3.al.objq.range"), std::uint64_t{6U});
      QCOMPARE(r.tree.info, std::string("Read, Class 0123"));
    }
    {
      const Result r = talk.say(false, kFirstOfTwo);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{292});
      QCOMPARE(r.uint("dnp3.tr.fin"), std::uint64_t{0U});
      QCOMPARE(r.uint("dnp3.tr.fir"), std::uint64_t{1U});
      QVERIFY(r.has("dnp3.al.frag_data"));
      QVERIFY(!r.has("dnp3.al.func"));
      QCOMPARE(
          r.tree.info,
          std::string("from 10 to 1, len=255, Unconfirmed User Data (Application Layer Unreassembled fragment 3)"));
    }
    {
      const Result r = talk.say(false, kTogether);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{327});
      QCOMPARE(r.uint("dnp3.al.func"), std::uint64_t{129U});
      QCOMPARE(r.uint("dnp3.al.fragment.reassembled.length"), std::uint64_t{269U});
      QCOMPARE(r.values("dnp3.len").size(), std::size_t{2});
      QVERIFY(r.has("dnp3.al.biq.b1"));
      QCOMPARE(r.tree.info, std::string("Response"));
    }
    {
      const Result r = talk.say(true, kOperate);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{35});
      QCOMPARE(r.uint("dnp3.al.obj"), std::uint64_t{3073U});
      QCOMPARE(r.uint("dnp3.al.index"), std::uint64_t{1U});
      QCOMPARE(r.uint("dnp3.ctl.op"), std::uint64_t{3U});
      QCOMPARE(r.uint("dnp3.al.on_time"), std::uint64_t{100U});
      QCOMPARE(r.uint("dnp3.al.ctrlstatus"), std::uint64_t{0U});
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(dnp3_dissector.probe(from_hex(kUnsolicited), answer), Likeness::kYes);
    QCOMPARE(dnp3_dissector.probe(from_hex(kWrite), hint), Likeness::kYes);
    QCOMPARE(dnp3_dissector.probe(from_hex(kReadClasses), hint), Likeness::kYes);
    QCOMPARE(dnp3_dissector.probe(from_hex(kFirstOfTwo), answer), Likeness::kYes);
    QCOMPARE(dnp3_dissector.probe(from_hex(kOperate), hint), Likeness::kYes);
    QVERIFY(dnp3_dissector.probe(from_hex("05640ac4010000000000"), hint) != Likeness::kYes);
    QVERIFY(dnp3_dissector.probe(from_hex("0564"), hint) != Likeness::kYes);
    QVERIFY(dnp3_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(dnp3_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(dnp3_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(dnp3_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(dnp3_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{false, kUnsolicited}, std::pair{true, kWrite}, std::pair{true, kReadClasses},
          std::pair{false, kFirstOfTwo}, std::pair{false, kTogether}, std::pair{true, kOperate}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(dnp3_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(dnp3_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
};

QTEST_APPLESS_MAIN(Dnp3Test)
#include "dnp3_test.moc"
