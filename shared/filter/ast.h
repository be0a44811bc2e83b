// Syntax tree of a display filter. Plain data; immutable once parsed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/field_catalog.h"

namespace pr::filter {

// The design of this tree belongs to shared/filter; helper/store reads it to make SQL.
struct Ast;

}  // namespace pr::filter
