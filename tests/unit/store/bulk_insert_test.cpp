#include "helper/store/bulk_insert.h"

#include <QCoreApplication>
#include <QTest>

namespace pr::store {
namespace {

struct Thing {
  std::int64_t number;
  std::string text;
};

constexpr RowColumn<Thing> kColumns[] = {
    {"number", [](const Thing& thing, CellOut& out) { out.integer(thing.number); }},
    {"text", [](const Thing& thing, CellOut& out) { out.unless_empty(thing.text); }},
    {"octets", [](const Thing& thing, CellOut& out) { out.blob(as_bytes(thing.text)); }},
};

std::vector<std::string> all(Database& db) {
  std::vector<std::string> rows;
  auto s = db.prepare("SELECT number || ' ' || ifnull(text, '-') || ' ' || hex(octets) FROM thing ORDER BY number");
  while (s.ok() && s->step().value_or(false)) rows.emplace_back(s->text(0));
  return rows;
}

}  // namespace

class BulkInsertTest : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    db_ = Database::open_in_memory().value();
    QVERIFY(db_->execute("CREATE TABLE thing(number INTEGER PRIMARY KEY, text TEXT, octets BLOB CHECK(number != 13))")
                .ok());
  }

  void rows_stand_in_the_table_as_they_stood_in_memory() {
    BulkInsert insert = BulkInsert::make(*db_, "INSERT INTO", "thing", kColumns).value();
    const std::vector<Thing> things = {{1, "a"}, {2, ""}, {3, std::string("x\0y", 3)}};
    QVERIFY(insert.run(std::span<const Thing>(things), kColumns).ok());
    QCOMPARE(all(*db_), (std::vector<std::string>{"1 a 61", "2 - ", std::string("3 x\0y 780079", 12)}));
  }

  void nothing_is_nothing() {
    BulkInsert insert = BulkInsert::make(*db_, "INSERT INTO", "thing", kColumns).value();
    QVERIFY(insert.run(std::span<const Thing>(), kColumns).ok());
    QVERIFY(all(*db_).empty());
  }

  void after_an_error_none_of_the_rows_is_there_and_the_next_may_come() {
    BulkInsert insert = BulkInsert::make(*db_, "INSERT INTO", "thing", kColumns).value();
    const std::vector<Thing> bad = {{12, "a"}, {13, "refused"}, {14, "b"}}, good = {{15, "c"}};
    QVERIFY(!insert.run(std::span<const Thing>(bad), kColumns).ok());
    QVERIFY(insert.run(std::span<const Thing>(good), kColumns).ok());
    QCOMPARE(all(*db_), std::vector<std::string>{"15 c 63"});
  }

  void a_later_row_replaces_an_earlier_one_if_told_so() {
    BulkInsert insert = BulkInsert::make(*db_, "INSERT OR REPLACE INTO", "thing", kColumns).value();
    const std::vector<Thing> twice = {{1, "old"}, {1, "new"}};
    QVERIFY(insert.run(std::span<const Thing>(twice), kColumns).ok());
    QCOMPARE(all(*db_), std::vector<std::string>{"1 new 6E6577"});
  }

 private:
  std::unique_ptr<Database> db_;
};

}  // namespace pr::store

QTEST_GUILESS_MAIN(pr::store::BulkInsertTest)
#include "bulk_insert_test.moc"
