#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector mqtt_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::mqtt_dissector;

constexpr std::string_view kConnect5 =
    "10cc0100044d51545405c6003c3c2700002b672100de110000022b22029a2600097573657270726f70310008757365727661"
    "6c312600097573657270726f703200087573657276616c3200136d79766f69636569736d7970617373706f72744b03000a6d"
    "7977696c6c74797065090007313233343536370200000085019008000f726573706f6e73655f746f70696331260009757365"
    "7270726f703500087573657276616c3518000000c8000977696c6c746f706963000b77696c6c6d6573736167650004757365"
    "72000470617373";
constexpr std::string_view kConnack5 = "200600000322000a";
constexpr std::string_view kSubscribe5 = "82150001000006746f70696358000006746f7069635900";
constexpr std::string_view kSuback5 = "90050001000000";
constexpr std::string_view kDisconnect5 = "e01d041b110000007a2600097573657270726f703400087573657276616c34";
constexpr std::string_view kConnect4 =
    "102b00044d51545404c2003c00136d79766f69636569736d7970617373706f7274000475736572000470617373";
constexpr std::string_view kPublish4 = "321a0006746f706963580001626161626161626c61636b7368656570";
constexpr std::string_view kPuback4 = "40020001";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(mqtt_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class MqttTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kConnect5);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{207});
      QCOMPARE(r.uint("mqtt.msgtype"), std::uint64_t{1U});
      QCOMPARE(r.uint("mqtt.ver"), std::uint64_t{5U});
      QCOMPARE(r.text("mqtt.clientid"), std::string("myvoiceismypassport"));
      QCOMPARE(r.text("mqtt.willtopic"), std::string("willtopic"));
      QCOMPARE(r.text("mqtt.username"), std::string("user"));
      QCOMPARE(r.text("mqtt.passwd"), std::string("pass"));
      QCOMPARE(r.values("mqtt.prop_key").size(), std::size_t{3});
      QCOMPARE(r.text("mqtt.property.content_type"), std::string("mywilltype"));
      QCOMPARE(r.tree.info, std::string("Connect Command"));
    }
    {
      const Result r = talk.say(false, kConnack5);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{8});
      QCOMPARE(r.uint("mqtt.connack.reason_code"), std::uint64_t{0U});
      QCOMPARE(r.uint("mqtt.property_id"), std::uint64_t{34U});
      QCOMPARE(r.uint("mqtt.prop_number"), std::uint64_t{10U});
      QVERIFY(!r.has("mqtt.conack.val"));
    }
    {
      const Result r = talk.say(true, kSubscribe5);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{23});
      QCOMPARE(r.values("mqtt.topic").size(), std::size_t{2});
      QCOMPARE(r.text("mqtt.topic"), std::string("topicX"));
      QCOMPARE(r.values("mqtt.subscription_options").size(), std::size_t{2});
      QCOMPARE(r.tree.info, std::string("Subscribe Request (id=1) [topicX] [topicY]"));
    }
    {
      const Result r = talk.say(false, kSuback5);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{7});
      QCOMPARE(r.values("mqtt.suback.reason_code").size(), std::size_t{2});
      QCOMPARE(r.tree.info, std::string("Subscribe Ack (id=1)"));
    }
    {
      const Result r = talk.say(true, kDisconnect5);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{31});
      QCOMPARE(r.uint("mqtt.disconnect.reason_code"), std::uint64_t{4U});
      QCOMPARE(r.text("mqtt.prop_value"), std::string("userval4"));
    }
    {
      const Result r = talk.say(true, kConnect4);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{45});
      QCOMPARE(r.uint("mqtt.ver"), std::uint64_t{4U});
      QCOMPARE(r.text("mqtt.protoname"), std::string("MQTT"));
      QVERIFY(!r.has("mqtt.properties"));
    }
    {
      const Result r = talk.say(true, kPublish4);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{28});
      QCOMPARE(r.uint("mqtt.qos"), std::uint64_t{1U});
      QCOMPARE(r.uint("mqtt.msgid"), std::uint64_t{1U});
      QCOMPARE(r.text("mqtt.topic"), std::string("topicX"));
      QVERIFY(r.has("mqtt.msg"));
      QCOMPARE(r.tree.info, std::string("Publish Message (id=1) [topicX]"));
    }
    {
      const Result r = talk.say(false, kPuback4);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{4});
      QCOMPARE(r.uint("mqtt.msgtype"), std::uint64_t{4U});
      QCOMPARE(r.uint("mqtt.msgid"), std::uint64_t{1U});
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    QCOMPARE(mqtt_dissector.probe(from_hex(kConnect5), hint), Likeness::kYes);
    QCOMPARE(mqtt_dissector.probe(from_hex(kConnect4), hint), Likeness::kYes);
    QVERIFY(mqtt_dissector.probe(from_hex("10ffffffff7f"), hint) != Likeness::kYes);
    QVERIFY(mqtt_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(mqtt_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(mqtt_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(mqtt_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(mqtt_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kConnect5}, std::pair{false, kConnack5}, std::pair{true, kSubscribe5},
          std::pair{false, kSuback5}, std::pair{true, kDisconnect5}, std::pair{true, kConnect4},
          std::pair{true, kPublish4}, std::pair{false, kPuback4}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(mqtt_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(mqtt_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
};

QTEST_APPLESS_MAIN(MqttTest)
#include "mqtt_test.moc"
