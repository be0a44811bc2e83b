#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector ams_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::ams_dissector;
using dissect::Likeness;

constexpr std::string_view kReadState = "000020000000050d756001011027c0a801c70101038004000400000000000000000008000000";
constexpr std::string_view kRead =
    "00002c000000050d756001011027c0a801c701010380020004000c0000000000000009000000204000000100000004000000";
constexpr std::string_view kValue =
    "00002c000000c0a801c701010380050d756001011027020005000c000000000000000900000000000000040000002a000000";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(ams_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class AmsTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kReadState);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{38});
      QCOMPARE(r.text("ams.targetnetid"), std::string("5.13.117.96.1.1"));
      QCOMPARE(r.uint("ams.targetport"), std::uint64_t{10000U});
      QCOMPARE(r.text("ams.sendernetid"), std::string("192.168.1.199.1.1"));
      QCOMPARE(r.uint("ams.cmdid"), std::uint64_t{4U});
      QCOMPARE(r.uint("ams.state_adscmd"), std::uint64_t{1U});
      QCOMPARE(r.uint("ams.state_response"), std::uint64_t{0U});
      QCOMPARE(r.uint("ams.invokeid"), std::uint64_t{8U});
      QCOMPARE(r.tree.info, std::string("ADS Read State Request"));
    }
    {
      const Result r = talk.say(true, kRead);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{50});
      QCOMPARE(r.uint("ams.ads_indexgroup"), std::uint64_t{16416U});
      QCOMPARE(r.uint("ams.ads_indexoffset"), std::uint64_t{1U});
      QCOMPARE(r.uint("ams.ads_cblength"), std::uint64_t{4U});
    }
    {
      const Result r = talk.say(false, kValue);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{50});
      QCOMPARE(r.uint("ams.adsresult"), std::uint64_t{0U});
      QCOMPARE(r.uint("ams.ads_cblength"), std::uint64_t{4U});
      QCOMPARE(r.tree.info, std::string("ADS Read Response"));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(ams_dissector.probe(from_hex(kReadState), hint), Likeness::kYes);
    QCOMPARE(ams_dissector.probe(from_hex(kRead), hint), Likeness::kYes);
    QCOMPARE(ams_dissector.probe(from_hex(kValue), answer), Likeness::kYes);
    QVERIFY(ams_dissector.probe(from_hex("000020000000050d756001011027"), hint) != Likeness::kYes);
    QVERIFY(ams_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(ams_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(ams_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(ams_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(ams_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kReadState}, std::pair{true, kRead}, std::pair{false, kValue}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(ams_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(ams_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
};

QTEST_APPLESS_MAIN(AmsTest)
#include "ams_test.moc"
