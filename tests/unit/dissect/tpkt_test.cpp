#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector tpkt_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::tpkt_dissector;

// A connection request, by hand.
constexpr std::string_view kConnect = "0300001611e00000000100c0010ac1020100c2020102";
// S7 communication is set up.
constexpr std::string_view kSetup = "0300001902f08032010000020000080000f0000001000101e0";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class TpktTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_connect() {
    const Result r = run(tpkt_dissector, from_hex(kConnect), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("tpkt.length"), std::uint64_t{22});
    QCOMPARE(r.uint("cotp.type"), std::uint64_t{14});
    QCOMPARE(r.uint("cotp.tpdu_size"), std::uint64_t{1024});
    QCOMPARE(r.text("cotp.src-tsap"), std::string("0x0100"));
    QCOMPARE(r.hex("cotp.dst-tsap-bytes"), std::string("0102"));
  }

  void reads_setup() {
    const Result r = run(tpkt_dissector, from_hex(kSetup), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("cotp.eot"), std::uint64_t{1});
    QCOMPARE(r.uint("s7comm.param.func"), std::uint64_t{0xf0});
    QCOMPARE(r.uint("s7comm.param.pdu_length"), std::uint64_t{480});
  }

  void asks_for_the_rest() {
    const Result r = run(tpkt_dissector, from_hex(kSetup.substr(0, 30)), options(true));
    QCOMPARE(r.outcome, Outcome::kNeedMore);
    QCOMPARE(r.app.need, std::uint64_t{25});
  }

  void probe_is_sure() {
    const auto probe = [](std::string_view hex) {
      return tpkt_dissector.probe(from_hex(hex),
                                  {.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 4000});
    };
    QCOMPARE(probe(kConnect), Likeness::kYes);
    QCOMPARE(probe(kSetup), Likeness::kYes);
    QCOMPARE(probe("030000"), Likeness::kMaybe);
    QCOMPARE(probe("0301001611e00000000100"), Likeness::kNo);
    QCOMPARE(probe("0300001611e00001000100"), Likeness::kNo);
    QCOMPARE(probe("0300000602f080"), Likeness::kNo);
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kConnect, kSetup}) {
      const auto good = from_hex(wire);
      sweep_prefixes(tpkt_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(tpkt_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(TpktTest)
#include "tpkt_test.moc"
