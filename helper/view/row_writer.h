// Rows to bytes, one class a format. begin() once, row() for each, end() once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "helper/view/output.h"
#include "shared/model/row.h"

namespace pr::view {

enum class Format : std::uint8_t { kTable, kJson, kJsonl, kCsv, kPcapng, kEve, kZeek };
bool parse_format(std::string_view text, Format* format);

struct OutputColumn {
  std::string key;    // JSON key, csv heading
  std::string title;  // table heading
  CellType type = CellType::kText;
  bool right = false;
};

class RowWriter {
 public:
  virtual ~RowWriter() = default;
  virtual void begin(std::span<const OutputColumn> columns) = 0;
  // Cells in the order of the columns.
  virtual void row(const Row& row) = 0;
  virtual void end() {}
};

// All borrow the output. type: the value of "type" in each JSON object.
std::unique_ptr<RowWriter> make_table_writer(Output& output);
std::unique_ptr<RowWriter> make_csv_writer(Output& output);
// as_lines: one object a line; otherwise one array.
std::unique_ptr<RowWriter> make_json_writer(Output& output, std::string type, bool as_lines);
// Suricata's EVE and Zeek's logs. They find what they need among the columns by key.
std::unique_ptr<RowWriter> make_eve_writer(Output& output, Noun noun);
std::unique_ptr<RowWriter> make_zeek_writer(Output& output, Noun noun);

}  // namespace pr::view
