// A filter made ready to run: one object a node, the comparison chosen beforehand.
#include <algorithm>
#include <utility>
#include <vector>

#include "shared/filter/bounds.h"
#include "shared/filter/filter.h"
#include "shared/filter/operand.h"
#include "shared/filter/pattern.h"

namespace pr::filter {
namespace {

class Test {
 public:
  virtual ~Test() = default;
  [[nodiscard]] virtual bool holds(const RowValues& row, Scratch& scratch) const = 0;
};
using Tests = std::vector<std::unique_ptr<Test>>;

class AndTest final : public Test {
 public:
  explicit AndTest(Tests tests) : tests_(std::move(tests)) {}
  bool holds(const RowValues& row, Scratch& scratch) const override {
    return std::ranges::all_of(tests_, [&](const auto& test) { return test->holds(row, scratch); });
  }

 private:
  Tests tests_;
};

class OrTest final : public Test {
 public:
  explicit OrTest(Tests tests) : tests_(std::move(tests)) {}
  bool holds(const RowValues& row, Scratch& scratch) const override {
    return std::ranges::any_of(tests_, [&](const auto& test) { return test->holds(row, scratch); });
  }

 private:
  Tests tests_;
};

class XorTest final : public Test {
 public:
  explicit XorTest(Tests tests) : tests_(std::move(tests)) {}
  bool holds(const RowValues& row, Scratch& scratch) const override {
    return std::ranges::count_if(tests_, [&](const auto& test) { return test->holds(row, scratch); }) % 2 != 0;
  }

 private:
  Tests tests_;
};

class NotTest final : public Test {
 public:
  explicit NotTest(std::unique_ptr<Test> test) : test_(std::move(test)) {}
  bool holds(const RowValues& row, Scratch& scratch) const override { return !test_->holds(row, scratch); }

 private:
  std::unique_ptr<Test> test_;
};

bool is_octets(Class type) { return type == Class::kText || type == Class::kBytes || type == Class::kIpv6; }

// A value is not nothing: a number is not zero, some octet is not zero.
bool is_true(Class type, const Item& item) {
  if (is_octets(type)) return std::ranges::any_of(item.bytes, [](char c) { return c != '\0'; });
  return type == Class::kReal ? item.real != 0 : item.number != 0;
}

// Exists and truth: some value passes.
class SomeTest final : public Test {
 public:
  SomeTest(const Ast& operand, bool truth, FieldSet& needs)
      : source_(make_source(operand, needs)), type_(operand.type), truth_(truth), cut_(operand.kind == Kind::kSlice) {}
  bool holds(const RowValues& row, Scratch& scratch) const override {
    bool found = false;
    source_->each(row, scratch, [&](const Item& item) {
      found = found || (truth_ ? is_true(type_, item) : !cut_ || !item.bytes.empty());
    });
    return found;
  }

 private:
  std::unique_ptr<Source> source_;
  Class type_;
  bool truth_, cut_;
};

// Whether one value passes; the rest of a comparison is in the quantifier.
class Check {
 public:
  virtual ~Check() = default;
  [[nodiscard]] virtual bool passes(const Item& item) const = 0;
};

class NumberCheck final : public Check {
 public:
  NumberCheck(Op op, const Literal& literal) : op_(op), bounds_(number_bounds(literal)) {}
  bool passes(const Item& item) const override { return filter::passes(op_, item.number, bounds_.low, bounds_.high); }

 private:
  Op op_;
  NumberBounds bounds_;
};

class RealCheck final : public Check {
 public:
  RealCheck(Op op, double value) : op_(op), value_(value) {}
  bool passes(const Item& item) const override { return filter::passes(op_, item.real, value_, value_); }

 private:
  Op op_;
  double value_;
};

class OctetCheck final : public Check {
 public:
  OctetCheck(Op op, Class type, const Literal& literal)
      : op_(op), by_length_(type == Class::kBytes), bounds_(octet_bounds(literal)) {}
  bool passes(const Item& item) const override {
    return filter::passes(op_, Octets{item.bytes, by_length_}, Octets{bounds_.low, by_length_},
                          Octets{bounds_.high, by_length_});
  }

 private:
  Op op_;
  bool by_length_;
  OctetBounds bounds_;
};

class ContainsCheck final : public Check {
 public:
  explicit ContainsCheck(std::string needle) : needle_(std::move(needle)) {}
  bool passes(const Item& item) const override { return item.bytes.find(needle_) != std::string_view::npos; }

 private:
  std::string needle_;
};

class MatchesCheck final : public Check {
 public:
  explicit MatchesCheck(const std::string& pattern) {
    std::string error;
    pattern_ = Pattern::compile(pattern, &error);  // the parser has tried it
  }
  bool passes(const Item& item) const override { return pattern_ != nullptr && pattern_->matches(item.bytes); }

 private:
  std::unique_ptr<Pattern> pattern_;
};

// `in` with literals only. Numbers: sorted spans, found by halving.
class NumberSetCheck final : public Check {
 public:
  explicit NumberSetCheck(std::vector<NumberBounds> spans) {
    std::ranges::sort(spans, {}, &NumberBounds::low);
    for (const NumberBounds& span : spans) {
      if (span.high < span.low) continue;
      if (!spans_.empty() && span.low <= spans_.back().high) {
        spans_.back().high = std::max(spans_.back().high, span.high);
      } else {
        spans_.push_back(span);
      }
    }
  }
  bool passes(const Item& item) const override {
    const auto after = std::ranges::upper_bound(spans_, item.number, {}, &NumberBounds::low);
    return after != spans_.begin() && item.number <= std::prev(after)->high;
  }

 private:
  std::vector<NumberBounds> spans_;
};

class OctetSetCheck final : public Check {
 public:
  OctetSetCheck(Class type, std::vector<OctetBounds> spans) : by_length_(type == Class::kBytes) {
    for (OctetBounds& span : spans) {
      (span.low == span.high ? single_ : spans_).push_back(std::move(span));
    }
    std::ranges::sort(single_, {}, &OctetBounds::low);
  }
  bool passes(const Item& item) const override {
    const auto at =
        std::ranges::lower_bound(single_, item.bytes, {}, [](const OctetBounds& s) { return std::string_view(s.low); });
    if (at != single_.end() && at->low == item.bytes) return true;
    return std::ranges::any_of(spans_, [&](const OctetBounds& s) {
      return filter::passes(Op::kEq, Octets{item.bytes, by_length_}, Octets{s.low, by_length_},
                            Octets{s.high, by_length_});
    });
  }

 private:
  bool by_length_;
  std::vector<OctetBounds> single_, spans_;
};

class RealSetCheck final : public Check {
 public:
  explicit RealSetCheck(std::vector<std::pair<double, double>> spans) : spans_(std::move(spans)) {}
  bool passes(const Item& item) const override {
    return std::ranges::any_of(spans_, [&](const auto& s) { return item.real >= s.first && item.real <= s.second; });
  }

 private:
  std::vector<std::pair<double, double>> spans_;
};

// any: one value is enough. all: every one, and there is one.
class Quantifier {
 public:
  explicit Quantifier(bool all) : all_(all) {}
  [[nodiscard]] bool decided() const { return seen_ && result_ != all_; }
  void add(bool passed) {
    if (!seen_) result_ = passed;
    if (seen_) result_ = all_ ? result_ && passed : result_ || passed;
    seen_ = true;
  }
  [[nodiscard]] bool result() const { return seen_ && result_; }

 private:
  bool all_, seen_ = false, result_ = false;
};

class CheckTest final : public Test {
 public:
  CheckTest(const Ast& operand, bool all, std::unique_ptr<Check> check, FieldSet& needs)
      : source_(make_source(operand, needs)), all_(all), check_(std::move(check)) {}
  bool holds(const RowValues& row, Scratch& scratch) const override {
    Quantifier result(all_);
    source_->each(row, scratch, [&](const Item& item) {
      if (!result.decided()) result.add(check_->passes(item));
    });
    return result.result();
  }

 private:
  std::unique_ptr<Source> source_;
  bool all_;
  std::unique_ptr<Check> check_;
};

// Both sides are read from the row: every value of one against every value of the other.
class PairTest final : public Test {
 public:
  PairTest(const Ast& ast, const Ast& left, const Ast& right, FieldSet& needs)
      : left_(make_source(left, needs)),
        right_(make_source(right, needs)),
        op_(ast.kind == Kind::kIn ? Op::kEq : ast.op),
        all_(ast.all),
        left_type_(left.type),
        right_type_(right.type) {}

  bool holds(const RowValues& row, Scratch& scratch) const override {
    std::pmr::vector<Item> right(scratch.resource());
    right_->each(row, scratch, [&](const Item& item) { right.push_back(item); });
    Quantifier result(all_);
    if (right.empty()) return false;
    left_->each(row, scratch, [&](const Item& item) {
      for (const Item& other : right) {
        if (result.decided()) return;
        result.add(pair(item, other));
      }
    });
    return result.result();
  }

 private:
  bool pair(const Item& a, const Item& b) const {
    if (op_ == Op::kContains) return a.bytes.find(b.bytes) != std::string_view::npos;
    return filter::passes(op_, compare_items(left_type_, a, right_type_, b), 0, 0);
  }

  std::unique_ptr<Source> left_, right_;
  Op op_;
  bool all_;
  Class left_type_, right_type_;
};

std::unique_ptr<Check> make_check(Op op, Class type, const Literal& literal) {
  if (op == Op::kContains) return std::make_unique<ContainsCheck>(literal.bytes);
  if (op == Op::kMatches) return std::make_unique<MatchesCheck>(literal.bytes);
  if (is_octets(type)) return std::make_unique<OctetCheck>(op, type, literal);
  if (type == Class::kReal) return std::make_unique<RealCheck>(op, literal.real);
  return std::make_unique<NumberCheck>(op, literal);
}

Op mirrored(Op op) {
  switch (op) {
    case Op::kGt: return Op::kLt;
    case Op::kGe: return Op::kLe;
    case Op::kLt: return Op::kGt;
    case Op::kLe: return Op::kGe;
    default: return op;
  }
}

std::unique_ptr<Test> make_compare(const Ast& ast, FieldSet& needs) {
  const Ast& left = *ast.children[0];
  const Ast& right = *ast.children[1];
  // The check reads the part of an item that the literal's class names; a number beside decimals goes the long way.
  const auto alike = [](const Ast& a, const Ast& b) { return (a.type == Class::kReal) == (b.type == Class::kReal); };
  if (right.kind == Kind::kLiteral && alike(left, right)) {
    return std::make_unique<CheckTest>(left, ast.all, make_check(ast.op, right.type, right.literal), needs);
  }
  if (left.kind == Kind::kLiteral && alike(left, right) && ast.op != Op::kContains) {
    return std::make_unique<CheckTest>(right, ast.all, make_check(mirrored(ast.op), left.type, left.literal), needs);
  }
  return std::make_unique<PairTest>(ast, left, right, needs);
}

const Literal& range_end(const Ast& item, bool last) {
  return item.kind == Kind::kRange ? item.children[last ? 1 : 0]->literal : item.literal;
}

std::unique_ptr<Check> make_set(Class type, std::span<const Ast* const> items) {
  std::vector<NumberBounds> numbers;
  std::vector<OctetBounds> octets;
  std::vector<std::pair<double, double>> reals;
  for (const Ast* item : items) {
    const Literal& first = range_end(*item, false);
    const Literal& last = range_end(*item, true);
    if (is_octets(type)) {
      octets.push_back({octet_bounds(first).low, octet_bounds(last).high});
    } else if (type == Class::kReal) {
      reals.emplace_back(first.real, last.real);
    } else {
      numbers.push_back({number_bounds(first).low, number_bounds(last).high});
    }
  }
  if (is_octets(type)) return std::make_unique<OctetSetCheck>(type, std::move(octets));
  if (type == Class::kReal) return std::make_unique<RealSetCheck>(std::move(reals));
  return std::make_unique<NumberSetCheck>(std::move(numbers));
}

// Fields among the members make tests of their own. With `all` and such members the test is stricter than the words:
// all values in the literals, or all equal to one field.
std::unique_ptr<Test> make_in(const Ast& ast, FieldSet& needs) {
  const Ast& left = *ast.children.front();
  std::vector<const Ast*> literals;
  Tests tests;
  for (std::size_t i = 1; i < ast.children.size(); ++i) {
    const Ast& item = *ast.children[i];
    if (item.kind == Kind::kLiteral || item.kind == Kind::kRange) {
      literals.push_back(&item);
    } else {
      tests.push_back(std::make_unique<PairTest>(ast, left, item, needs));
    }
  }
  if (!literals.empty())
    tests.push_back(std::make_unique<CheckTest>(left, ast.all, make_set(left.type, literals), needs));
  if (tests.size() == 1) return std::move(tests.front());
  return std::make_unique<OrTest>(std::move(tests));
}

std::unique_ptr<Test> make_test(const Ast& ast, FieldSet& needs) {
  switch (ast.kind) {
    case Kind::kExists:
    case Kind::kTruth: return std::make_unique<SomeTest>(*ast.children.front(), ast.kind == Kind::kTruth, needs);
    case Kind::kCompare: return make_compare(ast, needs);
    case Kind::kIn: return make_in(ast, needs);
    case Kind::kNot: return std::make_unique<NotTest>(make_test(*ast.children.front(), needs));
    default: break;
  }
  Tests tests;
  for (const auto& child : ast.children) tests.push_back(make_test(*child, needs));
  if (ast.kind == Kind::kAnd) return std::make_unique<AndTest>(std::move(tests));
  if (ast.kind == Kind::kOr) return std::make_unique<OrTest>(std::move(tests));
  return std::make_unique<XorTest>(std::move(tests));
}

}  // namespace

struct Predicate::Impl {
  FieldSet needs;
  std::unique_ptr<Test> test;  // null: every row
};

Predicate::Predicate(const Ast* ast) : impl_(std::make_unique<Impl>()) {
  if (ast != nullptr) impl_->test = make_test(*ast, impl_->needs);
}
Predicate::~Predicate() = default;
Predicate::Predicate(Predicate&&) noexcept = default;
Predicate& Predicate::operator=(Predicate&&) noexcept = default;

bool Predicate::matches(const RowValues& row) const {
  if (impl_->test == nullptr) return true;
  Scratch scratch;
  return impl_->test->holds(row, scratch);
}

const FieldSet& Predicate::needs() const { return impl_->needs; }

}  // namespace pr::filter
