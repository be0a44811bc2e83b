#include "helper/view/gathered_filter.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "shared/filter/ast.h"

namespace pr::view {
namespace {

using filter::Ast;
using filter::Function;
using filter::Kind;
using filter::RowValues;

constexpr std::size_t kMostTests = 64;
// Values of all rows together; about 100 octets each.
constexpr std::uint64_t kMostValues = 1'000'000;

// How many fields an operand reads; many, if what it yields is not one value for each of the field's.
std::size_t fields_read(const Ast& operand) {
  constexpr std::size_t kMany = 2;
  if (operand.kind == Kind::kField) return operand.ranges.empty() ? 1 : kMany;  // layers are counted from either end
  if (operand.kind == Kind::kFunction && (operand.function == Function::kCount || operand.function == Function::kMax ||
                                          operand.function == Function::kMin))
    return kMany;
  std::size_t sum = 0;
  for (const auto& child : operand.children) sum += fields_read(*child);
  return sum;
}

// The test holds for values together when it holds for one of them.
bool one_is_enough(const Ast& test) { return !test.all && fields_read(test) <= 1; }

}  // namespace

struct GatheredFilter::Node {
  Kind kind = Kind::kExists;
  bool all_values = false;
  std::size_t test = 0;  // into tests_ or all_tests_
  std::vector<Node> children;
};

// Each value once.
class GatheredFilter::Values final : public RowValues {
 public:
  // False: it was there.
  bool add(FieldId id, const Value& value, FieldType type, std::size_t layer) {
    return fields_[id]
        .emplace(value.number, std::string(as_text(value.bytes())), layer, type, value.data != nullptr)
        .second;
  }
  void each(FieldId id, const Visit& visit) const override {
    const auto found = fields_.find(id);
    if (found == fields_.end()) return;
    for (const auto& [number, bytes, layer, type, has_bytes] : found->second) {
      Value value = has_bytes ? Value::of(as_bytes(bytes)) : Value{};
      value.number = number;
      visit(value, type, layer);
    }
  }

 private:
  using Kept = std::tuple<std::uint64_t, std::string, std::size_t, FieldType, bool>;
  std::map<FieldId, std::set<Kept>> fields_;
};

namespace {

// Two rows as one.
class Both final : public RowValues {
 public:
  Both(const RowValues* first, const RowValues* second) : first_(first), second_(second) {}
  void each(FieldId id, const Visit& visit) const override {
    if (first_ != nullptr) first_->each(id, visit);
    if (second_ != nullptr) second_->each(id, visit);
  }

 private:
  const RowValues* first_;
  const RowValues* second_;
};

}  // namespace

GatheredFilter::State::State() = default;
GatheredFilter::State::State(State&&) noexcept = default;
GatheredFilter::State& GatheredFilter::State::operator=(State&&) noexcept = default;
GatheredFilter::State::~State() = default;

GatheredFilter::GatheredFilter(const Ast* where) : needs_(filter::Predicate(where).needs()) {
  if (where != nullptr) root_ = std::make_unique<Node>(make(*where));
  std::ranges::sort(kept_);
  kept_.erase(std::unique(kept_.begin(), kept_.end()), kept_.end());
}

GatheredFilter::~GatheredFilter() = default;

GatheredFilter::Node GatheredFilter::make(const Ast& ast) {
  Node node{.kind = ast.kind};
  if (ast.kind == Kind::kAnd || ast.kind == Kind::kOr || ast.kind == Kind::kXor || ast.kind == Kind::kNot) {
    only_grows_ = only_grows_ && (ast.kind == Kind::kAnd || ast.kind == Kind::kOr);
    for (const auto& child : ast.children) node.children.push_back(make(*child));
    return node;
  }
  node.all_values = !one_is_enough(ast) || tests_.size() == kMostTests;
  std::vector<filter::Predicate>& tests = node.all_values ? all_tests_ : tests_;
  node.test = tests.size();
  tests.emplace_back(&ast);
  if (node.all_values) keep_fields(ast);
  return node;
}

void GatheredFilter::keep_fields(const Ast& operand) {
  if (operand.field != nullptr) kept_.insert(kept_.end(), operand.field->ids.begin(), operand.field->ids.end());
  for (const auto& child : operand.children) keep_fields(*child);
}

void GatheredFilter::add(State& state, const RowValues& packet) {
  for (std::size_t i = 0; i < tests_.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if ((state.passed & bit) == 0 && tests_[i].matches(packet)) state.passed |= bit;
  }
  for (const FieldId id : kept_) {
    packet.each(id, [&](const Value& value, FieldType type, std::size_t layer) {
      if (values_ >= kMostValues) {
        ++left_out_;
        return;
      }
      if (state.values == nullptr) state.values = std::make_unique<Values>();
      if (state.values->add(id, value, type, layer)) ++values_;
    });
  }
}

bool GatheredFilter::holds(const Node& node, const State& state, const RowValues* more) const {
  const auto child_holds = [&](const Node& child) { return holds(child, state, more); };
  switch (node.kind) {
    case Kind::kAnd: return std::ranges::all_of(node.children, child_holds);
    case Kind::kOr: return std::ranges::any_of(node.children, child_holds);
    case Kind::kXor: return std::ranges::count_if(node.children, child_holds) % 2 != 0;
    case Kind::kNot: return !child_holds(node.children.front());
    default: break;
  }
  if (!node.all_values) {
    return (state.passed >> node.test & 1U) != 0 || (more != nullptr && tests_[node.test].matches(*more));
  }
  // Without the rest of the row nothing is sure that needs all of it.
  return more != nullptr && all_tests_[node.test].matches(Both(state.values.get(), more));
}

bool GatheredFilter::settled(const State& state) const {
  return root_ == nullptr || (only_grows_ && holds(*root_, state, nullptr));
}

bool GatheredFilter::passes(const State& state, const RowValues& more) const {
  return root_ == nullptr || holds(*root_, state, &more);
}

}  // namespace pr::view
