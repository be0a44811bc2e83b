#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector iec60870_104_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::iec60870_104_dissector;
using dissect::Likeness;

constexpr std::string_view kStart = "680407000000";
constexpr std::string_view kInterrogation = "680e00000000640106010d9100000014";
constexpr std::string_view kAck = "680401004200";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(iec60870_104_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class Iec60870104Test : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kStart);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{6});
      QCOMPARE(r.uint("iec60870_asdu.start"), std::uint64_t{104U});
      QCOMPARE(r.uint("iec60870_104.apdulen"), std::uint64_t{4U});
      QCOMPARE(r.uint("iec60870_104.type"), std::uint64_t{3U});
      QCOMPARE(r.uint("iec60870_104.utype"), std::uint64_t{1U});
      QCOMPARE(r.tree.info, std::string("<- U (STARTDT act) "));
    }
    {
      const Result r = talk.say(true, kInterrogation);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{16});
      QCOMPARE(r.uint("iec60870_104.type"), std::uint64_t{0U});
      QCOMPARE(r.uint("iec60870_104.tx"), std::uint64_t{0U});
      QCOMPARE(r.uint("iec60870_asdu.typeid"), std::uint64_t{100U});
      QCOMPARE(r.uint("iec60870_asdu.qoi"), std::uint64_t{20U});
    }
    {
      const Result r = talk.say(false, kAck);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{6});
      QCOMPARE(r.uint("iec60870_104.rx"), std::uint64_t{33U});
      QVERIFY(!r.has("iec60870_asdu.typeid"));
      QCOMPARE(r.tree.info, std::string("-> S (33) "));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    QCOMPARE(iec60870_104_dissector.probe(from_hex(kStart), hint), Likeness::kYes);
    QCOMPARE(iec60870_104_dissector.probe(from_hex(kInterrogation), hint), Likeness::kMaybe);
    QVERIFY(iec60870_104_dissector.probe(from_hex("680403000000"), hint) != Likeness::kYes);
    QVERIFY(iec60870_104_dissector.probe(from_hex("68ff07000000"), hint) != Likeness::kYes);
    QVERIFY(iec60870_104_dissector.probe(from_hex("680407000100"), hint) != Likeness::kYes);
    QVERIFY(iec60870_104_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(iec60870_104_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(iec60870_104_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(iec60870_104_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(iec60870_104_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kStart}, std::pair{true, kInterrogation}, std::pair{false, kAck}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(iec60870_104_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(iec60870_104_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
};

QTEST_APPLESS_MAIN(Iec60870104Test)
#include "iec60870_104_test.moc"
