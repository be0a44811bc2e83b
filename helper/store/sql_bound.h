// Conditions as SQL text, and the pair of them that stands for what a catalog knows of a test. Private to sql_filter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "helper/store/sql_filter.h"

namespace pr::store {

// A condition, or a constant. NULL counts as false.
struct Expr {
  enum class Is : std::uint8_t { kFalse, kTrue, kSql };
  Is is = Is::kFalse;
  std::string sql = {};
  std::vector<SqlValue> bindings = {};
  std::string zone = {};  // the same over zone z: no row of it passes where this is false. Empty: nothing is known
  std::size_t stack = 0;  // symbols that SQLite's parser keeps while it reads this, at most

  static Expr constant(bool value) { return {.is = value ? Is::kTrue : Is::kFalse}; }
  static Expr of(std::string sql, std::vector<SqlValue> bindings = {});
};

// All of them, or one of them.
Expr join(std::vector<Expr> parts, bool all);
Expr negated(Expr e);

// What a node is at most (upper) and at least (lower).
struct Bound {
  Expr upper, lower;
  bool exact = true;  // both are the same; lower is then not filled

  static Bound of(Expr e) { return {.upper = std::move(e), .lower = {}, .exact = true}; }
  static Bound unknown() { return {.upper = Expr::constant(true), .lower = Expr::constant(false), .exact = false}; }
  static Bound at_most(Expr e) { return {.upper = std::move(e), .lower = Expr::constant(false), .exact = false}; }
  [[nodiscard]] const Expr& low() const { return exact ? upper : lower; }
};

// Finds constants, and leaves undecided what is too deep for SQLite.
Bound tidy(Bound b);
Bound combine(std::vector<Bound> parts, bool all);
Bound negated(Bound b);
Bound exclusive(const Bound& a, const Bound& b);

template <typename... Bounds>
Bound both(bool all, Bounds... bounds) {
  std::vector<Bound> parts;
  (parts.push_back(std::move(bounds)), ...);
  return combine(std::move(parts), all);
}

}  // namespace pr::store
