#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector elasticsearch_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::elasticsearch_dissector;
using dissect::Likeness;

constexpr std::string_view kHandshake =
    "455300000034000000000000000108005cc66300000106782d7061636b16696e7465726e616c3a7463702f68616e64736861"
    "6b650004cbf6ae03";
constexpr std::string_view kResponse = "45530000000d000000000000000109005cc663";
constexpr std::string_view kPing = "455300000000";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(elasticsearch_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class ElasticsearchTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kHandshake);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{58});
      QCOMPARE(r.text("elasticsearch.header.token"), std::string("ES"));
      QCOMPARE(r.uint("elasticsearch.header.message_length"), std::uint64_t{52U});
      QCOMPARE(r.uint("elasticsearch.header.request_id"), std::uint64_t{1U});
      QCOMPARE(r.uint("elasticsearch.header.status_flags"), std::uint64_t{8U});
      QCOMPARE(r.uint("elasticsearch.version"), std::uint64_t{6080099U});
      QCOMPARE(r.tree.info, std::string("Request"));
    }
    {
      const Result r = talk.say(false, kResponse);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{19});
      QCOMPARE(r.uint("elasticsearch.header.status_flags.message_type"), std::uint64_t{1U});
      QCOMPARE(r.uint("elasticsearch.header.status_flags.error"), std::uint64_t{0U});
      QCOMPARE(r.tree.info, std::string("Response"));
    }
    {
      const Result r = talk.say(true, kPing);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{6});
      QVERIFY(!r.has("elasticsearch.header.request_id"));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(elasticsearch_dissector.probe(from_hex(kHandshake), hint), Likeness::kYes);
    QCOMPARE(elasticsearch_dissector.probe(from_hex(kResponse), answer), Likeness::kYes);
    QVERIFY(elasticsearch_dissector.probe(from_hex("4553000000ff00000000000000"), hint) != Likeness::kYes);
    QVERIFY(elasticsearch_dissector.probe(from_hex("455348"), hint) != Likeness::kYes);
    QVERIFY(elasticsearch_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(elasticsearch_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(elasticsearch_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(elasticsearch_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(elasticsearch_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kHandshake}, std::pair{false, kResponse}, std::pair{true, kPing}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(elasticsearch_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(elasticsearch_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
};

QTEST_APPLESS_MAIN(ElasticsearchTest)
#include "elasticsearch_test.moc"
