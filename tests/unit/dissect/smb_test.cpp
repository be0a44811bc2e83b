#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector smb_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::smb_dissector;

// A negotiate request.
constexpr std::string_view kNegotiate =
    "ff534d4272000000001853c8000000000000000000000000fffffffe00000000002200024e54204c4d20302e31320002534d4220322e3030"
    "320002534d4220322e3f3f3f00";
// An NT create request, by hand.
constexpr std::string_view kNtCreate =
    "ff534d42a200000000180128000000000000000000000000010002000300040018ff000000000a0000000000000000009f01120000000000"
    "000000000000000003000000010000004000000002000000000b005c746573742e74787400";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class SmbTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_negotiate() {
    const Result r = run(smb_dissector, from_hex(kNegotiate), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("smb.cmd"), std::uint64_t{0x72});
    QVERIFY(r.has("smb.dialect.name"));
    QCOMPARE(r.uint("smb.wct"), std::uint64_t{0});
  }

  void reads_nt_create() {
    const Result r = run(smb_dissector, from_hex(kNtCreate), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("smb.mid"), std::uint64_t{4});
    QCOMPARE(r.text("smb.file"), std::string("\\test.txt"));
    QCOMPARE(r.uint("smb.impersonation.level"), std::uint64_t{2});
    QCOMPARE(r.tree.info, std::string("NT Create AndX Request, Path: \\test.txt"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kNegotiate, kNtCreate}) {
      const auto good = from_hex(wire);
      sweep_prefixes(smb_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(smb_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(SmbTest)
#include "smb_test.moc"
