#include "shared/model/field_catalog.h"

#include <QtTest>

#include "shared/model/row.h"

namespace pr {

class FieldCatalogTest : public QObject {
  Q_OBJECT

 private:
  static FieldCatalog sample() {
    FieldCatalog catalog;
    FieldId id = 1;
    for (const char* name : {"tcp", "tcp.srcport", "tcp.dstport", "udp.port", "dns.qry.name", "http.host",
                             "tls.handshake.extensions_server_name", "ip.proto"}) {
      catalog.add({.name = name, .description = name, .protocol = name, .type = FieldType::kUint, .ids = {id++}});
    }
    catalog.add(
        {.name = "tcp.port", .description = "Port", .protocol = "tcp", .type = FieldType::kUint, .ids = {2, 3}});
    return catalog;
  }

 private slots:
  void finds_by_name_number_and_short_form() {
    const FieldCatalog catalog = sample();
    QCOMPARE(catalog.find("tcp.port")->ids.size(), std::size_t{2});
    QCOMPARE(catalog.at(2)->name, std::string("tcp.srcport"));  // not the alias
    QVERIFY(catalog.at(0) == nullptr);
    QVERIFY(catalog.at(9999) == nullptr);
    QVERIFY(catalog.find("tcp.nothing") == nullptr);
    QCOMPARE(catalog.find("sni")->name, std::string("tls.handshake.extensions_server_name"));
    QCOMPARE(catalog.find("host")->name, std::string("http.host"));
    QCOMPARE(catalog.find("port")->ids, (std::vector<FieldId>{4, 2, 3}));
    QVERIFY(catalog.find("ja4") == nullptr);  // not in this catalog
    QCOMPARE(catalog.all().size(), std::size_t{9});
    QVERIFY(FieldCatalog().find("port") == nullptr);
  }

  void names_what_was_meant_data() {
    QTest::addColumn<QString>("wrong");
    QTest::addColumn<QString>("meant");
    QTest::newRow("swapped") << "tcp.prot"
                             << "tcp.port";
    QTest::newRow("missing") << "dns.qryname"
                             << "dns.qry.name";
    QTest::newRow("extra") << "http.hosts"
                           << "http.host";
    QTest::newRow("wrong letter") << "tcp.srcpord"
                                  << "tcp.srcport";
    QTest::newRow("nothing near") << "completely.different"
                                  << "";
    QTest::newRow("empty") << ""
                           << "";
    QTest::newRow("endless") << QString(100'000, 'x') << "";
  }
  void names_what_was_meant() {
    QFETCH(QString, wrong);
    QFETCH(QString, meant);
    QCOMPARE(QString::fromStdString(sample().nearest(wrong.toStdString())), meant);
  }

  void nouns_have_names() {
    Noun noun = Noun::kStats;
    QVERIFY(parse_noun("flows", &noun));
    QCOMPARE(noun, Noun::kFlows);
    QVERIFY(!parse_noun("flow", &noun));
    for (int i = 0; i <= static_cast<int>(Noun::kStats); ++i) {
      QVERIFY(parse_noun(noun_name(static_cast<Noun>(i)), &noun));
      QCOMPARE(static_cast<int>(noun), i);
    }
  }
};

}  // namespace pr

using pr::FieldCatalogTest;
QTEST_APPLESS_MAIN(FieldCatalogTest)
#include "field_catalog_test.moc"
