#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector bgp_dissector;
}

namespace pr {

class BgpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kOpen =
      "ffffffffffffffffffffffffffffffff002d0104fe4c00b40a0a03011002060104000100010202800002020200";
  static constexpr const char* kUpdate =
      "ffffffffffffffffffffffffffffffff004302000000284001010240020a0201001e0102000a00144003040a00000980"
      "040400000000c00706001e0a00000915ac1000";
  static constexpr const char* kMultiprotocol =
      "ffffffffffffffffffffffffffffffff004a0200000033400101014002040201006540030400000000800e1000010404"
      "0100010100300001417b0101801a0b01000b00000000ffffffff";
  static constexpr const char* kNotification =
      "ffffffffffffffffffffffffffffffff00e8030602d25b5449434b45542d312d313433383336373339305d20736f6674"
      "7761726520757067726164653b20457870656374656420646f776e74696d6520666f72203220686f7572733b5b544943"
      "4b45542d312d313433383336373339305d20736f66747761726520757067726164653b20457870656374656420646f77"
      "6e74696d6520666f72203220686f7572733b5b5449434b45542d312d313433383336373339305d20736f667477617265"
      "20757067726164653b20457870656374656420646f776e74696d6520666f72203220686f7572733b";
  static constexpr const char* kRefresh =
      "ffffffffffffffffffffffffffffffff002e0500010001018000132000000005181815010100000000000a002000";
  static constexpr const char* kCapabilities =
      "ffffffffffffffffffffffffffffffff003a01045ba000b40a0000011d021b0506000100010002430201020307000100"
      "0101400341040000fde9";
  static constexpr const char* kCommunities =
      "ffffffffffffffffffffffffffffffff005b0200000042400101004002060202fde9fdea4003040a000001c00808ffff"
      "ff01fde90064c0102002020000fde9000101020a000001000706000000000000059000000000000000080a";
  static constexpr const char* kHeaderError = "ffffffffffffffffffffffffffffffff0015030101";
  static constexpr const char* kBadPeer = "ffffffffffffffffffffffffffffffff0017030202fde9";
  static constexpr const char* kUpdateError = "ffffffffffffffffffffffffffffffff0015030303";
  static constexpr const char* kExpired = "ffffffffffffffffffffffffffffffff0015030400";
  static constexpr const char* kStateError = "ffffffffffffffffffffffffffffffff0015030501";

 private slots:
  void open() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kOpen));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.open.myas"), 65100U);
    QCOMPARE(r.uint("bgp.open.holdtime"), 180U);
    QCOMPARE(r.uint("bgp.open.identifier"), 0x0a0a0301U);  // 10.10.3.1
    QCOMPARE(r.uint("bgp.cap.type"), 1U);
    QCOMPARE(r.uint("bgp.cap.mp.afi"), 1U);
  }
  void update() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kUpdate));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.update.path_attribute.origin"), 2U);
    QCOMPARE(r.uint("bgp.update.path_attribute.next_hop"), 0x0a000009U);  // 10.0.0.9
    QCOMPARE(r.uint("bgp.update.path_attribute.as_path_segment.as2"), 30U);
    QCOMPARE(r.uint("bgp.prefix_length"), 21U);
    QCOMPARE(r.uint("bgp.nlri_prefix"), 0xac100000U);  // 172.16.0.0
  }
  void multiprotocol() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kMultiprotocol));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4"), 0x01000101U);  // 1.0.1.1
    QCOMPARE(r.text("bgp.label_stack"), std::string("20 (bottom)"));
    QCOMPARE(r.uint("bgp.mp_reach_nlri_ipv4_prefix"), 0x7b010100U);  // 123.1.1.0
  }
  void notification() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kNotification));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.notify.major_error"), 6U);
    QCOMPARE(r.uint("bgp.notify.minor_error_cease"), 2U);
  }
  void refresh() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kRefresh));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.route_refresh.afi"), 1U);
    QCOMPARE(r.uint("bgp.route_refresh.orf.type"), 128U);
    QCOMPARE(r.uint("bgp.route_refresh.orf.entry.ip"), 0x01010000U);  // 1.1.0.0
  }
  void capabilities() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kCapabilities));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.cap.enh.afi"), 1U);
    QCOMPARE(r.uint("bgp.cap.enh.safi"), 1U);
    QCOMPARE(r.uint("bgp.cap.enh.nhafi"), 2U);
    QCOMPARE(r.uint("bgp.cap.dc"), 1U);
    QCOMPARE(r.uint("bgp.cap.orf.afi"), 1U);
    QCOMPARE(r.uint("bgp.cap.orf.safi"), 1U);
    QCOMPARE(r.uint("bgp.cap.orf.number"), 1U);
    QCOMPARE(r.uint("bgp.cap.orf.type"), 64U);
    QCOMPARE(r.uint("bgp.cap.orf.sendreceive"), 3U);
  }
  void communities() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kCommunities));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.update.path_attribute.community_wellknown"), 4294967041U);
    QCOMPARE(r.uint("bgp.ext_com.stype_tr_as4"), 2U);
    QCOMPARE(r.uint("bgp.ext_com.value_as4"), 65001U);
    QCOMPARE(r.uint("bgp.ext_com.value_an2"), 1U);
    QCOMPARE(r.uint("bgp.ext_com.stype_tr_IP4"), 2U);
    QCOMPARE(r.uint("bgp.ext_com.value_IP4"), 0x0a000001U);  // 10.0.0.1
    QCOMPARE(r.uint("bgp.ext_com.stype_tr_evpn"), 0U);
    QCOMPARE(r.uint("bgp.ext_com.stype_unknown"), 0U);
  }
  void header_error() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kHeaderError));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.notify.minor_error"), 1U);
  }
  void bad_peer() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kBadPeer));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.notify.minor_error_open"), 2U);
    QCOMPARE(r.uint("bgp.notify.error_open.bad_peer_as"), 65001U);
  }
  void update_error() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kUpdateError));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.notify.minor_error_update"), 3U);
  }
  void expired() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kExpired));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.notify.minor_error_expired"), 0U);
  }
  void state_error() {
    const auto r = test::run(dissect::bgp_dissector, test::from_hex(kStateError));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bgp.notify.minor_error_state"), 1U);
  }
  // Both sides open and confirm: the session is told of once.
  void session_and_routes_are_told_of() {
    struct Listener final : dissect::Observer {
      std::vector<std::string> said;
      void message(ProtocolId, const Message& message) override {
        said.push_back(std::string(message.name) + "|" + std::string(message.summary));
      }
    } listener;
    const std::string marker(32, 'f');
    test::Options options{.observer = &listener};
    const auto say = [&](bool from_orig, const std::string& hex) {
      options.from_orig = from_orig;
      options.state = test::run(dissect::bgp_dissector, test::from_hex(marker + hex), options).state;
    };
    say(true, "001d 01 04 fde9 00b4 0a000001 00");
    say(false, "001d 01 04 fdea 003c 0a000002 00");
    say(true, "0013 04");
    say(false, "0013 04");
    say(false, "0013 04");
    say(true, "0035 02 0003 10ac10 0014 40010100 400206 0202fde9fdf2 4003040a000001 08 0a 16c0a804 00");
    say(false, "0015 03 06 02");
    QCOMPARE(listener.said.size(), 5U);
    QCOMPARE(listener.said[0], std::string("open| AS 65001 identifier 10.0.0.1 hold time 180"));
    QCOMPARE(listener.said[2],
             std::string("session established|10.0.0.1 AS 65001 with 10.0.0.2 AS 65002, hold time 60"));
    QCOMPARE(listener.said[3],
             std::string("announced and withdrawn|announced 10.0.0.0/8, 192.168.4.0/22, 0.0.0.0/0 via 10.0.0.1 AS path "
                         "65001 65010; withdrawn 172.16.0.0/16"));
    QCOMPARE(listener.said[4], std::string("session closed|: Cease, Administratively Shutdown"));
  }
  void recognised_by_its_marker() {
    const auto open = test::from_hex(std::string(32, 'f') + "001d 01 04 fde9 00b4 0a000001 00");
    QVERIFY(dissect::bgp_dissector.probe(open, {}) == dissect::Likeness::kYes);
    auto other = open;
    other[3] = 0;
    QVERIFY(dissect::bgp_dissector.probe(other, {}) == dissect::Likeness::kNo);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kOpen));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kUpdate));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kMultiprotocol));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kNotification));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kRefresh));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kCapabilities));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kCommunities));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kHeaderError));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kBadPeer));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kUpdateError));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kExpired));
    test::sweep_prefixes(dissect::bgp_dissector, test::from_hex(kStateError));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::BgpTest)
#include "bgp_test.moc"
