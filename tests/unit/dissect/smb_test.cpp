#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector nbss_dissector;
extern const Dissector smb_dissector;
}  // namespace pr::dissect

namespace {

using namespace pr;
using namespace pr::test;
using dissect::nbss_dissector;
using dissect::smb_dissector;

// A negotiate request.
constexpr std::string_view kNegotiate =
    "ff534d4272000000001853c8000000000000000000000000fffffffe00000000002200024e54204c4d20302e31320002534d4220322e3030"
    "320002534d4220322e3f3f3f00";
// An NT create request, by hand.
constexpr std::string_view kNtCreate =
    "ff534d42a200000000180128000000000000000000000000010002000300040018ff000000000a0000000000000000009f01120000000000"
    "000000000000000003000000010000004000000002000000000b005c746573742e74787400";
// It is answered, the file is closed, and that is answered; by hand. Only the first two name what they are about.
constexpr std::string_view kCreated =
    "ff534d42a200000000980128000000000000000000000000010002000300040022ff00000000004001000000000000000000000000000000"
    "0000000000000000000000000000000000000000800000000010000000000000050000000000000000000000000000";
constexpr std::string_view kClose =
    "ff534d4204000000001801280000000000000000000000000100020003000500030040ffffffff0000";
constexpr std::string_view kClosed = "ff534d4204000000009801280000000000000000000000000100020003000500000000";
// A connection to a tree and its answer, by hand.
constexpr std::string_view kConnect =
    "ff534d4275000000001801200000000000000000000000000000020003000300"
    "04ff000000000001000d00005c5c615c62003f3f3f3f3f0000";
constexpr std::string_view kConnected =
    "ff534d4275000000009801200000000000000000000000000100020003000300"
    "03ff000000000006004950430000";

Result framed(std::string_view wire, bool from_orig, const AppState& state) {
  std::vector<std::uint8_t> bytes = {0, 0, 0, static_cast<std::uint8_t>(wire.size() / 2)};
  const std::vector<std::uint8_t> body = from_hex(wire);
  bytes.insert(bytes.end(), body.begin(), body.end());
  return run(nbss_dissector, bytes, {.from_orig = from_orig, .state = state});
}

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

  void remembers_the_tree_and_the_file() {
    const Result connect = framed(kConnect, true, {});
    QCOMPARE(connect.text("smb.path"), std::string("\\\\a\\b"));
    const Result connected = framed(kConnected, false, connect.state);
    QCOMPARE(connected.text("smb.path"), std::string("\\\\a\\b"));
    const Result create = framed(kNtCreate, true, connected.state);
    QCOMPARE(create.text("smb.path"), std::string("\\\\a\\b"));
    QCOMPARE(create.uint("smb.access_mask"), std::uint64_t{0x12019f});
    QCOMPARE(create.uint("smb.share_access"), std::uint64_t{3});
    QCOMPARE(create.uint("smb.nt.create_options.non_directory"), std::uint64_t{1});
    const Result created = framed(kCreated, false, create.state);
    QCOMPARE(created.text("smb.file"), std::string("\\test.txt"));
    const Result close = framed(kClose, true, created.state);
    QCOMPARE(close.uint("smb.fid"), std::uint64_t{0x4000});
    QCOMPARE(close.text("smb.file"), std::string("\\test.txt"));
    const Result closed = framed(kClosed, false, close.state);
    QCOMPARE(closed.uint("smb.fid"), std::uint64_t{0x4000});
    QCOMPARE(closed.uint("smb.access.write"), std::uint64_t{1});
    QVERIFY(!framed(kClosed, false, closed.state).has("smb.fid"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kNegotiate, kNtCreate, kCreated, kClose, kConnect}) {
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
