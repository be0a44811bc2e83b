// Golden packets: rows of a data-driven test that say what tshark prints of each field. A packet that needs others
// before it (a TLS message, its hellos) lists them: ">" is sent by who opened the flow, "<" by who answered.
#pragma once

#include <QByteArrayList>
#include <initializer_list>

#include "shared/model/value_text.h"
#include "tests/support/dissect.h"

namespace pr::test {

struct ShownField {
  const char* name;
  const char* text;  // all values, commas between
};

// Lines of a text protocol as the hex digits that a row takes.
inline std::string lines(std::initializer_list<std::string_view> all) {
  std::string text;
  for (const std::string_view line : all) text.append(line) += "\r\n";
  return to_hex(as_bytes(text));
}

inline void golden_columns() {
  QTest::addColumn<QByteArrayList>("packets");
  QTest::addColumn<QByteArrayList>("fields");
}

inline void golden(const char* row, std::initializer_list<const char*> packets,
                   std::initializer_list<ShownField> fields) {
  QByteArrayList all, shown;
  for (const char* packet : packets) all << QByteArray(packet);
  for (const ShownField& field : fields) shown << QByteArray(field.name) << QByteArray(field.text);
  QTest::newRow(row) << all << shown;
}

inline void golden(const char* row, const char* packet, std::initializer_list<ShownField> fields) {
  golden(row, {packet}, fields);
}

// All values of a field as `tshark -T fields` prints them.
inline std::string shown(const Result& result, std::string_view name) {
  std::string text;
  for (const Value& value : result.values(name)) {
    if (!text.empty()) text += ',';
    append_value_text(text, ValueFormat::of(*registry().catalog().find(name)), value);
  }
  return text;
}

// Dissects the row's packets in order, and holds the last one's fields against what the row says.
inline void check_golden(const Dissector& dissector, Options options = {}) {
  QFETCH(QByteArrayList, packets);
  QFETCH(QByteArrayList, fields);
  Result result;
  std::vector<std::uint8_t> bytes;
  for (const QByteArray& packet : packets) {
    options.state = result.state;
    options.from_orig = !packet.startsWith('<');
    bytes = from_hex(packet.toStdString());
    result = run(dissector, bytes, options);
    QVERIFY2(result.outcome == Outcome::kDone, packet.constData());
  }
  for (qsizetype i = 0; i < fields.size(); i += 2) {
    const QByteArray has = QByteArray::fromStdString(shown(result, fields[i].toStdString()));
    if (has != fields[i + 1]) {
      QFAIL((fields[i] + " is \"" + has + "\", not \"" + fields[i + 1] + "\", of " + packets.last()).constData());
    }
  }
  sweep_prefixes(dissector, bytes, options);
}

}  // namespace pr::test
