// A filter over many packets that count as one row: a flow has all the values that occur in its packets.
//
// Most tests ask whether some value passes. Of those a bit is kept that says that one did; values are kept only for
// tests that need all of them at once (`!=`, two fields, counts, layers); each value once, so count() counts different
// ones.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "shared/filter/filter.h"

namespace pr::view {

class GatheredFilter {
 public:
  // null: every row passes. where outlives it.
  explicit GatheredFilter(const filter::Ast* where);
  ~GatheredFilter();

  class Values;
  // What is known of one row so far.
  struct State {
    State();
    State(State&&) noexcept;
    State& operator=(State&&) noexcept;
    ~State();
    std::uint64_t passed = 0;  // a bit for each test that some value passed
    std::unique_ptr<Values> values;
  };

  void add(State& state, const filter::RowValues& packet);
  // No further packet can change that the row passes.
  [[nodiscard]] bool settled(const State& state) const;
  // What was added and more together.
  [[nodiscard]] bool passes(const State& state, const filter::RowValues& more) const;
  // The fields that add() and passes() will ask for.
  [[nodiscard]] const FieldSet& needs() const { return needs_; }
  // Values that were left out because there were too many of them, over all states.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  struct Node;

  Node make(const filter::Ast& ast);
  void keep_fields(const filter::Ast& operand);
  bool holds(const Node& node, const State& state, const filter::RowValues* more) const;

  std::vector<filter::Predicate> tests_;      // by bit: some value is enough
  std::vector<filter::Predicate> all_tests_;  // these need all values together
  std::vector<FieldId> kept_;                 // the fields of all_tests_
  FieldSet needs_;
  bool only_grows_ = true;  // nothing is negated
  std::unique_ptr<Node> root_;
  std::uint64_t values_ = 0, left_out_ = 0;
};

}  // namespace pr::view
