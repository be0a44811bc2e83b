#include <bit>

#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector iec60870_104_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::iec60870_104_dissector;

constexpr std::string_view kFloat = "68192c7e42b9240103001429cbb202cdcc2c3e0094dc028a030a0b";
constexpr std::string_view kPoints = "680f000000000182140001000500000180";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {}
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(iec60870_104_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class Iec60870AsduTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(false, kFloat);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{27});
      QCOMPARE(r.uint("iec60870_asdu.causetx"), std::uint64_t{3U});
      QCOMPARE(r.uint("iec60870_asdu.addr"), std::uint64_t{10516U});
      QCOMPARE(r.uint("iec60870_asdu.ioa"), std::uint64_t{176843U});
      QCOMPARE(r.uint("iec60870_asdu.cp56time.ms"), std::uint64_t{56468U});
      QCOMPARE(r.uint("iec60870_asdu.cp56time.su"), std::uint64_t{1U});
      QCOMPARE(r.uint("iec60870_asdu.cp56time.hour"), std::uint64_t{10U});
      QCOMPARE(r.uint("iec60870_asdu.cp56time"), std::uint64_t{1317632576468000000U});
      QCOMPARE(std::bit_cast<double>(r.uint("iec60870_asdu.float")), 0.16875);
      QCOMPARE(r.uint("iec60870_asdu.qds.iv"), std::uint64_t{0U});
    }
    {
      const Result r = talk.say(false, kPoints);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{17});
      QCOMPARE(r.uint("iec60870_asdu.sq"), std::uint64_t{1U});
      QCOMPARE(r.values("iec60870_asdu.ioa").size(), std::size_t{2});
      QCOMPARE(r.values("iec60870_asdu.siq.spi").size(), std::size_t{2});
      QCOMPARE(r.uint("iec60870_asdu.siq.spi"), std::uint64_t{1U});
    }
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] : {std::pair{false, kFloat}, std::pair{false, kPoints}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(iec60870_104_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(iec60870_104_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }
};

QTEST_APPLESS_MAIN(Iec60870AsduTest)
#include "iec60870_asdu_test.moc"
