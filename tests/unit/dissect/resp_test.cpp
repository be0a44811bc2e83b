#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector resp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::resp_dissector;

constexpr std::string_view kSet = "2a330d0a24330d0a5345540d0a24330d0a6b65790d0a24350d0a76616c75650d0a";
constexpr std::string_view kOk = "2b4f4b0d0a";
constexpr std::string_view kError = "2d455252206e6f0d0a";
constexpr std::string_view kNumber = "3a2d31320d0a";
constexpr std::string_view kNested = "2a320d0a242d310d0a2a320d0a3a310d0a24300d0a0d0a";
constexpr std::string_view kInline = "50494e470d0a";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(resp_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class RespTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kSet);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{33});
      QCOMPARE(r.uint("resp.array.length"), std::uint64_t{3U});
      QCOMPARE(r.values("resp.bulk_string.value").size(), std::size_t{3});
      QCOMPARE(r.hex("resp.bulk_string.value"), std::string("534554"));
      QCOMPARE(r.tree.info, std::string("Request: SET key value"));
    }
    {
      const Result r = talk.say(false, kOk);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{5});
      QCOMPARE(r.text("resp.string"), std::string("OK"));
      QCOMPARE(r.tree.info, std::string("Response: OK"));
    }
    {
      const Result r = talk.say(false, kError);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{9});
      QCOMPARE(r.text("resp.error"), std::string("ERR no"));
    }
    {
      const Result r = talk.say(false, kNumber);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{6});
      QCOMPARE(static_cast<std::int64_t>(r.uint("resp.integer")), std::int64_t{-12});
    }
    {
      const Result r = talk.say(false, kNested);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{23});
      QCOMPARE(r.values("resp.array").size(), std::size_t{2});
      QCOMPARE(static_cast<std::int64_t>(r.uint("resp.bulk_string.length")), std::int64_t{-1});
      QVERIFY(!r.has("resp.bulk_string.value"));
    }
    {
      const Result r = talk.say(true, kInline);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{6});
      QVERIFY(r.has("resp.fragment"));
      QCOMPARE(r.tree.info, std::string("Request: [fragment]"));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(resp_dissector.probe(from_hex(kSet), hint), Likeness::kYes);
    QCOMPARE(resp_dissector.probe(from_hex(kOk), answer), Likeness::kMaybe);
    QVERIFY(resp_dissector.probe(from_hex("2a3320780d0a"), hint) != Likeness::kYes);
    QVERIFY(resp_dissector.probe(from_hex("2a310d0a3a310d0a"), hint) != Likeness::kYes);
    QVERIFY(resp_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(resp_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(resp_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(resp_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(resp_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kSet}, std::pair{false, kOk}, std::pair{false, kError}, std::pair{false, kNumber},
          std::pair{false, kNested}, std::pair{true, kInline}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(resp_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(resp_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void deep_and_huge_values_are_refused() {
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "*1\r\n";
    QCOMPARE(run(resp_dissector, from_hex(to_hex(as_bytes(deep)))).outcome, Outcome::kNotMine);
    QCOMPARE(run(resp_dissector, from_hex(to_hex(as_bytes("$99999999999\r\n")))).outcome, Outcome::kNotMine);
    const Result more = run(resp_dissector, from_hex(to_hex(as_bytes("$1000\r\nabc"))));
    QCOMPARE(more.outcome, Outcome::kNeedMore);
    QCOMPARE(more.app.need, std::uint64_t{1009});
  }
};

QTEST_APPLESS_MAIN(RespTest)
#include "resp_test.moc"
