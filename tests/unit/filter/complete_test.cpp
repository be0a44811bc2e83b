#include "shared/filter/complete.h"

#include <QElapsedTimer>
#include <QtTest>

#include "tests/unit/filter/sample.h"

namespace pr {

class CompleteTest : public QObject {
  Q_OBJECT

 private:
  FieldCatalog catalog_ = test::make_catalog();

  static bool offers(const filter::Completion& completion, std::string_view text) {
    return std::ranges::any_of(completion.candidates, [&](const filter::Candidate& c) { return c.text == text; });
  }

 private slots:
  void offers_what_fits_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("start");
    QTest::addColumn<QString>("offered");
    QTest::addColumn<QString>("withheld");
    const auto row = [](const char* text, int start, const char* offered, const char* withheld) {
      QTest::newRow(text) << text << start << offered << withheld;
    };
    row("", 0, "tcp", "==");
    row("tc", 0, "tcp.port", "udp");
    row("TCP.P", 0, "tcp.port", "tcp");
    row("tcp.port", 0, "tcp.port", "udp.port");
    row("tcp.port ", 9, "==", "contains");
    row("dns.qry.name ", 13, "contains", "tcp");
    row("dns.qry.name mat", 13, "matches", "contains");
    row("tcp && ud", 7, "udp.port", "tcp");
    row("(", 1, "eth.addr", "==");
    row("tcp.flags.syn == ", 17, "true", "tcp");
    row("dns.qry.type == ", 16, "28", "tcp");
    row("dns.qry.type in {1, 2", 20, "28", "1");
    row("le", 0, "len(", "lower(");
    row("tcp.port == 80 ", 15, "&&", "tcp");
    row("not u", 4, "udp", "not");
    row("ip.src == ip.d", 10, "ip.dst", "ip.src");
    row("dns.qry.name == \"tc", 19, "", "tcp");
  }
  void offers_what_fits() {
    QFETCH(QString, text);
    QFETCH(int, start);
    QFETCH(QString, offered);
    QFETCH(QString, withheld);
    const std::string filter_text = text.toStdString();
    const filter::Completion found = filter::complete(filter_text, filter_text.size(), catalog_);
    QCOMPARE(static_cast<int>(found.start), start);
    QCOMPARE(found.end, filter_text.size());
    QVERIFY(offered.isEmpty() || offers(found, offered.toStdString()));
    QVERIFY(!offers(found, withheld.toStdString()));
  }

  void works_inside_of_a_text() {
    const filter::Completion found = filter::complete("tcp.po == 443 && udp", 6, catalog_);
    QCOMPARE(found.start, std::size_t{0});
    QCOMPARE(found.end, std::size_t{6});
    QVERIFY(offers(found, "tcp.port"));
  }

  void is_bounded_and_quick() {
    FieldCatalog large;
    for (int i = 0; i < 60'000; ++i) {
      const std::string name = "proto" + std::to_string(i % 300) + ".field" + std::to_string(i);
      large.add({.name = name,
                 .description = name,
                 .protocol = name,
                 .type = FieldType::kUint,
                 .ids = {static_cast<FieldId>(i + 1)}});
    }
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(filter::complete("pro", 3, large, 20).candidates.size(), std::size_t{20});
    QVERIFY(timer.elapsed() < 500);  // 30 ms on an idle machine
    QCOMPARE(filter::complete("tcp", 99, catalog_).end, std::size_t{3});
  }
};

}  // namespace pr

using pr::CompleteTest;
QTEST_APPLESS_MAIN(CompleteTest)
#include "complete_test.moc"
