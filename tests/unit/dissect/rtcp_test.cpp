#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector rtcp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::rtcp_dissector;

constexpr std::string_view kCompound =
    "81c8000c5d931534dd3ac1704d614df800007d00000000c800007d0000000000000000010000000000000000000000000000"
    "000081ca000e5d931534010835643933313533340725467265655357495443482e6f7267202d2d20436f6d6520746f20436c"
    "7565436f6e2e636f6d000000";
constexpr std::string_view kReceiver =
    "81c9000701932db400000000010000010000bec200000001000000000000000081ca000e01932db401073139333264623407"
    "25467265655357495443482e6f7267202d2d20436f6d6520746f20436c7565436f6e2e636f6d00000000";
constexpr std::string_view kNack = "81cd000300000001000000020005fffe";
constexpr std::string_view kProtected = "80c9000100024b186386f23e0dfd6acb43ca49d0";
constexpr std::string_view kBye = "81cb0001477f2b32";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {
    options.transport = dissect::Transport::kUdp;
    options.at_end = true;
  }
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(rtcp_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class RtcpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kCompound);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.values("rtcp.pt").size(), std::size_t{2});
      QCOMPARE(r.uint("rtcp.senderssrc"), std::uint64_t{1569920308U});
      QCOMPARE(r.uint("rtcp.timestamp.ntp.msw"), std::uint64_t{3711615344U});
      QCOMPARE(r.uint("rtcp.timestamp.ntp"), std::uint64_t{1502626544302265999U});
      QCOMPARE(r.uint("rtcp.sender.packetcount"), std::uint64_t{200U});
      QCOMPARE(r.uint("rtcp.ssrc.cum_nr"), std::uint64_t{1U});
      QCOMPARE(r.values("rtcp.sdes.type").size(), std::size_t{3});
      QCOMPARE(r.text("rtcp.sdes.text"), std::string("5d931534"));
      QCOMPARE(r.uint("rtcp.length_check"), std::uint64_t{1U});
      QCOMPARE(r.tree.info, std::string("Sender Report   Source description   "));
    }
    {
      const Result r = talk.say(false, kReceiver);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("rtcp.pt"), std::uint64_t{201U});
      QCOMPARE(r.uint("rtcp.ssrc.fraction"), std::uint64_t{1U});
      QCOMPARE(r.uint("rtcp.ssrc.high_seq"), std::uint64_t{48834U});
    }
    {
      const Result r = talk.say(false, kNack);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("rtcp.rtpfb.fmt"), std::uint64_t{1U});
      QCOMPARE(r.uint("rtcp.mediassrc"), std::uint64_t{2U});
      QCOMPARE(r.uint("rtcp.rtpfb.nack_pid"), std::uint64_t{5U});
      QCOMPARE(r.uint("rtcp.rtpfb.nack_blp"), std::uint64_t{65534U});
    }
    {
      const Result r = talk.say(false, kProtected);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("rtcp.senderssrc"), std::uint64_t{150296U});
      QCOMPARE(r.values("rtcp.pt").size(), std::size_t{1});
    }
    {
      const Result r = talk.say(false, kBye);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("rtcp.sc"), std::uint64_t{1U});
      QCOMPARE(r.uint("rtcp.ssrc.identifier"), std::uint64_t{1199516466U});
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = false, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(rtcp_dissector.probe(from_hex(kCompound), hint), Likeness::kYes);
    QCOMPARE(rtcp_dissector.probe(from_hex(kReceiver), answer), Likeness::kYes);
    QCOMPARE(rtcp_dissector.probe(from_hex(kNack), answer), Likeness::kYes);
    QCOMPARE(rtcp_dissector.probe(from_hex(kProtected), answer), Likeness::kYes);
    QCOMPARE(rtcp_dissector.probe(from_hex(kBye), answer), Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex("81c9000100000001"), hint) != Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex("80c80001000000010203"), hint) != Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex("80ca000100000001aabbccdd"), hint) != Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(rtcp_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kCompound}, std::pair{false, kReceiver}, std::pair{false, kNack},
          std::pair{false, kProtected}, std::pair{false, kBye}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(rtcp_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(rtcp_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
};

QTEST_APPLESS_MAIN(RtcpTest)
#include "rtcp_test.moc"
