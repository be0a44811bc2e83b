#include "helper/identity/fingerprint.h"

#include <QTest>

using namespace pr;
using namespace pr::identity;

namespace {

// The example of the JA4 specification: Chrome, ciphers and extensions in the order sent.
ClientHello chrome() {
  ClientHello hello;
  hello.version = 0x0303;
  hello.ciphers = {0x1a1a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030,
                   0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
  hello.extensions = {0x2a2a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d,
                      0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0xfafa};
  hello.signature_algorithms = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
  hello.supported_versions = {0x3a3a, 0x0304, 0x0303};
  hello.alpn = {"h2", "http/1.1"};
  hello.sni = "example.com";
  return hello;
}

}  // namespace

class FingerprintTest : public QObject {
  Q_OBJECT
 private slots:
  void ja3_with_all_lists() {
    ClientHello hello;
    hello.version = 769;
    hello.ciphers = {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4};
    hello.extensions = {0, 10, 11};
    hello.groups = {23, 24, 25};
    hello.point_formats = {0};
    const ClientFingerprint print = fingerprint(hello);
    QCOMPARE(print.ja3_full, std::string("769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0"));
    QCOMPARE(print.ja3, std::string("ada70206e40642a3e4461f35503241d5"));
  }

  void an_ssl2_hello_has_no_ja3() {
    ClientHello hello;
    hello.version = 0x0301;
    hello.ssl2 = true;
    QCOMPARE(fingerprint(hello).ja3, std::string());
    QCOMPARE(fingerprint(hello).ja4, std::string("t10i000000_000000000000_000000000000"));
  }

  void ja3_keeps_empty_lists() {
    ClientHello hello;
    hello.version = 769;
    hello.ciphers = {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99};
    QCOMPARE(fingerprint(hello).ja3, std::string("de350869b8c85de67a350c8d186f11e6"));
  }

  void grease_alone_does_not_suppress_anything() {
    ClientHello hello;
    hello.version = 0x0303;
    hello.ciphers = {0x0a0a, 0xfafa};
    hello.extensions = {0x1a1a};
    hello.groups = {0x2a2a};
    const ClientFingerprint print = fingerprint(hello);
    QCOMPARE(print.ja3_full, std::string("771,,,,"));
    QVERIFY(!print.ja3.empty());
    QCOMPARE(print.ja4, std::string("t12i000000_000000000000_000000000000"));
  }

  void looks_like_grease_but_is_not() {
    ClientHello hello;
    hello.version = 0x0303;
    hello.ciphers = {0x0a1a, 0x1a0a, 0x0b0b};
    QCOMPARE(fingerprint(hello).ja3_full, std::string("771,2586-6666-2827,,,"));
  }

  void ja3s() {
    ServerHello hello;
    hello.version = 771;
    hello.cipher = 49200;
    hello.extensions = {35, 65281};
    const ServerFingerprint print = fingerprint(hello);
    QCOMPARE(print.ja3s_full, std::string("771,49200,35-65281"));
    QCOMPARE(print.ja3s, std::string("b7bd51222a09f3ad66a340710ae9c01a"));
  }

  void ja4_in_all_forms() {
    const ClientFingerprint print = fingerprint(chrome());
    QCOMPARE(print.ja4, std::string("t13d1516h2_8daaf6152771_e5627efa2ab1"));
    QCOMPARE(print.ja4_o, std::string("t13d1516h2_acb858a92679_18f69afefd3d"));
    QCOMPARE(print.ja4_r,
             std::string("t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_"
                         "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_"
                         "0403,0804,0401,0503,0805,0501,0806,0601"));
    QCOMPARE(print.ja4_ro,
             std::string("t13d1516h2_1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035_"
                         "001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015_"
                         "0403,0804,0401,0503,0805,0501,0806,0601"));
  }

  void ja4_without_signature_algorithms_has_no_trailing_underscore() {
    ClientHello hello = chrome();
    hello.signature_algorithms.clear();
    const ClientFingerprint print = fingerprint(hello);
    QCOMPARE(print.ja4, std::string("t13d1516h2_8daaf6152771_6d807ffa2a79"));
    QVERIFY(!print.ja4_r.ends_with('_'));
  }

  void ja4_head_data() {
    QTest::addColumn<int>("transport");
    QTest::addColumn<int>("legacy");
    QTest::addColumn<QList<int>>("versions");
    QTest::addColumn<QString>("head");
    const auto row = [](const char* name, HelloTransport transport, int legacy, QList<int> versions, const char* head) {
      QTest::newRow(name) << static_cast<int>(transport) << legacy << versions << head;
    };
    row("legacy", HelloTransport::kTcp, 0x0303, {}, "t12i");
    row("ssl3", HelloTransport::kTcp, 0x0300, {}, "ts3i");
    row("ssl2", HelloTransport::kTcp, 0x0002, {}, "ts2i");
    row("1.0", HelloTransport::kTcp, 0x0301, {}, "t10i");
    row("highest wins", HelloTransport::kTcp, 0x0303, {0x0302, 0x0304, 0x0303}, "t13i");
    row("only grease", HelloTransport::kTcp, 0x0302, {0x0a0a}, "t11i");
    row("quic", HelloTransport::kQuic, 0x0303, {0x0304}, "q13i");
    row("dtls 1.2", HelloTransport::kDtls, 0xfefd, {}, "dd2i");
    row("dtls 1.3 is newer than 1.0", HelloTransport::kDtls, 0xfefd, {0xfeff, 0xfefc, 0xfefd}, "dd3i");
    row("nobody knows", HelloTransport::kTcp, 0x0505, {}, "t00i");
  }
  void ja4_head() {
    QFETCH(int, transport);
    QFETCH(int, legacy);
    QFETCH(QList<int>, versions);
    QFETCH(QString, head);
    ClientHello hello;
    hello.transport = static_cast<HelloTransport>(transport);
    hello.version = static_cast<std::uint16_t>(legacy);
    for (const int v : versions) hello.supported_versions.push_back(static_cast<std::uint16_t>(v));
    QCOMPARE(QString::fromStdString(fingerprint(hello).ja4).left(4), head);
  }

  void ja4_alpn_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("shown");
    QTest::newRow("h2") << QByteArray("h2") << "h2";
    QTest::newRow("http/1.1") << QByteArray("http/1.1") << "h1";
    QTest::newRow("one character") << QByteArray("h") << "hh";
    QTest::newRow("empty") << QByteArray("") << "00";
    QTest::newRow("ab") << QByteArray("\xab", 1) << "ab";
    QTest::newRow("21") << QByteArray("\x20\x61", 2) << "21";
    QTest::newRow("3d") << QByteArray("\x30\x31\xab\xcd", 4) << "3d";
    QTest::newRow("01") << QByteArray("\x30\xab\xcd\x31", 4) << "01";
    QTest::newRow("grease") << QByteArray("\x0a\x0a", 2) << "0a";
  }
  void ja4_alpn() {
    QFETCH(QByteArray, name);
    QFETCH(QString, shown);
    ClientHello hello;
    hello.version = 0x0303;
    hello.alpn = {std::string_view(name.data(), static_cast<std::size_t>(name.size())), "other"};
    QCOMPARE(QString::fromStdString(fingerprint(hello).ja4).mid(8, 2), shown);
  }

  void ja4_counts_stop_at_99_and_take_in_signalling_suites() {
    ClientHello hello;
    hello.version = 0x0303;
    hello.ciphers = {0x00ff, 0x5600, 0x1a1a};
    QCOMPARE(fingerprint(hello).ja4.substr(4, 4), std::string("0200"));
    for (std::uint16_t i = 0; i < 120; ++i) hello.extensions.push_back(static_cast<std::uint16_t>(0x100 + i));
    hello.ciphers = hello.extensions;
    QCOMPARE(fingerprint(hello).ja4.substr(4, 4), std::string("9999"));
  }

  void hassh_takes_the_lists_of_its_direction() {
    const SshKexInit kexinit{.kex = "kex",
                             .host_key = "key",
                             .encryption_c2s = "ec",
                             .encryption_s2c = "es",
                             .mac_c2s = "mc",
                             .mac_s2c = "ms",
                             .compression_c2s = "",
                             .compression_s2c = "none"};
    QCOMPARE(fingerprint(kexinit, true).full, std::string("kex;ec;mc;"));
    QCOMPARE(fingerprint(kexinit, false).full, std::string("kex;es;ms;none"));
    QCOMPARE(fingerprint(kexinit, true).hash, std::string("6b7da2c3e1fefea35ea8b7c1b3d62e80"));
  }

  void names() {
    QCOMPARE(tls_version_name(0x0301), std::string("TLSv1"));
    QCOMPARE(tls_version_name(0x0304), std::string("TLSv1.3"));
    QCOMPARE(tls_version_name(0x7f1c), std::string("TLSv1.3"));
    QCOMPARE(tls_version_name(0x1234), std::string("0x1234"));
    QCOMPARE(cipher_name(0x1301), std::string("TLS_AES_128_GCM_SHA256"));
    QCOMPARE(cipher_name(0x0000), std::string("TLS_NULL_WITH_NULL_NULL"));
    QCOMPARE(cipher_name(0xc02f), std::string("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    QCOMPARE(cipher_name(0x5a5b), std::string("0x5a5b"));
  }
};

QTEST_APPLESS_MAIN(FingerprintTest)
#include "fingerprint_test.moc"
