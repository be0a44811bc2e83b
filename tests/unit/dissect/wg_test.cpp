#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector wg_dissector;
}

namespace pr {
namespace {

using dissect::Likeness;
using dissect::Outcome;
using test::from_hex;

const test::Options kOptions{.at_end = true, .transport = dissect::Transport::kUdp};

const char* const kInitiation =
    "01000000d837d0305fcec7c8e5c8e2e3f7989eef60c228d82329d602b6b1e2bb9d068f89cf9d4d4532780f6d27264f7b98701fdc27a4ec00"
    "aeb6becdbef2332f1b4084cadb93823935c012ae255e7b25eff13940c321fa6bd66a2a87b061db1430173e937f569349de2856dc5f261676"
    "3eeeafc0533b01dd965e7ec76976e28f683d671200000000000000000000000000000000";

const char* const kResponse =
    "0200000006f47dabd837d030b18d5550bd4042a37a46823ac08db1ec66839bc0ca2d64bc15cd80232b66232faec24af8918de1060ff5c98e"
    "865d5f35f272214c5260110dc4c61e32cdd8542100000000000000000000000000000000";

const char* const kKeepalive = "0400000006f47dab03000000000000001956e2b6651dd4f59cb23092a0d09671";

}  // namespace

class WgTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_handshake() {
    const auto first = test::run(dissect::wg_dissector, from_hex(kInitiation), kOptions);
    QCOMPARE(first.outcome, Outcome::kDone);
    QCOMPARE(first.uint("wg.type"), 1U);
    QCOMPARE(first.text("wg.ephemeral").size(), 44U);
    QVERIFY(first.has("wg.encrypted_timestamp"));
    QVERIFY(first.tree.info.starts_with("Handshake Initiation, sender=0x"));
    const auto second = test::run(dissect::wg_dissector, from_hex(kResponse), kOptions);
    QCOMPARE(second.uint("wg.receiver"), first.uint("wg.sender"));
    QVERIFY(second.has("wg.encrypted_empty"));
  }

  void tells_keepalives_from_data() {
    const auto result = test::run(dissect::wg_dissector, from_hex(kKeepalive), kOptions);
    QVERIFY(result.has("wg.keepalive"));
    QVERIFY(result.tree.info.starts_with("Keepalive, receiver=0x"));
  }

  void recognises_by_content() {
    const auto probe = dissect::wg_dissector.probe;
    const dissect::ProbeHint hint{.tcp = false};
    QCOMPARE(probe(from_hex(kInitiation), hint), Likeness::kYes);
    auto longer = from_hex(kInitiation);
    longer.push_back(0);
    QCOMPARE(probe(longer, hint), Likeness::kNo);
    QCOMPARE(probe(from_hex("04000000 01020304 ffffffffffffffff 00000000000000000000000000000000"), hint),
             Likeness::kMaybe);
  }

  void survives_every_prefix() {
    for (const char* hex : {kInitiation, kResponse, kKeepalive}) {
      test::sweep_prefixes(dissect::wg_dissector, from_hex(hex), kOptions);
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::WgTest)
#include "wg_test.moc"
