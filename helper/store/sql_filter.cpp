#include "helper/store/sql_filter.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "helper/store/sql_bound.h"
#include "shared/base/text.h"
#include "shared/filter/bounds.h"
#include "shared/filter/pattern.h"
#include "shared/model/address.h"

namespace pr::store {
namespace {

using filter::Ast;
using filter::Class;
using filter::Integer;
using filter::Kind;
using filter::Op;
using ColumnKind = SqlColumn::Kind;

// SQLite takes 32766 bindings and, by default, a million octets of text; beyond, the packets have to decide.
constexpr std::size_t kMaxBindings = 30'000;
constexpr std::size_t kMaxSql = 500'000;
constexpr std::size_t kMaxInlineIds = 1000;
constexpr std::size_t kMostZoneIds = 16;

// What one value is tested with: an operator and literals, or a span for each member of a set.
struct Check {
  struct Span {
    const filter::Literal* first;
    const filter::Literal* last;
  };
  Op op = Op::kEq;
  Class type = Class::kInteger;
  std::vector<Span> spans;
  const filter::Literal* mask = nullptr;  // the value is and-ed with it first
  bool turned = false;                    // passes where the test does not
};

std::vector<std::uint8_t> blob(std::string_view text) { return {text.begin(), text.end()}; }

std::vector<std::uint8_t> address_blob(Integer number) {
  const auto n = static_cast<std::uint32_t>(number);
  return {static_cast<std::uint8_t>(n >> 24U), static_cast<std::uint8_t>(n >> 16U), static_cast<std::uint8_t>(n >> 8U),
          static_cast<std::uint8_t>(n)};
}

bool is_storable(Integer n) {
  return n >= std::numeric_limits<std::int64_t>::min() && n <= std::numeric_limits<std::int64_t>::max();
}

bool is_storable_text(std::string_view text) {
  return is_valid_utf8(text) && text.find('\0') == std::string_view::npos;
}

// `value OP [low, high]`. REQUIRES: value is not NULL.
Expr span_test(const std::string& value, Op op, SqlValue low, SqlValue high) {
  switch (op) {
    case Op::kEq:
      if (low == high) return Expr::of(value + " = ?", {std::move(low)});
      return Expr::of(absl::StrCat("(", value, " >= ? AND ", value, " <= ?)"), {std::move(low), std::move(high)});
    case Op::kNe:
      if (low == high) return Expr::of(value + " <> ?", {std::move(low)});
      return Expr::of(absl::StrCat("(", value, " < ? OR ", value, " > ?)"), {std::move(low), std::move(high)});
    case Op::kGt: return Expr::of(value + " > ?", {std::move(high)});
    case Op::kGe: return Expr::of(value + " >= ?", {std::move(low)});
    case Op::kLt: return Expr::of(value + " < ?", {std::move(low)});
    case Op::kLe: return Expr::of(value + " <= ?", {std::move(high)});
    case Op::kContains: return Expr::of(absl::StrCat("instr(", value, ", ?) > 0"), {std::move(low)});
    case Op::kMatches: break;
  }
  return Expr::constant(false);
}

// The ends of a span as SQL values; nothing: they cannot be stored, so cannot be compared.
std::optional<std::pair<SqlValue, SqlValue>> ends(const Check& check, const Check::Span& span, ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kNumber:
    case ColumnKind::kTime:
    case ColumnKind::kDuration: {
      const Integer low = span.first->number, high = span.last->number;
      if (!is_storable(low) || !is_storable(high)) return std::nullopt;
      return {{static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)}};
    }
    case ColumnKind::kReal: return {{span.first->real, span.last->real}};
    case ColumnKind::kText:
      if (!is_storable_text(span.first->bytes) || !is_storable_text(span.last->bytes)) return std::nullopt;
      return {{span.first->bytes, span.last->bytes}};
    case ColumnKind::kBlob:  // their order is by length first, which SQL's is not
      if ((check.op != Op::kEq && check.op != Op::kNe && check.op != Op::kContains) || span.first != span.last)
        return std::nullopt;
      return {{blob(filter::octet_bounds(*span.first).low), blob(filter::octet_bounds(*span.last).high)}};
    case ColumnKind::kIp:
      if (check.type == Class::kIpv6) {
        return {{blob(filter::octet_bounds(*span.first).low), blob(filter::octet_bounds(*span.last).high)}};
      }
      return {
          {address_blob(filter::number_bounds(*span.first).low), address_blob(filter::number_bounds(*span.last).high)}};
    default: return std::nullopt;
  }
}

bool fits(Class type, ColumnKind kind) {
  switch (type) {
    case Class::kInteger: return kind == ColumnKind::kNumber;
    case Class::kReal: return kind == ColumnKind::kReal;
    case Class::kText: return kind == ColumnKind::kText || kind == ColumnKind::kDictionary;
    case Class::kBytes: return kind == ColumnKind::kBlob;
    case Class::kIpv4:
    case Class::kIpv6: return kind == ColumnKind::kIp;
    case Class::kTime: return kind == ColumnKind::kTime;
    case Class::kDuration: return kind == ColumnKind::kDuration;
    case Class::kNone: break;
  }
  return false;
}

Expr has_value(const SqlColumn& column, Class type) {
  if (column.kind == ColumnKind::kPresence) return Expr::of(absl::StrCat("(", column.expression, ")"));
  if (column.kind == ColumnKind::kIp && (type == Class::kIpv4 || type == Class::kIpv6)) {
    return Expr::of(absl::StrCat("length(", column.expression, type == Class::kIpv4 ? ") = 4" : ") = 16"));
  }
  Expr there = Expr::of(absl::StrCat(column.expression, " IS NOT NULL"));
  if (column.zone == ZoneKey::kText) there.zone = zone_has_text(column.expression);
  return there;
}

// What zones know of `value OP [low, high]`; empty: nothing.
std::string zone_of(const SqlColumn& column, const Check& check, const std::pair<SqlValue, SqlValue>& ends) {
  if (const char* largest = zone_largest(column.zone)) {
    const bool above = check.op == Op::kGt || check.op == Op::kGe || check.op == Op::kEq;
    const std::int64_t number = std::get<std::int64_t>(check.op == Op::kGt ? ends.second : ends.first);
    return above ? absl::StrCat("z.", largest, check.op == Op::kGt ? " > " : " >= ", number) : std::string();
  }
  if (check.op != Op::kEq) return {};
  if (ends.first != ends.second) {
    const bool addresses = column.zone == ZoneKey::kAddress && column.kind == ColumnKind::kIp;
    return addresses ? zone_condition_between(std::get<std::vector<std::uint8_t>>(ends.first),
                                              std::get<std::vector<std::uint8_t>>(ends.second))
                     : std::string();
  }
  if (const auto* number = std::get_if<std::int64_t>(&ends.first)) {
    return column.zone == ZoneKey::kPort ? zone_condition(column.zone, *number) : std::string();
  }
  if (const auto* octets = std::get_if<std::vector<std::uint8_t>>(&ends.first)) {
    return column.zone == ZoneKey::kAddress ? zone_condition(column.zone, Bytes(*octets)) : std::string();
  }
  const auto* text = std::get_if<std::string>(&ends.first);
  if (text == nullptr) return {};
  if (column.zone == ZoneKey::kState) return zone_condition(column.zone, as_bytes(*text));
  const auto address = column.zone == ZoneKey::kAddress ? IpAddress::parse(*text) : std::nullopt;
  return address ? zone_condition(column.zone, address->octets()) : std::string();
}

// A test of a column's values, as a test of the row: some value passes.
Bound some(const SqlColumn& column, Bound test) {
  if (column.from.empty()) return test;
  const auto wrap = [&](Expr e) {
    if (e.is == Expr::Is::kFalse) return e;
    if (e.is == Expr::Is::kTrue) e = Expr::of("1");
    const std::string tie = column.where.empty() ? "" : absl::StrCat("(", column.where, ") AND ");
    e.sql = absl::StrCat("EXISTS (SELECT 1 FROM ", column.from, " WHERE ", tie, e.sql, ")");
    e.stack += 15;
    return e;
  };
  test.upper = wrap(std::move(test.upper));
  if (!test.exact) test.lower = wrap(std::move(test.lower));
  return tidy(std::move(test));
}

class Compiler {
 public:
  explicit Compiler(SqlHooks& hooks) : hooks_(hooks) {}

  Bound compile(const Ast& ast) {
    switch (ast.kind) {
      case Kind::kAnd:
      case Kind::kOr: return combine(children(ast), ast.kind == Kind::kAnd);
      case Kind::kXor: {
        std::vector<Bound> parts = children(ast);
        Bound result = std::move(parts.front());
        for (std::size_t i = 1; i < parts.size(); ++i) result = exclusive(result, parts[i]);
        return result;
      }
      case Kind::kNot: return negated(compile(*ast.children.front()));
      case Kind::kExists: return exists(*ast.children.front());
      case Kind::kTruth: return truth(*ast.children.front());
      case Kind::kCompare: return compare(ast);
      case Kind::kIn: return in(ast);
      default: return Bound::unknown();
    }
  }

  [[nodiscard]] const absl::Status& status() const { return status_; }

 private:
  std::vector<Bound> children(const Ast& ast) {
    std::vector<Bound> parts;
    for (const auto& child : ast.children) parts.push_back(compile(*child));
    return parts;
  }

  static bool is_plain_field(const Ast& operand) {
    return operand.kind == Kind::kField && !operand.raw && operand.ranges.empty();
  }

  // null: the catalog knows nothing of the field.
  const SqlField* find(const FieldInfo& field) {
    if (const SqlField* known = hooks_.find(field.name)) return known;
    if (field.name != "port") return nullptr;
    const SqlField* tcp = hooks_.find("tcp.port");
    const SqlField* udp = hooks_.find("udp.port");
    if (tcp == nullptr || udp == nullptr) return nullptr;
    ports_ = {.columns = tcp->columns, .complete = tcp->complete && udp->complete};
    if (!tcp->maybe.empty() && tcp->maybe == udp->maybe) {
      ports_.maybe = tcp->maybe;
      ports_.maybe_zone = tcp->maybe_zone;
    }
    ports_.columns.insert(ports_.columns.end(), udp->columns.begin(), udp->columns.end());
    return &ports_;
  }

  // Some value of the field passes; null: every value does.
  Bound any(const FieldInfo& field, Class type, const Check* check) {
    const SqlField* known = find(field);
    if (known == nullptr) return Bound::unknown();
    std::vector<Bound> parts;
    for (const SqlColumn& column : known->columns) {
      Bound there = Bound::of(has_value(column, type));
      if (check != nullptr) there = both(true, std::move(there), passes(column, *check));
      parts.push_back(some(column, std::move(there)));
    }
    if (!known->complete) parts.push_back(other_values(*known));
    return combine(std::move(parts), false);
  }

  // What the columns of a field do not hold.
  static Bound other_values(const SqlField& field) {
    if (field.maybe.empty()) return Bound::unknown();
    Expr there = Expr::of(absl::StrCat("(", field.maybe, ")"));
    if (field.maybe_zone != ZoneKey::kNone) there.zone = zone_condition(field.maybe_zone, 1);
    return Bound::at_most(std::move(there));
  }

  Bound exists(const Ast& operand) {
    if (operand.kind == Kind::kField) {
      Bound there = any(*operand.field, operand.type, nullptr);
      return is_plain_field(operand) ? there : Bound::at_most(std::move(there.upper));
    }
    if (operand.kind == Kind::kLiteral) return Bound::of(Expr::constant(true));
    // A slice may be empty, a division by zero: all that is sure is that the fields must be there.
    std::vector<Bound> parts;
    for (const auto& child : operand.children) parts.push_back(exists(*child));
    const bool either = operand.kind == Kind::kFunction && parts.size() > 1;
    return Bound::at_most(combine(std::move(parts), !either).upper);
  }

  Bound truth(const Ast& operand) {
    static const filter::Literal kZero;
    const auto [field, mask] = masked(operand);
    if (field == nullptr) return exists(operand);
    const Check not_zero{.op = Op::kNe, .type = Class::kInteger, .spans = {{&kZero, &kZero}}, .mask = mask};
    return any(*field, Class::kInteger, &not_zero);
  }

  struct Masked {
    const FieldInfo* field = nullptr;
    const filter::Literal* mask = nullptr;
  };
  // field & literal; field null: something else.
  static Masked masked(const Ast& operand) {
    if (operand.kind != Kind::kArithmetic || operand.arithmetic != filter::Arithmetic::kBitAnd ||
        operand.type != Class::kInteger)
      return {};
    const Ast& a = *operand.children[0];
    const Ast& b = *operand.children[1];
    if (is_plain_field(a) && b.kind == Kind::kLiteral) return {a.field, &b.literal};
    if (is_plain_field(b) && a.kind == Kind::kLiteral) return {b.field, &a.literal};
    return {};
  }

  Bound compare(const Ast& ast) {
    const Ast* left = ast.children[0].get();
    const Ast* right = ast.children[1].get();
    Op op = ast.op;
    if (left->kind == Kind::kLiteral) {
      std::swap(left, right);
      op = op == Op::kGt ? Op::kLt : op == Op::kGe ? Op::kLe : op == Op::kLt ? Op::kGt : op == Op::kLe ? Op::kGe : op;
    }
    if (right->kind == Kind::kLiteral) {
      return quantified(*left, ast.all, {.op = op, .type = left->type, .spans = {{&right->literal, &right->literal}}});
    }
    if (is_plain_field(*left) && is_plain_field(*right)) return pairs(*left, *right, op, ast.all);
    return both(true, exists(*left), exists(*right), Bound::unknown());
  }

  Bound in(const Ast& ast) {
    const Ast& left = *ast.children.front();
    Check check{.op = Op::kEq, .type = left.type, .spans = {}};
    for (std::size_t i = 1; i < ast.children.size(); ++i) {
      const Ast& item = *ast.children[i];
      if (item.kind == Kind::kLiteral) {
        check.spans.push_back({&item.literal, &item.literal});
      } else if (item.kind == Kind::kRange) {
        check.spans.push_back({&item.children[0]->literal, &item.children[1]->literal});
      } else {
        return both(true, exists(left), Bound::unknown());
      }
    }
    return quantified(left, ast.all, std::move(check));
  }

  Bound quantified(const Ast& left, bool all, Check check) {
    const FieldInfo* field = is_plain_field(left) ? left.field : nullptr;
    if (const auto [masked_field, mask] = masked(left); masked_field != nullptr) {
      field = masked_field;
      check.mask = mask;
    }
    if (field == nullptr) return both(true, exists(left), Bound::unknown());
    if (!all) return any(*field, check.type, &check);
    check.turned = true;
    return both(true, any(*field, check.type, nullptr), negated(any(*field, check.type, &check)));
  }

  // A value of the column, not NULL and of the right length, passes.
  Bound passes(const SqlColumn& column, const Check& check) {
    if (!fits(check.type, column.kind)) return Bound::unknown();
    Bound result = column.kind == ColumnKind::kDictionary ? dictionary(column, check) : plain(column, check);
    return check.turned ? negated(std::move(result)) : result;
  }

  Bound plain(const SqlColumn& column, const Check& check) {
    std::string value = column.expression;
    if (check.mask != nullptr) {
      if (!is_storable(check.mask->number)) return Bound::unknown();
      value = absl::StrCat("(", value, " & ", static_cast<std::int64_t>(check.mask->number), ")");
    }
    if (check.op == Op::kMatches) {
      const std::string function = hooks_.match_function();
      const std::string& pattern = check.spans.front().first->bytes;
      if (function.empty() || column.kind != ColumnKind::kText || !is_storable_text(pattern)) return Bound::unknown();
      return Bound::of(Expr::of(absl::StrCat(function, "(?, ", value, ")"), {pattern}));
    }
    std::vector<Expr> tests;
    for (const Check::Span& span : check.spans) {
      auto values = ends(check, span, column.kind);
      if (!values) return Bound::unknown();
      std::string zone = check.mask == nullptr ? zone_of(column, check, *values) : "";
      tests.push_back(span_test(value, check.op, std::move(values->first), std::move(values->second)));
      tests.back().zone = std::move(zone);
    }
    return Bound::of(join(std::move(tests), false));
  }

  static bool text_passes(const Check& check, const filter::Pattern* pattern, std::string_view text) {
    if (check.op == Op::kMatches) return pattern != nullptr && pattern->matches(text);
    return std::ranges::any_of(check.spans, [&](const Check::Span& span) {
      if (check.op == Op::kContains) return text.find(span.first->bytes) != std::string_view::npos;
      return filter::passes(check.op, text, std::string_view(span.first->bytes), std::string_view(span.last->bytes));
    });
  }

  Bound dictionary(const SqlColumn& column, const Check& check) {
    std::unique_ptr<filter::Pattern> pattern;
    std::string error;
    if (check.op == Op::kMatches) pattern = filter::Pattern::compile(check.spans.front().first->bytes, &error);
    const bool single = check.op == Op::kEq && check.spans.size() == 1 && check.spans[0].first == check.spans[0].last;
    const auto ids = hooks_.resolve(column.dictionary, single ? &check.spans[0].first->bytes : nullptr,
                                    [&](std::string_view text) { return text_passes(check, pattern.get(), text); });
    if (!ids.ok()) {
      status_.Update(ids.status());
      return Bound::unknown();
    }
    if (ids->empty()) return Bound::of(Expr::constant(false));
    const std::string list = absl::StrJoin(*ids, ",");
    std::string zone;
    if (column.zone == ZoneKey::kText && ids->size() <= kMostZoneIds) {
      zone = absl::StrCat("(",
                          absl::StrJoin(*ids, " OR ",
                                        [](std::string* out, std::int64_t id) {
                                          absl::StrAppend(out, zone_condition(ZoneKey::kText, id));
                                        }),
                          ")");
    }
    if (ids->size() > kMaxInlineIds) {
      return Bound::of(
          Expr::of(column.expression + " IN (SELECT value FROM json_each(?))", {absl::StrCat("[", list, "]")}));
    }
    Expr test = Expr::of(absl::StrCat(column.expression, " IN (", list, ")"));
    test.zone = std::move(zone);
    return Bound::of(std::move(test));
  }

  // Two fields: every value of one against every value of the other.
  Bound pairs(const Ast& left, const Ast& right, Op op, bool all) {
    const SqlField* a = find(*left.field);
    const SqlField a_copy = a == nullptr ? SqlField{} : *a;
    const SqlField* b = find(*right.field);
    if (a == nullptr || b == nullptr) return both(true, exists(left), exists(right), Bound::unknown());
    const auto over = [&](Op use, bool turned) {
      std::vector<Bound> parts;
      for (const SqlColumn& x : a_copy.columns) {
        for (const SqlColumn& y : b->columns) parts.push_back(pair(x, left.type, y, right.type, use, turned));
      }
      if (!a_copy.complete || !b->complete) parts.push_back(Bound::unknown());
      return combine(std::move(parts), false);
    };
    Bound there = both(true, exists(left), exists(right));
    if (!all) return both(true, std::move(there), over(op, false));
    return both(true, std::move(there), negated(over(op, true)));
  }

  static Bound pair(const SqlColumn& x, Class x_type, const SqlColumn& y, Class y_type, Op op, bool turned) {
    const bool same_dictionary =
        x.kind != ColumnKind::kDictionary || (x.dictionary == y.dictionary && (op == Op::kEq || op == Op::kNe));
    const bool ordered_blobs = x.kind == ColumnKind::kBlob && op != Op::kEq && op != Op::kNe && op != Op::kContains;
    if (ordered_blobs || x.kind != y.kind || !x.from.empty() || !y.from.empty() || x.kind == ColumnKind::kPresence ||
        !same_dictionary || op == Op::kMatches || x_type != y_type) {
      return Bound::unknown();
    }
    static constexpr const char* kWords[] = {" = ", " <> ", " > ", " >= ", " < ", " <= "};
    Expr test = op == Op::kContains
                    ? Expr::of(absl::StrCat("instr(", x.expression, ", ", y.expression, ") > 0"))
                    : Expr::of(absl::StrCat(x.expression, kWords[static_cast<std::size_t>(op)], y.expression));
    if (turned) test = negated(std::move(test));
    return Bound::of(join({has_value(x, x_type), has_value(y, y_type), std::move(test)}, true));
  }

  SqlHooks& hooks_;
  SqlField ports_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<SqlCondition> compile_sql(const filter::Ast* ast, SqlHooks& hooks) {
  SqlCondition out;
  if (ast == nullptr) return out;
  Compiler compiler(hooks);
  Bound bound = compiler.compile(*ast);
  if (!compiler.status().ok()) return compiler.status();
  out.exact = bound.exact;
  if (bound.upper.sql.size() > kMaxSql || bound.upper.bindings.size() > kMaxBindings) {
    out.exact = false;
    return out;
  }
  out.zone = bound.upper.zone;
  const auto put = [](Expr& from, std::string& sql, std::vector<SqlValue>& bindings) {
    if (from.is == Expr::Is::kSql) {
      sql = std::move(from.sql);
      bindings = std::move(from.bindings);
    } else {
      sql = std::string(1, from.is == Expr::Is::kTrue ? '1' : '0');  // GCC 12 warns of a literal here, wrongly
    }
  };
  const bool short_enough = bound.lower.sql.size() <= kMaxSql && bound.lower.bindings.size() <= kMaxBindings;
  if (!out.exact && short_enough) put(bound.lower, out.certain_sql, out.certain_bindings);
  put(bound.upper, out.sql, out.bindings);
  return out;
}

}  // namespace pr::store
