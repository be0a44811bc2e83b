#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector nbss_dissector;
extern const Dissector smb2_dissector;
}  // namespace pr::dissect

namespace {

using namespace pr;
using namespace pr::test;
using dissect::nbss_dissector;
using dissect::smb2_dissector;

// A tree connect request.
constexpr std::string_view kTreeConnect =
    "fe534d4240000100000000000300010018000000000000000400000000000000fffe0000000000001100000800740000ff4d9c30e416f57f"
    "45bfeee436e11ae60900000048002a005c005c003100390032002e003100360038002e00350036002e003100300031005c00490050004300"
    "2400";
// The answer, by hand.
constexpr std::string_view kTreeConnected =
    "fe534d4240000100000000000300010001000000000000000400000000000000fffe00000100000011000008007400000000000000000000"
    "0000000000000000100002003000000000000000ff011f00";
// A create request for a pipe, with its contexts if any.
constexpr std::string_view kCreate =
    "fe534d4240000100000000000500010038000000000000000600000000000000fffe00000100000011000008007400007445bc8980560a49"
    "6754bd4f65182dfe3900000002000000000000000000000000000000000000009f0112000000000007000000010000000000000078000a00"
    "000000000000000061007400730076006300";
// The answer.
constexpr std::string_view kCreateResponse =
    "fe534d4240000100000000000500010039000000000000000600000000000000fffe0000010000001100000800740000e4c2cc2b7218e61a"
    "a37b0d5eb5823223590000000100000000000000000000000000000000000000000000000000000000000000000000000010000000000000"
    "00000000000000008000000073007600c50000001d000000010000001d0000000000000000000000";
// A negotiate response of 3.1.1.
constexpr std::string_view kNegotiateResponse =
    "fe534d4240000000000000000000010001000000000000000100000000000000fffe00000000000000000000000000000000000000000000"
    "00000000000000004100030011030200383a7869b8fce04db60af6dc24d4f9642f00000000008000000080000000800094c74bb257e6d901"
    "da55501543e6d90180007800f8000000607606062b0601050502a06c306aa03c303a060a2b06010401823702021e06092a864882f7120102"
    "0206092a864886f712010202060a2a864886f71201020203060a2b06010401823702020aa32a3028a0261b246e6f745f646566696e65645f"
    "696e5f5246433431373840706c656173655f69676e6f726501002600000000000100200001006bffe42e46ecd8a3c933e7fea0e127c0d329"
    "4c579c4c303d5daf14a12fb30d700000020004000000000001000200";
// A transform header, by hand.
constexpr std::string_view kEncrypted =
    "fd534d4211111111111111111111111111111111222222222222222222222222222222221000000000000100450000240004000033333333"
    "333333333333333333333333";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class Smb2Test : public QObject {
  Q_OBJECT
 private slots:
  void reads_tree_connect() {
    const Result r = run(smb2_dissector, from_hex(kTreeConnect), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("smb2.cmd"), std::uint64_t{3});
    QCOMPARE(r.uint("smb2.buffer_code.length"), std::uint64_t{4});
    QCOMPARE(r.text("smb2.tree"), std::string("\\\\192.168.56.101\\IPC$"));
    QCOMPARE(r.tree.info, std::string("Tree Connect Request Tree: \\\\192.168.56.101\\IPC$"));
  }

  void reads_create() {
    const Result r = run(smb2_dissector, from_hex(kCreate), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("smb2.cmd"), std::uint64_t{5});
    QCOMPARE(r.text("smb2.filename"), std::string("atsvc"));
    QVERIFY(r.has("smb.access_mask"));
    QCOMPARE(r.tree.info, std::string("Create Request File: atsvc"));
  }

  void reads_create_response() {
    const Result r = run(smb2_dissector, from_hex(kCreateResponse), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("smb2.nt_status"), std::uint64_t{0});
    QVERIFY(r.has("smb2.fid"));
    QCOMPARE(r.uint("smb2.flags.response"), std::uint64_t{1});
  }

  void reads_negotiate_response() {
    const Result r = run(smb2_dissector, from_hex(kNegotiateResponse), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("smb2.dialect"), std::uint64_t{0x0311});
    QVERIFY(r.has("smb2.negotiate_context.type"));
    QVERIFY(r.has("smb2.server_guid"));
    QVERIFY(r.has("spnego.MechType"));
  }

  void reads_encrypted() {
    const Result r = run(smb2_dissector, from_hex(kEncrypted), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("smb2.sesid"), std::uint64_t{0x0000040024000045});
    QCOMPARE(r.uint("smb2.header.transform.msg_size"), std::uint64_t{16});
    QCOMPARE(r.hex("smb2.header.transform.enc_data"), std::string("33333333333333333333333333333333"));
    QCOMPARE(r.tree.info, std::string("Encrypted SMB3"));
  }

  void opened_trees_are_transactions() {
    struct Listener final : dissect::Observer {
      void message(ProtocolId, const Message& m) override { told.emplace_back(m.name); }
      std::vector<std::string> told;
    } listener;
    Options heard = options(true);
    heard.observer = &listener;
    (void)run(smb2_dissector, from_hex(kTreeConnect), heard);
    (void)run(smb2_dissector, from_hex(kCreate), heard);
    QCOMPARE(listener.told, (std::vector<std::string>{"\\\\192.168.56.101\\IPC$", "atsvc"}));
  }

  void remembers_the_path_of_a_tree() {
    const auto framed = [](std::string_view wire, bool from_orig, const AppState& state) {
      std::vector<std::uint8_t> bytes = {0, 0, 0, static_cast<std::uint8_t>(wire.size() / 2)};
      const std::vector<std::uint8_t> body = from_hex(wire);
      bytes.insert(bytes.end(), body.begin(), body.end());
      return run(nbss_dissector, bytes, {.from_orig = from_orig, .state = state});
    };
    const Result connect = framed(kTreeConnect, true, {});
    const Result connected = framed(kTreeConnected, false, connect.state);
    QVERIFY(!connected.has("smb2.tree"));
    const Result create = framed(kCreate, true, connected.state);
    QCOMPARE(create.text("smb2.tree"), std::string("\\\\192.168.56.101\\IPC$"));
    QCOMPARE(create.uint("smb2.share_type"), std::uint64_t{2});
    // Another server's tree: the first one's name does not count any more, its type does.
    const Result other = framed(std::string(kTreeConnect).replace(144, 4, "3100"), true, connected.state);
    QVERIFY(!framed(kCreate, true, other.state).has("smb2.tree"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire :
         {kTreeConnect, kTreeConnected, kCreate, kCreateResponse, kNegotiateResponse, kEncrypted}) {
      const auto good = from_hex(wire);
      sweep_prefixes(smb2_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(smb2_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(Smb2Test)
#include "smb2_test.moc"
