#include "shared/model/value_text.h"

#include <QtTest>
#include <bit>
#include <cstdlib>
#include <ctime>

namespace pr {
namespace {

constexpr NamedValue kTypes[] = {{1, "A (Host Address)"}, {28, "AAAA (IPv6 Address)"}};
constexpr NamedValue kFlag[] = {{0, "Not set"}, {1, "Set"}};

Value octets(std::string_view text) { return Value::of(as_bytes(text)); }

}  // namespace

class ValueTextTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    setenv("TZ", "UTC", 1);
    tzset();
  }

  void prints_as_tshark_does() {
    const auto text = [](ValueFormat format, const Value& value) {
      return QByteArray::fromStdString(value_text(format, value));
    };
    QCOMPARE(text({FieldType::kUint}, Value::of(443)), "443");
    QCOMPARE(text({FieldType::kUint, Show::kHex, 16}, Value::of(0x18)), "0x0018");
    QCOMPARE(text({FieldType::kUint, Show::kHex, 8}, Value::of(0x18)), "0x18");
    QCOMPARE(text({FieldType::kUint, Show::kHex, 8}, Value::of(0x1234)), "0x1234");
    QCOMPARE(text({FieldType::kUint}, Value::of(~std::uint64_t{0})), "18446744073709551615");
    QCOMPARE(text({FieldType::kUint, Show::kDec, 0, kTypes}, Value::of(1)), "1");
    QCOMPARE(text({FieldType::kInt}, Value::of(static_cast<std::uint64_t>(-2))), "-2");
    QCOMPARE(text({FieldType::kBool}, Value::of(1)), "1");
    QCOMPARE(text({FieldType::kBool}, Value::of(std::uint64_t{0})), "0");
    QCOMPARE(text({FieldType::kNone}, {}), "1");
    QCOMPARE(text({FieldType::kDouble}, Value::of(std::bit_cast<std::uint64_t>(0.25))), "0.25");
    QCOMPARE(text({FieldType::kEther}, octets(std::string_view("\x00\x0c\x29\x01\x02\xff", 6))), "00:0c:29:01:02:ff");
    QCOMPARE(text({FieldType::kBytes}, octets("GET ")), "47455420");
    QCOMPARE(text({FieldType::kBytes}, {}), "<MISSING>");
    QCOMPARE(text({FieldType::kBytes, Show::kNone}, {}), "<none>");
    QCOMPARE(text({FieldType::kText}, octets(std::string_view("a\0b", 3))), "a");
    QCOMPARE(text({FieldType::kIpv4}, Value::of(0x0a010203)), "10.1.2.3");
    QCOMPARE(text({FieldType::kIpv6}, octets(std::string_view("\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16))), "fe80::1");
    QCOMPARE(text({FieldType::kTime}, Value::of(1'581'113'120'513'098'000U)), "Feb  7, 2020 22:05:20.513098000 UTC");
    QCOMPARE(text({FieldType::kDuration}, Value::of(107'000)), "0.000107000");
    QCOMPARE(text({FieldType::kDuration}, Value::of(1'581'113'120'513'098'000U)), "1581113120.513098000");
    QCOMPARE(text({FieldType::kText}, octets("a\tb\r\n\\,\"\x1b")), "a\\tb\\r\\n\\,\"\x1b");
    QCOMPARE(text({FieldType::kText}, octets("\xff\xc3\xa9")), "\xef\xbf\xbd\xc3\xa9");
  }

  void the_tree_says_more() {
    QCOMPARE(tree_text({FieldType::kText}, octets(std::string_view("a\0b", 3))), std::string("a\0b", 3));
    QCOMPARE(tree_text({FieldType::kUint, Show::kDec, 0, kTypes}, Value::of(1)), std::string("A (Host Address) (1)"));
    QCOMPARE(tree_text({FieldType::kUint, Show::kDec, 0, kTypes}, Value::of(99)), std::string("Unknown (99)"));
    QCOMPARE(tree_text({FieldType::kUint, Show::kHex, 16}, Value::of(5)), std::string("0x0005"));
    QCOMPARE(tree_text({FieldType::kBool, Show::kDec, 0, kFlag}, Value::of(1)), std::string("Set"));
    QCOMPARE(tree_text({FieldType::kBool}, Value::of(std::uint64_t{0})), std::string("False"));
    QCOMPARE(tree_text({FieldType::kDuration}, Value::of(107'000)), std::string("0.000107000 seconds"));
    QCOMPARE(tree_text({FieldType::kNone}, {}), std::string());
  }

  void json_is_json() {
    const auto cell = [](const Cell& value, CellType type) {
      std::string out;
      append_json_cell(out, value, type);
      return QByteArray::fromStdString(out);
    };
    QCOMPARE(cell(std::string("a\"b\\c\n\x01\xff"), CellType::kText), "\"a\\\"b\\\\c\\n\\u0001\xef\xbf\xbd\"");
    QCOMPARE(cell(std::string("\xe2\x80\xae"), CellType::kText), "\"\\u202e\"");
    QCOMPARE(cell(std::string("{\"a\":1}"), CellType::kJson), "{\"a\":1}");
    QCOMPARE(cell(std::monostate{}, CellType::kText), "null");
    QCOMPARE(cell(std::uint64_t{7}, CellType::kUint), "7");
    QCOMPARE(cell(std::int64_t{-7}, CellType::kInt), "-7");
    QCOMPARE(cell(0.5, CellType::kDouble), "0.5");
    QCOMPARE(cell(std::numeric_limits<double>::infinity(), CellType::kDouble), "null");
    QCOMPARE(cell(true, CellType::kBool), "true");
    QCOMPARE(cell(from_ns(0), CellType::kTime), "\"1970-01-01T00:00:00.000000000Z\"");
    QCOMPARE(cell(Duration(1'500'000'000), CellType::kDuration), "1.500000000");
    QCOMPARE(cell(std::vector<std::string>{"a", "b"}, CellType::kList), "[\"a\",\"b\"]");
    QCOMPARE(cell(std::vector<std::string>{}, CellType::kList), "[]");
    std::string out;
    append_json_value(out, {FieldType::kUint, Show::kHex, 16}, Value::of(24));
    append_json_value(out, {FieldType::kBool}, Value::of(1));
    append_json_value(out, {FieldType::kIpv4}, Value::of(1));
    QCOMPARE(out, std::string("24true\"0.0.0.1\""));
  }

  void cells_as_text() {
    QCOMPARE(cell_text(std::vector<std::string>{"a", "b"}), std::string("a,b"));
    QCOMPARE(cell_text(false), std::string("0"));
    QCOMPARE(cell_text(std::monostate{}), std::string());
  }
};

}  // namespace pr

using pr::ValueTextTest;
QTEST_APPLESS_MAIN(ValueTextTest)
#include "value_text_test.moc"
