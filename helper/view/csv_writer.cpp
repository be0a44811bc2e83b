#include "helper/view/row_writer.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

// RFC 4180 with a heading; lines end with LF, as programs here read them.
class CsvWriter final : public RowWriter {
 public:
  explicit CsvWriter(Output& output) : output_(output) {}

  void begin(std::span<const OutputColumn> columns) override {
    line_.clear();
    for (const OutputColumn& column : columns) add(column.key, &column == columns.data());
    finish();
  }

  void row(const Row& row) override {
    line_.clear();
    for (const Cell& cell : row) add(cell_text(cell), &cell == row.data());
    finish();
  }

 private:
  void add(std::string_view text, bool first) {
    if (!first) line_ += ',';
    line_ += csv_field(text);
  }
  void finish() {
    line_ += '\n';
    output_.write(line_);
  }

  Output& output_;
  std::string line_;
};

}  // namespace

std::unique_ptr<RowWriter> make_csv_writer(Output& output) { return std::make_unique<CsvWriter>(output); }

}  // namespace pr::view
