// Display filters: text -> syntax tree -> predicate. Wireshark's grammar and meaning: a row has, for each
// field, all values occurring in it; `==` means some value is equal, `!=` that all differ.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "shared/base/function_ref.h"
#include "shared/filter/ast.h"
#include "shared/model/field_catalog.h"

namespace pr::filter {

struct Error {
  std::size_t position = 0;  // octet in the text, from 0
  std::size_t length = 0;
  std::string message;  // what was expected; with the nearest field name where one was unknown

  // Two lines for a terminal: the text (cut around the place) and a caret below it, then the message.
  [[nodiscard]] std::string explain(std::string_view text) const;
};

// Limits: 64 KiB of text, 200 levels of nesting, 10,000 nodes; beyond: an Error. "" matches everything (null Ast).
std::variant<std::unique_ptr<Ast>, Error> parse(std::string_view text, const FieldCatalog& catalog);

// What a filter asks a row for. Values are valid during the visit.
class RowValues {
 public:
  using Visit = FunctionRef<void(const Value&, FieldType type, std::size_t layer)>;
  virtual ~RowValues() = default;
  // Calls visit for each value of the field in order of occurrence. For a protocol: once per layer of it, with
  // a kBytes value over the layer and what it carries. layer: 1 for the first layer of its protocol, 2 ... (`#2`).
  virtual void each(FieldId id, const Visit& visit) const = 0;
};

// A compiled filter. Immutable: any thread may test rows with it.
class Predicate {
 public:
  // null Ast: matches everything.
  explicit Predicate(const Ast* ast);
  ~Predicate();
  Predicate(Predicate&&) noexcept;
  Predicate& operator=(Predicate&&) noexcept;

  [[nodiscard]] bool matches(const RowValues& row) const;
  // The fields that matches() will ask for.
  [[nodiscard]] const FieldSet& needs() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::filter
