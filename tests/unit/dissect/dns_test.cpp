#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector dns_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::dns_dissector;

constexpr std::string_view kQuery = "1234 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001";
// www.ex: CNAME a.ex, A 192.0.2.1, TXT; SOA in authority, OPT with a cookie and a client subnet in additional.
constexpr std::string_view kResponse =
    "abcd 8180 0001 0003 0001 0001 03 777777 02 6578 00 0001 0001"
    "c00c 0005 0001 0000003c 0004 01 61 c010"
    "c024 0001 0001 0000003c 0004 c0000201"
    "c00c 0010 0001 0000003c 0004 03 612262"
    "c010 0006 0001 0000003c 0019 02 6e73 00 00 00000001 00000002 00000003 00000004 00000005"
    "00 0029 1000 01 00 8000 0017 000a 0008 0102030405060708 0008 0007 0001 1800 c00002";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  struct Told {
    Message::Role role;
    std::uint64_t id;
    std::string name, summary;
    std::int64_t status;
    std::size_t items;
  };
  void message(ProtocolId, const Message& m) override {
    told.push_back({m.role, m.id, std::string(m.name), std::string(m.summary), m.status, m.items.size()});
  }
  void name_answers(std::span<const NameAnswer> answers) override {
    for (const NameAnswer& answer : answers) names.push_back(std::string(answer.name) + "=" + answer.address.text());
  }
  std::vector<Told> told;
  std::vector<std::string> names;
};

std::string name_of(std::string_view wire) {
  const Result r =
      run(dns_dissector, from_hex("0001 0100 0001 0000 0000 0000" + std::string(wire) + "0001 0001"), udp());
  return r.text("dns.qry.name");
}

}  // namespace

class DnsTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_query() {
    const Result r = run(dns_dissector, from_hex(kQuery), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("dns.id"), 0x1234U);
    QCOMPARE(r.uint("dns.flags.response"), 0U);
    QCOMPARE(r.uint("dns.flags.recdesired"), 1U);
    QVERIFY(!r.has("dns.flags.rcode"));
    QCOMPARE(r.uint("dns.count.queries"), 1U);
    QCOMPARE(r.text("dns.qry.name"), "example.com");
    QCOMPARE(r.uint("dns.qry.name.len"), 11U);
    QCOMPARE(r.uint("dns.count.labels"), 2U);
    QCOMPARE(r.uint("dns.qry.type"), 1U);
    QCOMPARE(r.tree.info, "Standard query 0x1234 A example.com");
  }

  void reads_a_response_with_compression() {
    const Result r = run(dns_dissector, from_hex(kResponse), udp());
    QCOMPARE(r.uint("dns.count.answers"), 3U);
    QCOMPARE(r.text("dns.cname"), "a.ex");
    QCOMPARE(r.uint("dns.a"), 0xc0000201U);
    QCOMPARE(r.text("dns.txt"), "a\"b");
    QCOMPARE(r.text("dns.soa.mname"), "ns");
    QCOMPARE(r.text("dns.soa.rname"), "<Root>");
    QCOMPARE(r.values("dns.resp.ttl").size(), std::size_t{4});
  }

  void names_a_message_for_the_info_column() {
    const Result r = run(dns_dissector, from_hex(kResponse), udp());
    QVERIFY2(r.tree.info.starts_with("Standard query response 0xabcd A www.ex CNAME a.ex A 192.0.2.1 TXT SOA ns"),
             r.tree.info.c_str());
    std::string missing(kResponse);
    missing.replace(missing.find("8180"), 4, "8183");
    QVERIFY(run(dns_dissector, from_hex(missing), udp())
                .tree.info.starts_with("Standard query response 0xabcd No such name A"));
  }

  void tells_names_and_the_transaction() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    options.tree = false;
    run(dns_dissector, from_hex(kResponse), options);
    QCOMPARE(listener.names, (std::vector<std::string>{"www.ex=192.0.2.1"}));
    QCOMPARE(listener.told.size(), std::size_t{1});
    QCOMPARE(listener.told[0].name, "www.ex");
    QCOMPARE(listener.told[0].status, 0);
    QVERIFY(listener.told[0].role == Message::Role::kResponse);
    QVERIFY(listener.told[0].items > 5);
  }

  void pairs_a_query_with_its_answer() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(dns_dissector, from_hex("0007 0100 0001 0000 0000 0000 01 41 00 0001 0001"), options);
    run(dns_dissector, from_hex("0007 8180 0001 0000 0000 0000 01 61 00 0001 0001"), options);
    run(dns_dissector, from_hex("0007 8180 0001 0000 0000 0000 01 62 00 0001 0001"), options);
    QCOMPARE(listener.told.size(), std::size_t{3});
    QCOMPARE(listener.told[0].id, listener.told[1].id);
    QVERIFY(listener.told[0].id != listener.told[2].id);
    QVERIFY(listener.told[0].id != 0);
  }

  void writes_names_as_wireshark_does_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("root") << QByteArray("00") << QByteArray("<Root>");
    QTest::newRow("controls") << QByteArray("03 61 01 0a 00") << QByteArray("a\\001\\n");
    QTest::newRow("utf-8") << QByteArray("03 ff c3a9 00") << QByteArray("\xef\xbf\xbd\xc3\xa9");
    QTest::newRow("loop") << QByteArray("c00c") << QByteArray("<Name contains a pointer that loops>");
    QTest::newRow("loop with label") << QByteArray("01 61 c00c") << QByteArray("<Name contains a pointer that loops>");
    QTest::newRow("extended label") << QByteArray("42") << QByteArray("<Unknown extended label>");
    QByteArray label("3f");
    for (int i = 0; i < 63; ++i) label += "61";
    QTest::newRow("too long") << label + label + label + label + "00" << QByteArray("<Name too long>");
  }
  void writes_names_as_wireshark_does() {
    QFETCH(QByteArray, wire);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(name_of(wire.toStdString())), text);
  }

  void reads_edns() {
    const Result r = run(dns_dissector,
                         from_hex("0001 0120 0001 0000 0000 0001 00 0002 0001 00 0029 1000 01 00 8000 0017 000a 0008"
                                  "0102030405060708 0008 0007 0001 1800 c00002"),
                         udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("dns.rr.udp_payload_size"), 4096U);
    QCOMPARE(r.uint("dns.resp.ext_rcode"), 1U);
    QCOMPARE(r.uint("dns.resp.z.do"), 1U);
    QCOMPARE(r.hex("dns.opt.cookie.client"), "0102030405060708");
    QCOMPARE(r.uint("dns.opt.client.addr4"), 0xc0000200U);
    QVERIFY(r.has("dns.flags.authenticated"));
    QVERIFY(!r.has("dns.resp.class"));
  }

  void reads_record_types_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("hex");  // of text and octets; numbers in decimal
    const auto row = [](const char* name, int type, const char* data, const char* field, const char* value) {
      QTest::newRow(name) << type << QByteArray(data) << QByteArray(field) << QByteArray(value);
    };
    row("MX", 15, "000a 01 6d 00", "dns.mx.preference", "10");
    row("MX host", 15, "000a 01 6d 00", "dns.mx.mail_exchange", "6d");
    row("SRV", 33, "0001 0002 13c4 01 68 00", "dns.srv.port", "5060");
    row("CAA", 257, "80 05 6973737565 63612e78", "dns.caa.issue", "63612e78");
    row("NAPTR", 35, "0001 0002 01 75 00 00 00", "dns.naptr.flags", "75");
    row("DS", 43, "04d2 08 02 aabb", "dns.ds.digest", "aabb");
    row("RRSIG", 46, "0030 08 02 00000e10 5f5e1000 596830e0 04d2 00 5353", "dns.rrsig.signature_expiration",
        "1600000000000000000");
    row("DNSKEY tag", 48, "0101 03 08 4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b", "dns.dnskey.key_id", "62713");
    row("NSEC", 47, "01 6e 00 0006 400100000003", "dns.nsec.next_domain_name", "6e");
    row("NSEC3", 50, "01 01 0001 02 aabb 04 68617368 00024001", "dns.nsec3.hash_value", "6431676e367130");
    row("NSEC types", 47, "00 0006 000000000003 0101 80", "dns.resp.type", "47");
    row("NSEC3PARAM", 51, "01 00 0001 00", "dns.nsec3.iterations", "1");
    row("TLSA", 52, "03 01 01 5454", "dns.tlsa.certificate_association_data", "5454");
    row("SSHFP", 44, "01 02 4646", "dns.sshfp.fingerprint", "4646");
    row("HTTPS alpn", 65, "0001 00 0001 0003 02 6832", "dns.svcb.svcparam.alpn", "6832");
    row("LOC", 29, "00 12 16 13 89171720 70be15f0 00988d20", "dns.loc.latitude", "2299991840");
    row("HINFO", 13, "01 61 01 62", "dns.hinfo.os", "62");
    row("DNAME", 39, "01 64 00", "dns.dname", "64");
    row("RP", 17, "01 6d 00 01 74 00", "dns.rp.txt_rr", "74");
    row("unknown", 999, "aabb", "dns.data", "aabb");
  }
  void reads_record_types() {
    QFETCH(int, type);
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, hex);
    const std::vector<std::uint8_t> rdata = from_hex(data.toStdString());
    const std::string head =
        QByteArray::number(type, 16).rightJustified(4, '0').toStdString() + "0001 0000003c" +
        QByteArray::number(static_cast<int>(rdata.size()), 16).rightJustified(4, '0').toStdString();
    const auto wire = from_hex("0001 8180 0000 0001 0000 0000 00" + head + data.toStdString());
    const Result r = run(dns_dissector, wire, udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    const Value value = r.value(field.toStdString());
    QCOMPARE(
        value.data != nullptr ? QByteArray::fromStdString(to_hex(value.bytes())) : QByteArray::number(value.number),
        hex);
    sweep_prefixes(dns_dissector, wire, udp());
  }

  void stays_a_layer_when_malformed_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::newRow("no question") << QByteArray("0001 0100 0001 0000 0000 0000");
    QTest::newRow("label type 2") << QByteArray("0001 0100 0001 0000 0000 0000 81 61 00 0001 0001");
    QTest::newRow("record cut") << QByteArray("0001 8180 0000 0001 0000 0000 00 0001 0001 00000000 0004 0102");
    QTest::newRow("address too short") << QByteArray("0001 8180 0000 0001 0000 0000 00 0001 0001 00000000 0003 010203");
    QTest::newRow("header cut") << QByteArray("0001 01");
    QTest::newRow("too many records") << QByteArray("0001 8180 0000 ffff ffff ffff");
  }
  void stays_a_layer_when_malformed() {
    QFETCH(QByteArray, wire);
    const Result r = run(dns_dissector, from_hex(wire.toStdString()), udp());
    QVERIFY(r.outcome == Outcome::kMalformed || r.outcome == Outcome::kTruncated);
    QCOMPARE(r.tree.layers.size(), std::size_t{1});
    QVERIFY(r.has_issue(IssueKind::kMalformed));
    QVERIFY(r.has("dns.id"));
  }

  void frames_messages_over_tcp() {
    const auto whole = from_hex("001d" + std::string(kQuery) + "0000");
    const Result r = run(dns_dissector, whole);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{31});
    QCOMPARE(r.uint("dns.length"), 29U);
    const Result part = run(dns_dissector, from_hex("001d 1234 0100"));
    QCOMPARE(part.outcome, Outcome::kNeedMore);
    QCOMPARE(part.app.need, std::uint64_t{31});
    QCOMPARE(part.tree.layers.size(), std::size_t{0});
    QCOMPARE(run(dns_dissector, from_hex("0010 4854545020 ffff ffff ffff ffff ffff ff")).outcome, Outcome::kNotMine);
    sweep_prefixes(dns_dissector, whole);
  }

  void bounds_what_pointers_cost() {
    // Every record's owner is a chain through the whole message: must be quick, and end.
    std::string wire = "0001 8180 0000 0800 0000 0000";
    for (int i = 0; i < 0x800; ++i) wire += "c00c 0001 0001 00000000 0000";
    QElapsedTimer timer;
    timer.start();
    run(dns_dissector, from_hex(wire), udp());
    QVERIFY(timer.elapsed() < 2000);
  }

  void is_recognised_by_content_only_when_all_fits() {
    const dissect::ProbeHint udp_hint{.from_orig = true, .tcp = false, .orig_port = 40000, .resp_port = 9999};
    const auto probe = [&](std::string_view hex, dissect::ProbeHint hint) {
      return dns_dissector.probe(from_hex(hex), hint);
    };
    QVERIFY(probe(kQuery, udp_hint) == dissect::Likeness::kYes);
    QVERIFY(probe(std::string(kQuery) + "00", udp_hint) != dissect::Likeness::kYes);
    for (const std::uint16_t port : {137, 5353, 5355}) {
      QVERIFY(probe(kQuery, {.from_orig = true, .tcp = false, .orig_port = 40000, .resp_port = port}) ==
              dissect::Likeness::kNo);
    }
    QVERIFY(probe("001d" + std::string(kQuery), {.from_orig = true, .tcp = true, .orig_port = 1, .resp_port = 2}) ==
            dissect::Likeness::kYes);
    QVERIFY(probe("1603 0102 0001 0001 fc03 0300", udp_hint) != dissect::Likeness::kYes);
  }

  void survives_every_prefix() {
    sweep_prefixes(dns_dissector, from_hex(kQuery), udp());
    sweep_prefixes(dns_dissector, from_hex(kResponse), udp());
  }
};

QTEST_APPLESS_MAIN(DnsTest)
#include "dns_test.moc"
