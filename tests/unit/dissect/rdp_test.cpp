#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector rdp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::rdp_dissector;

// Cookie and negotiation request, by hand.
constexpr std::string_view kRequest = "436f6f6b69653a206d737473686173683d616c6963650d0a0100080003000000";
// CredSSP is chosen.
constexpr std::string_view kResponse = "0201080002000000";
// TLS is required.
constexpr std::string_view kFailure = "0300080001000000";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class RdpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_request() {
    const Result r = run(rdp_dissector, from_hex(kRequest), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.text("rdp.rt_cookie"), std::string("Cookie: mstshash=alice"));
    QCOMPARE(r.uint("rdp.neg_type"), std::uint64_t{1});
    QCOMPARE(r.uint("rdp.negReq.requestedProtocols.hybrid"), std::uint64_t{1});
    QCOMPARE(r.uint("rdp.negReq.requestedProtocols.rdstls"), std::uint64_t{0});
    QCOMPARE(r.tree.info, std::string("Cookie: mstshash=alice, RDP Negotiation Request"));
  }

  void reads_response() {
    const Result r = run(rdp_dissector, from_hex(kResponse), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("rdp.negReq.selectedProtocol"), std::uint64_t{2});
    QCOMPARE(r.uint("rdp.negRsp.flags.extended_client_data_supported"), std::uint64_t{1});
  }

  void reads_failure() {
    const Result r = run(rdp_dissector, from_hex(kFailure), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("rdp.negFailure.failureCode"), std::uint64_t{1});
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kRequest, kResponse, kFailure}) {
      const auto good = from_hex(wire);
      sweep_prefixes(rdp_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(rdp_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(RdpTest)
#include "rdp_test.moc"
