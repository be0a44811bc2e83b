#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector ip_dissector;
}

namespace pr {
namespace {

constexpr const char* kUdp = "4500001f 00014000 40110000 c0a80001 c0a80002 14e90035 000b0000 616263";
constexpr const char* kOptions =
    "4800002b 00014000 40110000 c0a80001 c0a80002 94040000 07070400 00000000 14e90035 000b0000 "
    "616263";
constexpr const char* kRoute =
    "47000027 00014000 40110000 c0a80001 c0a80002 8307040a 0b0c0d00 14e90035 000b0000 616263";
constexpr const char* kFragment = "4500001f 00012000 40110000 c0a80001 c0a80002 14e90035 000b0000 616263";
constexpr const char* kOffload = "45000000 00014000 40110000 c0a80001 c0a80002 14e90035 000b0000 616263";
constexpr const char* kShortHeader = "41000020 00014000";
constexpr const char* kLengthLie = "45000010 00014000 40110000 c0a80001 c0a80002 14e90035 000b0000 616263";
constexpr const char* kLast = "45000017 00010001 40110000 c0a80001 c0a80002 646566";

// Answers the last fragment with a whole datagram.
class Reassembly final : public dissect::Context {
 public:
  Bytes defragment(const dissect::Fragment& fragment) override {
    seen = fragment;
    return whole;
  }
  std::vector<std::uint8_t> whole = test::from_hex("14e90035000b0000616263");
  dissect::Fragment seen;
};

}  // namespace

class IpTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_the_header() {
    const auto r = test::run(dissect::ip_dissector, test::from_hex(kUdp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("ip.version"), 4U);
    QCOMPARE(r.uint("ip.hdr_len"), 20U);
    QCOMPARE(r.uint("ip.len"), 31U);
    QCOMPARE(r.uint("ip.flags"), 2U);
    QCOMPARE(r.uint("ip.flags.df"), 1U);
    QCOMPARE(r.uint("ip.ttl"), 64U);
    QCOMPARE(r.uint("ip.proto"), 17U);
    QCOMPARE(r.uint("ip.checksum.status"), 2U);
    QCOMPARE(r.uint("ip.src"), 0xc0a80001U);
    QCOMPARE(r.text("ip.dst_host"), std::string("192.168.0.2"));
    QCOMPARE(r.values("ip.addr").size(), 2UL);
  }
  void fills_the_frame() {
    const auto r = test::run(dissect::ip_dissector, test::from_hex(kUdp));
    QVERIFY(r.frame.has_ip && !r.frame.fragment);
    QCOMPARE(r.frame.src.ip.text(), std::string("192.168.0.1"));
    QCOMPARE(r.frame.src.port, 0x14e9U);
    QCOMPARE(r.frame.ip_proto, 17U);
    QCOMPARE(r.frame.transport, dissect::Transport::kUdp);
    QCOMPARE(r.frame.payload_len, 3U);
  }
  void reads_options() {
    const auto r = test::run(dissect::ip_dissector, test::from_hex(kOptions));
    QCOMPARE(r.uint("ip.hdr_len"), 32U);
    QCOMPARE(r.uint("ip.opt.ra"), 0U);
    QCOMPARE(r.hex("ip.options.routeralert"), std::string("94040000"));
    QCOMPARE(r.uint("ip.empty_rt"), 0U);
    QCOMPARE(r.uint("ip.opt.ptr"), 4U);
    QCOMPARE(r.values("ip.opt.type").size(), 3UL);
    QCOMPARE(r.frame.payload_len, 3U);
  }
  void a_source_route_names_the_destination() {
    const auto r = test::run(dissect::ip_dissector, test::from_hex(kRoute));
    QCOMPARE(r.uint("ip.cur_rt"), 0xc0a80002U);
    QCOMPARE(r.uint("ip.dst"), 0x0a0b0c0dU);
    QCOMPARE(r.frame.dst.ip.text(), std::string("10.11.12.13"));
  }
  void a_fragment_has_no_transport() {
    const auto r = test::run(dissect::ip_dissector, test::from_hex(kFragment));
    QVERIFY(r.frame.fragment);
    QCOMPARE(r.frame.transport, dissect::Transport::kNone);
    QVERIFY(!r.has("udp.srcport"));
    QCOMPARE(r.tree.info, std::string("Fragmented IP protocol (proto=UDP 17, off=0, ID=0001)"));
  }
  void a_datagram_put_together_goes_on();
  void length_zero_is_segmentation_offload() {
    const auto r = test::run(dissect::ip_dissector, test::from_hex(kOffload));
    QCOMPARE(r.uint("ip.len"), 31U);
    QCOMPARE(r.frame.payload_len, 3U);
  }
  void contradictory_lengths_end_here_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("header") << QByteArray(kShortHeader);
    QTest::newRow("total") << QByteArray(kLengthLie);
  }
  void contradictory_lengths_end_here() {
    QFETCH(QByteArray, hex);
    const auto r = test::run(dissect::ip_dissector, test::from_hex(hex.toStdString()));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QVERIFY(!r.has("udp.srcport"));
    QVERIFY(r.tree.info.starts_with("Bogus IP"));
  }
  void every_prefix_data() {
    QTest::addColumn<QByteArray>("hex");
    for (const char* hex : {kUdp, kOptions, kRoute, kFragment, kLast}) QTest::addRow("%s", hex) << QByteArray(hex);
  }
  void every_prefix() {
    QFETCH(QByteArray, hex);
    test::sweep_prefixes(dissect::ip_dissector, test::from_hex(hex.toStdString()));
  }
};

void IpTest::a_datagram_put_together_goes_on() {
  const std::vector<std::uint8_t> bytes = test::from_hex(kLast);
  const Packet packet{
      .number = 2, .link_type = 228, .wire_len = static_cast<std::uint32_t>(bytes.size()), .bytes = bytes};
  Reassembly context;
  PacketFacts facts;
  facts.fragments = {{.packet = 1, .offset = 0, .length = 8}, {.packet = 2, .offset = 0, .length = 3}};
  context.facts = &facts;
  test::Result r;
  dissect::Engine(test::registry()).dissect(packet, context, r.frame, {.tree = &r.tree});
  QCOMPARE(context.seen.offset, 8U);
  QCOMPARE(context.seen.id, 1U);
  QVERIFY(!context.seen.more && context.seen.complete);
  QVERIFY(r.frame.defragmented && !r.frame.fragment);
  QCOMPARE(r.uint("ip.fragment.count"), 2U);
  QCOMPARE(r.uint("ip.reassembled.length"), 11U);
  QCOMPARE(r.uint("udp.dstport"), 53U);
  QCOMPARE(as_text(r.frame.payload), std::string_view("abc"));
  QCOMPARE(r.frame.payload_source, 1U);
}

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IpTest)
#include "ip_test.moc"
