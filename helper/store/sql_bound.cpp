#include "helper/store/sql_bound.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pr::store {
namespace {

constexpr std::size_t kMaxXorSql = 16'384;  // each side is written twice
// SQLite's parser has a stack of 100 symbols; the statement around the condition needs some of them.
constexpr std::size_t kMaxStack = 80;

constexpr std::size_t kMaxZone = 20'000;

// A zone that may hold rows for both may hold none for all of them: that only widens.
std::string binary_zone(const Expr& a, bool all, const Expr& b) {
  if (a.zone.empty() || b.zone.empty()) return !all ? "" : a.zone.empty() ? b.zone : a.zone;
  if (a.zone.size() + b.zone.size() > kMaxZone || a.stack + b.stack > kMaxStack) return all ? a.zone : "";
  return absl::StrCat("(", a.zone, all ? " AND " : " OR ", b.zone, ")");
}

Expr binary(Expr a, bool all, Expr b) {
  a.zone = binary_zone(a, all, b);
  a.sql = absl::StrCat("(", a.sql, all ? " AND " : " OR ", b.sql, ")");
  a.stack = std::max(a.stack + 1, b.stack + 3);
  a.bindings.insert(a.bindings.end(), std::make_move_iterator(b.bindings.begin()),
                    std::make_move_iterator(b.bindings.end()));
  return a;
}

// Halves of halves: SQLite bounds the depth of an expression.
Expr balanced(std::vector<Expr>& parts, std::size_t from, std::size_t to, bool all) {
  if (to - from == 1) return std::move(parts[from]);
  const std::size_t middle = from + (to - from) / 2;
  return binary(balanced(parts, from, middle, all), all, balanced(parts, middle, to, all));
}

}  // namespace

Expr Expr::of(std::string sql, std::vector<SqlValue> bindings) {
  const auto groups = static_cast<std::size_t>(std::ranges::count(sql, '('));
  return {.is = Is::kSql, .sql = std::move(sql), .bindings = std::move(bindings), .stack = 4 + 3 * groups};
}

Expr join(std::vector<Expr> parts, bool all) {
  const auto neutral = all ? Expr::Is::kTrue : Expr::Is::kFalse;
  const auto decisive = all ? Expr::Is::kFalse : Expr::Is::kTrue;
  if (std::ranges::any_of(parts, [&](const Expr& e) { return e.is == decisive; })) return Expr::constant(!all);
  std::erase_if(parts, [&](const Expr& e) { return e.is == neutral; });
  if (parts.empty()) return Expr::constant(all);
  return balanced(parts, 0, parts.size(), all);
}

Expr negated(Expr e) {
  if (e.is != Expr::Is::kSql) return Expr::constant(e.is == Expr::Is::kFalse);
  e.sql = absl::StrCat("NOT ifnull(", e.sql, ", 0)");  // an unknown comparison counts as false before it is turned
  e.stack += 3;
  e.zone.clear();
  return e;
}

Bound tidy(Bound b) {
  if (b.upper.stack > kMaxStack) {
    b = {.upper = Expr::constant(true), .lower = b.exact ? Expr::constant(false) : std::move(b.lower), .exact = false};
  }
  if (b.lower.stack > kMaxStack) b.lower = Expr::constant(false);
  if (b.exact) return b;
  if (b.upper.is == Expr::Is::kFalse) return Bound::of(Expr::constant(false));
  if (b.lower.is == Expr::Is::kTrue) return Bound::of(Expr::constant(true));
  return b;
}

Bound combine(std::vector<Bound> parts, bool all) {
  std::vector<Expr> upper, lower;
  const bool exact = std::ranges::all_of(parts, &Bound::exact);
  for (Bound& part : parts) {
    if (!exact) lower.push_back(part.low());
    upper.push_back(std::move(part.upper));
  }
  return tidy(
      {.upper = join(std::move(upper), all), .lower = exact ? Expr{} : join(std::move(lower), all), .exact = exact});
}

Bound negated(Bound b) {
  if (b.exact) return tidy(Bound::of(negated(std::move(b.upper))));
  return tidy({.upper = negated(std::move(b.lower)), .lower = negated(std::move(b.upper)), .exact = false});
}

Bound exclusive(const Bound& a, const Bound& b) {
  if (a.upper.sql.size() + a.low().sql.size() + b.upper.sql.size() + b.low().sql.size() > kMaxXorSql)
    return Bound::unknown();
  return both(false, both(true, a, negated(b)), both(true, negated(a), b));
}

}  // namespace pr::store
