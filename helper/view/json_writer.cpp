#include "helper/view/row_writer.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

// One object a row; empty cells are left out.
class JsonWriter final : public RowWriter {
 public:
  JsonWriter(Output& output, std::string type, bool as_lines) : output_(output), as_lines_(as_lines) {
    opening_ = "{\"type\":";
    append_json_text(opening_, type);
  }

  void begin(std::span<const OutputColumn> columns) override {
    for (const OutputColumn& column : columns) {
      std::string key = ",";
      append_json_text(key, column.key);
      key += ':';
      // The writer itself says what type of row it is.
      keys_.push_back({column.key == "type" ? std::string() : std::move(key), column.type});
    }
    if (!as_lines_) output_.write("[");
  }

  void row(const Row& row) override {
    line_.clear();
    if (!as_lines_) line_ += first_ ? "\n" : ",\n";
    first_ = false;
    line_ += opening_;
    for (std::size_t i = 0; i < row.size() && i < keys_.size(); ++i) {
      if (keys_[i].text.empty() || std::holds_alternative<std::monostate>(row[i])) continue;
      line_ += keys_[i].text;
      append_json_cell(line_, row[i], keys_[i].type);
    }
    line_ += as_lines_ ? "}\n" : "}";
    output_.write(line_);
  }

  void end() override {
    if (!as_lines_) output_.write(first_ ? "]\n" : "\n]\n");
  }

 private:
  struct Key {
    std::string text;  // ,"key":
    CellType type;
  };
  Output& output_;
  const bool as_lines_;
  std::string opening_, line_;
  std::vector<Key> keys_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<RowWriter> make_json_writer(Output& output, std::string type, bool as_lines) {
  return std::make_unique<JsonWriter>(output, std::move(type), as_lines);
}

}  // namespace pr::view
