#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector cotp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::cotp_dissector;

// A request of a remote desktop, by hand.
constexpr std::string_view kRdp = "26e00000000000436f6f6b69653a206d737473686173683d616c6963650d0a0100080003000000";
// Data that goes on.
constexpr std::string_view kSegment = "02f0003201";
// An end.
constexpr std::string_view kDisconnect = "06800001000200";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class CotpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_rdp() {
    const Result r = run(cotp_dissector, from_hex(kRdp), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("rdp.rt_cookie"), std::string("Cookie: mstshash=alice"));
    QCOMPARE(r.uint("rdp.negReq.requestedProtocols"), std::uint64_t{3});
    QVERIFY(!r.has("cotp.parameter_code"));
  }

  void reads_segment() {
    const Result r = run(cotp_dissector, from_hex(kSegment), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("cotp.eot"), std::uint64_t{0});
    QCOMPARE(r.hex("cotp.segment_data"), std::string("3201"));
  }

  void reads_disconnect() {
    const Result r = run(cotp_dissector, from_hex(kDisconnect), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("cotp.type"), std::uint64_t{8});
    QCOMPARE(r.uint("cotp.srcref"), std::uint64_t{2});
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kRdp, kSegment, kDisconnect}) {
      const auto good = from_hex(wire);
      sweep_prefixes(cotp_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(cotp_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(CotpTest)
#include "cotp_test.moc"
