// What a crash, a full disk or damage leave, and that nothing else is lost.
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sample.h"

using namespace pr;
using namespace pr::store;
using test::Place;
using test::Sample;
namespace fs = std::filesystem;

namespace {

Batch make_batch(Sample& sample, bool first, std::size_t count) {
  Batch batch;
  if (first) batch.new_interfaces.push_back(test::ethernet());
  sample.packets(batch, count);
  for (std::size_t i = 0; i < count / 10; ++i) {
    FlowSlice slice;
    slice.flow_id = batch.packets[i * 10].number;
    slice.start = slice.end = slice.first_seen = slice.last_seen = batch.packets[i * 10].ts;
    slice.key = {{IpAddress::v4(1), 1}, {IpAddress::v4(2), 2}, 17, 0};
    slice.identity.make().sni = "host" + std::to_string(i);
    slice.last = true;
    batch.slices.push_back(slice);
  }
  return batch;
}

// A session with some commits; returns how many packets it wrote. The store is left as a crash would leave it.
std::uint64_t record_some(Store& store, Sample& sample, int batches, bool end) {
  (void)store.begin_session({.file = "x", .label = "", .live = true});
  std::uint64_t count = 0;
  for (int i = 0; i < batches; ++i) {
    const Batch batch = make_batch(sample, i == 0, 500);
    if (!store.write(batch).ok()) qFatal("write");
    count += batch.packets.size();
    if (!store.commit(test::totals_of(count)).ok()) qFatal("commit");
  }
  if (end && !store.end_session(test::totals_of(count), "complete").ok()) qFatal("end");
  return count;
}

struct Counted {
  std::uint64_t claimed = 0, found = 0, flows = 0;
  std::string state;
};

Counted count(Reader& reader, std::uint64_t session) {
  Counted counted;
  RowQuery query{.noun = Noun::kSessions};
  query.sessions = {session};
  const auto list = columns(Noun::kSessions);
  const auto rows = reader.rows(query, [&](const Row& row) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (std::string_view(list[i].key) == "packets") counted.claimed = std::get<std::uint64_t>(row[i]);
      if (std::string_view(list[i].key) == "state") counted.state = std::get<std::string>(row[i]);
    }
    return true;
  });
  if (!rows.ok()) qWarning("%s", std::string(rows.status().message()).c_str());
  const absl::Status packets = reader.packets(session, 1, {}, [&](StoredPacket& p) {
    counted.found += p.packet.number != 0 ? 1U : 0U;
    return true;
  });
  if (!packets.ok()) qWarning("%s", std::string(packets.message()).c_str());
  query.noun = Noun::kFlows;
  (void)reader.rows(query, [&](const Row&) { return ++counted.flows != 0; });
  return counted;
}

void copy_store(const Place& from, const Place& to) {
  fs::copy(from.folder.path().toStdString(), to.folder.path().toStdString(),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

std::vector<fs::path> files_of(const Place& place) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(place.folder.path().toStdString())) {
    if (entry.is_regular_file() && entry.file_size() != 0) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

fs::path newest(const Place& place, const std::string& suffix) {
  fs::path found;
  for (const fs::path& file : files_of(place)) {
    if (file.string().ends_with(suffix)) found = file;
  }
  return found;
}

}  // namespace

class StoreFaultsTest : public QObject {
  Q_OBJECT

 private slots:
  void what_was_committed_survives_a_copy_in_mid_air() {
    Place place;
    Place copy;
    Sample sample(1);
    auto store = place.open();
    PR_OK(store);
    const std::uint64_t packets = record_some(**store, sample, 6, false);
    PR_OK((*store)->write(make_batch(sample, false, 500)));  // not committed
    copy_store(place, copy);
    store->reset();
    {
      auto reader = copy.read();  // readers need nobody to recover first
      PR_OK(reader);
      QCOMPARE(count(**reader, 1).found, packets);
    }
    auto again = copy.open();
    PR_OK(again);
    auto reader = copy.read();
    PR_OK(reader);
    const Counted counted = count(**reader, 1);
    QCOMPARE(counted.state, std::string("interrupted"));
    QVERIFY(counted.found >= packets);
    QCOMPARE(counted.found, counted.claimed);
    QVERIFY(counted.flows >= packets / 10);
    // And recording goes on.
    const std::uint64_t more = record_some(**again, sample, 2, true);
    QCOMPARE(count(**reader, 2).found, more);
  }

  void a_deleted_database_leaves_nothing_in_the_next() {
    Place place;
    Sample sample(3);
    for (int round = 0; round < 2; ++round) {
      auto store = place.open();
      PR_OK(store);
      record_some(**store, sample, 2, true);
      store->reset();
      auto reader = place.read();
      PR_OK(reader);
      QCOMPARE(count(**reader, 1).flows, std::uint64_t{100});
      reader->reset();
      if (round > 0) continue;
      for (const fs::path& file : files_of(place)) {
        if (file.filename().string().starts_with("a.db")) fs::remove(file);
      }
    }
  }

  void killed_writers_lose_what_was_not_committed_and_no_more() {
    for (int round = 0; round < 4; ++round) {
      Place place;
      int pipe_ends[2];
      QVERIFY(::pipe(pipe_ends) == 0);
      const pid_t child = ::fork();
      if (child == 0) {
        Sample sample(static_cast<unsigned>(round));
        SystemClock clock;
        StoreOptions options = place.options;
        options.clock = &clock;
        options.segment_bytes = 100'000;
        auto store = Store::open(place.path(), options);
        if (!store.ok() || !(*store)->begin_session({.file = "x", .label = "", .live = true}).ok()) ::_exit(1);
        std::uint64_t packets = 0;
        for (int i = 0;; ++i) {
          const Batch batch = make_batch(sample, i == 0, 100);
          if (!(*store)->write(batch).ok()) ::_exit(2);
          packets += batch.packets.size();
          if (i % 3 == 0) {
            if (!(*store)->commit(test::totals_of(packets)).ok()) ::_exit(3);
            if (::write(pipe_ends[1], &packets, sizeof(packets)) != sizeof(packets)) ::_exit(4);
          }
        }
      }
      ::close(pipe_ends[1]);
      std::uint64_t committed = 0;
      for (int i = 0; i < 10 + (round * 7); ++i) {
        if (::read(pipe_ends[0], &committed, sizeof(committed)) != sizeof(committed)) break;
      }
      ::kill(child, SIGKILL);
      std::uint64_t later = 0;
      while (::read(pipe_ends[0], &later, sizeof(later)) == sizeof(later)) committed = later;
      ::close(pipe_ends[0]);
      int status = 0;
      ::waitpid(child, &status, 0);
      QVERIFY(WIFSIGNALED(status));
      auto store = place.open();
      PR_OK(store);
      auto reader = place.read();
      PR_OK(reader);
      const Counted counted = count(**reader, 1);
      QVERIFY2(counted.found >= committed, qPrintable(QString("%1 of %2").arg(counted.found).arg(committed)));
      QCOMPARE(counted.found, counted.claimed);
    }
  }

  void torn_tails_are_cut_off_data() {
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<bool>("compress");
    QTest::newRow("segment") << ".pcapng.tmp" << false;
    QTest::newRow("index") << ".index" << false;
    QTest::newRow("compressed segment") << ".pcapng.zst.tmp" << true;
    QTest::newRow("index of a compressed segment") << ".index" << true;
  }

  void torn_tails_are_cut_off() {
    QFETCH(QString, suffix);
    QFETCH(bool, compress);
    Place place;
    place.options.compress = compress;
    Sample sample(2);
    auto store = place.open();
    PR_OK(store);
    const std::uint64_t packets = record_some(**store, sample, 4, false);
    for (int i = 0; i < 12; ++i) {
      Place copy;
      copy.options.compress = compress;
      copy_store(place, copy);
      const fs::path file = newest(copy, suffix.toStdString());
      QVERIFY(!file.empty());
      const auto size = fs::file_size(file);
      fs::resize_file(file, i == 0 ? 0 : size - sample.below(i < 6 ? size : 2000));
      auto again = copy.open();
      PR_OK(again);
      auto reader = copy.read();
      PR_OK(reader);
      const Counted counted = count(**reader, 1);
      QCOMPARE(counted.found, counted.claimed);
      QVERIFY(counted.found <= packets);
      // Nothing that is whole is given up: an index can be made anew from an uncompressed segment.
      if (!compress && suffix == ".index") QCOMPARE(counted.found, packets);
      PR_OK((*again)->begin_session({.file = "y", .label = "", .live = false}));
    }
  }

  void damage_is_told_and_never_crashes() {
    Place place;
    place.options.segment_bytes = 60'000;
    Sample sample(3);
    {
      auto store = place.open();
      PR_OK(store);
      record_some(**store, sample, 4, true);
      record_some(**store, sample, 4, false);
    }
    const std::vector<fs::path> files = files_of(place);
    for (int i = 0; i < 80; ++i) {
      Place copy;
      copy_store(place, copy);
      const fs::path& from = files[static_cast<std::size_t>(i) % files.size()];
      const fs::path file = copy.folder.path().toStdString() / fs::relative(from, place.folder.path().toStdString());
      const auto size = fs::file_size(file);
      {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        for (std::uint64_t n = sample.below(40) + 1; n > 0; --n) {
          stream.seekp(static_cast<std::streamoff>(sample.below(size)));
          stream.put(static_cast<char>(sample.any()));
        }
      }
      if (sample.chance(20)) fs::resize_file(file, sample.below(size));
      const auto ask_everything = [&] {
        auto reader = copy.read();
        if (!reader.ok()) return;
        (void)(*reader)->sessions();
        for (const std::uint64_t session : {1, 2}) {
          (void)(*reader)->packets(session, 1, {}, [](StoredPacket&) { return true; });
          (void)(*reader)->packet(session, 700);
          (void)(*reader)->flow_packets(session, 5);
        }
        for (const Noun noun : {Noun::kFlows, Noun::kNames, Noun::kSessions}) {
          (void)(*reader)->rows({.noun = noun}, [](const Row&) { return true; });
        }
      };
      ask_everything();
      auto store = copy.open();
      if (store.ok()) {
        (void)(*store)->begin_session({.file = "z", .label = "", .live = false});
        (void)(*store)->write(make_batch(sample, true, 20));
        (void)(*store)->commit({});
      }
      ask_everything();
    }
  }

  void a_reader_beside_a_writer_sees_whole_commits() {
    Place place;
    place.options.segment_bytes = 80'000;
    Sample sample(4);
    auto store = place.open();
    PR_OK(store);
    auto reader = place.read();
    PR_OK(reader);
    PR_OK((*store)->begin_session({.file = "x", .label = "", .live = true}));
    std::uint64_t packets = 0;
    for (int i = 0; i < 30; ++i) {
      const Batch batch = make_batch(sample, i == 0, 200);
      PR_OK((*store)->write(batch));
      const Counted counted = count(**reader, 1);
      QVERIFY(counted.found == packets);
      packets += batch.packets.size();
      PR_OK((*store)->commit(test::totals_of(packets)));
      const auto one = (*reader)->packet(1, packets);
      PR_OK(one);
      QCOMPARE(one->packet.number, packets);
      QCOMPARE(count(**reader, 1).found, packets);
    }
  }

  void a_full_disk_refuses_and_keeps_what_was_there() {
    Place place;
    const std::string mount = place.folder.filePath("m").toStdString();
    fs::create_directory(mount);
    if (::mount("tmpfs", mount.c_str(), "tmpfs", 0, "size=32m") != 0) QSKIP("needs root to mount a small file system");
    const std::string path = mount + "/a.db";
    std::uint64_t stored = 0;
    std::uint64_t flows = 0;
    {
      place.options.segment_bytes = 4'000'000;
      auto store = Store::open(path, place.options);
      PR_OK(store);
      Sample sample(5);
      record_some(**store, sample, 2, true);
      PR_OK((*store)->begin_session({.file = "big", .label = "", .live = true}));
      std::vector<std::uint8_t> noise(1200);
      absl::Status status;
      std::uint64_t number = 1;
      for (int i = 0; i < 200 && status.ok(); ++i) {
        Batch batch = make_batch(sample, i == 0, 0);
        for (int n = 0; n < 400; ++n) {
          Packet packet;
          packet.number = number++;
          packet.ts = from_ns(1'700'000'000'000'000'000 + static_cast<std::int64_t>(number));
          packet.wire_len = 1200;
          packet.bytes = noise;
          batch.packets.push_back(packet);
          batch.facts.emplace_back();
          FlowSlice slice;
          slice.flow_id = packet.number;
          slice.last = true;
          batch.slices.push_back(slice);
        }
        status = (*store)->write(batch);
        if (!status.ok()) break;
        stored += batch.packets.size();
        flows += batch.slices.size();
        if (i % 4 == 0) PR_OK((*store)->commit(test::totals_of(stored)));
      }
      QVERIFY2(absl::IsResourceExhausted(status), std::string(status.message()).c_str());
      // The same batch may be tried again, and is refused again.
      QVERIFY(absl::IsResourceExhausted((*store)->write(make_batch(sample, false, 4000))));
      // What was accepted can be finished.
      PR_OK((*store)->end_session(test::totals_of(stored), "interrupted"));
    }
    {
      auto reader = Reader::open(path, test::protocol_names());
      PR_OK(reader);
      const Counted counted = count(**reader, 2);
      QCOMPARE(counted.found, stored);
      QCOMPARE(counted.claimed, stored);
      QCOMPARE(counted.flows, flows);
      QVERIFY2(stored > 8000, qPrintable(QString::number(stored)));
      QCOMPARE(count(**reader, 1).found, std::uint64_t{1000});
    }
    {
      // When there is room again, it goes on.
      auto store = Store::open(path, place.options);
      PR_OK(store);
      PR_OK((*store)->delete_session(2));
      Sample sample(6);
      const std::uint64_t more = record_some(**store, sample, 4, true);
      auto reader = Reader::open(path, test::protocol_names());
      PR_OK(reader);
      QCOMPARE(count(**reader, 3).found, more);
    }
    ::umount2(mount.c_str(), MNT_DETACH);
  }

  void the_quota_removes_the_oldest_and_spares_the_pinned() {
    Place place;
    place.options.segment_bytes = 300'000;
    place.options.keep_bytes = 8'000'000;
    Sample sample(7);
    auto store = place.open();
    PR_OK(store);
    const std::uint64_t pinned = record_some(**store, sample, 4, true);
    PR_OK((*store)->pin_session(1, true));
    for (int session = 0; session < 6; ++session) {
      PR_OK((*store)->begin_session({.file = "x", .label = "", .live = true}));
      std::uint64_t packets = 0;
      for (int i = 0; i < 10; ++i) {
        PR_OK((*store)->write(make_batch(sample, i == 0, 1000)));
        packets += 1000;
        place.clock.advance(std::chrono::seconds(30));
        PR_OK((*store)->commit(test::totals_of(packets)));
      }
      PR_OK((*store)->end_session(test::totals_of(packets), "complete"));
    }
    std::uint64_t used = 0;
    for (const fs::path& file : files_of(place)) {
      if (file.filename() != "reserve") used += fs::file_size(file);
    }
    QVERIFY2(used < 9'000'000, qPrintable(QString::number(used)));
    auto reader = place.read();
    PR_OK(reader);
    QCOMPARE(count(**reader, 1).found, pinned);
    const auto sessions = (*reader)->sessions();
    PR_OK(sessions);
    QVERIFY(count(**reader, 2).found < 10'000);
    QCOMPARE(count(**reader, sessions->front().id).found, std::uint64_t{10'000});
  }

  void the_age_limit_removes_what_is_older() {
    Place place;
    place.options.keep_days = 2;
    Sample sample(8);
    auto store = place.open();
    PR_OK(store);
    record_some(**store, sample, 2, true);
    place.clock.advance(std::chrono::hours(24 * 3));
    const std::uint64_t packets = record_some(**store, sample, 2, true);
    auto reader = place.read();
    PR_OK(reader);
    QCOMPARE(count(**reader, 1).found, std::uint64_t{0});
    QCOMPARE(count(**reader, 2).found, packets);
  }

  void another_programs_file_is_left_alone() {
    Place place;
    std::ofstream(place.path()) << "this is no database, but somebody's text";
    QVERIFY(!place.open().ok());
    QVERIFY(!place.read().ok());
    QVERIFY(absl::IsNotFound(Reader::open(place.path() + "x", {}).status()));
  }
};

QTEST_GUILESS_MAIN(StoreFaultsTest)
#include "store_faults_test.moc"
