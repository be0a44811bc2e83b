#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector mysql_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::mysql_dissector;

constexpr std::string_view kGreeting =
    "5b0000000a352e352e33352d307562756e7475302e31322e30342e3200980000005d4521723c75583800fff70802000f8015"
    "000000000000000000004f6632632174494d29226e27006d7973716c5f6e61746976655f70617373776f726400";
constexpr std::string_view kLogin =
    "5200000105a60f0000000001210000000000000000000000000000000000000000000000757365723130001455ee72f0c669"
    "4cbb3a104eb97f8ee32a6a91f8b16d7973716c5f6e61746976655f70617373776f726400";
constexpr std::string_view kOk = "0700000200000002000000";
constexpr std::string_view kQuery = "210000000373656c65637420404076657273696f6e5f636f6d6d656e74206c696d69742031";
constexpr std::string_view kCount = "0100000101";
constexpr std::string_view kColumn =
    "270000020364656600000011404076657273696f6e5f636f6d6d656e74000c210018000000fd00001f0000";
constexpr std::string_view kEof = "05000003fe00000200";
constexpr std::string_view kRow = "0900000408285562756e747529";
constexpr std::string_view kEnd = "05000005fe00000200";
constexpr std::string_view kBad = "0600000003626f677573";
constexpr std::string_view kError = "0d000001ff28042334323030306f6f7073";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(mysql_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class MysqlTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(false, kGreeting);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{95});
      QCOMPARE(r.uint("mysql.packet_length"), std::uint64_t{91U});
      QCOMPARE(r.uint("mysql.protocol"), std::uint64_t{10U});
      QCOMPARE(r.text("mysql.version"), std::string("5.5.35-0ubuntu0.12.04.2"));
      QCOMPARE(r.uint("mysql.thread_id"), std::uint64_t{152U});
      QVERIFY(r.has("mysql.caps.sl"));
      QCOMPARE(r.uint("mysql.server_status"), std::uint64_t{2U});
      QCOMPARE(r.uint("mysql.stat.ac"), std::uint64_t{1U});
      QCOMPARE(r.text("mysql.auth_plugin"), std::string("mysql_native_password"));
      QCOMPARE(r.tree.info, std::string("Server Greeting  proto=10 version=5.5.35-0ubuntu0.12.04.2"));
    }
    {
      const Result r = talk.say(true, kLogin);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{86});
      QCOMPARE(r.text("mysql.user"), std::string("user10"));
      QCOMPARE(r.uint("mysql.max_packet"), std::uint64_t{16777216U});
      QCOMPARE(r.uint("mysql.charset"), std::uint64_t{33U});
      QVERIFY(r.has("mysql.passwd"));
      QCOMPARE(r.text("mysql.client_auth_plugin"), std::string("mysql_native_password"));
      QCOMPARE(r.tree.info, std::string("Login Request user=user10"));
    }
    {
      const Result r = talk.say(false, kOk);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{11});
      QCOMPARE(r.uint("mysql.response_code"), std::uint64_t{0U});
      QCOMPARE(r.uint("mysql.affected_rows"), std::uint64_t{0U});
      QCOMPARE(r.uint("mysql.warnings"), std::uint64_t{0U});
      QCOMPARE(r.tree.info, std::string("Response  OK"));
    }
    {
      const Result r = talk.say(true, kQuery);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{37});
      QCOMPARE(r.uint("mysql.command"), std::uint64_t{3U});
      QCOMPARE(r.text("mysql.query"), std::string("select @@version_comment limit 1"));
    }
    {
      const Result r = talk.say(false, kCount);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{5});
      QCOMPARE(r.uint("mysql.num_fields"), std::uint64_t{1U});
    }
    {
      const Result r = talk.say(false, kColumn);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{43});
      QCOMPARE(r.text("mysql.field.catalog"), std::string("def"));
      QCOMPARE(r.text("mysql.field.name"), std::string("@@version_comment"));
      QCOMPARE(r.uint("mysql.field.type"), std::uint64_t{253U});
      QCOMPARE(r.uint("mysql.field.decimals"), std::uint64_t{31U});
    }
    {
      const Result r = talk.say(false, kEof);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{9});
      QCOMPARE(r.uint("mysql.eof"), std::uint64_t{254U});
    }
    {
      const Result r = talk.say(false, kRow);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{13});
      QCOMPARE(r.text("mysql.row.text"), std::string("(Ubuntu)"));
    }
    {
      const Result r = talk.say(false, kEnd);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{9});
      QVERIFY(r.has("mysql.eof"));
    }
    {
      const Result r = talk.say(true, kBad);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{10});
      QCOMPARE(r.text("mysql.query"), std::string("bogus"));
    }
    {
      const Result r = talk.say(false, kError);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{17});
      QCOMPARE(r.uint("mysql.error_code"), std::uint64_t{1064U});
      QCOMPARE(r.text("mysql.sqlstate"), std::string("42000"));
      QCOMPARE(r.text("mysql.error.message"), std::string("oops"));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(mysql_dissector.probe(from_hex(kGreeting), answer), Likeness::kYes);
    QVERIFY(mysql_dissector.probe(from_hex("0500000000000000"), hint) != Likeness::kYes);
    QVERIFY(mysql_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(mysql_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(mysql_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(mysql_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(mysql_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{false, kGreeting}, std::pair{true, kLogin}, std::pair{false, kOk}, std::pair{true, kQuery},
          std::pair{false, kCount}, std::pair{false, kColumn}, std::pair{false, kEof}, std::pair{false, kRow},
          std::pair{false, kEnd}, std::pair{true, kBad}, std::pair{false, kError}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(mysql_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(mysql_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void a_request_for_tls_upgrades() {
    Talk talk;
    talk.say(false, kGreeting);
    const Result r = talk.say(true, "2000000185ae3f200000000121" + std::string(46, '0'));
    QVERIFY(r.app.upgrade);
  }
};

QTEST_APPLESS_MAIN(MysqlTest)
#include "mysql_test.moc"
