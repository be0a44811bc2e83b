// Filters and orders that zones narrow give the rows that a look at every row gives.
#include "helper/store/zones.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include "sample.h"
#include "shared/filter/filter.h"

using namespace pr;
using namespace pr::store;
using test::Place;
using test::Sample;

namespace {

constexpr std::uint64_t kFlows = 6000;

FieldCatalog make_catalog() {
  FieldCatalog catalog;
  FieldId id = 1;
  const auto add = [&](const char* name, FieldType type) {
    catalog.add({.name = name, .description = "", .protocol = "x", .type = type, .ids = {id++}});
  };
  add("ip.src", FieldType::kIpv4);
  add("ip.dst", FieldType::kIpv4);
  for (const char* name : {"flow.bytes", "flow.packets", "tcp.srcport", "flow.id", "flow.orig.port"})
    add(name, FieldType::kUint);
  for (const char* name : {"flow.sni", "flow.state", "flow.orig.ip"}) add(name, FieldType::kText);
  add("flow.duration", FieldType::kDuration);
  return catalog;
}

// Flow n has an address, a port and a name that few others have.
FlowSlice flow(std::uint64_t n) {
  FlowSlice s;
  s.flow_id = n;
  s.last = true;
  s.key = {{IpAddress::v4(static_cast<std::uint32_t>(0x0a000000 + n % 3000 * 256)), static_cast<std::uint16_t>(n)},
           {IpAddress::v4(0xc0a80001), 443},
           6,
           0};
  s.first_seen = s.start = from_ns(1'000'000'000 * static_cast<std::int64_t>(n));
  s.last_seen = s.end = s.start + std::chrono::milliseconds(n == 4321 ? 90'000 : n % 1000);
  s.total[0] = s.delta[0] = {.packets = 1 + n * 31 % 7001, .bytes = 60 + n * 7919 % 100'003, .payload_bytes = 0};
  s.state = n % 2500 == 7 ? ConnState::kS2 : ConnState::kSf;
  if (n > 3000) s.identity.make().sni = "host" + std::to_string(n % 1500) + ".example";
  s.stream = static_cast<std::uint32_t>(n);
  s.has_stream = true;
  if (n == 17) s.fragments = true;
  return s;
}

}  // namespace

class ZonesTest : public QObject {
  Q_OBJECT

  std::unique_ptr<Place> place_;
  FieldCatalog catalog_ = make_catalog();

  std::vector<std::uint64_t> ask(const QString& filter, RowQuery query = {}) {
    auto reader = place_->read();
    if (!reader.ok()) qFatal("%s", std::string(reader.status().message()).c_str());
    auto parsed = filter::parse(filter.toStdString(), catalog_);
    if (auto* error = std::get_if<filter::Error>(&parsed)) qFatal("%s", error->message.c_str());
    query.where = std::get<0>(parsed).get();
    query.sessions = {1};
    std::vector<std::uint64_t> ids;
    const auto done = (*reader)->rows(query, [&](const Row& row) {
      ids.push_back(std::get<std::uint64_t>(row[2]));
      return true;
    });
    if (!done.ok()) qFatal("%s", std::string(done.status().message()).c_str());
    return ids;
  }

 private slots:
  void initTestCase() {
    QCOMPARE(std::string(columns(Noun::kFlows)[2].key), std::string("flow_id"));
    place_ = std::make_unique<Place>();
    auto store = place_->open();
    PR_OK(store);
    PR_OK((*store)->begin_session({.file = "x.pcap", .label = "", .live = false}));
    Batch batch;
    for (std::uint64_t n = 1; n <= kFlows; ++n) batch.slices.push_back(flow(n));
    PR_OK((*store)->write(batch));
    PR_OK((*store)->commit({}));
    PR_OK((*store)->end_session({}, "complete"));
    // Another partition, so that the first is closed.
    place_->clock.advance(std::chrono::hours(2));
    PR_OK((*store)->begin_session({.file = "y.pcap", .label = "", .live = false}));
    batch.clear();
    batch.slices.push_back(flow(1));
    PR_OK((*store)->write(batch));
    PR_OK((*store)->end_session({}, "complete"));
    store->reset();
    QSqlDatabase db = QSqlDatabase::addDatabase("QSQLITE", "zones_test");
    db.setDatabaseName(place_->folder.filePath("a.packets/1.idx"));
    QVERIFY(db.open());
    QSqlQuery zones(db);
    QVERIFY(zones.exec("SELECT count(*) FROM zone"));
    QVERIFY(zones.next());
    QCOMPARE(zones.value(0).toInt(), 6);
  }

  void the_same_rows_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QList<int>>("want");  // besides 17, whose packets have to be asked when the flow's key is
    const auto row = [](const char* filter, const QList<int>& want) {
      QTest::newRow(filter) << QString(filter) << want;
    };
    row("ip.src == 10.0.5.0", {5, 17, 3005});
    row("ip.src == 10.3.232.0/24", {17, 1000, 4000});
    row("ip.src == 10.3.232.9", {17});
    row("ip.src == 172.16.0.0/12", {17});
    row("ip.dst == 10.0.5.0", {17});
    row("!(ip.src == 10.0.0.0/8)", {});
    row("tcp.srcport == 77", {17, 77});
    row("tcp.srcport in {77, 5999, 6001}", {17, 77, 5999});
    row("tcp.srcport == 77 && ip.src == 10.0.78.0", {17});
    row("tcp.srcport == 77 || flow.id == 79", {17, 77, 79});
    row("flow.orig.port == 77", {77});
    row("flow.orig.ip == \"10.0.5.0\"", {5, 3005});
    row("flow.orig.ip == \"5\"", {});
    row("flow.state == \"S2\"", {7, 2507, 5007});
    row("flow.state == \"S2\" && flow.id != 7", {2507, 5007});
    row("flow.sni == \"host5.example\"", {3005, 4505});
    row("flow.sni contains \"host149\" && flow.id < 3000", {});
    row("flow.sni contains \"host1499\"", {4499, 5999});
    row("flow.sni == \"nobody\"", {});
    row("flow.duration > 80", {4321});
    row("flow.duration == 90", {4321});
    row("flow.duration > 90", {});
  }
  void the_same_rows() {
    QFETCH(QString, filter);
    QFETCH(QList<int>, want);
    QList<int> got;
    for (const std::uint64_t id : ask(filter)) got << static_cast<int>(id);
    QCOMPARE(got, want);
  }

  void numbers_and_orders() {
    for (const char* key : {"bytes", "packets"}) {
      const auto number = [key](std::uint64_t n) {
        const FlowSlice s = flow(n);
        return key[0] == 'b' ? s.total[0].bytes : s.total[0].packets;
      };
      std::vector<std::uint64_t> ids(kFlows);
      for (std::uint64_t n = 1; n <= kFlows; ++n) ids[n - 1] = n;
      std::ranges::stable_sort(ids, std::ranges::greater(), number);
      for (const std::uint64_t limit : {1U, 3U, 6U, 7U, 500U}) {
        RowQuery query;
        query.order = key;
        query.descending = true;
        query.limit = limit;
        QCOMPARE(ask("", query), std::vector<std::uint64_t>(ids.begin(), ids.begin() + static_cast<int>(limit)));
      }
      const std::uint64_t fifth = number(ids[4]);
      const QString text = QString("flow.%1 %2 %3").arg(key);
      QCOMPARE(ask(text.arg(">").arg(fifth)).size(), std::size_t{4});
      QCOMPARE(ask(text.arg(">=").arg(fifth)).size(), std::size_t{5});
      QCOMPARE(ask(text.arg("==").arg(fifth)), std::vector<std::uint64_t>{ids[4]});
      QCOMPARE(ask(text.arg("<").arg(fifth)).size(), std::size_t{kFlows - 5});
    }
  }

  void cleanupTestCase() { QSqlDatabase::removeDatabase("zones_test"); }
};

QTEST_GUILESS_MAIN(ZonesTest)
#include "zones_test.moc"
