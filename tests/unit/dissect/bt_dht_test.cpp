#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector bt_dht_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::bt_dht_dissector;
using dissect::Likeness;

constexpr std::string_view kPing =
    "64313a6164323a696432303a6162636465666768696a3031323334353637383965313a71343a70696e67313a74323a616131"
    "3a79313a7165";
constexpr std::string_view kPong =
    "64313a7264323a696432303a6d6e6f707172737475767778797a31323334353665313a74323a6161313a79313a7265";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {
    options.transport = dissect::Transport::kUdp;
    options.at_end = true;
  }
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(bt_dht_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class BtDhtTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kPing);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.values("bt-dht.bencoded.dict_entry").size(), std::size_t{5});
      QCOMPARE(r.text("bt-dht.bencoded.string"), std::string("a"));
      QCOMPARE(r.values("bt-dht.bencoded.list.terminator").size(), std::size_t{2});
      QCOMPARE(r.tree.info, std::string("BitTorrent DHT Protocol"));
    }
    {
      const Result r = talk.say(false, kPong);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.text("bt-dht.bencoded.string"), std::string("r"));
    }
  }

  void shows_identifiers_in_digits() {
    // d1:rd2:id2:ab5:token4:wxyz6:valuesl6:axje.uee1:v4:UT011:y1:re
    constexpr std::string_view kPeers =
        "64313a7264323a6964323a6162353a746f6b656e343a7778797a363a76616c7565736c363a61786a652e756565313a76343a5554303131"
        "3a79313a7265";
    Talk talk;
    const Result r = talk.say(false, kPeers);
    QCOMPARE(r.outcome, Outcome::kDone);
    std::string all;
    for (const Value& v : r.values("bt-dht.bencoded.string")) all += std::string(as_text(v.bytes())) + ' ';
    QCOMPARE(all, std::string("r id 6162 token 7778797a values v 55543031 y r "));
    QVERIFY(!r.has("bt-dht.bencoded.list"));
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = false, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(bt_dht_dissector.probe(from_hex(kPing), hint), Likeness::kYes);
    QCOMPARE(bt_dht_dissector.probe(from_hex(kPong), answer), Likeness::kYes);
    QVERIFY(bt_dht_dissector.probe(from_hex("64313a7869316565"), hint) != Likeness::kYes);
    QVERIFY(bt_dht_dissector.probe(from_hex("64313a61"), hint) != Likeness::kYes);
    QVERIFY(bt_dht_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(bt_dht_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(bt_dht_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(bt_dht_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(bt_dht_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] : {std::pair{true, kPing}, std::pair{false, kPong}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(bt_dht_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(bt_dht_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void nesting_is_bounded() {
    const std::string deep = "d1:a" + std::string(200, 'l');
    Options options;
    options.at_end = true;
    QCOMPARE(run(bt_dht_dissector, from_hex(to_hex(as_bytes(deep))), options).outcome, Outcome::kTruncated);
  }
};

QTEST_APPLESS_MAIN(BtDhtTest)
#include "bt_dht_test.moc"
