#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector ntlmssp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::ntlmssp_dissector;

// An authenticate message.
constexpr std::string_view kAuthenticate =
    "4e544c4d5353500003000000180018008e0000000e010e01a600000008000800580000001a001a0060000000140014007a00000010001000"
    "b4010000158288e20a00614a0000000f98ee59651389e76a0265429d6003a9a05000550052005000410064006d0069006e00690073007400"
    "7200610074006f007200470055005200440049004c002d00500043003100000000000000000000000000000000000000000000000000fa54"
    "f4508fd6bf1a7c601b6da026a367010100000000000094c74bb257e6d90193457f4a098f78d1000000000200080050005500520050000100"
    "060044004300310004000e0070007500720070002e006c006500030016004400430031002e0070007500720070002e006c00650005000e00"
    "70007500720070002e006c0065000700080094c74bb257e6d90106000400020000000800300030000000000000000000000000300000d683"
    "caf88b5bd8b803d4a63b163dd255b3f55d8609c9783f053c9ac22b5ad1840a00100000000000000000000000000000000000090026006300"
    "6900660073002f003100390032002e003100360038002e00350036002e0031003000310000000000000000007e7349545da434d20969016a"
    "2dcbed74";
// A challenge.
constexpr std::string_view kChallenge =
    "4e544c4d53535000020000000800080038000000158289e2cd61d738f456973c000000000000000064006400400000000a0039380000000f"
    "50005500520050000200080050005500520050000100060044004300310004000e0070007500720070002e006c0065000300160044004300"
    "31002e0070007500720070002e006c00650005000e0070007500720070002e006c0065000700080094c74bb257e6d90100000000";
// A signature, by hand.
constexpr std::string_view kSignature = "01000000aabbccdd0011223300000000";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class NtlmsspTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_authenticate() {
    const Result r = run(ntlmssp_dissector, from_hex(kAuthenticate), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ntlmssp.messagetype"), std::uint64_t{3});
    QCOMPARE(r.text("ntlmssp.auth.username"), std::string("Administrator"));
    QCOMPARE(r.text("ntlmssp.auth.hostname"), std::string("GURDIL-PC1"));
    QVERIFY(r.has("ntlmssp.ntlmv2_response.ntproofstr"));
    QCOMPARE(r.uint("ntlmssp.negotiateunicode"), std::uint64_t{1});
  }

  void reads_challenge() {
    const Result r = run(ntlmssp_dissector, from_hex(kChallenge), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ntlmssp.messagetype"), std::uint64_t{2});
    QVERIFY(r.has("ntlmssp.ntlmserverchallenge"));
    QVERIFY(r.has("ntlmssp.challenge.target_info.dns_domain_name"));
  }

  void reads_signature() {
    const Result r = run(ntlmssp_dissector, from_hex(kSignature), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("ntlmssp.verf.vers"), std::uint64_t{1});
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kAuthenticate, kChallenge, kSignature}) {
      const auto good = from_hex(wire);
      sweep_prefixes(ntlmssp_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(ntlmssp_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(NtlmsspTest)
#include "ntlmssp_test.moc"
