#include "helper/identity/certificates.h"

#include <QTest>
#include <chrono>

#include "shared/base/hex.h"

using namespace pr;
using namespace pr::identity;

namespace {

// CN=*.example.com, self-signed, with names and addresses; made by openssl for this test.
constexpr const char* kSelfSignedDer =
    "308201fb308201a2a00302010202040a1b2c3d300a06082a8648ce3d040302303b310b300906035504061302444531143012060355040a"
    "0c0b4772c3bc6e2c20496e632e3116301406035504030c0d2a2e6578616d706c652e636f6d301e170d3236313132343231343932365a17"
    "0d3237313132343231343932365a303b310b300906035504061302444531143012060355040a0c0b4772c3bc6e2c20496e632e31163014"
    "06035504030c0d2a2e6578616d706c652e636f6d3059301306072a8648ce3d020106082a8648ce3d0301070342000413b4e7e8ca3f5d73"
    "d9c49ab8178f09e19bbb7050fbfd3a2bcfd1413f39b8da85c9aebfc8b8dbe3adff73d4ec81d64f67c675dbb81a121df8a3aa6ef96e4eda"
    "baa38193308190301d0603551d0e04160414ab851d5899f192a4bb35347a8931e6330aea008c301f0603551d23041830168014ab851d58"
    "99f192a4bb35347a8931e6330aea008c300f0603551d130101ff040530030101ff303d0603551d1104363034820d2a2e6578616d706c65"
    "2e636f6d820b6578616d706c652e6f72678704c0000201871020010db8000000000000000000000001300a06082a8648ce3d0403020347"
    "00304402203044645b7928c697e89a7d0539dbf8504c8bb341eee63ed078a38f6d51de7c6b02207f58bfe0b09008bd3e24b4ee5e0f564a"
    "e842c24db8c4436a4d80039b79d5d720";
// CN=old.example.net without subjectAltName.
constexpr const char* kNameInSubject =
    "308201763082011ca003020102020101300a06082a8648ce3d040302301a3118301606035504030c0f6f6c642e6578616d706c652e6e65"
    "74301e170d3236313132343231343932365a170d3237313132343231343932365a301a3118301606035504030c0f6f6c642e6578616d70"
    "6c652e6e65743059301306072a8648ce3d020106082a8648ce3d03010703420004e7faf82a5ecb157fec1772ea39fbde0c553326d9be1d"
    "92ba9432d9c147b17744814a07567ebce24642eec8af3a36623ad72060a833996e24408dea78f3fe682ba3533051301d0603551d0e0416"
    "04149e015dc64b0e0671a83b587837848dd52ec4438f301f0603551d230418301680149e015dc64b0e0671a83b587837848dd52ec4438f"
    "300f0603551d130101ff040530030101ff300a06082a8648ce3d0403020348003045022100af9b03805558515a77a43b4c61de48f5ff72"
    "1f09117710629680d3590cbec15302207ae4d76b9a893bbc8b111ef6a3caf826e661222505357ee4293c41fd4ce0db79";

Timestamp day(int y, unsigned m, unsigned d) {
  return std::chrono::sys_days(std::chrono::year(y) / static_cast<int>(m) / static_cast<int>(d));
}

std::vector<std::uint8_t> der(const char* hex) { return *from_hex(hex); }

Certificate with_names(std::vector<std::string> names) {
  Certificate certificate;
  certificate.san = std::move(names);
  return certificate;
}

}  // namespace

class CertificatesTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_certificate() {
    const auto read = parse_certificate(der(kSelfSignedDer));
    QVERIFY(read.has_value());
    QCOMPARE(read->subject, std::string("CN=*.example.com,O=Gr\u00fcn\\, Inc.,C=DE"));
    QCOMPARE(read->issuer, read->subject);
    QCOMPARE(read->serial, std::string("0a1b2c3d"));
    QCOMPARE(read->san, (std::vector<std::string>{"*.example.com", "example.org", "192.0.2.1", "2001:db8::1"}));
    QCOMPARE(read->sha256, std::string("0a66c3a2ea2ef165b8ca88853cb2e5ffdd20a2612e71f473660faed770ce706a"));
    QCOMPARE(read->sha1, std::string("43be5176133b8c952c7d6a053bb453aaf760fbcb"));
    using namespace std::chrono_literals;
    QVERIFY(read->not_before == day(2026, 11, 24) + 21h + 49min + 26s);
    QVERIFY(read->not_after == day(2027, 11, 24) + 21h + 49min + 26s);
    QCOMPARE(read->key_type, std::string("EC"));
    QCOMPARE(read->key_bits, 256U);
    QVERIFY(read->self_signed);
    QCOMPARE(read->der, der(kSelfSignedDer));
  }

  void a_broken_signature_is_not_self_signed() {
    auto bytes = der(kSelfSignedDer);
    bytes.back() ^= 1U;
    const auto read = parse_certificate(bytes);
    QVERIFY(read.has_value());
    QVERIFY(!read->self_signed);
  }

  void every_prefix_is_no_certificate() {
    const auto bytes = der(kSelfSignedDer);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      if (parse_certificate(Bytes(bytes).first(n))) QFAIL(qPrintable(QString("prefix of %1 octets").arg(n)));
    }
    QVERIFY(!parse_certificate(std::vector<std::uint8_t>(70'000, 0x30)));
  }

  void every_changed_octet_is_survived() {
    const auto good = der(kNameInSubject);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const std::uint8_t change : {0x01, 0x80, 0xff}) {
        auto bytes = good;
        bytes[i] ^= change;
        (void)parse_certificate(bytes);
      }
    }
  }

  void names_data() {
    QTest::addColumn<QString>("entry");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char* entry, const char* name, bool matches) {
      QTest::addRow("%s for %s", entry, name) << entry << name << matches;
    };
    row("example.com", "example.com", true);
    row("Example.COM", "eXample.com", true);
    row("example.com", "example.com.", true);
    row("example.com", "www.example.com", false);
    row("*.example.com", "www.example.com", true);
    row("*.example.com", "example.com", false);
    row("*.example.com", "a.b.example.com", false);
    row("*.example.com", ".example.com", false);
    row("w*.example.com", "www.example.com", false);
    row("*.com", "example.com", false);
    row("*", "localhost", false);
    row("192.0.2.1", "192.0.2.1", true);
    row("*.0.2.1", "192.0.2.1", false);
    row("2001:db8::1", "2001:DB8:0::1", true);
    row("2001:db8::1", "2001:db8::2", false);
    row("", "", false);
  }
  void names() {
    QFETCH(QString, entry);
    QFETCH(QString, name);
    QFETCH(bool, matches);
    QCOMPARE(matches_name(with_names({"first.example", entry.toStdString()}), name.toStdString()), matches);
  }

  void the_subject_counts_only_without_alternative_names() {
    auto read = *parse_certificate(der(kNameInSubject));
    QVERIFY(matches_name(read, "old.example.net"));
    QVERIFY(!matches_name(read, "example.net"));
    read.san = {"new.example.net"};
    QVERIFY(!matches_name(read, "old.example.net"));
    Certificate odd;
    odd.subject = "O=a\\,CN=evil.example,CN=good.example";
    QVERIFY(!matches_name(odd, "evil.example"));
    QVERIFY(matches_name(odd, "good.example"));
  }

  void verdicts_are_those_of_packet_time() {
    const auto leaf = *parse_certificate(der(kSelfSignedDer));
    QCOMPARE(verdicts(leaf, "www.example.com", day(2027, 1, 1)), std::uint16_t{kMatchesSan | kSelfSigned});
    QCOMPARE(verdicts(leaf, "example.net", day(2027, 1, 1)), std::uint16_t{kSanMismatch | kSelfSigned});
    QCOMPARE(verdicts(leaf, "", day(2028, 1, 1)), std::uint16_t{kExpired | kSelfSigned});
    QCOMPARE(verdicts(leaf, "", day(2020, 1, 1)), std::uint16_t{kNotYetValid | kSelfSigned});
  }
};

QTEST_APPLESS_MAIN(CertificatesTest)
#include "certificates_test.moc"
