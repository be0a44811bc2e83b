#include "shared/base/time_text.h"

#include <QtTest>
#include <cstdlib>
#include <ctime>

namespace pr {

class TimeTextTest : public QObject {
  Q_OBJECT

 private:
  static constexpr std::int64_t kSecond = 1'000'000'000;
  static constexpr std::int64_t kNow = 1'700'000'000 * kSecond;  // 2023-11-14T22:13:20Z, 23:13:20 in Berlin

 private slots:
  void initTestCase() {
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
  }

  void prints_times() {
    QCOMPARE(format_rfc3339(from_ns(kNow)), std::string("2023-11-14T22:13:20.000000000Z"));
    QCOMPARE(format_rfc3339(from_ns(kNow + 7)), std::string("2023-11-14T22:13:20.000000007Z"));
    QCOMPARE(format_rfc3339(from_ns(-1)), std::string("1969-12-31T23:59:59.999999999Z"));
    QCOMPARE(format_local(from_ns(kNow + 123'456'789)), std::string("2023-11-14 23:13:20.123"));
    QCOMPARE(format_local(from_ns(kNow), 0), std::string("2023-11-14 23:13:20"));
    QCOMPARE(format_wireshark(from_ns(kNow)), std::string("Nov 14, 2023 23:13:20.000000000 CET"));
    QCOMPARE(format_wireshark(from_ns(kNow), true), std::string("Nov 14, 2023 22:13:20.000000000 UTC"));
    QCOMPARE(format_wireshark(from_ns(1'581'113'120 * kSecond), true),
             std::string("Feb  7, 2020 22:05:20.000000000 UTC"));
    QCOMPARE(format_seconds(kNow), std::string("1700000000.000000000"));
    QCOMPARE(format_seconds(-1000), std::string("-0.000001000"));
    QCOMPARE(format_seconds(std::numeric_limits<std::int64_t>::min()), std::string("-9223372036.854775808"));
  }

  void reads_times_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ns");
    const auto row = [](const char* text, std::int64_t ns) { QTest::newRow(text) << text << static_cast<qint64>(ns); };
    row("2023-11-14T22:13:20Z", kNow);
    row("2023-11-14T22:13:20.5Z", kNow + kSecond / 2);
    row("2023-11-14T22:13:20.123456789Z", kNow + 123'456'789);
    row("2023-11-15T00:13:20+02:00", kNow);
    row("2023-11-14T17:13:20-0500", kNow);
    row("2023-11-14 23:13:20", kNow);
    row("2023-11-14T23:13", kNow - 20 * kSecond);
    row("2023-11-14", kNow - (23 * 3600 + 13 * 60 + 20) * kSecond);
    row("23:13:20", kNow);
    row("22:13", kNow - 3620 * kSecond);
    row("1700000000", kNow);
    row("1700000000.25", kNow + kSecond / 4);
    row("Nov 14, 2023 23:13:20", kNow);
    row("Nov 14, 2023 22:13:20.5 UTC", kNow + kSecond / 2);
    row("now", kNow);
    row("45m ago", kNow - 2700 * kSecond);
    row("90 s ago", kNow - 90 * kSecond);
    row("1h30m ago", kNow - 5400 * kSecond);
    row("2d ago", kNow - 172'800 * kSecond);
    row("1w ago", kNow - 604'800 * kSecond);
    row("  now ", kNow);
  }
  void reads_times() {
    QFETCH(QString, text);
    QFETCH(qint64, ns);
    const auto time = parse_time(text.toStdString(), from_ns(kNow));
    QVERIFY2(time.ok(), time.status().ToString().c_str());
    QCOMPARE(static_cast<qint64>(to_ns(*time)), ns);
  }

  void refuses_what_is_no_time_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "yesterday", "2023-13-01", "2023-02-30", "25:00", "12:60", "2023-11-14T22:13:20X",
                             "m ago", "ago", "99999999999999999999", "9999-01-01", "1e9", "2023-11-14T", "..", "-",
                             "99999999999w ago", "2023-11-14T22:13:20+99:00"}) {
      QTest::newRow(text) << text;
    }
  }
  void refuses_what_is_no_time() {
    QFETCH(QString, text);
    QVERIFY(!parse_time(text.toStdString(), from_ns(kNow)).ok());
  }

  void a_printed_time_reads_back() {
    for (const std::int64_t ns :
         {std::int64_t{0}, std::int64_t{-1}, kNow + 1, std::int64_t{9'000'000'000'000'000'000}}) {
      const auto time = parse_time(format_rfc3339(from_ns(ns)), from_ns(kNow));
      QVERIFY(time.ok());
      QCOMPARE(static_cast<qint64>(to_ns(*time)), static_cast<qint64>(ns));
    }
  }

  void reads_durations_and_sizes() {
    QCOMPARE(*parse_duration("90"), Duration(90 * kSecond));
    QCOMPARE(*parse_duration("1.5h"), Duration(5400 * kSecond));
    QCOMPARE(*parse_duration("250ms"), Duration(kSecond / 4));
    QCOMPARE(*parse_duration("2d12h"), Duration(216'000 * kSecond));
    for (const char* bad : {"", "h", "5x", "-5s", "1..5s", "99999999999999w"}) QVERIFY2(!parse_duration(bad).ok(), bad);
    QCOMPARE(*parse_size("500"), std::uint64_t{500});
    QCOMPARE(*parse_size("10G"), std::uint64_t{10} << 30U);
    QCOMPARE(*parse_size("500MiB"), std::uint64_t{500} << 20U);
    QCOMPARE(*parse_size("1.5 GB"), std::uint64_t{1'500'000'000});
    QCOMPARE(*parse_size("64k"), std::uint64_t{65536});
    for (const char* bad : {"", "G", "5X", "-5", "1G1G", "99999999999999T"}) QVERIFY2(!parse_size(bad).ok(), bad);
    std::int64_t ns = 0;
    QVERIFY(parse_seconds("-1.5", &ns));
    QCOMPARE(static_cast<qint64>(ns), static_cast<qint64>(-3 * kSecond / 2));
    for (const char* bad : {"", "-", ".", "1.2.3", "abc", "99999999999", "1 "}) QVERIFY2(!parse_seconds(bad, &ns), bad);
  }

  void people_read_short_forms() {
    QCOMPARE(format_duration(std::chrono::milliseconds(12)), std::string("12 ms"));
    QCOMPARE(format_duration(std::chrono::seconds(3725)), std::string("1h02m"));
    QCOMPARE(format_size(12), std::string("12 B"));
    QCOMPARE(format_size(1536), std::string("1.50 KiB"));
    QCOMPARE(format_size(std::uint64_t{200} << 30U), std::string("200 GiB"));
  }
};

}  // namespace pr

using pr::TimeTextTest;
QTEST_APPLESS_MAIN(TimeTextTest)
#include "time_text_test.moc"
