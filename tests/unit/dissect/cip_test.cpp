#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector enip_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::enip_dissector;

constexpr std::string_view kSetAttribute =
    "6f001a000100000000000000010203040506070800000000000000000500020000000000b2000a0010032001240130013412";
constexpr std::string_view kMultiple =
    "6f0024000100000000000000010203040506070800000000000000000500020000000000b20014000a022002240102000600"
    "0a000e01200101012001";
constexpr std::string_view kRefused =
    "6f0014000100000000000000010203040506070800000000000000000500020000000000b200040090000800";

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

class CipTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kSetAttribute);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{50});
      QCOMPARE(r.uint("cip.rr"), std::uint64_t{0U});
      QCOMPARE(r.uint("cip.sc"), std::uint64_t{16U});
      QCOMPARE(r.uint("cip.request_path_size"), std::uint64_t{3U});
      QCOMPARE(r.tree.info, std::string("Set Attribute Single"));
    }
    {
      const Result r = talk.say(true, kMultiple);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{60});
      QCOMPARE(r.uint("cip.msp.num_services"), std::uint64_t{2U});
      QCOMPARE(r.values("cip.msp.offset").size(), std::size_t{4});
      QCOMPARE(r.values("cip.sc").size(), std::size_t{3});
    }
    {
      const Result r = talk.say(false, kRefused);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.app.consumed, std::uint64_t{44});
      QCOMPARE(r.uint("cip.request_path_size"), std::uint64_t{2U});
      QCOMPARE(r.uint("cip.rr"), std::uint64_t{1U});
      QCOMPARE(r.uint("cip.genstat"), std::uint64_t{8U});
      QCOMPARE(r.uint("cip.addstat_size"), std::uint64_t{0U});
      QCOMPARE(r.tree.info, std::string("Service not supported: Set Attribute Single"));
    }
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] :
         {std::pair{true, kSetAttribute}, std::pair{true, kMultiple}, std::pair{false, kRefused}}) {
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
};

QTEST_APPLESS_MAIN(CipTest)
#include "cip_test.moc"
