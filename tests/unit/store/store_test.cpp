#include "helper/store/store.h"

#include "sample.h"

using namespace pr;
using namespace pr::store;
using test::Place;
using test::Sample;

namespace {

// What a session's packets are, one by one, in a form that compares.
std::vector<StoredPacket> all_packets(Reader& reader, std::uint64_t session,
                                      std::vector<std::vector<std::uint8_t>>& bytes) {
  std::vector<StoredPacket> list;
  const absl::Status status = reader.packets(session, 1, {}, [&](StoredPacket& p) {
    bytes.emplace_back(p.packet.bytes.begin(), p.packet.bytes.end());
    list.push_back(p);
    return true;
  });
  if (!status.ok()) qWarning("%s", std::string(status.message()).c_str());
  return list;
}

}  // namespace

class StoreTest : public QObject {
  Q_OBJECT

 private slots:
  void packets_come_back_as_they_were_data() {
    QTest::addColumn<bool>("compress");
    QTest::newRow("plain") << false;
    QTest::newRow("zstd") << true;
  }

  void packets_come_back_as_they_were() {
    QFETCH(bool, compress);
    Place place;
    place.options.compress = compress;
    place.options.segment_bytes = 600'000;
    Sample sample(3);
    auto store = place.open();
    PR_OK(store);
    const auto session = (*store)->begin_session({.file = "x.pcap", .label = "", .live = false});
    PR_OK(session);
    std::vector<Batch> batches(20);
    std::uint64_t count = 0;
    for (Batch& batch : batches) {
      if (count == 0) batch.new_interfaces.push_back(test::ethernet());
      sample.packets(batch, sample.below(900));
      count += batch.packets.size();
      PR_OK((*store)->write(batch));
      if (sample.chance(30)) PR_OK((*store)->commit(test::totals_of(count)));
    }
    PR_OK((*store)->commit(test::totals_of(count)));
    auto reader = place.read();
    PR_OK(reader);
    for (int pass = 0; pass < 3; ++pass) {  // while it is written, when it has ended, when it was reopened
      std::vector<std::vector<std::uint8_t>> bytes;
      const std::vector<StoredPacket> found = all_packets(**reader, *session, bytes);
      QCOMPARE(found.size(), count);
      std::size_t at = 0;
      for (const Batch& batch : batches) {
        for (std::size_t i = 0; i < batch.packets.size(); ++i, ++at) {
          const Packet& want = batch.packets[i];
          const Packet& got = found[at].packet;
          QCOMPARE(got.number, want.number);
          QCOMPARE(got.ts, want.ts);
          QCOMPARE(got.wire_len, want.wire_len);
          QCOMPARE(got.link_type, want.link_type);
          QVERIFY(std::ranges::equal(bytes[at], want.bytes));
          QVERIFY(test::same(found[at].facts, batch.facts[i]));
        }
      }
      for (int i = 0; i < 200; ++i) {
        const std::size_t n = sample.below(count);
        const auto one = (*reader)->packet(*session, found[n].packet.number);
        PR_OK(one);
        QVERIFY(std::ranges::equal(bytes[n], one->packet.bytes));
        QVERIFY(test::same(found[n].facts, one->facts));
      }
      for (std::uint64_t flow = 0; flow < 20; ++flow) {
        std::vector<std::uint64_t> want;
        for (const StoredPacket& p : found) {
          if (p.facts.flow_id == flow) want.push_back(p.packet.number);
        }
        const auto got = (*reader)->flow_packets(*session, flow);
        PR_OK(got);
        QCOMPARE(*got, want);
      }
      QVERIFY(absl::IsNotFound((*reader)->packet(*session, count + 5).status()));
      if (pass == 0) {
        PR_OK((*store)->end_session(test::totals_of(count), "complete"));
      } else {
        store->reset();
        reader = place.read();
        PR_OK(reader);
      }
    }
  }

  void ranges_and_first_numbers_are_kept_to() {
    Place place;
    place.options.segment_bytes = 100'000;
    Sample sample(4);
    auto store = place.open();
    PR_OK(store);
    const auto session = (*store)->begin_session({.file = "x.pcap", .label = "", .live = false});
    Batch batch;
    batch.new_interfaces.push_back(test::ethernet());
    sample.packets(batch, 3000);
    PR_OK((*store)->write(batch));
    PR_OK((*store)->end_session(test::totals_of(3000), "complete"));
    auto reader = place.read();
    PR_OK(reader);
    const TimeRange range{batch.packets[700].ts, batch.packets[2500].ts};
    std::size_t want = 0;
    std::size_t got = 0;
    for (const Packet& p : batch.packets) want += p.number >= 1000 && p.ts >= *range.from && p.ts < *range.to ? 1U : 0U;
    PR_OK((*reader)->packets(*session, 1000, range, [&](StoredPacket& p) {
      ++got;
      return p.packet.number >= 1000 && p.packet.ts >= *range.from && p.packet.ts < *range.to;
    }));
    QCOMPARE(got, want);
    got = 0;
    PR_OK((*reader)->packets(*session, 1, {}, [&](StoredPacket&) { return ++got < 10; }));
    QCOMPARE(got, std::size_t{10});
    QVERIFY(absl::IsNotFound((*reader)->packets(99, 1, {}, [](StoredPacket&) { return true; })));
  }

  void a_second_writer_is_told_who_writes() {
    Place place;
    auto store = place.open();
    PR_OK(store);
    const auto second = place.open();
    QVERIFY(absl::IsFailedPrecondition(second.status()));
    QVERIFY(std::string(second.status().message()).find(std::to_string(::getpid())) != std::string::npos);
    store->reset();
    PR_OK(place.open());
  }

  void sessions_are_listed_renamed_pinned_deleted() {
    Place place;
    auto store = place.open();
    PR_OK(store);
    Sample sample(5);
    for (int i = 0; i < 3; ++i) {
      const auto id = (*store)->begin_session({.file = "f" + std::to_string(i), .label = "", .live = i == 2});
      PR_OK(id);
      QCOMPARE(*id, static_cast<std::uint64_t>(i + 1));
      Batch batch;
      batch.new_interfaces.push_back(test::ethernet());
      sample.packets(batch, 10);
      PR_OK((*store)->write(batch));
      SessionTotals totals = test::totals_of(10);
      totals.dropped_kernel = 3;
      totals.counters = {{"protocol.dns", 7}};
      PR_OK((*store)->end_session(totals, "complete"));
    }
    PR_OK((*store)->rename_session(2, "second"));
    PR_OK((*store)->pin_session(2, true));
    QVERIFY(absl::IsNotFound((*store)->pin_session(9, true)));
    auto reader = place.read();
    PR_OK(reader);
    auto sessions = (*reader)->sessions();
    PR_OK(sessions);
    QCOMPARE(sessions->size(), std::size_t{3});
    QCOMPARE(sessions->at(0).file, std::string("f2"));
    QVERIFY(sessions->at(0).live);
    QCOMPARE(sessions->at(1).label, std::string("second"));
    QVERIFY(sessions->at(1).pinned);
    QCOMPARE(sessions->at(1).interfaces.at(0).name, std::string("eth0"));
    PR_OK((*store)->delete_session(1));
    sessions = (*reader)->sessions();
    PR_OK(sessions);
    QCOMPARE(sessions->size(), std::size_t{2});
    QVERIFY(absl::IsNotFound((*reader)->packets(1, 1, {}, [](StoredPacket&) { return true; })));
    QCOMPARE(QDir(place.folder.filePath("a.packets")).entryList({"*.pcapng"}).size(), 2);
  }

  void nothing_is_readable_by_others() {
    Place place;
    auto store = place.open();
    PR_OK(store);
    const auto session = (*store)->begin_session({.file = "x", .label = "", .live = false});
    Batch batch;
    batch.new_interfaces.push_back(test::ethernet());
    Sample sample(6);
    sample.packets(batch, 10);
    FlowSlice slice;
    slice.flow_id = 1;
    batch.slices.push_back(slice);
    PR_OK((*store)->write(batch));
    PR_OK((*store)->commit(test::totals_of(10)));
    QDirIterator files(place.folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    int count = 0;
    while (files.hasNext()) {
      files.next();
      ++count;
      const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
      QVERIFY2(!(files.fileInfo().permissions() & others), qPrintable(files.filePath()));
    }
    QVERIFY(count >= 6);
  }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "store_test.moc"
