#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector gss_api_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::gss_api_dissector;

// A first token, by hand.
constexpr std::string_view kInit = "601c06062b0601050502a0123010a00e300c060a2b06010401823702020a";
// A later token, which has no mechanism.
constexpr std::string_view kLater =
    "a18201e9308201e5a0030a0101a28201c8048201c44e544c4d5353500003000000180018008e0000000e010e01a600000008000800580000"
    "001a001a0060000000140014007a00000010001000b4010000158288e20a00614a0000000f98ee59651389e76a0265429d6003a9a0500055"
    "0052005000410064006d0069006e006900730074007200610074006f007200470055005200440049004c002d005000430031000000000000"
    "00000000000000000000000000000000000000fa54f4508fd6bf1a7c601b6da026a367010100000000000094c74bb257e6d90193457f4a09"
    "8f78d1000000000200080050005500520050000100060044004300310004000e0070007500720070002e006c006500030016004400430031"
    "002e0070007500720070002e006c00650005000e0070007500720070002e006c0065000700080094c74bb257e6d901060004000200000008"
    "00300030000000000000000000000000300000d683caf88b5bd8b803d4a63b163dd255b3f55d8609c9783f053c9ac22b5ad1840a00100000"
    "0000000000000000000000000000000900260063006900660073002f003100390032002e003100360038002e00350036002e003100300031"
    "0000000000000000007e7349545da434d20969016a2dcbed74a312041001000000bda2afcd099a92fd00000000";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class GssApiTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_init() {
    const Result r = run(gss_api_dissector, from_hex(kInit), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("gss-api.OID"), std::string("1.3.6.1.5.5.2"));
    QCOMPARE(r.text("spnego.MechType"), std::string("1.3.6.1.4.1.311.2.2.10"));
  }

  void reads_later() {
    const Result r = run(gss_api_dissector, from_hex(kLater), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QVERIFY(!r.has("gss-api.OID"));
    QCOMPARE(r.text("ntlmssp.auth.username"), std::string("Administrator"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kInit, kLater}) {
      const auto good = from_hex(wire);
      sweep_prefixes(gss_api_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(gss_api_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(GssApiTest)
#include "gss_api_test.moc"
