#include <algorithm>
#include <vector>

#include "helper/view/row_writer.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

// Columns as wide as the first rows need; a wider cell later pushes the rest of its line to the right.
class TableWriter final : public RowWriter {
 public:
  explicit TableWriter(Output& output) : output_(output), width_(output.terminal_width()) {}

  void begin(std::span<const OutputColumn> columns) override {
    columns_.assign(columns.begin(), columns.end());
    for (const OutputColumn& column : columns_) widths_.push_back(shown_width(column.title));
  }

  void row(const Row& row) override {
    std::vector<std::string> cells;
    cells.reserve(row.size());
    for (const Cell& cell : row) cells.push_back(cut(escape_controls(cell_text(cell))));
    if (laid_out_) return print(cells);
    for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], shown_width(cells[i]));
    waiting_.push_back(std::move(cells));
    if (waiting_.size() >= kRowsThatDecide) lay_out();
  }

  void end() override { lay_out(); }

 private:
  static constexpr std::size_t kRowsThatDecide = 500;
  static constexpr std::size_t kWidest = 200;  // characters of a cell

  // Characters, not octets: continuation octets do not count.
  static std::size_t shown_width(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
  }

  // text[0, n characters)
  static std::string prefix(const std::string& text, std::size_t n) {
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at) {
      if ((static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U && seen++ == n) break;
    }
    return text.substr(0, at);
  }

  static std::string cut(std::string text) {
    if (shown_width(text) <= kWidest) return text;
    return prefix(text, kWidest - 3) + "...";
  }

  void lay_out() {
    if (laid_out_) return;
    laid_out_ = true;
    std::vector<std::string> titles;
    for (const OutputColumn& column : columns_) titles.push_back(column.title);
    print(titles);
    for (const auto& cells : waiting_) print(cells);
    waiting_.clear();
  }

  void print(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
      const std::size_t have = shown_width(cells[i]);
      const std::size_t pad = widths_[i] > have ? widths_[i] - have : 0;
      if (i > 0) line += "  ";
      if (columns_[i].right) line.append(pad, ' ');
      line += cells[i];
      if (!columns_[i].right && i + 1 < cells.size()) line.append(pad, ' ');
    }
    if (width_ > 0 && shown_width(line) > width_) line = prefix(line, width_);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    line += '\n';
    output_.write(line);
  }

  Output& output_;
  const unsigned width_;
  std::vector<OutputColumn> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> waiting_;
  bool laid_out_ = false;
};

}  // namespace

std::unique_ptr<RowWriter> make_table_writer(Output& output) { return std::make_unique<TableWriter>(output); }

}  // namespace pr::view
