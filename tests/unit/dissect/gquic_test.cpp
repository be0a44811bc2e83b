#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector gquic_dissector;
}

namespace pr {
namespace {

using dissect::Likeness;
using test::from_hex;

const test::Options kOptions{.at_end = true, .transport = dissect::Transport::kUdp};

// Q043, a client's hello.
const char* const kHello =
    "0de83c77bd8f8915f95130343301d4a6cc79cf5763921201d4caa001040043484c4f180000005041440028020000534e4900360200005354"
    "4b006c020000564552007002000043435300800200004e4f4e43a002000041454144a402000053434944b402000054434944b80200005044"
    "4d44bc020000534d484cc00200004943534cc40200004e4f4e50e402000050554253040300004d4944530803000053434c530c0300004b45"
    "585310030000584c4354180300004353435418030000434f50541c030000434352542c030000495254543003000043464357340300005346"
    "4357380300002d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d"
    "2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d646e"
    "732e676f6f676c652e636f6d1f3290420b723fed146adc9385df3f2209232d56a7610eca3f7a49bbf93b16d0ec6b7376a5d51ecb517af4ee"
    "e63f6c38a2a85773046d5130343301e8816092921ae87eed8086a21582915ee8984c30303030303030302fcc38c673c189a85e344d7cc97f"
    "a2f69a11f7d8414553477e729f7c8c65f5a0ed021564ac1b5e600000000058353039010000001e000000ecff4622d6632f27e31e14b54cd3"
    "ab05c533ed1bb89c8076c977a14f82ecd9e43b29480af5aa624e028806a9d7f23bd409d3916fb24d67e1983b402584d03922640000000100"
    "0000433235355bec77d2f64499534e5354505bec77d2f64499536032cb92a0414ddff98002000000f0000000600000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000";

class Listener final : public dissect::Observer {
 public:
  void server_name(std::string_view asked) override { name = asked; }
  std::string name;
};

}  // namespace

class GquicTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_hello() {
    Listener listener;
    test::Options options = kOptions;
    options.observer = &listener;
    const auto result = test::run(dissect::gquic_dissector, from_hex(kHello), options);
    QCOMPARE(result.outcome, dissect::Outcome::kDone);
    QCOMPARE(result.text("gquic.version"), std::string("Q043"));
    QCOMPARE(result.uint("gquic.cid"), 16734381971442570745U);
    QCOMPARE(result.uint("gquic.packet_number"), 1U);
    QCOMPARE(result.uint("gquic.tag_number"), 24U);
    QCOMPARE(result.text("gquic.tag.sni"), std::string("dns.google.com"));
    QCOMPARE(listener.name, std::string("dns.google.com"));
    QCOMPARE(QString::fromStdString(result.tree.info), "Client Hello, PKN: 1");
  }

  void what_is_no_hello_is_payload() {
    auto bytes = from_hex(kHello);
    bytes[32] ^= 0xff;  // in the message's name
    const auto result = test::run(dissect::gquic_dissector, bytes, kOptions);
    QVERIFY(!result.has("gquic.tag"));
    QVERIFY(result.has("gquic.payload"));
  }

  void recognises_by_content() {
    const auto probe = dissect::gquic_dissector.probe;
    QCOMPARE(probe(from_hex(kHello), {.tcp = false}), Likeness::kYes);
    QCOMPARE(probe(from_hex("c3 51303436 50 0102030405060708 00000001 0000"), {.tcp = false}), Likeness::kYes);
    QCOMPARE(probe(from_hex("0d 0102030405060708 51413433 01 0000000000"), {.tcp = false}), Likeness::kNo);
  }

  void survives_every_prefix() { test::sweep_prefixes(dissect::gquic_dissector, from_hex(kHello), kOptions); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::GquicTest)
#include "gquic_test.moc"
