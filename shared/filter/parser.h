// Recursive descent over tests, precedence climbing over operands. One pass, no backtracking but for chained
// comparisons (a < b < c reads b twice). Private to this module.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/filter/ast.h"
#include "shared/filter/filter.h"
#include "shared/filter/lexer.h"
#include "shared/filter/literal.h"

namespace pr::filter {

inline constexpr std::size_t kMaxText = 64U << 10U;
inline constexpr int kMaxDepth = 200;
inline constexpr std::size_t kMaxNodes = 10'000;

using Node = std::unique_ptr<Ast>;

// An operand as read: a tree, or a literal whose type the other side decides.
struct Operand {
  Node ast;
  Token token;            // the literal, if there is no tree
  bool negative = false;  // a minus stood before it
  std::size_t position = 0;
  std::size_t length = 0;

  [[nodiscard]] bool is_literal() const { return ast == nullptr; }
};

// Counts a level of nesting down again.
struct Depth {
  explicit Depth(int& depth) : depth_(depth) {}
  ~Depth() { --depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  int& depth_;
};

struct Relation {
  Op op;
  bool all;
};
// The comparison that a token stands for; nothing: none.
std::optional<Relation> relation(const Token& token);

struct Infix {
  Arithmetic op;
  int precedence;
};
// The calculation that a token stands for; nothing: none.
std::optional<Infix> infix(const Token& token);

class Parser {
 public:
  Parser(std::string_view text, const FieldCatalog& catalog) : text_(text), catalog_(catalog), lexer_(text) {}
  std::variant<Node, Error> run();

 private:
  // Every one returns null (or false) after error_ was set.
  Node parse_or();
  Node parse_xor();
  Node parse_and();
  Node parse_not();
  Node parse_test();
  Node parse_group();
  Node parse_alias();
  Node parse_relation(Operand left, bool quantified, bool all);
  Node parse_set(Operand left, bool quantified, bool all);
  bool parse_set_item(Ast& set, const Target& target);
  std::optional<Operand> parse_operand();
  std::optional<Operand> parse_binary(int min_precedence);
  std::optional<Operand> parse_unary();
  std::optional<Operand> parse_unary_sign(std::size_t position, bool minus);
  std::optional<Operand> parse_primary();
  std::optional<Operand> parse_postfix(Operand operand);
  std::optional<Operand> parse_function(const Token& name);
  std::optional<Operand> parse_field();

  // Meaning (parser_check.cpp).
  Node exists(Operand operand);
  Node compare(Operand left, Op op, bool all, Operand right, const Token& at);
  Node compare_search(Operand left, Op op, bool all, Operand right);
  std::optional<Operand> arithmetic(Operand left, Arithmetic op, Operand right);
  std::optional<Operand> negate(Operand operand, std::size_t position);
  std::optional<Operand> call(Function function, std::size_t position, std::vector<Operand> arguments);
  bool resolve(Operand& operand, const Target& target, bool contains = false);
  static Target target_of(const Ast& operand);
  bool require_field(const Operand& operand);

  Node make(Kind kind, std::size_t position, std::size_t length);
  Node join(Kind kind, Node left, Node right);
  void advance() { token_ = lexer_.next(); }
  bool accept(Tok kind);
  bool accept_word(std::string_view word);
  bool expect(Tok kind, const char* what);
  [[nodiscard]] bool is_word(std::string_view word) const { return token_.kind == Tok::kWord && token_.text == word; }
  std::nullptr_t fail(std::size_t position, std::size_t length, std::string message);
  std::nullptr_t fail_here(const std::string& expected);
  [[nodiscard]] std::string unknown_name(std::string_view name) const;
  bool enter();
  bool grow(std::size_t position, std::size_t length);

  std::string_view text_;
  const FieldCatalog& catalog_;
  Lexer lexer_;
  Token token_;
  std::size_t end_ = 0;  // of the token before
  std::size_t nodes_ = 0;
  int depth_ = 0;
  int parts_ = 0;  // of the present operand
  std::optional<Error> error_;
};

}  // namespace pr::filter
