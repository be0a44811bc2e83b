// Databases of every released version, kept as text in fixtures/, open with this one: nothing in them is lost.
#include <fstream>
#include <sstream>

#include "helper/store/database.h"
#include "helper/store/schema.h"
#include "sample.h"
#include "shared/base/hex.h"

using namespace pr;
using namespace pr::store;
using test::Place;

namespace {

std::string read_file(const std::string& name) {
  std::ifstream in(std::string(PR_SOURCE_DIR "/tests/unit/store/fixtures/") + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_hex(const std::string& from, const QString& to) {
  const auto bytes = from_hex(read_file(from));
  QVERIFY2(bytes && !bytes->empty(), from.c_str());
  std::ofstream(to.toStdString(), std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
}

void write_database(const std::string& from, const QString& to) {
  auto db = Database::open(to.toStdString(), Database::Mode::kWrite);
  PR_OK(db);
  const std::string sql = read_file(from);
  QVERIFY2(!sql.empty(), from.c_str());
  PR_OK((*db)->execute(sql));
}

}  // namespace

class StoreMigrationTest : public QObject {
  Q_OBJECT

 private slots:
  void older_databases_open_data() {
    QTest::addColumn<QString>("version");
    QTest::newRow("1") << "v1";
  }

  void older_databases_open() {
    QFETCH(QString, version);
    const std::string from = version.toStdString() + "/";
    Place place;
    QVERIFY(QDir(place.folder.path()).mkdir("a.packets"));
    write_database(from + "catalog.sql", place.folder.filePath("a.db"));
    write_database(from + "partition.sql", place.folder.filePath("a.packets/1.idx"));
    write_hex(from + "1.pcapng.hex", place.folder.filePath("a.packets/1.pcapng"));
    write_hex(from + "1.index.hex", place.folder.filePath("a.packets/1.index"));
    {
      auto store = place.open();
      PR_OK(store);
    }
    auto reader = place.read();
    PR_OK(reader);
    const auto sessions = (*reader)->sessions();
    PR_OK(sessions);
    QCOMPARE(sessions->size(), std::size_t{1});
    QCOMPARE(sessions->front().file, std::string("v1.pcap"));
    QCOMPARE(sessions->front().label, std::string("first"));
    std::vector<std::size_t> sizes;
    PR_OK((*reader)->packets(1, 1, {}, [&](StoredPacket& p) {
      sizes.push_back(p.packet.bytes.size());
      return p.facts.flow_id == 1 && p.facts.app != 0;
    }));
    QCOMPARE(sizes, (std::vector<std::size_t>{71, 87}));
    for (const Noun noun : {Noun::kFlows, Noun::kTransactions, Noun::kNames, Noun::kSessions}) {
      std::size_t rows = 0;
      PR_OK((*reader)->rows({.noun = noun}, [&](const Row&) { return ++rows != 0; }));
      QCOMPARE(rows, std::size_t{1});
    }
  }

  void an_older_partition_that_is_written_on_gets_the_new_columns() {
    Place place;
    const QString path = place.folder.filePath("1.idx");
    write_database("v1/partition.sql", path);
    auto db = Database::open(path.toStdString(), Database::Mode::kWrite);
    PR_OK(db);
    QVERIFY(!(*db)->prepare("SELECT tunnel FROM slice").ok());
    const char* const steps[] = {k_partition_001, k_partition_002};
    PR_OK(migrate(**db, kPartitionId, steps, kPartitionVersion, "1.idx"));
    auto rows = (*db)->prepare("SELECT count(*), count(tunnel) FROM slice");
    PR_OK(rows);
    PR_OK(rows->step());
    QCOMPARE(rows->integer(0), std::int64_t{1});
    QCOMPARE(rows->integer(1), std::int64_t{0});
  }

  void a_newer_database_is_refused() {
    Place place;
    PR_OK(place.open());
    {
      auto db = Database::open(place.path(), Database::Mode::kWrite);
      PR_OK(db);
      PR_OK((*db)->execute("PRAGMA user_version=" + std::to_string(kCatalogVersion + 1)));
    }
    QVERIFY(absl::IsFailedPrecondition(place.open().status()));
    QVERIFY(absl::IsFailedPrecondition(place.read().status()));
  }
};

QTEST_GUILESS_MAIN(StoreMigrationTest)
#include "store_migration_test.moc"
