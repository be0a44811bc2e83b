#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector nbss_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::nbss_dissector;

// RFC 1002 4.3.2, by hand.
constexpr std::string_view kSessionRequest =
    "8100004420464445464643464745464643434143414341434143414341434143414341434100204544454d454a4546454f46454341434143"
    "41434143414341434143414341414100";
// A message with a tree connect request.
constexpr std::string_view kTreeConnect =
    "00000072fe534d4240000100000000000300010018000000000000000400000000000000fffe0000000000001100000800740000ff4d9c30"
    "e416f57f45bfeee436e11ae60900000048002a005c005c003100390032002e003100360038002e00350036002e003100300031005c004900"
    "500043002400";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class NbssTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_session_request() {
    const Result r = run(nbss_dissector, from_hex(kSessionRequest), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("nbss.called_name"), std::string("SERVER<20>"));
    QCOMPARE(r.text("nbss.calling_name"), std::string("CLIENT<00>"));
    QCOMPARE(r.uint("nbss.length"), std::uint64_t{68});
    QCOMPARE(r.tree.info, std::string("Session request"));
  }

  void reads_tree_connect() {
    const Result r = run(nbss_dissector, from_hex(kTreeConnect), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("nbss.type"), std::uint64_t{0});
    QCOMPARE(r.text("smb2.tree"), std::string("\\\\192.168.56.101\\IPC$"));
    QCOMPARE(r.uint("nbss.length"), std::uint64_t{114});
  }

  void a_large_message_is_not_kept() {
    auto bytes = from_hex(kTreeConnect);
    bytes.resize(600, 0);
    bytes[1] = 0x20;  // two mebioctets
    const Result r = run(nbss_dissector, bytes, options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{4 + (0x20U << 16U) + bytes[2] * 256U + bytes[3]});
  }

  void asks_for_the_rest() {
    auto bytes = from_hex(kTreeConnect);
    const std::size_t whole = bytes.size();
    bytes.resize(40);
    const Result r = run(nbss_dissector, bytes, options(true));
    QCOMPARE(r.outcome, Outcome::kNeedMore);
    QCOMPARE(r.app.need, std::uint64_t{whole});
  }

  void probe_is_sure() {
    const auto probe = [](std::string_view hex) {
      return nbss_dissector.probe(from_hex(hex),
                                  {.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 4000});
    };
    QCOMPARE(probe(kSessionRequest), Likeness::kYes);
    QCOMPARE(probe(kTreeConnect), Likeness::kYes);
    QCOMPARE(probe("0000000500000000"), Likeness::kNo);
    QCOMPARE(probe("820000"), Likeness::kMaybe);
    QCOMPARE(probe("82000000"), Likeness::kMaybe);
    QCOMPARE(probe("474554202f20"), Likeness::kNo);
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kSessionRequest, kTreeConnect}) {
      const auto good = from_hex(wire);
      sweep_prefixes(nbss_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(nbss_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(NbssTest)
#include "nbss_test.moc"
