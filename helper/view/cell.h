// Reading cells.
#pragma once

#include <cstdint>

#include "shared/model/row.h"

namespace pr::view {

[[nodiscard]] inline bool is_empty(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }

// The cell as a number, 0 if it is none.
[[nodiscard]] inline std::uint64_t cell_uint(const Cell& cell) {
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) return *number;
  if (const auto* integer = std::get_if<std::int64_t>(&cell))
    return *integer < 0 ? 0 : static_cast<std::uint64_t>(*integer);
  return 0;
}

}  // namespace pr::view
