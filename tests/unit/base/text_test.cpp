#include "shared/base/text.h"

#include <QtTest>

#include "shared/base/hex.h"

namespace pr {

class TextTest : public QObject {
  Q_OBJECT

 private:
  static std::string text(const QByteArray& bytes) { return bytes.toStdString(); }

 private slots:
  void controls_are_escaped_data() {
    QTest::addColumn<QByteArray>("in");
    QTest::addColumn<QByteArray>("out");
    QTest::newRow("plain") << QByteArray("GET /\\x \"q\"") << QByteArray("GET /\\x \"q\"");
    QTest::newRow("c0") << QByteArray("a\0b\n\x1b[31m", 9) << QByteArray("a\\x00b\\x0a\\x1b[31m");
    QTest::newRow("del") << QByteArray("\x7f") << QByteArray("\\x7f");
    QTest::newRow("c1") << QByteArray("\xc2\x9b") << QByteArray("\\xc2\\x9b");
    QTest::newRow("letters beyond ascii")
        << QByteArray("\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80") << QByteArray("\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80");
    QTest::newRow("bidi override") << QByteArray("\xe2\x80\xaegpj") << QByteArray("\\xe2\\x80\\xaegpj");
    QTest::newRow("bidi isolate") << QByteArray("\xe2\x81\xa6") << QByteArray("\\xe2\\x81\\xa6");
    QTest::newRow("marks") << QByteArray("\xe2\x80\x8e\xd8\x9c") << QByteArray("\\xe2\\x80\\x8e\\xd8\\x9c");
    QTest::newRow("not utf-8") << QByteArray("\xff\xfe") << QByteArray("\\xff\\xfe");
    QTest::newRow("cut short") << QByteArray("\xe6\xbc") << QByteArray("\\xe6\\xbc");
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << QByteArray("\\xc0\\xaf");
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("\\xed\\xa0\\x80");
    QTest::newRow("beyond unicode") << QByteArray("\xf4\x90\x80\x80") << QByteArray("\\xf4\\x90\\x80\\x80");
  }
  void controls_are_escaped() {
    QFETCH(QByteArray, in);
    QFETCH(QByteArray, out);
    QCOMPARE(QByteArray::fromStdString(escape_controls(text(in))), out);
  }

  void every_pair_of_octets_comes_out_safe() {
    for (int i = 0; i < 0x10000; ++i) {
      const std::string in{static_cast<char>(i >> 8), static_cast<char>(i)};
      QVERIFY(is_valid_utf8(escape_controls(in)));
      QVERIFY(is_valid_utf8(to_valid_utf8(in)));
      for (const char c : escape_controls(in)) QVERIFY(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
      QCOMPARE(to_valid_utf8(in) == in, is_valid_utf8(in));
    }
  }

  void csv_quotes_where_needed() {
    QCOMPARE(csv_field("plain text"), std::string("plain text"));
    QCOMPARE(csv_field("a,b"), std::string("\"a,b\""));
    QCOMPARE(csv_field("say \"hi\""), std::string("\"say \"\"hi\"\"\""));
    QCOMPARE(csv_field(" edge"), std::string("\" edge\""));
    QCOMPARE(csv_field("two\r\nlines"), std::string("two\\x0d\\x0alines"));
    QCOMPARE(csv_field("-1"), std::string("-1"));
    QCOMPARE(csv_field(""), std::string());
  }

  void hex_goes_there_and_back() {
    const std::vector<std::uint8_t> bytes = {0x00, 0x0f, 0xab, 0xff};
    QCOMPARE(hex_text(bytes), std::string("000fabff"));
    QCOMPARE(hex_text(bytes, ':'), std::string("00:0f:ab:ff"));
    QCOMPARE(*from_hex("00 0F ab\nff"), bytes);
    QVERIFY(!from_hex("0"));
    QVERIFY(!from_hex("0g"));
    QVERIFY(from_hex("")->empty());
  }

  void a_dump_looks_as_tshark_prints_it() {
    const std::vector<std::uint8_t> bytes = *from_hex("1013 31f1 3976 2837 3700 6dc8 0800 4500 0040 7e");
    QCOMPARE(hex_dump(bytes), std::string("0000  10 13 31 f1 39 76 28 37 37 00 6d c8 08 00 45 00   ..1.9v(77.m...E.\n"
                                          "0010  00 40 7e                                          .@~\n"));
    QCOMPARE(hex_dump({}), std::string());
  }
};

}  // namespace pr

using pr::TextTest;
QTEST_APPLESS_MAIN(TextTest)
#include "text_test.moc"
