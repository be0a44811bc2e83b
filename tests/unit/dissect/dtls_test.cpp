#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector dtls_dissector;
}

namespace pr {
namespace {

using dissect::Outcome;
using test::from_hex;

const test::Options kOptions{.at_end = true, .transport = dissect::Transport::kUdp};

// A ClientHello in two datagrams.
const char* const kHelloStart =
    "16fefd000000000000000200d70100013300010000000000cbfefd06ac4343e701fd74cac15bdb8d0fb735dca354f8e4cc1e65944f8d443a"
    "1af9b200144c281da5216e0bcdc6d35770176ee12f676baa9b00a0c030c02cc028c024c014c00a00a500a300a1009f006b006a0069006800"
    "390038003700360088008700860085c032c02ec02ac026c00fc005009d003d00350084c02fc02bc027c023c013c00900a400a200a0009e00"
    "670040003f003e0033003200310030009a0099009800970045004400430042c031c02dc029c025c00ec004009c003c002f009600410007c0"
    "12c00800";
const char* const kHelloEnd =
    "16fefd000000000000000300740100013300010000cb0000681600130010000dc00dc003000a00ff01000055000b000403000102000a001c"
    "001a00170019001c001b0018001a0016000e000d000b000c0009000a00230000000d0020001e060106020603050105020503040104020403"
    "030103020303020102020203000f000101";
const char* const kVerifyRequest =
    "16feff00000000000000000023030000170000000000000017feff1466acf8c1472146e4e7c30876eb9ce1408a10f943";

class Listener final : public dissect::Observer {
 public:
  const ClientFingerprint* client_hello(const ClientHello& hello) override {
    ++hellos;
    dtls = hello.transport == HelloTransport::kDtls;
    return nullptr;
  }
  int hellos = 0;
  bool dtls = false;
};

}  // namespace

class DtlsTest : public QObject {
  Q_OBJECT

 private slots:
  void a_hello_in_fragments_shows_in_the_last() {
    Listener listener;
    test::Options options = kOptions;
    options.observer = &listener;
    const auto first = test::run(dissect::dtls_dissector, from_hex(kHelloStart), options);
    QCOMPARE(first.outcome, Outcome::kNeedMore);
    QCOMPARE(first.uint("dtls.handshake.fragment_length"), 203U);
    QCOMPARE(QString::fromStdString(first.tree.info), "Client Hello (Fragment)");
    QCOMPARE(listener.hellos, 0);
    options.state = first.state;
    options.earlier = {first.bytes};
    const auto second = test::run(dissect::dtls_dissector, from_hex(kHelloEnd), options);
    QCOMPARE(second.outcome, Outcome::kDone);
    QCOMPARE(second.uint("dtls.handshake.fragment_offset"), 203U);
    QCOMPARE(second.hex("dtls.handshake.cookie"), std::string("4c281da5216e0bcdc6d35770176ee12f676baa9b"));
    QCOMPARE(second.uint("dtls.reassembled.length"), 307U);
    QCOMPARE(QString::fromStdString(second.tree.info), "Client Hello (Reassembled)");
    QCOMPARE(listener.hellos, 1);
    QVERIFY(listener.dtls);
  }

  void the_last_fragment_may_come_first() {
    const auto first = test::run(dissect::dtls_dissector, from_hex(kHelloEnd), kOptions);
    QCOMPARE(first.outcome, Outcome::kNeedMore);
    test::Options options = kOptions;
    options.earlier = {first.bytes};
    const auto second = test::run(dissect::dtls_dissector, from_hex(kHelloStart), options);
    QCOMPARE(second.outcome, Outcome::kDone);
    QVERIFY(second.has("dtls.handshake.cookie"));
  }

  void reads_a_verify_request() {
    const auto result = test::run(dissect::dtls_dissector, from_hex(kVerifyRequest), kOptions);
    QCOMPARE(result.uint("dtls.handshake.type"), 3U);
    QVERIFY(result.uint("dtls.handshake.cookie_length") > 0);
    QCOMPARE(result.tree.column_protocol_text, std::string("DTLSv1.0"));
  }

  void later_epochs_are_not_read() {
    const auto result = test::run(
        dissect::dtls_dissector, from_hex("16 fefd 0001 000000000000 0010 0100000000000000000000000000aaaa"), kOptions);
    QCOMPARE(result.outcome, Outcome::kDone);
    QCOMPARE(QString::fromStdString(result.tree.info), "Encrypted Handshake Message");
    QVERIFY(!result.has("dtls.handshake.type"));
  }

  void reads_alerts() {
    const auto result = test::run(dissect::dtls_dissector, from_hex("15 fefd 0000 000000000003 0002 022a"), kOptions);
    QCOMPARE(result.uint("dtls.alert_message.desc"), 42U);
    QCOMPARE(result.uint("dtls.record.sequence_number"), 3U);
  }

  void recognises_by_content() {
    const auto probe = dissect::dtls_dissector.probe;
    const dissect::ProbeHint hint{.tcp = false};
    QCOMPARE(probe(from_hex(kHelloStart), hint), dissect::Likeness::kYes);
    QCOMPARE(probe(from_hex("16 fefd 0000 000000000000 0002 aabbcc"), hint), dissect::Likeness::kNo);
    QCOMPARE(probe(from_hex("17 0303 0000 000000000000 0002 aabb"), hint), dissect::Likeness::kNo);
  }

  void survives_every_prefix() {
    for (const char* hex : {kHelloStart, kHelloEnd, kVerifyRequest}) {
      test::sweep_prefixes(dissect::dtls_dissector, from_hex(hex), kOptions);
    }
  }
  void reads_rare_messages_data() {
    test::golden_columns();
    test::golden("client extensions",
                 "16fefd0000000000000000009f010000930000000000000093fefd202122232425262728292a2b2c2d2e2f303132333435363"
                 "738393a3b3c3d3e3f00000004c02bc02f0100006500010001040010000e000c02683208687474702f312e3144690005000302"
                 "6832001c00024001ff01000302abcd00150002000000050005010000000000130003020200001400020102001b00030200020"
                 "0360002010133740000000e000700020001020102",
                 {{"dtls.compress_certificate.algorithm", "2"},
                  {"dtls.compress_certificate.algorithms_length", "2"},
                  {"dtls.handshake.cert_type.type", "0x02,0x00,0x02"},
                  {"dtls.handshake.cert_type.types", "1,1"},
                  {"dtls.handshake.cert_type.types_len", "2,1"},
                  {"dtls.handshake.extensions_alpn_len", "12"},
                  {"dtls.handshake.extensions_alpn_list", "1"},
                  {"dtls.handshake.extensions_alpn_str", "h2,http/1.1"},
                  {"dtls.handshake.extensions_alpn_str_len", "2,8"},
                  {"dtls.handshake.extensions_alps_alpn_list", "1"},
                  {"dtls.handshake.extensions_alps_alpn_str", "h2"},
                  {"dtls.handshake.extensions_alps_alpn_str_len", "2"},
                  {"dtls.handshake.extensions_alps_len", "3"},
                  {"dtls.handshake.extensions_padding_data", "0000"},
                  {"dtls.handshake.extensions_reneg_info", "abcd"},
                  {"dtls.handshake.extensions_status_request_exts_len", "0"},
                  {"dtls.handshake.extensions_status_request_responder_ids_len", "0"},
                  {"dtls.handshake.extensions_status_request_type", "1"},
                  {"dtls.handshake.max_fragment_length", "4"},
                  {"dtls.record_size_limit", "16385"},
                  {"dtls.use_srtp.mki", "0102"}});
    test::golden("pre-shared key of client",
                 "16fefd000000000000000000a2010000960000000000000096fefd202122232425262728292a2b2c2d2e2f303132333435363"
                 "738393a3b3c3d3e3f00000004c02bc02f01000068002b000302fefc003300260024001d0020aaaaaaaaaaaaaaaaaaaaaaaaaa"
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa002a00000029002f000a00040102030400000007002120aaaaaaaaaaaaaaaaa"
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                 {{"dtls.handshake.extensions.psk.binders", "1"},
                  {"dtls.handshake.extensions.psk.binders_len", "33"},
                  {"dtls.handshake.extensions.psk.identities.length", "10"},
                  {"dtls.handshake.extensions.psk.identity.identity", "01020304"},
                  {"dtls.handshake.extensions.psk.identity.identity_length", "4"},
                  {"dtls.handshake.extensions.psk.identity.obfuscated_ticket_age", "7"}});
    test::golden("encrypted server name",
                 "16fefd00000000000000000054010000480000000000000048fefd202122232425262728292a2b2c2d2e2f303132333435363"
                 "738393a3b3c3d3e3f00000004c02bc02f0100001affce00161301001d0004aaaaaaaa0004bbbbbbbb0004cccccccc",
                 {{"dtls.esni.encrypted_sni", "cccccccc"},
                  {"dtls.esni.encrypted_sni_length", "4"},
                  {"dtls.esni.record_digest", "bbbbbbbb"},
                  {"dtls.esni.record_digest_length", "4"},
                  {"dtls.esni.suite", "0x1301"}});
    test::golden("server extensions",
                 {"> "
                  "16fefd0000000000000000003a0100002e000000000000002efefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000004c02bc02f01000000",
                  "< "
                  "16fefd000000000000000000780200006c000000000000006cfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00c02f0000443374000c02683208687474702f312e31002900020001002b0002fefc00330024001d00"
                  "20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
                 {{"dtls.handshake.extensions.psk.identity.selected", "1"},
                  {"dtls.handshake.extensions_npn", "h2,http/1.1"},
                  {"dtls.handshake.extensions_npn_str_len", "2,8"}});
    test::golden("RSA key",
                 {"> "
                  "16fefd000000000000000000380100002c000000000000002cfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000002000301000000",
                  "< "
                  "16fefd00000000000000000032020000260000000000000026fefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000300",
                  "< 16fefd0000000000000000001d0c00001100000000000000110004a1a2a3a40003010001000451525354"},
                 {{"dtls.handshake.exponent", "010001"},
                  {"dtls.handshake.exponent_len", "3"},
                  {"dtls.handshake.modulus", "a1a2a3a4"},
                  {"dtls.handshake.modulus_len", "4"}});
    test::golden("PSK hint",
                 {"> "
                  "16fefd000000000000000000380100002c000000000000002cfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000002008c01000000",
                  "< "
                  "16fefd00000000000000000032020000260000000000000026fefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00008c00",
                  "< 16fefd000000000000000000120c0000060000000000000006000468696e74"},
                 {{"dtls.handshake.hint", "68696e74"}, {"dtls.handshake.hint_len", "4"}});
    test::golden("Diffie-Hellman keys",
                 {"> "
                  "16fefd000000000000000000380100002c000000000000002cfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000002009e01000000",
                  "< "
                  "16fefd00000000000000000032020000260000000000000026fefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00009e00",
                  "< 16fefd0000000000000000001f0c00001300000000000000130004a1a2a3a400010500020607040100025152"},
                 {{"dtls.handshake.g", "05"},
                  {"dtls.handshake.g_len", "1"},
                  {"dtls.handshake.p", "a1a2a3a4"},
                  {"dtls.handshake.p_len", "4"},
                  {"dtls.handshake.ys", "0607"},
                  {"dtls.handshake.ys_len", "2"}});
    test::golden("PSK identity",
                 {"> "
                  "16fefd000000000000000000380100002c000000000000002cfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000002008c01000000",
                  "< "
                  "16fefd00000000000000000032020000260000000000000026fefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00008c00",
                  "> 16fefd0000000000000000001010000004000000000000000400026d65"},
                 {{"dtls.handshake.identity", "6d65"}, {"dtls.handshake.identity_len", "2"}});
    test::golden("Diffie-Hellman key of the client",
                 {"> "
                  "16fefd000000000000000000380100002c000000000000002cfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000002009e01000000",
                  "< "
                  "16fefd00000000000000000032020000260000000000000026fefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00009e00",
                  "> 16fefd0000000000000000001010000004000000000000000400020a0b"},
                 {{"dtls.handshake.yc", "0a0b"}, {"dtls.handshake.yc_len", "2"}});
    test::golden(
        "certificate request",
        {"> "
         "16fefd0000000000000000003a0100002e000000000000002efefd202122232425262728292a2b2c2d2e2f303132333435363738393a3"
         "b3c3d3e3f00000004c02bc02f01000000",
         "< "
         "16fefd00000000000000000032020000260000000000000026fefd202122232425262728292a2b2c2d2e2f303132333435363738393a3"
         "b3c3d3e3f00c02f00",
         "< 16fefd000000000000000000250d00001900000000000000190101000204010011000f300d310b3009060355040613024445"},
        {{"dtls.handshake.dname", "1"}, {"dtls.handshake.dname_len", "15"}, {"dtls.handshake.dnames", "1"}});
    test::golden("Finished",
                 {"> "
                  "16fefd0000000000000000003a0100002e000000000000002efefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000004c02bc02f01000000",
                  "< "
                  "16fefd00000000000000000032020000260000000000000026fefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00c02f00",
                  "> 16fefd000000000000000000181400000c000000000000000c0102030405060708090a0b0c"},
                 {{"dtls.handshake.verify_data", "1"}});
    test::golden("status of a chain",
                 {"> "
                  "16fefd0000000000000000003a0100002e000000000000002efefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000004c02bc02f01000000",
                  "< "
                  "16fefd000000000000000000380200002c000000000000002cfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00c02f00000400050000",
                  "< 16fefd0000000000000000001a1600000e000000000000000e0200000a00000401020304000000"},
                 {{"dtls.handshake.ocsp_response_len", "4,0"}, {"dtls.handshake.ocsp_response_list_len", "10"}});
    test::golden("heartbeat",
                 {"> "
                  "16fefd0000000000000000003f010000330000000000000033fefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000004c02bc02f01000005000f000101",
                  "< "
                  "16fefd000000000000000000390200002d000000000000002dfefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00c02f000005000f000101",
                  "> 18fefd0000000000000000001601000361626300000000000000000000000000000000"},
                 {{"dtls.heartbeat_message", "1"},
                  {"dtls.heartbeat_message.padding", "00000000000000000000000000000000"},
                  {"dtls.heartbeat_message.payload", "616263"},
                  {"dtls.heartbeat_message.payload_length", "3"},
                  {"dtls.heartbeat_message.type", "1"}});
    test::golden("retry",
                 {"> "
                  "16fefd0000000000000000003a0100002e000000000000002efefd202122232425262728292a2b2c2d2e2f30313233343536"
                  "3738393a3b3c3d3e3f00000004c02bc02f01000000",
                  "< "
                  "16fefd00000000000000000040020000340000000000000034fefdcf21ad74e59a6111be1d8c021e65b891c2a211167abb8c"
                  "5e079e09e2c8a8339c00130100000c002b0002fefc00330002001d"},
                 {{"dtls.handshake.extensions_key_share_selected_group", "29"}});
  }
  void reads_rare_messages() { test::check_golden(dissect::dtls_dissector, {.transport = dissect::Transport::kUdp}); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::DtlsTest)
#include "dtls_test.moc"
