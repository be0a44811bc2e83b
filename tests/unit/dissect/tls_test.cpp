#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector tls_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::tls_dissector;

// ClientHello of TLS 1.0, with a session id and nothing but a server name and a ticket in extensions.
constexpr std::string_view kHello10 =
    "16030100720100006e030152937a55b696cc98ae7b08ec10e765c98aefa82db3081771f8627617b967980800002e0039003800350016"
    "0013000a00330032002f009a00990096000500040015001200090014001100080006000300ff0100001700000013001100000e777777"
    "2e6769746875622e636f6d";
// ClientHello of a browser, TLS 1.3 with GREASE.
constexpr std::string_view kHello13 =
    "1603010200010001fc0303b36385607b49c764c0b125095fd636d10516f2018bc900e2e953c1d49f9ebb6f20dae0b36ab94b900f1dd3"
    "5a0adf5d3d15f0796c2cb01ecd64598cac8f6e78eeda00203a3a130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f"
    "0035010001933a3a000000230000ff0100010000000020001e00001b7064782d636f6c2e65756d2d61707064796e616d6963732e636f"
    "6d001b000302000200120000446900050003026832002d00020101002b0007066a6a03040303000d0012001004030804040105030805"
    "0501080606010010000e000c02683208687474702f312e310033002b00294a4a000100001d0020cd9178093a022da36a842dc55231e8"
    "a19e4b22facf4c4c04577d93327bd26f73000a000a00084a4a001d0017001800050005010000000000170000000b000201001a1a0001"
    "00001500bc00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kServerHello12 =
    "160303006c0200006803035e11d0b2e98b2c5ddefc61bc7512367000840a7d1cf247cfbc30631f2d30d95320c2a01e9b91aabce4068e"
    "1d20680abaa4970cc0791cb522214b71d78f2faec8a8c02f00002000000000000b00020100ff01000100001000050003026832002300"
    "0000170000";
// SSL 2 ClientHello that offers TLS 1.0.
constexpr std::string_view kHelloSsl2 =
    "8067010301004e000000100100800300800700c006004002008004008000003900003800003500003300003200000400000500002f00"
    "001600001300feff00000a00001500001200fefe0000090000640000620000030000063143c465d52771e466a42be1701787fd";
// CN=*.example.com, self-signed; the same as in certificates_test.
constexpr std::string_view kCertificate =
    "308201fb308201a2a00302010202040a1b2c3d300a06082a8648ce3d040302303b310b30090603550406130244453114301206035504"
    "0a0c0b4772c3bc6e2c20496e632e3116301406035504030c0d2a2e6578616d706c652e636f6d301e170d323631313234323134393236"
    "5a170d3237313132343231343932365a303b310b300906035504061302444531143012060355040a0c0b4772c3bc6e2c20496e632e31"
    "16301406035504030c0d2a2e6578616d706c652e636f6d3059301306072a8648ce3d020106082a8648ce3d0301070342000413b4e7e8"
    "ca3f5d73d9c49ab8178f09e19bbb7050fbfd3a2bcfd1413f39b8da85c9aebfc8b8dbe3adff73d4ec81d64f67c675dbb81a121df8a3aa"
    "6ef96e4edabaa38193308190301d0603551d0e04160414ab851d5899f192a4bb35347a8931e6330aea008c301f0603551d2304183016"
    "8014ab851d5899f192a4bb35347a8931e6330aea008c300f0603551d130101ff040530030101ff303d0603551d1104363034820d2a2e"
    "6578616d706c652e636f6d820b6578616d706c652e6f72678704c0000201871020010db8000000000000000000000001300a06082a86"
    "48ce3d040302034700304402203044645b7928c697e89a7d0539dbf8504c8bb341eee63ed078a38f6d51de7c6b02207f58bfe0b09008"
    "bd3e24b4ee5e0f564ae842c24db8c4436a4d80039b79d5d720";

std::string hex(std::size_t value, int octets) {
  std::string out;
  for (int i = octets; i-- > 0;) out += to_hex(std::vector<std::uint8_t>{static_cast<std::uint8_t>(value >> (8 * i))});
  return out;
}
std::string record(std::string_view type, const std::string& body, std::string_view version = "0303") {
  return std::string(type) + std::string(version) + hex(body.size() / 2, 2) + body;
}
std::string message(std::string_view type, const std::string& body) {
  return std::string(type) + hex(body.size() / 2, 3) + body;
}
std::string certificates() {
  const std::string one = hex(kCertificate.size() / 2, 3) + std::string(kCertificate);
  return message("0b", hex(one.size() / 2, 3) + one);
}

std::string names_inside(const Result& r) {
  std::string names;
  for (const Mention& mention : r.tree.mentions) names += (names.empty() ? "" : " ") + std::string(mention.name);
  return names;
}

struct Listener final : dissect::Observer {
  const ClientFingerprint* client_hello(const ClientHello& hello) override {
    sni = hello.sni;
    ech = hello.ech;
    clients.push_back(hello);
    client.ja3 = "ja3-of-the-hello";
    return &client;
  }
  const ServerFingerprint* server_hello(const ServerHello& hello) override {
    servers.push_back(hello);
    alpn = hello.alpn;
    server.ja3s = "ja3s-of-the-hello";
    return &server;
  }
  void certificates(std::span<const Bytes> der, bool client_sent) override {
    for (const Bytes one : der) chain.push_back(to_hex(one));
    from_client = client_sent;
  }
  void message(ProtocolId, const Message& m) override { told.push_back({m.role, std::string(m.name)}); }

  std::vector<ClientHello> clients;  // views in them are gone
  std::vector<ServerHello> servers;
  std::string sni, alpn;
  bool ech = false, from_client = false;
  std::vector<std::string> chain;
  std::vector<std::pair<Message::Role, std::string>> told;
  ClientFingerprint client;
  ServerFingerprint server;
};

Likeness probe(std::string_view hexadecimal) {
  const auto bytes = from_hex(hexadecimal);
  return tls_dissector.probe(bytes, {.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 4711});
}

// State after a TLS 1.2 ServerHello from the responder.
AppState after_server_hello(std::string_view hello = kServerHello12) {
  Options options;
  options.from_orig = false;
  return run(tls_dissector, from_hex(hello), options).state;
}

}  // namespace

class TlsTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_client_hello() {
    Listener listener;
    Options options;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(kHello10), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{119});
    QCOMPARE(r.uint("tls.record.content_type"), 22U);
    QCOMPARE(r.uint("tls.record.version"), 0x0301U);
    QCOMPARE(r.uint("tls.record.length"), 114U);
    QCOMPARE(r.uint("tls.handshake.type"), 1U);
    QCOMPARE(r.uint("tls.handshake.length"), 110U);
    QCOMPARE(r.uint("tls.handshake.version"), 0x0301U);
    QCOMPARE(r.value("tls.handshake.random").size, 32U);
    QCOMPARE(r.uint("tls.handshake.random_time"), 0x52937a55U * 1'000'000'000ULL);
    QCOMPARE(r.value("tls.handshake.random_bytes").size, 28U);
    QVERIFY(!r.has("tls.handshake.session_id"));
    QCOMPARE(r.uint("tls.handshake.cipher_suites_length"), 46U);
    QCOMPARE(r.values("tls.handshake.ciphersuite").size(), std::size_t{23});
    QCOMPARE(r.uint("tls.handshake.comp_method"), 0U);
    QCOMPARE(r.text("tls.handshake.extensions_server_name"), std::string("www.github.com"));
    QCOMPARE(r.text("tls.handshake.ja3"), std::string("ja3-of-the-hello"));
    QCOMPARE(r.tree.column_protocol_text, std::string("TLSv1"));
    QCOMPARE(r.tree.info, std::string("Client Hello (SNI=www.github.com)"));
    QCOMPARE(listener.sni, std::string("www.github.com"));
    QCOMPARE(listener.told.size(), std::size_t{1});
    QCOMPARE(listener.told[0].first, Message::Role::kRequest);
    QCOMPARE(listener.told[0].second, std::string("www.github.com"));
    QCOMPARE(listener.clients[0].extensions, (std::vector<std::uint16_t>{0}));
  }

  void reads_the_extensions_of_tls13() {
    Listener listener;
    Options options;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(kHello13), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    const ClientHello& hello = listener.clients.at(0);
    QCOMPARE(hello.extensions, (std::vector<std::uint16_t>{14906, 35, 65281, 0, 27, 18, 17513, 45, 43, 13, 16, 51, 10,
                                                           5, 23, 11, 6682, 21}));
    QCOMPARE(hello.alpn.size(), std::size_t{2});
    QCOMPARE(r.text("tls.handshake.extensions_alpn_str"), std::string("h2"));
    QCOMPARE(r.text("tls.handshake.extensions_alps_alpn_str"), std::string("h2"));
    QCOMPARE(r.uint("tls.handshake.extensions.supported_versions_len"),
             2U * r.values("tls.handshake.extensions.supported_version").size());
    QCOMPARE(r.values("tls.handshake.sig_hash_alg").size(), hello.signature_algorithms.size());
    QCOMPARE(r.values("tls.handshake.extensions_key_share_group").size(), std::size_t{2});
    QCOMPARE(r.uint("tls.handshake.extensions_key_share_group"), hello.groups.at(0));
    QCOMPARE(r.uint("tls.extension.psk_ke_mode"), 1U);
    QCOMPARE(r.uint("tls.compress_certificate.algorithm"), 2U);
    QVERIFY(r.has("tls.handshake.extensions_padding_data"));
    QVERIFY(!listener.ech);
  }

  void a_server_hello_decides_version_and_cipher() {
    Listener listener;
    Options options;
    options.from_orig = false;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(kServerHello12), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("tls.handshake.ciphersuite"), 0xc02fU);
    QCOMPARE(r.value("tls.handshake.session_id").size, 32U);
    QCOMPARE(r.text("tls.handshake.ja3s"), std::string("ja3s-of-the-hello"));
    QCOMPARE(r.tree.column_protocol_text, std::string("TLSv1.2"));
    QCOMPARE(listener.alpn, std::string("h2"));
    QCOMPARE(listener.servers.at(0).cipher, std::uint16_t{0xc02f});
    QCOMPARE(listener.told.at(0).first, Message::Role::kResponse);
  }

  void tls13_shows_application_data_as_opaque() {
    // supported_versions chooses 0x0304
    const std::string hello = "0303" + std::string(64, 'a') + "00" + "1301" + "00" + "0006" + "002b00020304";
    AppState state = after_server_hello(record("16", message("02", hello)));
    Options options;
    options.state = state;
    const Result r = run(tls_dissector, from_hex(record("17", "aabbccdd")), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("tls.record.opaque_type"), 23U);
    QVERIFY(!r.has("tls.record.content_type"));
    QCOMPARE(r.hex("tls.app_data"), std::string("aabbccdd"));
    QCOMPARE(r.tree.column_protocol_text, std::string("TLSv1.3"));
    // Its change cipher spec hides nothing: a second ClientHello may follow.
    const Result ccs = run(tls_dissector, from_hex(record("14", "01")), options);
    options.state = ccs.state;
    QCOMPARE(run(tls_dissector, from_hex(kHello10), options).uint("tls.handshake.type"), 1U);
  }

  void application_data_is_not_waited_for() {
    const Result r = run(tls_dissector, from_hex("1703034000 0102"));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{5 + 0x4000});
    QVERIFY(!r.has("tls.app_data"));
  }

  void a_handshake_after_change_cipher_spec_is_hidden() {
    Options options;
    options.state = after_server_hello();
    options.state = run(tls_dissector, from_hex(record("14", "01")), options).state;
    const Result r = run(tls_dissector, from_hex(record("16", message("14", std::string(24, '0')))), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has("tls.handshake.type"));
    QVERIFY(r.has("tls.handshake"));
    QCOMPARE(r.tree.info, std::string("Encrypted Handshake Message"));
    // The other direction is still in clear.
    options.from_orig = false;
    QCOMPARE(run(tls_dissector, from_hex(record("16", message("0e", ""))), options).uint("tls.handshake.type"), 14U);
  }

  void a_second_hello_behind_change_cipher_spec_is_none_of_it() {
    Options options;
    options.state = run(tls_dissector, from_hex(record("14", "01")), options).state;
    const Result again = run(tls_dissector, from_hex(kHello10), options);
    QCOMPARE(again.uint("tls.handshake.type"), 1U);
    QVERIFY(again.has("tls.handshake.ciphersuite"));
  }

  void reads_ocsp_answers() {
    // By CN=a, about a certificate that SHA-1 names, signed with sha256WithRSAEncryption.
    const std::string answer =
        "30590a0100a054305206092b0601050507300101044530433030a10e300c310a300806035504030c0161180f3230323631313234323134"
        "3932365a300d300b3009300706052b0e03021a300b06092a864886f70d01010b030200ff";
    const std::string body = "01" + hex(answer.size() / 2, 3) + answer;
    const Result r = run(tls_dissector, from_hex(record("16", message("16", body))), {.from_orig = false});
    QCOMPARE(r.uint("tls.handshake.type"), 22U);
    QCOMPARE(names_inside(r), std::string("ocsp x509sat"));
    QCOMPARE(r.text("x509sat.uTF8String"), std::string("a"));
    const auto algorithms = r.values("x509af.algorithm.id");
    QCOMPARE(algorithms.size(), std::size_t{2});
    QCOMPARE(std::string(as_text(algorithms[0].bytes())), std::string("1.3.14.3.2.26"));
    QCOMPARE(std::string(as_text(algorithms[1].bytes())), std::string("1.2.840.113549.1.1.11"));
    for (std::size_t cut = 2; cut < answer.size(); cut += 2) {
      const std::string part = "01" + hex(cut / 2, 3) + answer.substr(0, cut);
      run(tls_dissector, from_hex(record("16", message("16", part))), {.from_orig = false});
    }
  }

  void several_messages_in_one_record() {
    Options options;
    options.from_orig = false;
    options.state = after_server_hello();
    const Result r = run(tls_dissector, from_hex(record("16", certificates() + message("0e", ""))), options);
    const auto types = r.values("tls.handshake.type");
    QCOMPARE(types.size(), std::size_t{2});
    QCOMPARE(types[1].number, 14U);
    QCOMPARE(r.tree.info, std::string("Certificate, Server Hello Done"));
  }

  void reads_a_certificate() {
    Listener listener;
    Options options;
    options.from_orig = false;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(record("16", certificates())), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.hex("tls.handshake.certificate"), std::string(kCertificate));
    QCOMPARE(listener.chain, (std::vector<std::string>{std::string(kCertificate)}));
    QVERIFY(!listener.from_client);
    QCOMPARE(r.hex("x509af.serialNumber"), std::string("0a1b2c3d"));
    QCOMPARE(r.uint("x509af.version"), 2U);
    QCOMPARE(r.text("x509sat.CountryName"), std::string("DE"));
    QCOMPARE(r.text("x509sat.uTF8String"), std::string("Gr\u00fcn, Inc."));
    QCOMPARE(r.text("x509af.utcTime"), std::string("2026-11-24 21:49:26 (UTC)"));
    QCOMPARE(r.text("x509ce.dNSName"), std::string("*.example.com"));
    QCOMPARE(r.uint("x509ce.IPAddress.ipv4"), 0xc0000201U);
    QCOMPARE(r.text("x509if.oid"), std::string("2.5.4.6"));
    QCOMPARE(r.text("x509af.algorithm.id"), std::string("1.2.840.10045.4.3.2"));
    QCOMPARE(r.text("pkcs1.namedCurve"), std::string("1.2.840.10045.3.1.7"));
    QCOMPARE(r.uint("x509ce.cA"), 1U);
    QCOMPARE(r.uint("x509af.critical"), 1U);
    QCOMPARE(r.values("x509af.extension.id").size(), std::size_t{4});
    QVERIFY(names_inside(r).ends_with("pkcs-1 x509ce x509ce x509ce x509ce"));
  }

  void a_message_cut_into_records_is_put_together_data() {
    QTest::addColumn<int>("piece");
    for (const int piece : {1, 2, 3, 5, 100, 300}) QTest::addRow("%d", piece) << piece;
  }
  void a_message_cut_into_records_is_put_together() {
    QFETCH(int, piece);
    const std::string whole = certificates() + message("0e", "");
    std::string wire;
    for (std::size_t at = 0; at < whole.size(); at += 2 * static_cast<std::size_t>(piece)) {
      wire += record("16", whole.substr(at, 2 * static_cast<std::size_t>(piece)));
    }
    Options options;
    options.from_orig = false;
    Listener listener;
    options.observer = &listener;
    // As a stream would: no more than was asked for, and few enough questions.
    const auto bytes = from_hex(wire);
    std::size_t given = 5, calls = 0;
    Result r;
    do {
      r = run(tls_dissector, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(given)}, options);
      QVERIFY(r.app.need == 0 || r.app.need > given);
      given = std::max<std::size_t>(r.app.need, given);
      QVERIFY2(given <= bytes.size(), "more asked for than the message has");
    } while (r.outcome == Outcome::kNeedMore && ++calls < 80);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("tls.handshake.type"), 11U);
    QCOMPARE(listener.chain, (std::vector<std::string>{std::string(kCertificate)}));
    QVERIFY(r.app.consumed <= bytes.size());
  }

  void asking_leaves_no_trace() {
    const auto bytes = from_hex(kHello13);
    const Result r = run(tls_dissector, {bytes.begin(), bytes.begin() + 100});
    QCOMPARE(r.outcome, Outcome::kNeedMore);
    QCOMPARE(r.app.need, std::uint64_t{517});
    QVERIFY(r.state == AppState{});
    QVERIFY(r.tree.fields.empty());
  }

  void a_cut_extension_is_not_counted() {
    // The second header promises 16 octets that are not there.
    const std::string hello = "0303" + std::string(64, 'a') + "00" + "c02f" + "00" + "0009" + "ff01000100" + "00100010";
    Listener listener;
    Options options;
    options.from_orig = false;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(record("16", message("02", hello))), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(r.has_issue(IssueKind::kMalformed));
    QCOMPARE(listener.servers.at(0).extensions, (std::vector<std::uint16_t>{0xff01}));
    QVERIFY(!r.has("tls.handshake.ja3s"));
  }

  void an_odd_cipher_length_does_not_hide_the_name() {
    const std::string name =
        "0000000b0009000006612e626364"
        "65";
    const std::string hello =
        "0303" + std::string(64, 'b') + "00" + "0005c02fc030aa" + "0100" + hex(name.size() / 2, 2) + name;
    Listener listener;
    Options options;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(record("16", message("01", hello))), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(listener.clients.at(0).ciphers, (std::vector<std::uint16_t>{0xc02f, 0xc030}));
    QCOMPARE(listener.sni, std::string("a.bcde"));
  }

  void encrypted_client_hello_is_noted() {
    const std::string hello = "0303" + std::string(64, 'b') + "00" + "00021301" + "0100" + "0006" + "fe0d0002abcd";
    Listener listener;
    Options options;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(record("16", message("01", hello))), options);
    QVERIFY(listener.ech);
    QCOMPARE(r.hex("tls.handshake.extension.data"), std::string("abcd"));
  }

  void key_exchanges_of_tls12() {
    Options options;
    options.from_orig = false;
    options.state = after_server_hello();
    const Result clean =
        run(tls_dissector, from_hex(record("16", message("0c", "03001d02aabb04030003010203"))), options);
    QCOMPARE(clean.uint("tls.handshake.server_named_curve"), 0x1dU);
    QCOMPARE(clean.hex("tls.handshake.server_point"), std::string("aabb"));
    QCOMPARE(clean.uint("tls.handshake.sig_hash_alg"), 0x0403U);
    QCOMPARE(clean.hex("tls.handshake.sig"), std::string("010203"));
    options.from_orig = true;
    const Result client = run(tls_dissector, from_hex(record("16", message("10", "02ccdd"))), options);
    QCOMPARE(client.hex("tls.handshake.client_point"), std::string("ccdd"));
  }

  void alerts() {
    Listener listener;
    Options options;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(record("15", "0228")), options);
    QCOMPARE(r.uint("tls.alert_message.level"), 2U);
    QCOMPARE(r.uint("tls.alert_message.desc"), 40U);
    QCOMPARE(r.tree.info, std::string("Alert (Level: Fatal, Description: Handshake Failure)"));
    QCOMPARE(listener.told.at(0).second, std::string("Handshake Failure"));
    const Result hidden = run(tls_dissector, from_hex(record("15", std::string(52, '1'))));
    QVERIFY(hidden.has("tls.alert_message"));
    QVERIFY(!hidden.has("tls.alert_message.level"));
  }

  void heartbeat_that_asks_for_too_much() {
    // CVE-2014-0160: the length is not that of the payload.
    const Result r = run(tls_dissector, from_hex(record("18", "014000")));
    QCOMPARE(r.uint("tls.heartbeat_message.payload_length"), 0x4000U);
    QCOMPARE(r.outcome, Outcome::kDone);
  }

  void ssl2_hello() {
    Listener listener;
    Options options;
    options.observer = &listener;
    const Result r = run(tls_dissector, from_hex(kHelloSsl2), options);
    QVERIFY(listener.clients.at(0).ssl2);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("tls.record.version"), 2U);
    QCOMPARE(r.uint("tls.record.length"), 103U);
    QCOMPARE(r.uint("tls.handshake.type"), 1U);
    QCOMPARE(r.uint("tls.handshake.version"), 0x0301U);
    QCOMPARE(r.values("tls.handshake.cipherspec").size(), std::size_t{26});
    QCOMPARE(r.tree.column_protocol_text, std::string("SSLv2"));
  }

  void probe_is_sure_data() {
    QTest::addColumn<QString>("bytes");
    QTest::addColumn<int>("likeness");
    const auto row = [](const char* name, std::string_view bytes, Likeness likeness) {
      QTest::newRow(name) << QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size()))
                          << static_cast<int>(likeness);
    };
    row("hello", kHello10, Likeness::kYes);
    row("hello 1.3", kHello13, Likeness::kYes);
    row("start of a hello", kHello13.substr(0, 60), Likeness::kYes);
    row("server hello", kServerHello12, Likeness::kYes);
    row("ssl 2", kHelloSsl2, Likeness::kYes);
    row("data", "1703030020 00", Likeness::kMaybe);
    row("two data records", "1703030001 00 1703030100", Likeness::kYes);
    row("alert", "15030300020228", Likeness::kMaybe);
    row("too long", "1603037fff0100", Likeness::kNo);
    row("empty handshake", "1603010000", Likeness::kNo);
    row("version", "1604010020010000", Likeness::kNo);
    row("http", "474554202f20485454502f312e31", Likeness::kNo);
    row("nothing", "", Likeness::kNo);
  }
  void probe_is_sure() {
    QFETCH(QString, bytes);
    QFETCH(int, likeness);
    QCOMPARE(static_cast<int>(probe(bytes.toStdString())), likeness);
  }

  void every_prefix_is_harmless() {
    sweep_prefixes(tls_dissector, from_hex(kHello10));
    sweep_prefixes(tls_dissector, from_hex(kHello13));
    sweep_prefixes(tls_dissector, from_hex(kServerHello12));
    sweep_prefixes(tls_dissector, from_hex(kHelloSsl2));
    sweep_prefixes(tls_dissector, from_hex(record("16", certificates())));
    sweep_prefixes(tls_dissector, from_hex(record("17", std::string(60, '1'))));
  }

  void every_changed_octet_is_harmless() {
    for (const std::string& wire : {std::string(kHello13), record("16", certificates()), std::string(kHelloSsl2)}) {
      const auto good = from_hex(wire);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          const Result r = run(tls_dissector, bytes);
          QVERIFY(r.outcome != Outcome::kNeedMore || r.app.need == 0 || r.app.need > bytes.size());
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(TlsTest)
#include "tls_test.moc"
