#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector doip_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::doip_dissector;
using dissect::Likeness;

constexpr std::string_view kNack = "02fd80030000000840100e800222f101";
constexpr std::string_view kAlive = "02fd000700000000";
constexpr std::string_view kAnnouncement =
    "02fd00040000002156494e3031323334353637383941424344100000112233445566778899aabb0010";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(doip_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class DoipTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kNack);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{16});
      QCOMPARE(r.uint("doip.version"), std::uint64_t{2U});
      QCOMPARE(r.uint("doip.inverse"), std::uint64_t{253U});
      QCOMPARE(r.uint("doip.type"), std::uint64_t{32771U});
      QCOMPARE(r.uint("doip.source_address"), std::uint64_t{16400U});
      QCOMPARE(r.uint("doip.target_address"), std::uint64_t{3712U});
      QCOMPARE(r.tree.info, std::string("Diagnostic message NACK"));
    }
    {
      const Result r = talk.say(false, kAlive);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{8});
      QCOMPARE(r.uint("doip.length"), std::uint64_t{0U});
      QCOMPARE(r.tree.info, std::string("Alive check request"));
    }
    {
      const Result r = talk.say(false, kAnnouncement);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{41});
      QCOMPARE(r.text("doip.vin"), std::string("VIN0123456789ABCD"));
      QCOMPARE(r.uint("doip.logical_address"), std::uint64_t{4096U});
      QCOMPARE(r.hex("doip.gid"), std::string("66778899aabb"));
      QCOMPARE(r.uint("doip.sync_status"), std::uint64_t{16U});
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(doip_dissector.probe(from_hex(kNack), hint), Likeness::kYes);
    QCOMPARE(doip_dissector.probe(from_hex(kAlive), answer), Likeness::kYes);
    QCOMPARE(doip_dissector.probe(from_hex(kAnnouncement), answer), Likeness::kYes);
    QVERIFY(doip_dissector.probe(from_hex("02fc000700000000"), hint) != Likeness::kYes);
    QVERIFY(doip_dissector.probe(from_hex("02fd000700000009"), hint) != Likeness::kYes);
    QVERIFY(doip_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(doip_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(doip_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(doip_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(doip_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kNack}, std::pair{false, kAlive}, std::pair{false, kAnnouncement}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(doip_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(doip_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void runs_over_udp_too() {
    Options options;
    options.transport = dissect::Transport::kUdp;
    options.at_end = true;
    QCOMPARE(run(doip_dissector, from_hex(kAlive), options).uint("doip.type"), 7U);
    sweep_prefixes(doip_dissector, from_hex(kAnnouncement), options);
  }
};

QTEST_APPLESS_MAIN(DoipTest)
#include "doip_test.moc"
