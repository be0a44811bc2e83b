#include "shared/filter/parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/text.h"

namespace pr::filter {

std::optional<Relation> relation(const Token& token) {
  switch (token.kind) {
    case Tok::kEq: return Relation{Op::kEq, false};
    case Tok::kNe: return Relation{Op::kNe, true};
    case Tok::kAllEq: return Relation{Op::kEq, true};
    case Tok::kAnyNe: return Relation{Op::kNe, false};
    case Tok::kGt: return Relation{Op::kGt, false};
    case Tok::kGe: return Relation{Op::kGe, false};
    case Tok::kLt: return Relation{Op::kLt, false};
    case Tok::kLe: return Relation{Op::kLe, false};
    case Tok::kMatches: return Relation{Op::kMatches, false};
    case Tok::kWord: break;
    default: return std::nullopt;
  }
  static constexpr std::array<std::pair<std::string_view, Relation>, 13> kWords = {
      {{"eq", {Op::kEq, false}},
       {"any_eq", {Op::kEq, false}},
       {"ne", {Op::kNe, true}},
       {"all_ne", {Op::kNe, true}},
       {"all_eq", {Op::kEq, true}},
       {"any_ne", {Op::kNe, false}},
       {"gt", {Op::kGt, false}},
       {"ge", {Op::kGe, false}},
       {"lt", {Op::kLt, false}},
       {"le", {Op::kLe, false}},
       {"contains", {Op::kContains, false}},
       {"matches", {Op::kMatches, false}},
       {"=", {Op::kEq, false}}}};
  for (const auto& [word, meant] : kWords) {
    if (token.text == word) return meant;
  }
  return std::nullopt;
}

std::variant<Node, Error> Parser::run() {
  advance();
  if (token_.kind == Tok::kEnd) return Node{};
  Node ast = parse_or();
  if (ast != nullptr && token_.kind != Tok::kEnd) {
    fail_here(token_.kind == Tok::kRight ? "no ( is open here;" : "and, or, or the end of the filter is expected,");
  }
  if (error_) return *std::move(error_);
  return ast;
}

Node Parser::make(Kind kind, std::size_t position, std::size_t length) {
  if (++nodes_ > kMaxNodes) return fail(position, length, "the filter has too many parts, the limit is 10000");
  Node node = std::make_unique<Ast>();
  node->kind = kind;
  node->position = position;
  node->length = length;
  return node;
}

// Chains become one node with many children, so that depth stays what the parentheses make it.
Node Parser::join(Kind kind, Node left, Node right) {
  if (left->kind != kind) {
    Node node = make(kind, left->position, 0);
    if (node == nullptr) return nullptr;
    node->children.push_back(std::move(left));
    left = std::move(node);
  }
  left->length = right->position + right->length - left->position;
  left->children.push_back(std::move(right));
  return left;
}

bool Parser::accept(Tok kind) {
  if (token_.kind != kind) return false;
  end_ = token_.position + token_.length;
  advance();
  return true;
}

bool Parser::accept_word(std::string_view word) { return is_word(word) && accept(Tok::kWord); }

bool Parser::expect(Tok kind, const char* what) {
  if (accept(kind)) return true;
  fail_here(what);
  return false;
}

std::nullptr_t Parser::fail(std::size_t position, std::size_t length, std::string message) {
  const std::size_t at = std::min(position, text_.size());
  if (!error_) error_ = Error{at, std::min(length, text_.size() - at), std::move(message)};
  return nullptr;
}

std::nullptr_t Parser::fail_here(const std::string& expected) {
  if (token_.kind == Tok::kBad) return fail(token_.position, token_.length, token_.text);
  if (token_.kind == Tok::kEnd) return fail(token_.position, 0, expected + " but the filter ends here");
  const std::string found = escape_controls(text_.substr(token_.position, std::min<std::size_t>(token_.length, 40)));
  return fail(token_.position, token_.length, expected + " found " + found);
}

bool Parser::enter() {
  if (++depth_ <= kMaxDepth) return true;
  fail(token_.position, token_.length, "the filter is nested too deeply, the limit is 200 levels");
  return false;
}

std::string Parser::unknown_name(std::string_view name) const {
  std::string message = "\"" + escape_controls(name.substr(0, 60)) + (name.size() > 60 ? "...\"" : "\"") +
                        " is neither a field nor a protocol";
  const std::size_t minus = name.find('-');
  if (minus != std::string_view::npos && catalog_.find(name.substr(0, minus)) != nullptr) {
    return message + "; to subtract, put a blank before the -";
  }
  const std::string nearest = catalog_.nearest(name);
  if (!nearest.empty()) return message + "; did you mean " + nearest + "?";
  return message;
}

Node Parser::parse_or() {
  const bool entered = enter();
  const Depth leave(depth_);
  if (!entered) return nullptr;
  Node left = parse_xor();
  while (left != nullptr && (accept(Tok::kOr) || accept_word("or"))) {
    Node right = parse_xor();
    if (right == nullptr) return nullptr;
    left = join(Kind::kOr, std::move(left), std::move(right));
  }
  return left;
}

Node Parser::parse_xor() {
  Node left = parse_and();
  while (left != nullptr && (accept(Tok::kXor) || accept_word("xor"))) {
    Node right = parse_and();
    if (right == nullptr) return nullptr;
    left = join(Kind::kXor, std::move(left), std::move(right));
  }
  return left;
}

Node Parser::parse_and() {
  Node left = parse_not();
  while (left != nullptr && (accept(Tok::kAnd) || accept_word("and"))) {
    Node right = parse_not();
    if (right == nullptr) return nullptr;
    left = join(Kind::kAnd, std::move(left), std::move(right));
  }
  return left;
}

Node Parser::parse_not() {
  const std::size_t position = token_.position;
  if (!accept(Tok::kNot) && !accept_word("not")) return parse_test();
  const bool entered = enter();
  const Depth leave(depth_);
  if (!entered) return nullptr;
  Node child = parse_not();
  if (child == nullptr) return nullptr;
  Node node = make(Kind::kNot, position, child->position + child->length - position);
  if (node != nullptr) node->children.push_back(std::move(child));
  return node;
}

Node Parser::parse_test() {
  if (token_.kind == Tok::kLeft) return parse_group();
  if (token_.kind == Tok::kWord && catalog_.find(token_.text) == nullptr &&
      token_.text.find(':') != std::string::npos) {
    const Token start = token_;
    if (Node alias = parse_alias(); alias != nullptr || error_) return alias;
    lexer_.seek(start.position);
    advance();
  }
  const bool all = is_word("all");
  const bool quantified = all || is_word("any");
  if (quantified) advance();
  parts_ = 0;
  std::optional<Operand> left = parse_operand();
  if (!left) return nullptr;
  return parse_relation(*std::move(left), quantified, all);
}

Node Parser::parse_group() {
  const std::size_t position = token_.position;
  advance();
  Node inner = parse_or();
  if (inner == nullptr || !expect(Tok::kRight, ") is expected,")) return nullptr;
  // (tcp.flags & 2) == 2: the group was an operand.
  const bool operand = inner->kind == Kind::kTruth || inner->kind == Kind::kExists;
  if (!operand || (!relation(token_) && !infix(token_) && !is_word("in"))) {
    inner->length = end_ - position;
    inner->position = position;
    return inner;
  }
  Operand left{.ast = std::move(inner->children.front()), .token = {}, .position = position, .length = end_ - position};
  while (const auto op = infix(token_)) {
    advance();
    std::optional<Operand> right = parse_binary(op->precedence + 1);
    if (!right) return nullptr;
    std::optional<Operand> both = arithmetic(std::move(left), op->op, *std::move(right));
    if (!both) return nullptr;
    left = *std::move(both);
  }
  return parse_relation(std::move(left), false, false);
}

// `name:value`, a form that people know from search boxes. null without an error: it is none.
Node Parser::parse_alias() {
  const Token token = token_;
  const std::size_t colon = token.text.find(':');
  const std::string_view name = std::string_view(token.text).substr(0, colon);
  const FieldInfo* field = catalog_.find(name);
  const bool verdict = field == nullptr && name == "ech";  // no field of its own: one of the flow's verdicts
  if (verdict) field = catalog_.find("flow.verdict");
  if (field == nullptr) return nullptr;
  Token value{Tok::kWord, token.position + colon + 1, token.length - colon - 1, token.text.substr(colon + 1)};
  advance();
  if (value.text.empty() && token_.kind == Tok::kString && token_.position == token.position + token.length) {
    value = token_;
    advance();
  }
  if (relation(token_) || value.text.empty()) return nullptr;
  end_ = value.position + value.length;
  Operand left{
      .ast = make(Kind::kField, token.position, colon), .token = {}, .position = token.position, .length = colon};
  if (left.ast == nullptr) return nullptr;
  left.ast->field = field;
  left.ast->type = class_of(*field);
  if (verdict || left.ast->type == Class::kNone || field->is_protocol) {  // ech:true
    Literal wanted;
    const FieldInfo flag{.name = field->name, .type = FieldType::kBool};
    const std::string wrong = convert(value, false, {Class::kInteger, &flag}, false, wanted);
    if (!wrong.empty()) return fail(value.position, value.length, wrong);
    const Token ech{Tok::kString, token.position, colon, "ech"};
    Operand right{.ast = nullptr, .token = ech, .position = token.position, .length = colon};
    Node test = verdict ? compare(std::move(left), Op::kEq, false, std::move(right), token) : exists(std::move(left));
    if (test == nullptr || wanted.number != 0) return test;
    Node no = make(Kind::kNot, token.position, end_ - token.position);
    if (no != nullptr) no->children.push_back(std::move(test));
    return no;
  }
  const Op op = left.ast->type == Class::kText ? Op::kContains : Op::kEq;
  Operand right{.ast = nullptr, .token = value, .position = value.position, .length = value.length};
  return compare(std::move(left), op, false, std::move(right), token);
}

Node Parser::parse_relation(Operand left, bool quantified, bool all) {
  const bool negated_set = is_word("not");
  if (negated_set) {
    const Token at = token_;
    advance();
    if (!is_word("in")) return fail(at.position, at.length, "and, or, or the end of the filter is expected, found not");
  }
  if (accept_word("in")) {
    Node set = parse_set(std::move(left), quantified, all);
    if (set == nullptr || !negated_set) return set;
    Node node = make(Kind::kNot, set->position, set->length);
    if (node != nullptr) node->children.push_back(std::move(set));
    return node;
  }
  Node chain;
  while (const auto found = relation(token_)) {
    const Token at = token_;
    advance();
    const std::size_t right_start = token_.position;
    parts_ = 0;
    std::optional<Operand> right = parse_operand();
    if (!right) return nullptr;
    const bool again = relation(token_).has_value();
    Node test = compare(std::move(left), found->op, quantified ? all : found->all, *std::move(right), at);
    if (test == nullptr) return nullptr;
    chain = chain == nullptr ? std::move(test) : join(Kind::kAnd, std::move(chain), std::move(test));
    if (chain == nullptr || !again) return chain;
    lexer_.seek(right_start);  // a < b < c means a < b and b < c
    advance();
    std::optional<Operand> middle = parse_operand();
    if (!middle) return nullptr;
    left = *std::move(middle);
  }
  if (quantified) return fail_here("a comparison is expected after any or all,");
  return exists(std::move(left));
}

Node Parser::parse_set(Operand left, bool quantified, bool all) {
  if (!require_field(left) || !expect(Tok::kLeftBrace, "{ is expected after in,")) return nullptr;
  const Target target = target_of(*left.ast);
  if (target.type == Class::kNone) return fail(left.position, left.length, "this has no value that could be in a set");
  Node set = make(Kind::kIn, left.position, 0);
  if (set == nullptr) return nullptr;
  set->all = quantified && all;
  set->children.push_back(std::move(left.ast));
  if (token_.kind == Tok::kRightBrace) return fail_here("a set holds at least one value,");
  while (token_.kind != Tok::kRightBrace) {
    if (!parse_set_item(*set, target)) return nullptr;
    if (accept(Tok::kComma) && token_.kind == Tok::kRightBrace)
      return fail_here("a value is expected after the comma,");
  }
  if (!expect(Tok::kRightBrace, "} is expected,")) return nullptr;
  set->length = end_ - set->position;
  return set;
}

bool Parser::parse_set_item(Ast& set, const Target& target) {
  parts_ = 0;
  std::optional<Operand> item = parse_unary();
  if (!item || !resolve(*item, target)) return false;
  if (accept(Tok::kDots)) {
    std::optional<Operand> last = parse_unary();
    if (!last || !resolve(*last, target)) return false;
    if (item->ast->kind != Kind::kLiteral || last->ast->kind != Kind::kLiteral) {
      fail(item->position, item->length, "both ends of a range are values, not fields");
      return false;
    }
    Node range = make(Kind::kRange, item->position, end_ - item->position);
    if (range == nullptr) return false;
    range->type = target.type;
    range->children.push_back(std::move(item->ast));
    range->children.push_back(std::move(last->ast));
    set.children.push_back(std::move(range));
    return true;
  }
  set.children.push_back(std::move(item->ast));
  return true;
}

}  // namespace pr::filter
