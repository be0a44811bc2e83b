#include <QtTest>

#include "tests/support/capture_bytes.h"
#include "tests/support/read_all.h"

using pr::test::CaptureBytes;
using pr::test::read_all;
using pr::test::ReadAll;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::string message(const ReadAll& all) { return std::string(all.status.message()); }
bool mentions(const ReadAll& all, const char* text) { return message(all).find(text) != std::string::npos; }

}  // namespace

class PcapParserTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_both_byte_orders_and_resolutions_data() {
    QTest::addColumn<bool>("big_endian");
    QTest::addColumn<quint32>("magic");
    QTest::addColumn<qint64>("fraction_ns");
    QTest::newRow("little, micro") << false << 0xa1b2c3d4U << qint64{7000};
    QTest::newRow("big, micro") << true << 0xa1b2c3d4U << qint64{7000};
    QTest::newRow("little, nano") << false << 0xa1b23c4dU << qint64{7};
    QTest::newRow("big, nano") << true << 0xa1b23c4dU << qint64{7};
  }
  void reads_both_byte_orders_and_resolutions() {
    QFETCH(bool, big_endian);
    QFETCH(quint32, magic);
    QFETCH(qint64, fraction_ns);
    CaptureBytes file(big_endian);
    file.pcap_header(magic, 113, 96).pcap_record(1700000000, 7, "first", 1500).pcap_record(1700000001, 0, "");
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{2});
    QCOMPARE(all.packets[0].ns, 1700000000 * kSecond + fraction_ns);
    QCOMPARE(all.packets[0].wire_len, 1500U);
    QCOMPARE(all.packets[0].bytes, std::string("first"));
    QCOMPARE(all.packets[0].link_type, std::uint16_t{113});
    QVERIFY(all.packets[1].bytes.empty());
    QCOMPARE(all.interfaces.size(), std::size_t{1});
    QCOMPARE(all.interfaces[0].link_type, std::uint16_t{113});
    QCOMPARE(all.interfaces[0].snaplen, 96U);
    QCOMPARE(all.stats.received, std::uint64_t{2});
  }

  void reads_longer_record_headers_data() {
    QTest::addColumn<quint32>("magic");
    QTest::addColumn<int>("more");
    QTest::newRow("Kuznetzov") << 0xa1b2cd34U << 8;
    QTest::newRow("Kuznetzov 990915") << 0xa1b2cd34U << 12;
    QTest::newRow("Nokia") << 0xa1b2c3d4U << 4;
  }
  void reads_longer_record_headers() {
    QFETCH(quint32, magic);
    QFETCH(int, more);
    CaptureBytes file;
    file.pcap_header(magic);
    for (std::uint32_t i = 0; i < 5; ++i) {
      file.pcap_record(1700000000 + i, 999'999, std::string(60 + i, 'x'), 0,
                       std::string(static_cast<std::size_t>(more), '\2'));
    }
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{5});
    QCOMPARE(all.packets[4].bytes, std::string(64, 'x'));
    QCOMPARE(all.packets[4].ns, 1700000004 * kSecond + 999'999'000);
  }

  void a_single_odd_record_is_no_nokia() {
    CaptureBytes file;
    // The second record's fraction is beyond a second: odd, but the lengths are right.
    file.pcap_header().pcap_record(1700000000, 0, std::string(80, 'x')).pcap_record(17, 99'999'999, "abc", 70000);
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{2});
    QCOMPARE(all.packets[1].bytes, std::string("abc"));
  }

  void old_versions_have_the_lengths_swapped() {
    CaptureBytes file;
    file.u32(0xa1b2c3d4).u16(2).u16(2).u32(0).u32(0).u32(65535).u32(1);
    file.u32(5).u32(6).u32(1500).u32(3).text("abc");
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{1});
    QCOMPARE(all.packets[0].wire_len, 1500U);
  }

  void raw_ip_goes_by_its_number_in_files_data() {
    QTest::addColumn<quint32>("in_file");
    QTest::addColumn<quint16>("link_type");
    QTest::newRow("12") << 12U << quint16{101};
    QTest::newRow("14") << 14U << quint16{101};
    QTest::newRow("with an FCS length") << 0x24000001U << quint16{1};
    QTest::newRow("beyond 16 bits") << 0x10001U << quint16{0xffff};
  }
  void raw_ip_goes_by_its_number_in_files() {
    QFETCH(quint32, in_file);
    QFETCH(quint16, link_type);
    const ReadAll all = read_all(CaptureBytes().pcap_header(0xa1b2c3d4, in_file).pcap_record(1, 1, "x").data());
    QCOMPARE(all.packets.at(0).link_type, link_type);
  }

  void wire_length_is_never_less_than_what_was_captured() {
    const ReadAll all = read_all(CaptureBytes().pcap_header().pcap_record(1, 1, "abcdef", 2).data());
    QCOMPARE(all.packets.at(0).wire_len, 6U);
  }

  void every_prefix_keeps_whole_records_and_names_the_cut_one() {
    CaptureBytes file;
    file.pcap_header().pcap_record(1, 1, "first packet").pcap_record(2, 2, "second");
    const std::size_t second = 24 + 16 + 12;
    for (std::size_t n = 1; n < file.size(); ++n) {
      const ReadAll all = read_all(pr::Bytes(file.data()).first(n));
      const bool clean = n == 24 || n == second;
      QCOMPARE(all.status.ok(), clean);
      QCOMPARE(all.packets.size(), n >= second ? std::size_t{1} : std::size_t{0});
      if (clean) continue;
      QCOMPARE(all.status.code(), absl::StatusCode::kDataLoss);
      const char* const offset = n < 24 ? "byte offset 0:" : n < second ? "byte offset 24:" : "byte offset 52:";
      QVERIFY2(mentions(all, offset), message(all).c_str());
    }
  }

  void lengths_beyond_reason_are_damage_data() {
    QTest::addColumn<quint32>("snaplen");
    QTest::addColumn<quint32>("captured");
    QTest::addColumn<bool>("fits");
    QTest::newRow("4 GiB") << 65535U << 0xffffffffU << false;
    QTest::newRow("beyond 256 KiB") << 65535U << 262145U << false;
    QTest::newRow("256 KiB over the snap length") << 96U << 262144U << true;
    QTest::newRow("as the snap length says") << 1000000U << 1000000U << true;
    QTest::newRow("a lying snap length") << 0xffffffffU << 16777217U << false;
    QTest::newRow("the largest") << 0xffffffffU << 16777216U << true;
  }
  void lengths_beyond_reason_are_damage() {
    QFETCH(quint32, snaplen);
    QFETCH(quint32, captured);
    QFETCH(bool, fits);
    CaptureBytes file;
    file.pcap_header(0xa1b2c3d4, 1, snaplen).pcap_record(1, 1, "before");
    const std::string at = "byte offset " + std::to_string(file.size()) + ":";
    if (fits) {
      file.pcap_record(2, 2, std::string(captured, 'z')).pcap_record(3, 3, "after");
    } else {
      file.u32(2).u32(2).u32(captured).u32(captured).text(std::string(1000, 'z'));
    }
    const ReadAll all = read_all(file.data());
    QCOMPARE(all.status.ok(), fits);
    QCOMPARE(all.packets.size(), fits ? std::size_t{3} : std::size_t{1});
    if (fits) {
      QCOMPARE(all.packets[1].bytes.size(), std::size_t{captured});
      QCOMPARE(all.packets[2].bytes, std::string("after"));
    } else {
      QVERIFY2(mentions(all, at.c_str()), message(all).c_str());
    }
  }

  void batches_end_at_4096_packets_and_lose_nothing_between() {
    CaptureBytes file;
    file.pcap_header();
    for (std::uint32_t i = 0; i < 30000; ++i) {
      file.pcap_record(1700000000 + i, 0, std::to_string(i) + std::string(i % 1400, 'p'));
    }
    const auto source = pr::capture::make_file_source(pr::capture::memory_bytes(file.data()));
    pr::Batch batch;
    std::size_t count = 0;
    while (true) {
      batch.clear();
      const auto more = source->read(batch);
      QVERIFY(more.ok());
      QVERIFY(batch.packets.size() <= pr::kBatchPackets);
      QVERIFY(batch.arena.size() < std::size_t{8} << 20U);
      for (const pr::Packet& packet : batch.packets) {
        const std::string head = std::to_string(count);
        QCOMPARE(std::string(pr::as_text(packet.bytes.first(head.size()))), head);
        QCOMPARE(packet.bytes.size(), head.size() + count % 1400);
        ++count;
      }
      if (!*more) break;
    }
    QCOMPARE(count, std::size_t{30000});
    QCOMPARE(source->progress().done, std::uint64_t{file.size()});
    QCOMPARE(source->progress().total, std::uint64_t{file.size()});
  }

  void what_is_no_capture_is_damage_at_0_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("words");
    QTest::newRow("empty") << QByteArray() << "empty";
    QTest::newRow("one byte") << QByteArray("\xd4") << "not a capture";
    QTest::newRow("text") << QByteArray("this is no capture\n") << "not a capture";
    QTest::newRow("header only begun") << QByteArray("\xd4\xc3\xb2\xa1\x02\x00", 6) << "pcap header";
  }
  void what_is_no_capture_is_damage_at_0() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, words);
    const ReadAll all = read_all(pr::as_bytes({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
    QCOMPARE(all.status.code(), absl::StatusCode::kDataLoss);
    QVERIFY2(mentions(all, "byte offset 0:"), message(all).c_str());
    QVERIFY2(mentions(all, words.toUtf8().constData()), message(all).c_str());
    QVERIFY(all.packets.empty());
  }

  void a_source_that_was_stopped_ends_without_damage() {
    const auto file = CaptureBytes().pcap_header().pcap_record(1, 1, "x").data();
    const auto source = pr::capture::make_file_source(pr::capture::memory_bytes(file));
    source->stop();
    const ReadAll all = read_all(*source);
    QVERIFY(all.status.ok());
    QVERIFY(all.packets.empty());
  }
};

QTEST_APPLESS_MAIN(PcapParserTest)
#include "pcap_parser_test.moc"
