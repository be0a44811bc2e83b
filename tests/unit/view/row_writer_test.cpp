#include "helper/view/row_writer.h"

#include <unistd.h>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace {

using namespace pr;

const std::vector<view::OutputColumn> kColumns = {{"name", "Name", CellType::kText, false},
                                                  {"count", "Count", CellType::kUint, true},
                                                  {"at", "At", CellType::kTime, false},
                                                  {"more", "More", CellType::kList, false},
                                                  {"raw", "Raw", CellType::kJson, false}};

Row row(std::string name, std::uint64_t count) {
  return {std::move(name), count, from_ns(1'700'000'000'000'000'001), std::vector<std::string>{"a", "b,c"},
          std::string("{\"x\":1}")};
}

// What a writer makes of some rows.
QString written(const std::function<std::unique_ptr<view::RowWriter>(view::Output&)>& make,
                const std::vector<Row>& rows) {
  const std::string path = std::filesystem::temp_directory_path() / ("row_writer_test." + std::to_string(::getpid()));
  {
    view::Output output(path);
    const auto writer = make(output);
    writer->begin(kColumns);
    for (const Row& one : rows) writer->row(one);
    writer->end();
    if (!output.close().ok()) return "cannot write";
  }
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::filesystem::remove(path);
  return QString::fromStdString(text);
}

}  // namespace

class RowWriterTest : public QObject {
  Q_OBJECT
 private slots:
  void json_leaves_out_what_is_unknown() {
    const auto make = [](view::Output& output) { return view::make_json_writer(output, "thing", true); };
    QCOMPARE(written(make, {row("x", 7), {std::string("y"), Cell(), Cell(), Cell(), Cell()}}),
             QString("{\"type\":\"thing\",\"name\":\"x\",\"count\":7,\"at\":\"2023-11-14T22:13:20.000000001Z\","
                     "\"more\":[\"a\",\"b,c\"],"
                     "\"raw\":{\"x\":1}}\n{\"type\":\"thing\",\"name\":\"y\"}\n"));
  }

  void json_is_one_array() {
    const auto make = [](view::Output& output) { return view::make_json_writer(output, "thing", false); };
    QCOMPARE(written(make, {}), QString("[]\n"));
    const QString two = written(make, {row("x", 1), row("y", 2)});
    QVERIFY2(two.startsWith("[\n{") && two.endsWith("}\n]\n") && two.count("},\n{") == 1, qPrintable(two));
  }

  void csv_quotes_what_needs_it() {
    const auto make = [](view::Output& output) { return view::make_csv_writer(output); };
    QCOMPARE(written(make, {row("say \"x\"", 7)}),
             QString("name,count,at,more,raw\n\"say "
                     "\"\"x\"\"\",7,2023-11-14T22:13:20.000000001Z,\"a,b,c\",\"{\"\"x\"\":1}\"\n"));
  }

  void tables_line_up() {
    const auto make = [](view::Output& output) { return view::make_table_writer(output); };
    const QStringList lines = written(make, {row("a", 1), row("much longer", 12345)}).split('\n');
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines[0].startsWith("Name         Count  At"), qPrintable(lines[0]));
    QVERIFY2(lines[1].startsWith("a                1  2023"), qPrintable(lines[1]));
    QVERIFY2(lines[2].startsWith("much longer  12345  2023"), qPrintable(lines[2]));
  }

  void controls_do_not_get_out_data() {
    QTest::addColumn<int>("format");
    for (int i = 0; i < 4; ++i) QTest::addRow("%d", i) << i;
  }
  void controls_do_not_get_out() {
    QFETCH(int, format);
    const auto make = [format](view::Output& output) {
      if (format == 0) return view::make_table_writer(output);
      if (format == 1) return view::make_csv_writer(output);
      return view::make_json_writer(output, "x", format == 2);
    };
    const QString out = written(make, {row("\x1b[31m\x07\x7f\xc2\x9b\xe2\x80\xae\xff", 1)});
    for (const QChar c : out) {
      const bool control =
          (c.unicode() < 0x20 && c != '\n') || (c.unicode() >= 0x7f && c.unicode() < 0xa0) || c.unicode() == 0x202e;
      QVERIFY2(!control, qPrintable(out.toHtmlEscaped()));
    }
    QVERIFY(out.contains("31m"));
  }

  void formats_have_names() {
    view::Format format{};
    QVERIFY(view::parse_format("zeek", &format) && format == view::Format::kZeek);
    QVERIFY(view::parse_format("table", &format) && format == view::Format::kTable);
    QVERIFY(!view::parse_format("xml", &format));
  }
};

QTEST_APPLESS_MAIN(RowWriterTest)
#include "row_writer_test.moc"
