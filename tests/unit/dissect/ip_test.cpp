#include "tests/support/golden.h"

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
  void reads_rare_options_data() {
    test::golden_columns();
    test::golden("security, RFC 791", "48000021 00010000 40fd2614 0a000001 0a000002 820bf135 00014142 43444500 00",
                 {{"ip.opt.sec_rfc791_comp", "1"},
                  {"ip.opt.sec_rfc791_hr", "AB"},
                  {"ip.opt.sec_rfc791_sec", "0xf135"},
                  {"ip.opt.sec_rfc791_tcc", "CDE"},
                  {"ip.options.security", "820bf13500014142434445"}});
    test::golden("security, RFC 1108", "46000019 00010000 40fd3760 0a000001 0a000002 8204ab80 00",
                 {{"ip.opt.sec_cl", "0xab"}, {"ip.opt.sec_prot_auth_flags", "0x80"}});
    test::golden("extended security", "4700001d 00010000 40fdd9d9 0a000001 0a000002 85050102 04000000 00",
                 {{"ip.options.ext_security", "8505010204"}});
    test::golden("stream identifier", "46000019 00010000 40fdcaac 0a000001 0a000002 88041234 00",
                 {{"ip.opt.sid", "4660"}, {"ip.options.sid", "88041234"}});
    test::golden("MTU probe", "46000019 00010000 40fd5405 0a000001 0a000002 0b0405dc 00",
                 {{"ip.opt.mtu", "1500"}, {"ip.options.mtu_probe", "0b0405dc"}});
    test::golden("MTU reply", "46000019 00010000 40fd56a1 0a000001 0a000002 0c040240 00",
                 {{"ip.options.mtu_reply", "0c040240"}});
    test::golden("quick start", "4700001d 00010000 40fddaec 0a000001 0a000002 19080740 12345678 00",
                 {{"ip.opt.qs_func", "0"},
                  {"ip.opt.qs_rate", "7"},
                  {"ip.opt.qs_ttl", "64"},
                  {"ip.options.qs", "1908074012345678"}});
    test::golden("quick start report", "4700001d 00010000 40fd5b2c 0a000001 0a000002 19088700 12345678 00",
                 {{"ip.opt.qs_func", "8"}, {"ip.opt.qs_ttl", ""}});
    test::golden("traceroute", "48000021 00010000 40fd06c2 0a000001 0a000002 520c0007 00030004 0a000001 00",
                 {{"ip.opt.id_number", "7"},
                  {"ip.opt.ohc", "3"},
                  {"ip.opt.originator", "10.0.0.1"},
                  {"ip.opt.rhc", "4"},
                  {"ip.options.traceroute", "520c0007000300040a000001"}});
    test::golden("selective directed broadcast",
                 "48000021 00010000 40fdb9cb 0a000001 0a000002 950a0a00 00030a00 00040000 00",
                 {{"ip.opt.addr", "10.0.0.3,10.0.0.4"}, {"ip.options.sdb", "950a0a0000030a000004"}});
    test::golden("loose route", "49000025 00010000 40fdcaab 0a000001 0a000002 830f080a 0000030a 0000040a 00000500 00",
                 {{"ip.src_rt", "10.0.0.4"}, {"ip.src_rt_host", "10.0.0.4"}});
    test::golden("strict route", "48000021 00010000 40fdcebd 0a000001 0a000002 890b040a 0000030a 00000400 00",
                 {{"ip.options.source_route", "890b040a0000030a000004"}, {"ip.src_rt", "10.0.0.3"}});
    test::golden("record route", "48000021 00010000 40fd50c8 0a000001 0a000002 070b080a 00000300 00000000 00",
                 {{"ip.rec_rt", "10.0.0.3"}, {"ip.empty_rt", "0.0.0.0"}});
    test::golden("timestamps", "48000021 00010000 40fd0fcc 0a000001 0a000002 440c0501 0a000003 00000001 00",
                 {{"ip.opt.time_stamp", "1"}, {"ip.opt.time_stamp_addr", "10.0.0.3"}, {"ip.opt.flag", "0x01"}});
  }
  void reads_rare_options() { test::check_golden(dissect::ip_dissector); }
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
