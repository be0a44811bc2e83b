#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector openvpn_dissector;
}

namespace pr {
namespace {

using dissect::Likeness;
using dissect::Outcome;
using test::from_hex;

const test::Options kOptions{.at_end = true, .transport = dissect::Transport::kUdp};

const char* const kReset = "38334857703d96db390000000000";

// A ClientHello in one control packet.
const char* const kHello =
    "20334857703d96db39000000000116030101100100010c0303e4c42f6110300b04b75b6941e6bbefe9b289e2cf0f730230e44b7173b78094"
    "6120565a8dad85b1511aa70d02fb5f08dfae2c586cf2e632338d3e5b95d9ff5c752b0032130213031301c02cc030009fcca9cca8ccaac02b"
    "c02f009ec024c028006bc023c0270067c00ac0140039c009c013003300ff01000091000b000403000102000a000c000a001d0017001e0019"
    "00180016000000170000000d0030002e040305030603080708080809080a080b080408050806040105010601030302030301020103020202"
    "040205020602002b0009080304030303020301002d00020101003300260024001d00206b54fda366a74b9332464029aed0b3a3a0e253bcb0"
    "140b0b15dba501da173a17";

const char* const kTcpReset = "000e38507a28a78275788d0000000000";

const char* const kTcpHello =
    "007220507a28a78275788d000000000116030100dd010000d9030150f473e80bb6be8b086186246df225b6737aadedef2dcced3025507f97"
    "c390f5000066c014c00ac022c0210039003800880087c00fc00500350084c012c008c01cc01b00160013c00dc003000ac013c009c01fc01e"
    "00330032007220507a28a78275788d0000000002009a009900450044c00ec004002f00960041c011c007c00cc00200050004001500120009"
    "0014001100080006000300ff0201000049000b000403000102000a00340032000e000d0019000b000c00180009000a001600170008000600"
    "0700140015000400002820507a28a78275788d00000000030500120013000100020003000f0010001100230000000f000101";

class Listener final : public dissect::Observer {
 public:
  const ClientFingerprint* client_hello(const ClientHello& hello) override {
    ++hellos;
    in_datagrams = hello.transport == HelloTransport::kQuic;
    return nullptr;
  }
  int hellos = 0;
  bool in_datagrams = false;
};

}  // namespace

class OpenvpnTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_the_hello_of_the_control_channel() {
    Listener listener;
    test::Options options = kOptions;
    options.observer = &listener;
    const auto reset = test::run(dissect::openvpn_dissector, from_hex(kReset), options);
    QCOMPARE(reset.uint("openvpn.opcode"), 7U);
    QCOMPARE(QString::fromStdString(reset.tree.info), "MessageType: P_CONTROL_HARD_RESET_CLIENT_V2");
    options.state = reset.state;
    const auto hello = test::run(dissect::openvpn_dissector, from_hex(kHello), options);
    QCOMPARE(hello.outcome, Outcome::kDone);
    QCOMPARE(hello.uint("tls.handshake.type"), 1U);
    QCOMPARE(listener.hellos, 1);
    QVERIFY(listener.in_datagrams);
  }

  void waits_for_the_rest_of_a_message() {
    const auto reset = test::run(dissect::openvpn_dissector, from_hex(kTcpReset));
    QCOMPARE(reset.outcome, Outcome::kDone);
    QCOMPARE(reset.uint("openvpn.plen"), from_hex(kTcpReset).size() - 2);
    test::Options options;
    options.state = reset.state;
    auto bytes = from_hex(kTcpHello);
    const auto whole = test::run(dissect::openvpn_dissector, bytes, options);
    QVERIFY(whole.has("openvpn.mpid"));
    bytes.pop_back();
    QCOMPARE(test::run(dissect::openvpn_dissector, bytes, options).outcome, Outcome::kNeedMore);
  }

  void recognises_by_content() {
    const auto probe = dissect::openvpn_dissector.probe;
    QCOMPARE(probe(from_hex(kReset), {.tcp = false}), Likeness::kYes);
    QCOMPARE(probe(from_hex(kTcpReset), {}), Likeness::kYes);
    QCOMPARE(probe(from_hex("38 0102030405060708 05 00000000"), {.tcp = false}), Likeness::kMaybe);
    QCOMPARE(probe(from_hex("b8 0102030405060708 00 00000000"), {.tcp = false}), Likeness::kNo);
  }

  void survives_every_prefix() {
    test::sweep_prefixes(dissect::openvpn_dissector, from_hex(kReset), kOptions);
    test::sweep_prefixes(dissect::openvpn_dissector, from_hex(kHello), kOptions);
    test::sweep_prefixes(dissect::openvpn_dissector, from_hex(kTcpReset));
    test::Options options;
    options.state = test::run(dissect::openvpn_dissector, from_hex(kTcpReset)).state;
    test::sweep_prefixes(dissect::openvpn_dissector, from_hex(kTcpHello), options);
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::OpenvpnTest)
#include "openvpn_test.moc"
