#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector cldap_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::cldap_dissector;
using dissect::Likeness;

// A search with every kind of nesting, by hand.
constexpr std::string_view kSearch =
    "30480201026343040a64633d6578616d706c650a01020a010002010002013c010100a01ea3090402646e04036a6f65a40c0402636e300681"
    "0466726564a203870178300604046d61696c";
// Nothing was found.
constexpr std::string_view kDone = "3013020102650e0a0120040004076e6f2073756368";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kUdp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class CldapTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_search() {
    const Result r = run(cldap_dissector, from_hex(kSearch), options(true));
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

  void reads_done() {
    const Result r = run(cldap_dissector, from_hex(kDone), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ldap.resultCode"), std::uint64_t{32});
    QCOMPARE(r.text("ldap.errorMessage"), std::string("no such"));
    QCOMPARE(r.tree.info, std::string("searchResDone(2) noSuchObject (no such)"));
  }

  void probe_is_sure() {
    const auto probe = [](std::string_view hex) {
      return cldap_dissector.probe(from_hex(hex),
                                   {.from_orig = true, .tcp = false, .orig_port = 40000, .resp_port = 4000});
    };
    QCOMPARE(probe(kSearch), Likeness::kYes);
    QCOMPARE(probe("3003020101"), Likeness::kNo);
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kSearch, kDone}) {
      const auto good = from_hex(wire);
      sweep_prefixes(cldap_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(cldap_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(CldapTest)
#include "cldap_test.moc"
