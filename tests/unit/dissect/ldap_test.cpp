#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector ldap_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::ldap_dissector;
using dissect::Likeness;

// A simple bind, by hand.
constexpr std::string_view kBind = "301a02010160150201030408636e3d61646d696e8006736563726574";
// A search with every kind of nesting, by hand.
constexpr std::string_view kSearch =
    "30480201026343040a64633d6578616d706c650a01020a010002010002013c010100a01ea3090402646e04036a6f65a40c0402636e300681"
    "0466726564a203870178300604046d61696c";
// An entry found.
constexpr std::string_view kEntry = "301b02010264160404636e3d61300e300c04046d61696c310404026162";
// Nothing was found.
constexpr std::string_view kDone = "3013020102650e0a0120040004076e6f2073756368";
// StartTLS.
constexpr std::string_view kStartTls = "301d02010377188016312e332e362e312e342e312e313436362e3230303337";
// The server agrees.
constexpr std::string_view kStarted = "300c02010378070a010004000400";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class LdapTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_bind() {
    const Result r = run(ldap_dissector, from_hex(kBind), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ldap.messageID"), std::uint64_t{1});
    QCOMPARE(r.uint("ldap.protocolOp"), std::uint64_t{0});
    QCOMPARE(r.text("ldap.name"), std::string("cn=admin"));
    QCOMPARE(r.text("ldap.simple"), std::string("secret"));
    QCOMPARE(r.uint("ldap.version"), std::uint64_t{3});
    QCOMPARE(r.tree.info, std::string("bindRequest(1) \"cn=admin\""));
  }

  void reads_search() {
    const Result r = run(ldap_dissector, from_hex(kSearch), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("ldap.baseObject"), std::string("dc=example"));
    QCOMPARE(r.uint("ldap.scope"), std::uint64_t{2});
    QCOMPARE(r.uint("ldap.timeLimit"), std::uint64_t{60});
    QCOMPARE(r.uint("ldap.and"), std::uint64_t{3});
    QCOMPARE(r.values("ldap.and_item").size(), std::size_t{3});
    QCOMPARE(r.text("ldap.attributeDesc"), std::string("dn"));
    QCOMPARE(r.text("ldap.assertionValue"), std::string("joe"));
    QCOMPARE(r.text("ldap.any"), std::string("fred"));
    QCOMPARE(r.uint("ldap.not"), std::uint64_t{7});
    QCOMPARE(r.text("ldap.present"), std::string("x"));
    QCOMPARE(r.text("ldap.AttributeDescription"), std::string("mail"));
    QCOMPARE(r.tree.info, std::string("searchRequest(2) \"dc=example\" wholeSubtree"));
  }

  void reads_entry() {
    const Result r = run(ldap_dissector, from_hex(kEntry), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("ldap.objectName"), std::string("cn=a"));
    QCOMPARE(r.text("ldap.type"), std::string("mail"));
    QCOMPARE(r.hex("ldap.AttributeValue"), std::string("6162"));
  }

  void reads_done() {
    const Result r = run(ldap_dissector, from_hex(kDone), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ldap.resultCode"), std::uint64_t{32});
    QCOMPARE(r.text("ldap.errorMessage"), std::string("no such"));
    QCOMPARE(r.tree.info, std::string("searchResDone(2) noSuchObject (no such)"));
  }

  void reads_start_tls() {
    const Result r = run(ldap_dissector, from_hex(kStartTls), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("ldap.requestName"), std::string("1.3.6.1.4.1.1466.20037"));
  }

  void reads_started() {
    const Result r = run(ldap_dissector, from_hex(kStarted), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ldap.resultCode"), std::uint64_t{0});
  }

  void start_tls_hands_over() {
    Options talk = options(true);
    const Result asked = run(ldap_dissector, from_hex(kStartTls), talk);
    QVERIFY(!asked.app.upgrade);
    talk.state = asked.state;
    talk.from_orig = false;
    QVERIFY(run(ldap_dissector, from_hex(kStarted), talk).app.upgrade);
    QVERIFY(!run(ldap_dissector, from_hex(kStarted), options(false)).app.upgrade);
  }

  void a_sealed_buffer_needs_a_bind() {
    const auto sealed = from_hex("0000001400000000000000000000000000000000000000000");
    QCOMPARE(run(ldap_dissector, sealed, options(true)).outcome, Outcome::kNotMine);
  }

  void probe_is_sure() {
    const auto probe = [](std::string_view hex) {
      return ldap_dissector.probe(from_hex(hex),
                                  {.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 4000});
    };
    QCOMPARE(probe(kBind), Likeness::kYes);
    QCOMPARE(probe(kSearch), Likeness::kYes);
    QCOMPARE(probe(kDone), Likeness::kYes);
    QCOMPARE(probe("30"), Likeness::kMaybe);
    QCOMPARE(probe("302602010104067075626c6963a019020401"), Likeness::kNo);
    QCOMPARE(probe("474554202f20"), Likeness::kNo);
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kBind, kSearch, kEntry, kDone, kStartTls, kStarted}) {
      const auto good = from_hex(wire);
      sweep_prefixes(ldap_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(ldap_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(LdapTest)
#include "ldap_test.moc"
