#include "tests/support/dissect.h"

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
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::DtlsTest)
#include "dtls_test.moc"
