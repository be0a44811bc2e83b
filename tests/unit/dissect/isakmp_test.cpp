#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector isakmp_dissector;
}

namespace pr {
namespace {

using dissect::Likeness;
using dissect::Outcome;
using test::from_hex;

const test::Options kOptions{.at_end = true, .transport = dissect::Transport::kUdp};

const char* const kMainMode =
    "e8836b356b7c1bae000000000000000001100200000000000000007c0d00003800000001000000010000002c010100010000002401010000"
    "800b0001800c708080010007800e01008003000180020006800400140d000014afcad71368a1f1c96b8696fc7757010000000014a9b9b103"
    "4f7e50a2513b47b100bb85a9";

const char* const kSaInit =
    "e5bc67550fd4d3ea00000000000000002120220800000000000000d8220000300000002c010100040300000c0100000c800e010003000008"
    "02000007030000080300000e000000080400001428000068001400008d2dff99f22fc7bfafae7963431c9a57893240fd1a3514a930329381"
    "ae2d65b4233192edfc9cfbc550fa0f7f8ac44ee9649c594dfe182ff4da48d8bc03cec4ab917d7cd88d3b695d5e81a084e275cb45c787ccea"
    "b708b91791912741dfbc7e370000002415761d155d4a061d9537f5864aa36649f9514792fb7449cf51b9b8f562cff656";

const char* const kAuth =
    "8e7779464044673e7b452c842bc4e8912e202308000000010000012023000104b4908df9fa84297ec40edee620b8a211f1b7707b279848ba"
    "94bafb16fc38d625d09d7df2d515e7d52d1ebf0700652ec8e65fd4772661b16a410f62a486067e50051b50381d95296349b869991771c416"
    "267cdb720334f8df6390d9b40690aae65e0bb08b18aec416ec3f26edbbf210ff1f2b5485a2198b42c3f371ac3af73825da0d393c42e494fa"
    "168098f284f0dfcff055cf9587ccbe0cfb6941205a0bf6611e8b9515d922654201323ac855ba07f6c3b2719427082573e4430e0dac8af99b"
    "262daa05c989a6d031c6870047480d8f908fde630f72cc07e37980e1c4194ff852cf8d76a84d9ecb21ebaca94ac6035c7774b959f25a3d47"
    "c97601e02a69e418";

}  // namespace

class IsakmpTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_version_1() {
    const auto result = test::run(dissect::isakmp_dissector, from_hex(kMainMode), kOptions);
    QCOMPARE(result.uint("isakmp.exchangetype"), 2U);
    QCOMPARE(result.uint("isakmp.ike.attr.life_duration"), 28800U);
    QCOMPARE(result.uint("isakmp.ike.attr.key_length"), 256U);
    QCOMPARE(result.text("isakmp.vid_string"), std::string("RFC 3706 DPD (Dead Peer Detection)"));
    QCOMPARE(QString::fromStdString(result.tree.info), "Identity Protection (Main Mode)");
  }

  void reads_version_2() {
    const auto result = test::run(dissect::isakmp_dissector, from_hex(kSaInit), kOptions);
    QCOMPARE(result.uint("isakmp.tf.id.encr"), 12U);
    QCOMPARE(result.uint("isakmp.ike2.attr.key_length"), 256U);
    QCOMPARE(result.uint("isakmp.key_exchange.dh_group"), 20U);
    QVERIFY(result.has("isakmp.nonce"));
    QCOMPARE(QString::fromStdString(result.tree.info), "IKE_SA_INIT MID=00 Initiator Request");
    const auto hidden = test::run(dissect::isakmp_dissector, from_hex(kAuth), kOptions);
    QVERIFY(hidden.has("isakmp.enc.data"));
    QVERIFY(!hidden.has("isakmp.id.type"));
  }

  void recognises_by_content() {
    const auto probe = dissect::isakmp_dissector.probe;
    const dissect::ProbeHint hint{.tcp = false};
    QCOMPARE(probe(from_hex(kMainMode), hint), Likeness::kYes);
    auto other = from_hex(kMainMode);
    other[17] = 0x33;  // a version that is none
    QCOMPARE(probe(other, hint), Likeness::kNo);
  }

  void survives_every_prefix() {
    for (const char* hex : {kMainMode, kSaInit, kAuth}) {
      test::sweep_prefixes(dissect::isakmp_dissector, from_hex(hex), kOptions);
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::IsakmpTest)
#include "isakmp_test.moc"
