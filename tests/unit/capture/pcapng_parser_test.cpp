#include <QtTest>

#include "tests/support/capture_bytes.h"
#include "tests/support/read_all.h"

using pr::test::CaptureBytes;
using pr::test::read_all;
using pr::test::ReadAll;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::string message(const ReadAll& all) { return std::string(all.status.message()); }
std::string octets(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

}  // namespace

class PcapngParserTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_all_kinds_of_packet_blocks_in_both_byte_orders_data() {
    QTest::addColumn<bool>("big_endian");
    QTest::newRow("little") << false;
    QTest::newRow("big") << true;
  }
  void reads_all_kinds_of_packet_blocks_in_both_byte_orders() {
    QFETCH(bool, big_endian);
    CaptureBytes file(big_endian);
    file.section().interface(1, 4).interface(101, 0);
    file.enhanced(1, 1'700'000'000'000'007, "enhanced", 900);
    file.block(3, file.body().u32(600).padded("simp"));
    file.block(2, file.body()
                      .u16(1)
                      .u16(3)
                      .u32(1'700'000'001'000'000 >> 32U)
                      .u32(1'700'000'001'000'000 & 0xffffffffU)
                      .u32(8)
                      .u32(8)
                      .padded("obsolete"));
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{3});
    QCOMPARE(all.packets[0].ns, 1'700'000'000 * kSecond + 7000);
    QCOMPARE(all.packets[0].interface_id, 1U);
    QCOMPARE(all.packets[0].link_type, std::uint16_t{101});
    QCOMPARE(all.packets[0].wire_len, 900U);
    QCOMPARE(all.packets[0].bytes, std::string("enhanced"));
    // Cut at the first interface's snap length; the time of the packet before.
    QCOMPARE(all.packets[1].bytes, std::string("simp"));
    QCOMPARE(all.packets[1].wire_len, 600U);
    QCOMPARE(all.packets[1].interface_id, 0U);
    QCOMPARE(all.packets[1].ns, all.packets[0].ns);
    QCOMPARE(all.packets[2].bytes, std::string("obsolete"));
    QCOMPARE(all.packets[2].ns, 1'700'000'001 * kSecond);
  }

  void time_follows_the_interface_data() {
    QTest::addColumn<int>("resolution");
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<quint64>("units");
    QTest::addColumn<qint64>("ns");
    QTest::newRow("s") << 0 << qint64{0} << quint64{5} << qint64{5 * kSecond};
    QTest::newRow("ns") << 9 << qint64{0} << quint64{1700000000000000123} << qint64{1700000000000000123};
    QTest::newRow("ps") << 12 << qint64{0} << quint64{1234567} << qint64{1234};
    QTest::newRow("10^-28") << 28 << qint64{0} << quint64{UINT64_MAX} << qint64{1};
    QTest::newRow("10^-127") << 127 << qint64{0} << quint64{UINT64_MAX} << qint64{0};
    QTest::newRow("2^-10") << 0x8a << qint64{0} << quint64{1024 + 512} << qint64{kSecond + kSecond / 2};
    QTest::newRow("2^-64") << 0xc0 << qint64{0} << quint64{1} << qint64{0};
    QTest::newRow("2^-127") << 0xff << qint64{0} << quint64{UINT64_MAX} << qint64{0};
    QTest::newRow("offset") << 6 << qint64{1700000000} << quint64{1'000'001} << qint64{1700000001 * kSecond + 1000};
    QTest::newRow("before 1970") << 6 << qint64{-10} << quint64{0} << qint64{-10 * kSecond};
    QTest::newRow("too far") << 0 << qint64{0} << quint64{UINT64_MAX} << (qint64{1} << 62);
    QTest::newRow("too early") << 6 << qint64{INT64_MIN} << quint64{0} << -(qint64{1} << 62);
  }
  void time_follows_the_interface() {
    QFETCH(int, resolution);
    QFETCH(qint64, offset);
    QFETCH(quint64, units);
    QFETCH(qint64, ns);
    CaptureBytes file(true);
    CaptureBytes value(true);
    value.u64(static_cast<std::uint64_t>(offset));
    file.section().block(
        1,
        file.body().u16(1).u16(0).u32(0).option(9, octets({resolution})).option(14, pr::as_text(value.data())).u32(0));
    file.enhanced(0, units, "x");
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.at(0).ns, ns);
  }

  void describes_interfaces() {
    CaptureBytes file;
    file.block(0x0a0d0d0a, file.body().u32(0x1a2b3c4d).u16(1).u16(0).u64(UINT64_MAX).option(3, "Linux 6.1").u32(0));
    file.block(1, file.body()
                      .u16(1)
                      .u16(0)
                      .u32(0)
                      .option(2, "eth0")
                      .option(3, "uplink")
                      .option(11, std::string(1, '\0') + "tcp port 80")
                      .u32(0));
    file.block(
        1, file.body().u16(276).u16(0).u32(96).option(2, "any").option(12, "Plan 9").option(11, octets({1, 2})).u32(0));
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.interfaces.size(), std::size_t{2});
    QCOMPARE(all.interfaces[0].name, std::string("eth0"));
    QCOMPARE(all.interfaces[0].description, std::string("uplink"));
    QCOMPARE(all.interfaces[0].filter, std::string("tcp port 80"));
    QCOMPARE(all.interfaces[0].os, std::string("Linux 6.1"));
    QCOMPARE(all.interfaces[0].snaplen, 262144U);
    QCOMPARE(all.interfaces[1].os, std::string("Plan 9"));
    QCOMPARE(all.interfaces[1].filter, std::string());
    QCOMPARE(all.interfaces[1].link_type, std::uint16_t{276});
    QCOMPARE(all.interfaces[1].snaplen, 96U);
  }

  void sections_number_their_interfaces_on() {
    CaptureBytes little;
    little.section().interface(1).enhanced(0, 1, "a");
    CaptureBytes big(true);
    big.section().interface(101).interface(113).enhanced(1, 2, "b");
    std::vector<std::uint8_t> file = little.data();
    file.insert(file.end(), big.data().begin(), big.data().end());
    const ReadAll all = read_all(file);
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.interfaces.size(), std::size_t{3});
    QCOMPARE(all.packets.at(0).interface_id, 0U);
    QCOMPARE(all.packets.at(1).interface_id, 2U);
    QCOMPARE(all.packets.at(1).link_type, std::uint16_t{113});
  }

  void unknown_blocks_are_skipped_whatever_their_size() {
    CaptureBytes file;
    file.section().interface().block(0xbad, file.body().padded("small"));
    file.block(0x0a0d0d0b, file.body().padded(std::string(20'000'000, 'q'))).enhanced(0, 1, "after");
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{1});
    QCOMPARE(all.packets[0].bytes, std::string("after"));
  }

  void the_last_statistics_count() {
    CaptureBytes file;
    const auto count = [](std::uint64_t n) { return std::string(pr::as_text(CaptureBytes().u64(n).data())); };
    file.section().interface().enhanced(0, 1, "x");
    file.block(5, file.body().u32(0).u64(0).option(5, count(3)).option(7, count(10)).u32(0));
    file.block(5, file.body().u32(0).u64(0).option(5, count(4)).option(7, count(12)).u32(0));
    file.block(5, file.body().u32(9).u64(0).option(7, count(1000)).u32(0));
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.stats.dropped_kernel, std::uint64_t{12});
    QCOMPARE(all.stats.dropped_interface, std::uint64_t{4});
    QCOMPARE(all.stats.received, std::uint64_t{13});
  }

  void damage_names_its_offset_and_keeps_what_came_before_data() {
    QTest::addColumn<QByteArray>("tail");
    QTest::addColumn<int>("further");  // where in the tail the damage is
    const auto row = [](const char* name, const CaptureBytes& tail, int further = 0) {
      QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(tail.data().data()),
                                        static_cast<qsizetype>(tail.size()))
                          << further;
    };
    row("length 0", CaptureBytes().u32(6).u32(0).u32(0));
    row("length 8", CaptureBytes().u32(0x99).u32(8).u32(8));
    row("no multiple of 4", CaptureBytes().u32(6).u32(33).text(std::string(60, 'x')));
    row("4 GiB of packet", CaptureBytes().u32(6).u32(0xfffffffc).text(std::string(60, 'x')));
    row("4 GiB of something", CaptureBytes().u32(0x99).u32(0xfffffffc).text(std::string(60, 'x')));
    row("lengths differ", CaptureBytes().u32(0x99).u32(16).u32(0).u32(20));
    row("cut", CaptureBytes().u32(6).u32(64).text("abc"));
    row("packet longer than its block", CaptureBytes().block(6, CaptureBytes().u32(0).u64(0).u32(999).u32(999)));
    row("packet length -1", CaptureBytes().block(6, CaptureBytes().u32(0).u64(0).u32(0xffffffff).u32(1)));
    row("packet block too short", CaptureBytes().block(6, CaptureBytes().u32(0)));
    row("interface unknown", CaptureBytes().block(6, CaptureBytes().u32(7).u64(0).u32(0).u32(0)));
    row("simple packet too long", CaptureBytes().block(3, CaptureBytes().u32(100)));
    row("interface description too short", CaptureBytes().block(1, CaptureBytes().u32(1)));
    row("section without order", CaptureBytes().block(0x0a0d0d0a, CaptureBytes().u64(0).u64(0)), 8);
    row("section of version 2", CaptureBytes().section(2), 12);
    row("section too short", CaptureBytes().block(0x0a0d0d0a, CaptureBytes().u32(0x1a2b3c4d)));
  }
  void damage_names_its_offset_and_keeps_what_came_before() {
    QFETCH(QByteArray, tail);
    QFETCH(int, further);
    CaptureBytes file;
    file.section().interface().enhanced(0, 1, "before");
    const std::string at = "byte offset " + std::to_string(file.size() + static_cast<std::size_t>(further)) + ":";
    file.text({tail.constData(), static_cast<std::size_t>(tail.size())});
    const ReadAll all = read_all(file.data());
    QCOMPARE(all.status.code(), absl::StatusCode::kDataLoss);
    QVERIFY2(message(all).find(at) != std::string::npos, message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{1});
  }

  void every_prefix_is_clean_or_damaged_but_never_more_than_the_whole() {
    CaptureBytes file;
    file.section().interface().enhanced(0, 1, "one").enhanced(0, 2, "two");
    for (std::size_t n = 0; n < file.size(); ++n) {
      const ReadAll all = read_all(pr::Bytes(file.data()).first(n));
      QVERIFY(all.packets.size() < 2);
      QVERIFY(all.status.ok() || all.status.code() == absl::StatusCode::kDataLoss);
    }
  }

  void interfaces_are_bounded() {
    CaptureBytes file;
    file.section();
    for (int i = 0; i < 65537; ++i) file.interface();
    const ReadAll all = read_all(file.data());
    QCOMPARE(all.status.code(), absl::StatusCode::kDataLoss);
    QCOMPARE(all.interfaces.size(), std::size_t{65536});
  }

  void broken_options_end_the_options_only() {
    CaptureBytes file;
    file.section().block(1, file.body().u16(1).u16(0).u32(0).option(2, "eth0").u16(3).u16(60000).u32(0));
    file.enhanced(0, 1, "x");
    const ReadAll all = read_all(file.data());
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.interfaces.at(0).name, std::string("eth0"));
    QCOMPARE(all.packets.size(), std::size_t{1});
  }
};

QTEST_APPLESS_MAIN(PcapngParserTest)
#include "pcapng_parser_test.moc"
