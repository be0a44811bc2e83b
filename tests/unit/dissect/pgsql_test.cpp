#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector pgsql_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::pgsql_dissector;

constexpr std::string_view kSslRequest = "0000000804d2162f";
constexpr std::string_view kRefused = "4e";
constexpr std::string_view kStartup =
    "0000004c0003000075736572007a65656b006461746162617365007a65656b006170706c69636174696f6e5f6e616d650070"
    "73716c00636c69656e745f656e636f64696e6700555446380000";
constexpr std::string_view kSasl = "52000000170000000a534352414d2d5348412d3235360000";
constexpr std::string_view kSaslFirst =
    "7000000036534352414d2d5348412d32353600000000206e2c2c6e3d2c723d55387849395759385973635241735677373479"
    "78324c7434";
constexpr std::string_view kSaslNext =
    "700000006c633d626977732c723d5538784939575938597363524173567737347978324c74347174476559395a704f4f5379"
    "454259377877685a30356a732c703d474833626d78577045713837457859364d61484a4c52524967716c6171496c50633952"
    "692b78786c3635593d";
constexpr std::string_view kQuery = "510000000e73656c65637420313b00";
constexpr std::string_view kColumns = "540000001a00016100000000070001000000170004ffffffff0000";
constexpr std::string_view kRow = "440000000b00010000000131";
constexpr std::string_view kComplete = "430000000d53454c454354203100";
constexpr std::string_view kError = "450000001e534552524f5200433432503031004d6e6f207375636820780000";
constexpr std::string_view kReady = "5a0000000549";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(pgsql_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class PgsqlTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kSslRequest);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{8});
      QCOMPARE(r.text("pgsql.type"), std::string("SSL request"));
      QCOMPARE(r.uint("pgsql.length"), std::uint64_t{8U});
      QCOMPARE(r.uint("pgsql.frontend"), std::uint64_t{1U});
    }
    {
      const Result r = talk.say(false, kRefused);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{1});
      QVERIFY(!r.app.upgrade);
    }
    {
      const Result r = talk.say(true, kStartup);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{76});
      QCOMPARE(r.uint("pgsql.version_major"), std::uint64_t{3U});
      QCOMPARE(r.text("pgsql.parameter_name"), std::string("user"));
      QCOMPARE(r.text("pgsql.parameter_value"), std::string("zeek"));
      QCOMPARE(r.values("pgsql.parameter_name").size(), std::size_t{4});
    }
    {
      const Result r = talk.say(false, kSasl);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{24});
      QCOMPARE(r.uint("pgsql.authtype"), std::uint64_t{10U});
      QCOMPARE(r.text("pgsql.auth.sasl.mech"), std::string("SCRAM-SHA-256"));
    }
    {
      const Result r = talk.say(true, kSaslFirst);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{55});
      QCOMPARE(r.text("pgsql.type"), std::string("SASLInitialResponse message"));
      QCOMPARE(r.uint("pgsql.auth.sasl.data.length"), std::uint64_t{32U});
    }
    {
      const Result r = talk.say(true, kSaslNext);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{109});
      QCOMPARE(r.text("pgsql.type"), std::string("SASLResponse message"));
      QVERIFY(r.has("pgsql.auth.sasl.data"));
    }
    {
      const Result r = talk.say(true, kQuery);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{15});
      QCOMPARE(r.text("pgsql.query"), std::string("select 1;"));
      QCOMPARE(r.tree.info, std::string(">Q"));
    }
    {
      const Result r = talk.say(false, kColumns);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{27});
      QCOMPARE(r.text("pgsql.col.name"), std::string("a"));
      QCOMPARE(r.uint("pgsql.oid.table"), std::uint64_t{7U});
      QCOMPARE(r.uint("pgsql.oid.type"), std::uint64_t{23U});
      QCOMPARE(r.uint("pgsql.val.length"), std::uint64_t{4U});
      QCOMPARE(static_cast<std::int64_t>(r.uint("pgsql.col.typemod")), std::int64_t{-1});
    }
    {
      const Result r = talk.say(false, kRow);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{12});
      QCOMPARE(r.uint("pgsql.field.count"), std::uint64_t{1U});
      QCOMPARE(r.uint("pgsql.val.length"), std::uint64_t{1U});
      QCOMPARE(r.hex("pgsql.val.data"), std::string("31"));
    }
    {
      const Result r = talk.say(false, kComplete);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{14});
      QCOMPARE(r.text("pgsql.tag"), std::string("SELECT 1"));
    }
    {
      const Result r = talk.say(false, kError);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{31});
      QCOMPARE(r.text("pgsql.severity"), std::string("ERROR"));
      QCOMPARE(r.text("pgsql.code"), std::string("42P01"));
      QCOMPARE(r.text("pgsql.message"), std::string("no such x"));
    }
    {
      const Result r = talk.say(false, kReady);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{6});
      QCOMPARE(r.uint("pgsql.status"), std::uint64_t{73U});
      QCOMPARE(r.tree.info, std::string("<Z"));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    QCOMPARE(pgsql_dissector.probe(from_hex(kSslRequest), hint), Likeness::kYes);
    QCOMPARE(pgsql_dissector.probe(from_hex(kStartup), hint), Likeness::kYes);
    QVERIFY(pgsql_dissector.probe(from_hex("0000000804d21600"), hint) != Likeness::kYes);
    QVERIFY(pgsql_dissector.probe(from_hex("000000ff00030000"), hint) != Likeness::kYes);
    QVERIFY(pgsql_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(pgsql_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(pgsql_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(pgsql_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(pgsql_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kSslRequest}, std::pair{false, kRefused}, std::pair{true, kStartup}, std::pair{false, kSasl},
          std::pair{true, kSaslFirst}, std::pair{true, kSaslNext}, std::pair{true, kQuery}, std::pair{false, kColumns},
          std::pair{false, kRow}, std::pair{false, kComplete}, std::pair{false, kError}, std::pair{false, kReady}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(pgsql_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(pgsql_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void a_granted_request_upgrades() {
    Talk talk;
    talk.say(true, kSslRequest);
    QVERIFY(talk.say(false, "53").app.upgrade);
  }
};

QTEST_APPLESS_MAIN(PgsqlTest)
#include "pgsql_test.moc"
