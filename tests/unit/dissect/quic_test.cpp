#include "helper/dissect/proto/quic/quic.h"

#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector quic_dissector;
}

namespace pr {
namespace {

using dissect::quic::State;
using test::from_hex;
using test::run;
using test::to_hex;

const test::Options kOptions{.at_end = true, .transport = dissect::Transport::kUdp};

// A client's first datagram, as Firefox sends it.
const char* const kClientInitial =
    "c60000000109b409bae10c6b44e5cd032133c400421574571eb27696554cafe00800a917b9e7092930a333eb8fd2e13ab894d25e92def84d"
    "466c41d555c86cec3fe55c402bfd8a7c033a6e3ad67e47d3204010cba7387494dc89d10a42ef793adb746e3da466cfa634010dcd6112c06f"
    "4844402288b57caaacf0a19fafc09a46bbbf2ba6eba900e8697b7c6c59cdf1c8d3dc4e8c06ba962d0fcce0e701ab0216b8b05b3a3e1a91fc"
    "30496bd53f95f8527f7914d5a767051a9256441925901e54b7a8282c431fb95b61f236fb9708c6a11743ff866e96e552906a13d17eb21848"
    "6d2c6cc784edc373b58274aa8b55a6a6d8c8597321becff09552a29c3781ade11f91e359a33261270c3f7561fa9879f1e442b7746d8cbda0"
    "b7666eebaae0bba8bc1096dcda65a44d9e467d431bfc3418e519395af37844cce365d96dc4643734cf3827a47654e7beb21e5bb219a0f360"
    "dc0ccec33ba23638cfec6fcecb3c8050314c5bac854584f647cc658851d782a5460aea180f82a575738880c7c10a98ca5cbbde7d60fe4bc5"
    "0c9a137dabd61b5163a3712936e9cc0c8b52fbc7424eef4e8c88085c00f8bb8b014b53216223211a09b7f4cb71bc073aec068df9e77ff1e8"
    "f9d13403c1484244ca6abcb9df79c529ae650ea074443909bb9b7d25dd08f8fe6ffb3f0ef18799a8e3257640d9a26c0d8a9e78249e5ae1a7"
    "2fc3193af05ed4f05ac5cfb6dc4f8fb665d8329db0115f8a3bf1dcf1e29e5863e1acafdbbc02c0b57f88ce698030260957b380";

// RFC 9001 A.3: the server's first Initial to a client that chose 8394c8f03e515708.
const char* const kServerInitial =
    "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf7"
    "3c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f"
    "58891850abbdca3d20398c276456cbc42158407dd074ee";

// RFC 9001 A.4.
const char* const kRetryPacket = "ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba";

class Listener final : public dissect::Observer {
 public:
  const ClientFingerprint* client_hello(const ClientHello& hello) override {
    sni = hello.sni;
    quic = hello.transport == HelloTransport::kQuic;
    return nullptr;
  }
  const ServerFingerprint* server_hello(const ServerHello& hello) override {
    cipher = hello.cipher;
    return nullptr;
  }
  std::string sni;
  bool quic = false;
  std::uint16_t cipher = 0;
};

AppState connection(const char* cid) {
  AppState state;
  auto& quic = *reinterpret_cast<State*>(state.raw.data());
  quic.version = 1;
  const auto id = from_hex(cid);
  std::ranges::copy(id, quic.cid);
  quic.cid_len = static_cast<std::uint8_t>(id.size());
  quic.has_keys = true;
  return state;
}

}  // namespace

class QuicTest : public QObject {
  Q_OBJECT

 private slots:
  void derives_initial_keys_data() {
    QTest::addColumn<quint32>("version");
    QTest::addColumn<bool>("client");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("iv");
    QTest::addColumn<QString>("header_key");
    QTest::newRow("RFC 9001 client") << 1U << true << "1f369613dd76d5467730efcbe3b1a22d"
                                     << "fa044b2f42a3fd3b46fb255c"
                                     << "9f50449e04a0e810283a1e9933adedd2";
    QTest::newRow("RFC 9001 server") << 1U << false << "cf3a5331653c364c88f0f379b6067e37"
                                     << "0ac1493ca1905853b0bba03e"
                                     << "c206b8d9b9f0f37644430b490eeaa314";
    QTest::newRow("RFC 9369 client") << 0x6b3343cfU << true << "8b1a0bc121284290a29e0971b5cd045d"
                                     << "91f73e2351d8fa91660e909f"
                                     << "45b95e15235d6f45a6b19cbcb0294ba9";
    QTest::newRow("RFC 9369 server") << 0x6b3343cfU << false << "82db637861d55e1d011f19ea71d5d2a7"
                                     << "dd13c276499c0249d3310652"
                                     << "edf6d05c83121201b436e16877593c3a";
  }
  void derives_initial_keys() {
    QFETCH(quint32, version);
    QFETCH(bool, client);
    const auto keys = dissect::quic::initial_keys(version, from_hex("8394c8f03e515708"), client);
    QTEST(QString::fromStdString(to_hex(keys.key)), "key");
    QTEST(QString::fromStdString(to_hex(keys.iv)), "iv");
    QTEST(QString::fromStdString(to_hex(keys.header_key)), "header_key");
  }

  void reads_a_client_hello() {
    Listener listener;
    test::Options options = kOptions;
    options.observer = &listener;
    const auto result = run(dissect::quic_dissector, from_hex(kClientInitial), options);
    QCOMPARE(result.outcome, dissect::Outcome::kDone);
    QCOMPARE(result.uint("quic.packet_length"), 555U);
    QCOMPARE(result.uint("quic.packet_number"), 0U);
    QCOMPARE(result.hex("quic.dcid"), std::string("b409bae10c6b44e5cd"));
    QCOMPARE(result.uint("quic.crypto.length"), 512U);
    QCOMPARE(result.text("tls.handshake.extensions_server_name"), std::string("www.google.com"));
    QCOMPARE(listener.sni, std::string("www.google.com"));
    QVERIFY(listener.quic);
    QCOMPARE(QString::fromStdString(result.tree.info), "Initial, DCID=b409bae10c6b44e5cd, SCID=2133c4, PKN: 0, CRYPTO");
  }

  void reads_a_server_hello() {
    Listener listener;
    test::Options options = kOptions;
    options.observer = &listener;
    options.from_orig = false;
    options.state = connection("8394c8f03e515708");
    const auto result = run(dissect::quic_dissector, from_hex(kServerInitial), options);
    QCOMPARE(result.uint("quic.packet_number"), 1U);
    QCOMPARE(result.uint("quic.ack.largest_acknowledged"), 0U);
    QCOMPARE(listener.cipher, 0x1301);
    QCOMPARE(result.uint("tls.handshake.type"), 2U);
  }

  void a_damaged_packet_does_not_open() {
    auto bytes = from_hex(kClientInitial);
    bytes.back() ^= 1;
    const auto result = run(dissect::quic_dissector, bytes, kOptions);
    QVERIFY(!result.has("quic.crypto.offset"));
    QVERIFY(result.has("quic.remaining_payload"));
  }

  void reads_retry_and_version_negotiation() {
    const auto retry = run(dissect::quic_dissector, from_hex(kRetryPacket), kOptions);
    QCOMPARE(retry.hex("quic.retry_token"), std::string("746f6b656e"));
    QCOMPARE(retry.hex("quic.scid"), std::string("f067a5502a4262b5"));
    const auto negotiation =
        run(dissect::quic_dissector, from_hex("80 00000000 01aa 02bbcc 00000001 ff00001d"), kOptions);
    QCOMPARE(negotiation.values("quic.supported_version").size(), 2U);
    QCOMPARE(QString::fromStdString(negotiation.tree.info), "Version Negotiation, DCID=aa, SCID=bbcc");
  }

  void short_headers_use_the_ids_of_the_connection() {
    test::Options options = kOptions;
    options.state = connection("8394c8f03e515708");
    reinterpret_cast<State*>(options.state.raw.data())->own_len[1] = 4;
    const auto result = run(dissect::quic_dissector, from_hex("41 01020304 0506070809"), options);
    QCOMPARE(result.hex("quic.dcid"), std::string("01020304"));
    QCOMPARE(result.hex("quic.remaining_payload"), std::string("0506070809"));
  }

  void recognises_by_content() {
    const auto probe = dissect::quic_dissector.probe;
    const dissect::ProbeHint hint{.tcp = false};
    QCOMPARE(probe(from_hex(kClientInitial), hint), dissect::Likeness::kYes);
    QCOMPARE(probe(from_hex(kServerInitial), hint), dissect::Likeness::kYes);
    // RTP, and DNS with its highest bit set.
    QCOMPARE(probe(from_hex("80 08 4d6e 00000320 5f3c12aa d5d5d5d5d5d5d5d5d5d5d5d5"), hint), dissect::Likeness::kNo);
    QCOMPARE(probe(from_hex("8a12 0100 0001 0000 0000 0000 03777777076578616d706c6503636f6d00 0001 0001"), hint),
             dissect::Likeness::kNo);
  }

  void survives_every_prefix() {
    test::sweep_prefixes(dissect::quic_dissector, from_hex(kClientInitial), kOptions);
    test::sweep_prefixes(dissect::quic_dissector, from_hex(kRetryPacket), kOptions);
    test::Options options = kOptions;
    options.from_orig = false;
    options.state = connection("8394c8f03e515708");
    test::sweep_prefixes(dissect::quic_dissector, from_hex(kServerInitial), options);
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::QuicTest)
#include "quic_test.moc"
