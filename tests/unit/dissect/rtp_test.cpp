#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector rtp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::rtp_dissector;

constexpr std::string_view kFirst = "80e652d84bcad9ca6399bbc173dbc6d5";
constexpr std::string_view kNext = "801252d9000000016399bbc1aabb";
constexpr std::string_view kExtended = "b1120001000000020000000300000004bede0001aabbccdd0102030003";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {
    options.transport = dissect::Transport::kUdp;
    options.at_end = true;
  }
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(rtp_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class RtpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kFirst);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("rtp.version"), std::uint64_t{2U});
      QCOMPARE(r.uint("rtp.marker"), std::uint64_t{1U});
      QCOMPARE(r.uint("rtp.p_type"), std::uint64_t{102U});
      QCOMPARE(r.uint("rtp.seq"), std::uint64_t{21208U});
      QCOMPARE(r.uint("rtp.extseq"), std::uint64_t{86744U});
      QCOMPARE(r.uint("rtp.timestamp"), std::uint64_t{1271585226U});
      QCOMPARE(r.uint("rtp.ssrc"), std::uint64_t{1671019457U});
      QCOMPARE(r.hex("rtp.payload"), std::string("73dbc6d5"));
      QCOMPARE(r.tree.info, std::string("PT=DynamicRTP-Type-102, SSRC=0x6399BBC1, Seq=21208, Time=1271585226, Mark"));
    }
    {
      const Result r = talk.say(true, kNext);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("rtp.extseq"), std::uint64_t{86745U});
      QCOMPARE(r.tree.info, std::string("PT=ITU-T G.729, SSRC=0x6399BBC1, Seq=21209, Time=1"));
    }
    {
      const Result r = talk.say(true, kExtended);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("rtp.csrc.item"), std::uint64_t{4U});
      QCOMPARE(r.uint("rtp.ext.profile"), std::uint64_t{48862U});
      QCOMPARE(r.uint("rtp.padding.count"), std::uint64_t{3U});
      QCOMPARE(r.hex("rtp.payload"), std::string("0102"));
    }
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] : {std::pair{true, kFirst}, std::pair{true, kNext}, std::pair{true, kExtended}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(rtp_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(rtp_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void sequence_numbers_go_round() {
    Talk talk;
    talk.say(true, "8000ffff0000000100000001");
    QCOMPARE(talk.say(true, "800000010000000100000001").uint("rtp.extseq"), 65537U);
    QCOMPARE(talk.say(true, "8000ffff0000000100000001").uint("rtp.extseq"), 65535U);
  }
};

QTEST_APPLESS_MAIN(RtpTest)
#include "rtp_test.moc"
