#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector juniper_dissector;
}

namespace pr {
namespace {

const std::string kIp = "4500001400010000400066d20a0000010a000002";
const std::string kEthernet = "0200000000010200000000020800" + kIp;

test::Result result_of(std::uint16_t link_type, const std::string& packet) {
  return test::run(dissect::juniper_dissector, test::from_hex(packet), {.link_type = link_type});
}

}  // namespace

class JuniperTest : public QObject {
  Q_OBJECT

 private slots:
  void every_link_layer_data() {
    QTest::addColumn<int>("link_type");
    QTest::addColumn<QString>("packet");
    QTest::addColumn<int>("payload");
    const auto row = [](const char* name, int link_type, const std::string& packet, int payload) {
      QTest::newRow(name) << link_type << QString::fromStdString(packet) << payload;
    };
    row("ethernet", 178, "4d474300" + kEthernet, 204);
    row("pppoe", 167, "4d474300" + kEthernet, 204);
    row("ppp", 179, "4d474300 ff030021" + kIp, 200);
    row("frame relay", 180, "4d474300 184103cc" + kIp, 207);
    row("cisco hdlc", 181, "4d474300 0f000800" + kIp, 208);
    row("ggsn", 133, "4d474300 0200 0000" + kIp, 2);
    row("atm2, llc", 135, "4d474300 0000000000000001 aaaa030000000800" + kIp, 205);
    row("atm1, ip", 137, "4d474300 00000001" + kIp, 2);
    row("without a link layer", 178, "4d474302 02000000" + kIp, 2);
  }
  void every_link_layer() {
    QFETCH(int, link_type);
    QFETCH(QString, packet);
    QFETCH(int, payload);
    const auto r = result_of(static_cast<std::uint16_t>(link_type), packet.toStdString());
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QVERIFY(r.frame.has_ip);
    QCOMPARE(r.uint("juniper.payload_type"), static_cast<std::uint64_t>(payload));
  }
  void extensions() {
    const auto r = result_of(178, "4d474381 000b 0102 1101 0101 05 0402 0700" + kEthernet);
    QCOMPARE(r.uint("juniper.magic-number"), 0x4d4743U);
    QCOMPARE(r.uint("juniper.direction"), 1U);
    QCOMPARE(r.uint("juniper.l2hdr"), 0U);
    QCOMPARE(r.uint("juniper.ext_total_len"), 11U);
    QCOMPARE(r.uint("juniper.ext.ifd"), 0x111U);
    QCOMPARE(r.uint("juniper.ext.ifl"), 7U);
  }
  void no_magic_number() {
    const auto r = result_of(178, kEthernet);
    QVERIFY(r.has("juniper.magic-number.none"));
    QVERIFY(r.frame.has_ip);
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::juniper_dissector, test::from_hex("4d474380 0004 01021101" + kEthernet),
                         {.link_type = 178});
    test::sweep_prefixes(dissect::juniper_dissector, test::from_hex("4d474300 0000000000000001 45"),
                         {.link_type = 135});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::JuniperTest)
#include "juniper_test.moc"
