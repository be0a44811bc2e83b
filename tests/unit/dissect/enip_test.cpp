#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector enip_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::enip_dissector;
using dissect::Likeness;

constexpr std::string_view kRegister = "65000400000000000000000001020304050607080000000001000000";
constexpr std::string_view kAnswer =
    "6f0014000001021200000000ec6d8601701ee10000000000000000000500020000000000b200040090000000";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(enip_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class EnipTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kRegister);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{28});
      QCOMPARE(r.uint("enip.command"), std::uint64_t{101U});
      QCOMPARE(r.hex("enip.context"), std::string("0102030405060708"));
      QCOMPARE(r.uint("enip.rs.version"), std::uint64_t{1U});
      QCOMPARE(r.tree.info, std::string("Register Session (Req), Session: 0x00000000"));
    }
    {
      const Result r = talk.say(false, kAnswer);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{44});
      QCOMPARE(r.uint("enip.command"), std::uint64_t{111U});
      QCOMPARE(r.uint("enip.session"), std::uint64_t{302121216U});
      QCOMPARE(r.uint("enip.cpf.itemcount"), std::uint64_t{2U});
      QCOMPARE(r.values("enip.cpf.typeid").size(), std::size_t{2});
      QCOMPARE(r.uint("enip.timeout"), std::uint64_t{5U});
      QCOMPARE(r.uint("cip.service"), std::uint64_t{144U});
      QCOMPARE(r.uint("cip.genstat"), std::uint64_t{0U});
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    QCOMPARE(enip_dissector.probe(from_hex(kRegister), hint), Likeness::kYes);
    QVERIFY(enip_dissector.probe(from_hex("6f00000000000000000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(enip_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(enip_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(enip_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(enip_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(enip_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] : {std::pair{true, kRegister}, std::pair{false, kAnswer}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(enip_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(enip_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void runs_over_udp_too() {
    Options options;
    options.transport = dissect::Transport::kUdp;
    options.at_end = true;
    sweep_prefixes(enip_dissector, from_hex(kAnswer), options);
  }
};

QTEST_APPLESS_MAIN(EnipTest)
#include "enip_test.moc"
