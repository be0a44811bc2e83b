#include "tests/support/golden.h"

namespace pr::dissect {
extern constinit const Dissector eth_dissector;
}

namespace pr {
namespace {

constexpr const char* kIpv4 =
    "ffffffff ffff0011 22334455 08004500 001f0001 40004011 0000c0a8 0001c0a8 000214e9 0035000b "
    "00006162 63000000 00000000 00000000 00000000";
constexpr const char* kTrailer =
    "ffffffff ffff0011 22334455 08004500 001f0001 40004011 0000c0a8 0001c0a8 000214e9 0035000b "
    "00006162 63000000 00000000 00000000 00abcdef";
constexpr const char* kLlc = "0180c200 00000011 22334455 00074242 03000000 00";
constexpr const char* kUnknown = "ffffffff ffff0011 22334455 12340102";

}  // namespace

class EthTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_addresses_and_type() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kIpv4));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.hex("eth.dst"), std::string("ffffffffffff"));
    QCOMPARE(r.uint("eth.dst.ig"), 1U);
    QCOMPARE(r.hex("eth.src"), std::string("001122334455"));
    QCOMPARE(r.uint("eth.src.oui"), 0x001122U);
    QCOMPARE(r.uint("eth.type"), 0x0800U);
    QCOMPARE(r.values("eth.addr").size(), 2UL);
    QVERIFY(r.has("ip.src"));
  }
  void zeros_up_to_60_octets_are_padding() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kIpv4));
    QCOMPARE(r.bytes.size(), 60UL);
    QCOMPARE(r.hex("eth.padding").size(), 30UL);
    QVERIFY(!r.has("eth.trailer"));
  }
  void other_octets_are_a_trailer() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kTrailer));
    QVERIFY(!r.has("eth.padding"));
    QCOMPARE(r.hex("eth.trailer").size(), 30UL);
  }
  void small_types_are_lengths_of_llc() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kLlc));
    QCOMPARE(r.uint("eth.len"), 7U);
    QVERIFY(!r.has("eth.type"));
    QCOMPARE(r.uint("llc.dsap"), 0x42U);
  }
  void unknown_types_are_data() {
    const auto r = test::run(dissect::eth_dissector, test::from_hex(kUnknown));
    QCOMPARE(r.hex("data.data"), std::string("0102"));
    QCOMPARE(r.tree.column_protocol_text, std::string("0x1234"));
  }
  void reads_invalid_types_data() {
    test::golden_columns();
    test::golden("invalid type", "02000000 00020200 00000001 05e50102 0304", {{"eth.invalid_lentype", "0x05e5"}});
  }
  void reads_invalid_types() { test::check_golden(dissect::eth_dissector); }
  void every_prefix_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("type") << QByteArray(kIpv4);
    QTest::newRow("length") << QByteArray(kLlc);
  }
  void every_prefix() {
    QFETCH(QByteArray, hex);
    test::sweep_prefixes(dissect::eth_dissector, test::from_hex(hex.toStdString()));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::EthTest)
#include "eth_test.moc"
