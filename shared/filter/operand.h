// Operands made ready to run: what yields values of a row. Private to this module.
#pragma once

#include <memory>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "shared/base/function_ref.h"
#include "shared/filter/ast.h"
#include "shared/filter/filter.h"

namespace pr::filter {

// One value while a filter runs. Which part counts is known from the operand's Class.
struct Item {
  Integer number = 0;
  double real = 0;
  std::string_view bytes;
};

// Memory for what is made while testing one row (slices, upper case ...), gone after it. One thread.
class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  char* take(std::size_t size) { return static_cast<char*>(pool_.allocate(size == 0 ? 1 : size, 1)); }
  std::pmr::memory_resource* resource() { return &pool_; }

 private:
  alignas(16) std::byte first_[1024];
  std::pmr::monotonic_buffer_resource pool_{first_, sizeof first_};
};

using Take = FunctionRef<void(const Item&)>;

class Source {
 public:
  virtual ~Source() = default;
  // Calls take for each value, in order. Views last as long as the row's values or scratch.
  virtual void each(const RowValues& row, Scratch& scratch, Take take) const = 0;
};

// REQUIRES: an operand node (not kRange). Adds the fields it will ask for to needs.
std::unique_ptr<Source> make_source(const Ast& operand, FieldSet& needs);

// A field's value as an item of its class. type: as the row tells it.
Item to_item(const Value& value, FieldType type);
bool layer_wanted(const std::vector<Range>& layers, std::size_t layer, std::size_t count);

// -1, 0, 1 for two values of comparable classes; a bytes or text comparison is by octets.
int compare_items(Class a_class, const Item& a, Class b_class, const Item& b);

}  // namespace pr::filter
