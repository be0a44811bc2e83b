// Filters that people use with Wireshark, against the fields that Wireshark has: all of them are accepted.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QtTest>
#include <map>

#include "shared/filter/filter.h"

namespace pr {

class CorpusFiltersTest : public QObject {
  Q_OBJECT

 private:
  static FieldType type_of(const QByteArray& wireshark) {
    static const std::map<QByteArray, FieldType> kTypes = {{"FT_NONE", FieldType::kNone},
                                                           {"FT_BOOLEAN", FieldType::kBool},
                                                           {"FT_ETHER", FieldType::kEther},
                                                           {"FT_IPv4", FieldType::kIpv4},
                                                           {"FT_IPv6", FieldType::kIpv6},
                                                           {"FT_STRING", FieldType::kText},
                                                           {"FT_STRINGZ", FieldType::kText},
                                                           {"FT_ABSOLUTE_TIME", FieldType::kTime},
                                                           {"FT_RELATIVE_TIME", FieldType::kDuration},
                                                           {"FT_DOUBLE", FieldType::kDouble},
                                                           {"FT_FLOAT", FieldType::kDouble}};
    const auto found = kTypes.find(wireshark);
    if (found != kTypes.end()) return found->second;
    if (wireshark.startsWith("FT_UINT") || wireshark == "FT_FRAMENUM" || wireshark == "FT_CHAR")
      return FieldType::kUint;
    if (wireshark.startsWith("FT_INT")) return FieldType::kInt;
    return FieldType::kBytes;
  }

  static FieldCatalog tshark_catalog() {
    QProcess tshark;
    tshark.start("tshark", {"-G", "fields"});
    tshark.waitForFinished(120'000);
    FieldCatalog catalog;
    for (const QByteArray& line : tshark.readAllStandardOutput().split('\n')) {
      const QList<QByteArray> parts = line.split('\t');
      if (parts.size() < 3 || (parts[0] != "P" && parts[0] != "F")) continue;
      const bool protocol = parts[0] == "P";
      catalog.add({.name = parts[2].toStdString(),
                   .description = parts[1].toStdString(),
                   .protocol = parts[protocol ? 2 : 4].toStdString(),
                   .type = protocol ? FieldType::kNone : type_of(parts[3]),
                   .ids = {1},
                   .is_protocol = protocol});
    }
    return catalog;
  }

 private slots:
  void every_filter_is_accepted() {
    QFile file(PR_SOURCE_DIR "/../shared/corpus/dev/filters.json");
    if (!file.open(QIODevice::ReadOnly)) QSKIP("the corpus is not beside the source");
    if (QStandardPaths::findExecutable("tshark").isEmpty()) QSKIP("tshark is not installed");
    const QJsonArray filters = QJsonDocument::fromJson(file.readAll()).object().value("filters").toArray();
    QVERIFY(filters.size() > 90);
    const FieldCatalog catalog = tshark_catalog();
    QVERIFY(catalog.all().size() > 100'000);
    for (const auto& value : filters) {
      const std::string text = value.toString().toStdString();
      const auto parsed = filter::parse(text, catalog);
      const auto* error = std::get_if<filter::Error>(&parsed);
      QVERIFY2(error == nullptr, error == nullptr ? "" : error->explain(text).c_str());
    }
  }
};

}  // namespace pr

using pr::CorpusFiltersTest;
QTEST_APPLESS_MAIN(CorpusFiltersTest)
#include "corpus_filters_test.moc"
