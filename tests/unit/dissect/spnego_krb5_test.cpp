#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector spnego_krb5_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::spnego_krb5_dissector;

// An AP-REP, by hand.
constexpr std::string_view kApRep =
    "602d06092a864886f71201020202006f1e301ca003020105a10302010fa210300ea003020112a2070405aabbccddee";
// A signature of RFC 4121, by hand.
constexpr std::string_view kMic = "040405ffffffffff0000000000000007001122334455";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class SpnegoKrb5Test : public QObject {
  Q_OBJECT
 private slots:
  void reads_ap_rep() {
    const Result r = run(spnego_krb5_dissector, from_hex(kApRep), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("spnego.krb5_oid"), std::string("1.2.840.113554.1.2.2"));
    QCOMPARE(r.uint("spnego.krb5.tok_id"), std::uint64_t{2});
    QCOMPARE(r.uint("kerberos.msg_type"), std::uint64_t{15});
    QCOMPARE(r.hex("kerberos.cipher"), std::string("aabbccddee"));
  }

  void reads_mic() {
    const Result r = run(spnego_krb5_dissector, from_hex(kMic), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("spnego.krb5.tok_id"), std::uint64_t{0x0404});
    QCOMPARE(r.uint("spnego.krb5.sealed"), std::uint64_t{0});
    QCOMPARE(r.uint("spnego.krb5.acceptor_subkey"), std::uint64_t{1});
    QCOMPARE(r.uint("spnego.krb5.cfx_seq"), std::uint64_t{7});
    QCOMPARE(r.hex("spnego.krb5.sgn_cksum"), std::string("001122334455"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kApRep, kMic}) {
      const auto good = from_hex(wire);
      sweep_prefixes(spnego_krb5_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(spnego_krb5_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(SpnegoKrb5Test)
#include "spnego_krb5_test.moc"
