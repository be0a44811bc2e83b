#include "helper/cli/show_rows.h"

#include "helper/cli/exit_code.h"

namespace pr::cli {

int show_rows(std::span<const view::OutputColumn> columns, std::span<const Row> rows, bool json,
              const std::string& type) {
  view::Output output("");
  const auto writer = json ? view::make_json_writer(output, type, false) : view::make_table_writer(output);
  writer->begin(columns);
  for (const Row& row : rows) writer->row(row);
  writer->end();
  const absl::Status done = output.close();
  return done.ok() ? kOk : fail(done);
}

}  // namespace pr::cli
