// Mistakes in filters: each is refused, at its place, in words that help.
#include <QtTest>
#include <random>

#include "tests/unit/filter/sample.h"

namespace pr {

class ParserTest : public QObject {
  Q_OBJECT

 private:
  FieldCatalog catalog_ = test::make_catalog();

 private slots:
  void says_what_is_wrong_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* text, int position, int length, const char* words) {
      QTest::newRow(text) << text << position << length << words;
    };
    row("tcp.prot == 443", 0, 8, "tcp.port");
    row("tcp.port == 443 && dns.qry.nmae", 19, 12, "dns.qry.name");
    row("xyzzyplugh", 0, 10, "neither a field nor a protocol");
    row("tcp.port ==", 11, 0, "the filter ends here");
    row("ip.addr == 300.1.1.1", 11, 9, "IPv4 address");
    row("ip.addr == abc", 11, 3, "IPv4 address");
    row("ip.addr == 1.2.3.4/33", 11, 10, "prefix");
    row("ip.addr == fe80::1", 11, 7, "ipv6");
    row("ipv6.addr == 1.2.3.4", 13, 7, "ip.*");
    row("(tcp", 4, 0, ")");
    row("tcp)", 3, 1, "no ( is open");
    row("tcp && && udp", 7, 2, "found &&");
    row("tcp udp", 4, 3, "found udp");
    row("tcp.port == \"abc\"", 12, 5, "text");
    row("tcp.port == 443a", 12, 4, "not a valid number");
    row("tcp.port == 70000", 12, 5, "maximum 65535");
    row("ip.ttl == 0777", 10, 4, "maximum 255");
    row("tcp.port == -1", 12, 2, "negative");
    row("tcp.len == 99999999999999999999", 11, 20, "too big");
    row("dns.qry.name matches \"(\"", 21, 3, "does not compile");
    row("dns.qry.name matches abc", 21, 3, "double quotes");
    row("tcp.port matches \"4\"", 0, 8, "string(tcp.port)");
    row("tcp.port contains 443", 0, 8, "string(tcp.port)");
    row("dns.qry.name contains \"\"", 22, 2, "nothing to search");
    row("tcp.analysis.flags == 1", 0, 18, "no value");
    row("tcp.port in {}", 13, 1, "at least one");
    row("tcp.port in {80,}", 16, 1, "after the comma");
    row("tcp.port in 80", 12, 2, "{");
    row("tcp.port in {80", 15, 0, "ends here");
    row("tcp.port in {tcp.len..5}", 13, 7, "not fields");
    row("eth.addr == 00:0c", 12, 5, "too few");
    row("eth.addr == zz", 12, 2, "Ethernet");
    row("tcp.payload == xyz", 15, 3, "byte string");
    row("tcp.payload == 0x1234", 15, 6, "more than one octet");
    row("tcp.port[0] == 1", 0, 8, "slice");
    row("tcp.payload[] == 1", 12, 1, "[start:length]");
    row("tcp.payload[0:2 == 1", 16, 1, "]");
    row("ip.src == eth.src", 10, 7, "eth.src holds bytes");
    row("ip.src == ip.dts", 10, 6, "ip.dst");
    row("1", 0, 1, "neither");
    row("\"abc\"", 0, 5, "a field is expected");
    row("1 == 2", 0, 1, "neither");
    row("len(tcp.payload)", 0, 16, "compare it");
    row("length(tcp.payload) > 1", 0, 6, "no function");
    row("len(tcp.port) > 1", 0, 13, "tcp.port holds a number");
    row("len(tcp.payload, tcp.payload) > 1", 0, 29, "one argument");
    row("upper(tcp.port) == \"A\"", 0, 15, "text");
    row("tcp.len-1 > 5", 0, 9, "blank before the -");
    row("dns.qry.name == \"abc", 16, 4, "closing quote");
    row("dns.qry.name == \"a\\q\"", 19, 1, "escape");
    row("ip.ttl == 'ab'", 10, 2, "one character");
    row("tcp.port == ${tcp.port}", 12, 1, "macros");
    row("tcp ? udp", 4, 1, "means nothing");
    row("ip.addr = 10.0.0.1", 8, 1, "written ==");
    row("any tcp.port", 12, 0, "comparison");
    row("frame.time > \"yesterday\"", 13, 11, "date and time");
    row("frame.time_delta > 1s", 19, 2, "seconds");
    row("ip.src#0 == 1.1.1.1", 7, 1, "layer");
    row("eth#", 4, 0, "layer");
    row("frame[", 6, 0, "[start:length]");
    row("ip.ttl == '", 10, 1, "closing quote");
    row("dns.qry.name == \"\\", 17, 1, "backslash");
    row("dns.qry.name + 1 == 2", 0, 16, "calculated");
    row("@frame.time == 1", 0, 11, "octets");
  }
  void says_what_is_wrong() {
    QFETCH(QString, text);
    QFETCH(int, position);
    QFETCH(int, length);
    QFETCH(QString, words);
    const std::string filter_text = text.toStdString();
    const auto parsed = filter::parse(filter_text, catalog_);
    const auto* error = std::get_if<filter::Error>(&parsed);
    QVERIFY2(error != nullptr, "was accepted");
    const QString shown = QString::fromStdString(error->explain(filter_text));
    QVERIFY2(QString::fromStdString(error->message).contains(words), qPrintable(shown));
    QVERIFY2(static_cast<int>(error->position) == position, qPrintable(shown));
    QVERIFY2(static_cast<int>(error->length) == length, qPrintable(shown));
    QCOMPARE(shown.split('\n').size(), 3);
    QCOMPARE(shown.split('\n')[1].indexOf('^'), std::min(position, 63));
  }

  void limits_are_errors_and_quick_data() {
    QTest::addColumn<QByteArray>("text");
    const auto repeated = [](const char* part, int n) { return QByteArray(part).repeated(n); };
    QTest::newRow("one endless word") << repeated("x", 100'000);
    QTest::newRow("a long word") << repeated("x", 60'000);
    QTest::newRow("parentheses") << repeated("(", 5000);
    QTest::newRow("parentheses, closed") << repeated("(", 300) + "tcp" + repeated(")", 300);
    QTest::newRow("negations") << repeated("!", 5000) + "tcp";
    QTest::newRow("minuses") << "tcp.port == " + repeated("- ", 5000) + "1";
    QTest::newRow("braces") << "tcp.port == " + repeated("{", 5000);
    QTest::newRow("functions") << repeated("max(", 5000) + "tcp.port";
    QTest::newRow("sums") << "tcp.port" + repeated(" + 1", 5000) + " == 2";
    QTest::newRow("slices") << "frame" + repeated("[0:1]", 5000) + " == 1";
    QTest::newRow("nodes") << "tcp" + repeated(" or tcp", 9000);
    QTest::newRow("members") << "tcp.port in {1" + repeated(",2", 20'000) + "}";
  }
  void limits_are_errors_and_quick() {
    QFETCH(QByteArray, text);
    QElapsedTimer timer;
    timer.start();
    const std::string filter_text = text.toStdString();
    const auto parsed = filter::parse(filter_text, catalog_);
    QVERIFY(std::holds_alternative<filter::Error>(parsed));
    QVERIFY(std::get<filter::Error>(parsed).explain(filter_text).size() < 1000);
    QVERIFY2(timer.elapsed() < 2000, "took too long");
  }

  void long_but_lawful_filters_work() {
    std::string text = "tcp.port == 0";
    for (int i = 1; i < 2000; ++i) text += " || tcp.port == " + std::to_string(i);
    const auto parsed = filter::parse(text, catalog_);
    QVERIFY(std::holds_alternative<std::unique_ptr<filter::Ast>>(parsed));
    test::SampleRow row(catalog_);
    test::fill_tls_packet(row);
    QVERIFY(filter::Predicate(std::get<0>(parsed).get()).matches(row));
  }

  void ech_is_a_verdict_where_it_is_no_field() {
    FieldCatalog catalog;
    catalog.add({.name = "flow.verdict", .type = FieldType::kText, .ids = {1}});
    test::SampleRow row(catalog);
    row.bytes("flow.verdict", "resolved").bytes("flow.verdict", "ech");
    for (const auto& [text, holds] :
         {std::pair{"ech:true", true}, {"ech:false", false}, {"verdict:resolved", true}, {"verdict:expired", false}}) {
      const auto parsed = filter::parse(text, catalog);
      QVERIFY2(std::holds_alternative<std::unique_ptr<filter::Ast>>(parsed), text);
      QCOMPARE(filter::Predicate(std::get<0>(parsed).get()).matches(row), holds);
    }
    QVERIFY(std::holds_alternative<filter::Error>(filter::parse("ech:maybe", catalog)));
  }

  void empty_is_everything() {
    for (const char* text : {"", "   ", "\t\n"}) {
      const auto parsed = filter::parse(text, catalog_);
      QVERIFY(std::holds_alternative<std::unique_ptr<filter::Ast>>(parsed));
      QVERIFY(std::get<0>(parsed) == nullptr);
    }
  }

  // Pieces of filters thrown together: never a crash, and every error lies within the text.
  void any_mixture_of_pieces_ends_well() {
    static constexpr const char* kPieces[] = {"tcp.port", "ip.addr", "frame",      "dns.qry.name",
                                              "==",       "!=",      "contains",   "matches",
                                              "in",       "{",       "}",          "(",
                                              ")",        "[0:3]",   "#1",         "\"a\"",
                                              "'a'",      "443",     "10.0.0.0/8", "aa:bb",
                                              "..",       ",",       "&&",         "or",
                                              "!",        "xor",     "any",        "all",
                                              "len(",     "max(",    "&",          "+",
                                              "-",        "/",       "%",          "@",
                                              "$",        "true",    "-1",         "not",
                                              "sni:x",    ":",       "\\",         "\"",
                                              "tcp.flags"};
    std::mt19937 random(1);
    test::SampleRow row(catalog_);
    test::fill_tls_packet(row);
    int good = 0;
    for (int round = 0; round < 50'000; ++round) {
      std::string text;
      for (std::size_t n = random() % 9 + 1; n > 0; --n)
        text += std::string(kPieces[random() % std::size(kPieces)]) + (random() % 4 == 0 ? "" : " ");
      const auto parsed = filter::parse(text, catalog_);
      if (const auto* error = std::get_if<filter::Error>(&parsed)) {
        QVERIFY2(
            error->position <= text.size() && error->position + error->length <= text.size() && !error->message.empty(),
            text.c_str());
        (void)error->explain(text);
      } else {
        (void)filter::Predicate(std::get<0>(parsed).get()).matches(row);
        ++good;
      }
    }
    QVERIFY(good > 100);
  }
};

}  // namespace pr

using pr::ParserTest;
QTEST_APPLESS_MAIN(ParserTest)
#include "parser_test.moc"
