// The same rows either way: random filters over random rows, once as SQL over a catalog and once as a predicate over
// the values. SQL may find more where the catalog cannot decide, never less, and nothing else where it says it is
// exact.
#include "helper/store/sql_filter.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QtTest>
#include <map>
#include <random>

#include "shared/filter/filter.h"
#include "tests/unit/filter/sample.h"

namespace pr {
namespace {

using Column = store::SqlColumn;

constexpr int kRows = 200;

struct Rows {
  std::vector<std::unique_ptr<test::SampleRow>> values;
  std::vector<std::string> names;  // the dictionary; ids count from 1
};

class Hooks final : public store::SqlHooks {
 public:
  explicit Hooks(const Rows& rows) : rows_(rows) {
    add("ip.src", {{.expression = "src", .kind = Column::Kind::kIp}}, true);
    add("ip.dst", {{.expression = "dst", .kind = Column::Kind::kIp}}, true);
    add("ip.addr", {{.expression = "src", .kind = Column::Kind::kIp}, {.expression = "dst", .kind = Column::Kind::kIp}},
        true);
    add("ipv6.src", {{.expression = "src", .kind = Column::Kind::kIp}}, true);
    add("tcp.port",
        {{.expression = "sport", .kind = Column::Kind::kNumber},
         {.expression = "dport", .kind = Column::Kind::kNumber}},
        true);
    add("udp.port", {}, true);
    add("tcp.flags", {{.expression = "flags", .kind = Column::Kind::kNumber}}, true);
    add("tcp.len", {{.expression = "len", .kind = Column::Kind::kNumber}}, false);  // packets may hold others
    add("frame.time", {{.expression = "time", .kind = Column::Kind::kTime}}, true);
    add("flow.score", {{.expression = "score", .kind = Column::Kind::kReal}}, true);
    add("http.host", {{.expression = "host", .kind = Column::Kind::kText}}, true);
    add("dns.qry.name", {{.expression = "name", .kind = Column::Kind::kDictionary, .dictionary = "name"}}, true);
    add("http.request.method", {{.expression = "j.value", .kind = Column::Kind::kText, .from = "json_each(list) j"}},
        true);
    add("tls", {{.expression = "tls", .kind = Column::Kind::kPresence}}, true);
    add("tcp.payload", {{.expression = "payload", .kind = Column::Kind::kBlob}}, true);
  }
  [[nodiscard]] const store::SqlField* find(std::string_view field) const override {
    const auto found = fields_.find(field);
    return found == fields_.end() ? nullptr : &found->second;
  }
  absl::StatusOr<std::vector<std::int64_t>> resolve(std::string_view, const std::string*,
                                                    FunctionRef<bool(std::string_view)> test) override {
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < rows_.names.size(); ++i) {
      if (test(rows_.names[i])) ids.push_back(static_cast<std::int64_t>(i) + 1);
    }
    return ids;
  }

 private:
  void add(const char* name, std::vector<Column> columns, bool complete) {
    fields_[name] = {std::move(columns), complete};
  }
  const Rows& rows_;
  std::map<std::string, store::SqlField, std::less<>> fields_;
};

QByteArray blob(std::uint32_t address) {
  QByteArray out;
  for (int shift = 24; shift >= 0; shift -= 8) out.append(static_cast<char>(address >> shift));
  return out;
}

QVariant to_variant(const store::SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return QVariant::fromValue<qint64>(*number);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) return QString::fromStdString(*text);
  const auto& bytes = std::get<std::vector<std::uint8_t>>(value);
  return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
}

}  // namespace

class SqlFilterTest : public QObject {
  Q_OBJECT

 private:
  FieldCatalog catalog_ = test::make_catalog();
  Rows rows_;
  QSqlDatabase db_;
  std::mt19937 random_{7};

  unsigned pick(unsigned n) { return static_cast<unsigned>(random_()) % n; }

  void insert_row(int id) {
    test::SampleRow& row = *rows_.values.emplace_back(std::make_unique<test::SampleRow>(catalog_));
    QSqlQuery insert(db_);
    insert.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.addBindValue(id);
    const auto null_or = [&](bool there, const QVariant& value) { insert.addBindValue(there ? value : QVariant()); };
    const bool v6 = pick(5) == 0, ip = pick(6) != 0;
    const std::uint32_t src = 0x0a000000U + pick(4), dst = 0xc0a80000U + pick(3) * 0x10000U + pick(2);
    const std::string six = std::string("\xfe\x80", 2) + std::string(13, '\0') + static_cast<char>(pick(3));
    null_or(ip, v6 ? QByteArray(six.data(), 16) : blob(src));
    null_or(ip && !v6, blob(dst));
    if (ip && v6) row.bytes("ipv6.src", six);
    if (ip && !v6) row.number("ip.src", src).number("ip.dst", dst);
    const auto number = [&](const char* field, std::uint64_t value, bool there) {
      null_or(there, QVariant::fromValue<qint64>(static_cast<qint64>(value)));
      if (there) row.number(field, value);
    };
    number("tcp.srcport", pick(4) * 100, pick(4) != 0);
    number("tcp.dstport", pick(4) * 100, pick(4) != 0);
    number("tcp.flags", pick(8), pick(3) != 0);
    number("tcp.len", pick(10), pick(3) != 0);
    if (pick(2) == 0) row.number("tcp.len", pick(10));  // one that the catalog does not hold
    number("frame.time", 1'700'000'000'000'000'000U + pick(5) * 1'000'000'000U, true);
    const double score = pick(5) / 4.0;
    insert.addBindValue(score);
    row.number("flow.score", std::bit_cast<std::uint64_t>(score));
    static constexpr const char* kHosts[] = {"example.com", "www.example.com", "Example.org", ""};
    const unsigned host = pick(6);
    null_or(host < 4, QString(kHosts[host % 4]));
    if (host < 4) row.bytes("http.host", kHosts[host]);
    const unsigned name = pick(5);
    null_or(name < 3, name + 1);
    if (name < 3) row.bytes("dns.qry.name", rows_.names[name]);
    QStringList list;
    for (unsigned n = pick(3); n > 0; --n) list.append(pick(2) == 0 ? "\"GET\"" : "\"POST\"");
    for (const QString& method : list) row.bytes("http.request.method", method.mid(1, method.size() - 2).toStdString());
    insert.addBindValue("[" + list.join(',') + "]");
    const bool tls = pick(2) == 0;
    insert.addBindValue(tls ? 1 : 0);
    if (tls) row.bytes("tls", "hello");
    const bool payload = pick(3) != 0;
    const std::string bytes{static_cast<char>(pick(3)), static_cast<char>(pick(2)), 'x'};
    null_or(payload, QByteArray(bytes.data(), 3));
    if (payload) row.bytes("tcp.payload", bytes);
    QVERIFY2(insert.exec(), qPrintable(insert.lastError().text()));
  }

  std::string leaf() {
    static constexpr const char* kOps[] = {"==", "!=", "~=", "===", ">", ">=", "<", "<="};
    static constexpr const char* kQuantifiers[] = {"", "", "", "any ", "all "};
    const std::string op = std::string(" ") + kOps[pick(8)] + " ";
    const std::string quantifier = kQuantifiers[pick(5)];
    static constexpr const char* kFixed[] = {"ip.src",
                                             "ip.addr",
                                             "ipv6.src",
                                             "tcp.port",
                                             "udp.port",
                                             "tcp.flags",
                                             "tls",
                                             "dns.qry.name",
                                             "http.request.method",
                                             "tcp.len",
                                             "udp",
                                             "frame.number",
                                             "tcp.flags & 2",
                                             "tcp.flags & 4 == 4",
                                             "ip.src == ip.dst",
                                             "ip.src < ip.dst",
                                             "tcp.port == tcp.len",
                                             "tcp.port in {100, 250..300}",
                                             "all tcp.port in {100, 200, 300}",
                                             "http.host contains \"example\"",
                                             "http.host matches \"^www\"",
                                             "dns.qry.name contains \"bc\"",
                                             "dns.qry.name matches \"B.$\"",
                                             "all dns.qry.name contains \"b\"",
                                             "dns.qry.name in {\"abc\", \"x\"..\"z\"}",
                                             "http.host in {\"\", \"Example.org\"}",
                                             "len(http.host) > 4",
                                             "http.host[0:3] == \"www\"",
                                             "tcp.payload contains 00:78",
                                             "tcp.payload == 00:01:78",
                                             "tcp.payload > 01:01",
                                             "tcp.payload in {00:00:78, 01:01:78}",
                                             "tcp.payload[0] == 1",
                                             "count(tcp.port) == 2",
                                             "port == 200",
                                             "tcp.port + 100 == 300",
                                             "ip.src#1 == 10.0.0.1",
                                             "tls contains \"h\"",
                                             "http.request.method contains \"O\"",
                                             "tcp.len not in {1, 2}"};
    switch (pick(11)) {
      case 0: return quantifier + "ip.src" + op + "10.0.0." + std::to_string(pick(4));
      case 1: return quantifier + "ip.addr" + op + (pick(2) == 0 ? "192.168.0.0/15" : "10.0.0.2");
      case 2: return quantifier + "ipv6.src" + op + (pick(2) == 0 ? "fe80::1" : "fe80::/64");
      case 3: return quantifier + "tcp.port" + op + std::to_string(pick(4) * 100);
      case 4: return quantifier + "tcp.len" + op + std::to_string(pick(10));
      case 5: return quantifier + "frame.time" + op + "\"2023-11-14T22:13:2" + std::to_string(pick(5)) + "Z\"";
      case 6: return quantifier + "flow.score" + op + "0." + std::to_string(pick(4) * 25);
      case 7:
        return quantifier + (pick(2) == 0 ? "dns.qry.name" : "http.host") + op +
               (pick(2) == 0 ? "\"abc\"" : "\"example.com\"");
      case 8: return quantifier + "http.request.method" + op + (pick(2) == 0 ? "\"GET\"" : "\"POST\"");
      default: return kFixed[pick(std::size(kFixed))];
    }
  }

  std::string random_filter(unsigned depth) {
    if (depth == 0 || pick(4) == 0) return leaf();
    switch (pick(4)) {
      case 0: return "!(" + random_filter(depth - 1) + ")";
      case 1: return "(" + random_filter(depth - 1) + " && " + random_filter(depth - 1) + ")";
      case 2: return "(" + random_filter(depth - 1) + " || " + random_filter(depth - 1) + ")";
      default: return "(" + random_filter(depth - 1) + " xor " + random_filter(depth - 1) + ")";
    }
  }

  std::vector<bool> by_sql(const store::SqlCondition& condition) {
    std::vector<bool> found(kRows);
    QSqlQuery query(db_);
    query.setForwardOnly(true);
    if (!query.prepare("SELECT id FROM t WHERE " + QString::fromStdString(condition.sql)))
      qFatal("%s", qPrintable(query.lastError().text()));
    for (const store::SqlValue& value : condition.bindings) query.addBindValue(to_variant(value));
    if (!query.exec()) qFatal("%s", qPrintable(query.lastError().text() + condition.sql.c_str()));
    while (query.next()) found[query.value(0).toUInt()] = true;
    return found;
  }

 private slots:
  void initTestCase() {
    db_ = QSqlDatabase::addDatabase("QSQLITE", "sql_filter_test");
    db_.setDatabaseName(":memory:");
    QVERIFY(db_.open());
    QVERIFY(QSqlQuery(db_).exec(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, src BLOB, dst BLOB, sport INTEGER, dport INTEGER, flags INTEGER, len "
        "INTEGER, "
        "time INTEGER, score REAL, host TEXT, name INTEGER, list TEXT, tls INTEGER, payload BLOB)"));
    rows_.names = {"abc", "xbc", "Zbd"};
    for (int id = 0; id < kRows; ++id) insert_row(id);
  }

  void same_rows_either_way() {
    Hooks hooks(rows_);
    int exact = 0, narrowed = 0;
    for (int round = 0; round < 3000; ++round) {
      const std::string text = random_filter(3);
      const auto parsed = filter::parse(text, catalog_);
      const auto* error = std::get_if<filter::Error>(&parsed);
      QVERIFY2(error == nullptr, error == nullptr ? "" : error->explain(text).c_str());
      const filter::Ast* ast = std::get<0>(parsed).get();
      const auto condition = compile_sql(ast, hooks);
      QVERIFY(condition.ok());
      const std::vector<bool> found = by_sql(*condition);
      const filter::Predicate predicate(ast);
      for (std::size_t i = 0; i < found.size(); ++i) {
        const bool holds = predicate.matches(*rows_.values[i]);
        const std::string what = text + "\n" + condition->sql + "\nrow " + std::to_string(i);
        QVERIFY2(!holds || found[i], ("lost: " + what).c_str());
        QVERIFY2(!condition->exact || holds == found[i], ("not exact: " + what).c_str());
      }
      exact += condition->exact ? 1 : 0;
      narrowed += !condition->exact && condition->sql != "1" ? 1 : 0;
    }
    qInfo("%d of 3000 exact, %d more narrowed", exact, narrowed);
    QVERIFY(exact > 500);
    QVERIFY(narrowed > 300);
  }

  void what_the_catalog_holds_is_decided_by_it() {
    Hooks hooks(rows_);
    for (const char* text : {"tcp.port == 443", "!(ip.addr == 10.0.0.0/8)", "dns.qry.name matches \"^a\" && tls",
                             "tcp.port != 80", "udp.port == 53 || tls"}) {
      const auto parsed = filter::parse(text, catalog_);
      const auto condition = compile_sql(std::get<0>(parsed).get(), hooks);
      QVERIFY2(condition.ok() && condition->exact, text);
    }
    for (const char* text : {"frame.number == 1", "tcp.len == 3", "!tcp.len", "tcp.payload[0] == 1"}) {
      const auto parsed = filter::parse(text, catalog_);
      const auto condition = compile_sql(std::get<0>(parsed).get(), hooks);
      QVERIFY2(condition.ok() && !condition->exact, text);
    }
    const auto everything = compile_sql(nullptr, hooks);
    QVERIFY(everything.ok() && everything->exact);
    QCOMPARE(everything->sql, std::string("1"));
  }

  // SQLite bounds depth, length and bindings of a statement: a lawful filter never runs into them.
  void large_filters_stay_within_sqlites_limits() {
    Hooks hooks(rows_);
    std::string chain = "tcp.port == 1", set = "ip.addr in {10.0.0.1", nested = "tls", exclusive = "tls";
    for (int i = 2; i < 2000; ++i) chain += " || tcp.port == " + std::to_string(i);
    for (int i = 2; i < 4000; ++i) set += ", 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    for (int i = 0; i < 90; ++i) nested = "!(tcp.port == " + std::to_string(i) + " || " + nested + ")";
    for (int i = 0; i < 150; ++i) exclusive = "(tcp.port == " + std::to_string(i) + " xor " + exclusive + ")";
    for (const std::string& text : {chain, set + "}", nested, exclusive}) {
      const auto parsed = filter::parse(text, catalog_);
      QVERIFY2(std::holds_alternative<std::unique_ptr<filter::Ast>>(parsed), text.substr(0, 40).c_str());
      const auto condition = compile_sql(std::get<0>(parsed).get(), hooks);
      QVERIFY(condition.ok());
      const std::vector<bool> found = by_sql(*condition);
      const filter::Predicate predicate(std::get<0>(parsed).get());
      for (std::size_t i = 0; i < found.size(); ++i) QVERIFY(!predicate.matches(*rows_.values[i]) || found[i]);
    }
  }

  void cleanupTestCase() {
    db_ = {};
    QSqlDatabase::removeDatabase("sql_filter_test");
  }
};

}  // namespace pr

using pr::SqlFilterTest;
QTEST_GUILESS_MAIN(SqlFilterTest)
#include "sql_filter_test.moc"
