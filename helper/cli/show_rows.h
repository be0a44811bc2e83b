// Rows that a command made itself, as a table or as JSON, on standard output.
#pragma once

#include <span>
#include <string>

#include "helper/view/row_writer.h"

namespace pr::cli {

int show_rows(std::span<const view::OutputColumn> columns, std::span<const Row> rows, bool json,
              const std::string& type);

}  // namespace pr::cli
