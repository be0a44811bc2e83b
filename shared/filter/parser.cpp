#include "shared/filter/parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/text.h"

namespace pr::filter {
namespace {

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

struct Infix {
  Arithmetic op;
  int precedence;
};

std::optional<Infix> infix(const Token& token) {
  switch (token.kind) {
    case Tok::kAmp: return Infix{Arithmetic::kBitAnd, 1};
    case Tok::kPlus: return Infix{Arithmetic::kAdd, 2};
    case Tok::kMinus: return Infix{Arithmetic::kSubtract, 2};
    case Tok::kStar: return Infix{Arithmetic::kMultiply, 3};
    case Tok::kSlash: return Infix{Arithmetic::kDivide, 3};
    case Tok::kPercent: return Infix{Arithmetic::kModulo, 3};
    case Tok::kWord: break;
    default: return std::nullopt;
  }
  if (token.text == "bitwise_and" || token.text == "bitand") return Infix{Arithmetic::kBitAnd, 1};
  return std::nullopt;
}

std::optional<Function> function_named(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Function>, 8> kFunctions = {{{"len", Function::kLen},
                                                                                       {"upper", Function::kUpper},
                                                                                       {"lower", Function::kLower},
                                                                                       {"count", Function::kCount},
                                                                                       {"string", Function::kString},
                                                                                       {"max", Function::kMax},
                                                                                       {"min", Function::kMin},
                                                                                       {"abs", Function::kAbs}}};
  for (const auto& [text, function] : kFunctions) {
    if (text == name) return function;
  }
  return std::nullopt;
}

bool is_keyword(std::string_view word) {
  static constexpr std::string_view kWords[] = {"and", "or", "xor", "not", "in", "any", "all"};
  for (const std::string_view keyword : kWords) {
    if (word == keyword) return true;
  }
  return relation({Tok::kWord, 0, 0, std::string(word)}).has_value();
}

}  // namespace

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
  const FieldInfo* field = catalog_.find(std::string_view(token.text).substr(0, colon));
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
  if (left.ast->type == Class::kNone || field->is_protocol) {  // ech:true
    Literal wanted;
    Token word = value;
    const FieldInfo flag{.name = field->name, .type = FieldType::kBool};
    const std::string wrong = convert(word, false, {Class::kInteger, &flag}, false, wanted);
    if (!wrong.empty()) return fail(value.position, value.length, wrong);
    Node test = exists(std::move(left));
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

std::optional<Operand> Parser::parse_operand() { return parse_binary(1); }

std::optional<Operand> Parser::parse_binary(int min_precedence) {
  std::optional<Operand> left = parse_unary();
  while (left) {
    const auto op = infix(token_);
    if (!op || op->precedence < min_precedence) break;
    advance();
    std::optional<Operand> right = parse_binary(op->precedence + 1);
    if (!right) return std::nullopt;
    left = arithmetic(*std::move(left), op->op, *std::move(right));
  }
  return left;
}

std::optional<Operand> Parser::parse_unary() {
  const std::size_t position = token_.position;
  if (accept(Tok::kPlus)) return parse_unary_sign(position, false);
  if (accept(Tok::kMinus)) return parse_unary_sign(position, true);
  std::optional<Operand> operand = parse_primary();
  if (!operand) return std::nullopt;
  return parse_postfix(*std::move(operand));
}

std::optional<Operand> Parser::parse_unary_sign(std::size_t position, bool minus) {
  const bool entered = enter();
  const Depth leave(depth_);
  if (!entered) return std::nullopt;
  std::optional<Operand> operand = parse_unary();
  if (!operand || !minus) return operand;
  return negate(*std::move(operand), position);
}

std::optional<Operand> Parser::parse_primary() {
  const Token token = token_;
  switch (token.kind) {
    case Tok::kString:
    case Tok::kChar: break;
    case Tok::kAt: return parse_field();
    case Tok::kDollar:
      fail(token.position, token.length,
           "macros and field references ($) are not known here; write out what it stands for");
      return std::nullopt;
    case Tok::kLeftBrace: {
      const bool entered = enter();
      const Depth leave(depth_);
      if (!entered) return std::nullopt;
      advance();
      std::optional<Operand> inner = parse_operand();
      if (!inner || !expect(Tok::kRightBrace, "} is expected,")) return std::nullopt;
      return inner;
    }
    case Tok::kWord: {
      if (catalog_.find(token.text) != nullptr) return parse_field();
      if (is_keyword(token.text)) {
        fail_here("a field or a value is expected,");
        return std::nullopt;
      }
      advance();
      if (token_.kind == Tok::kLeft) return parse_function(token);
      end_ = token.position + token.length;
      return Operand{.ast = nullptr, .token = token, .position = token.position, .length = token.length};
    }
    default: fail_here("a field or a value is expected,"); return std::nullopt;
  }
  accept(token.kind);
  return Operand{.ast = nullptr, .token = token, .position = token.position, .length = token.length};
}

std::optional<Operand> Parser::parse_field() {
  const std::size_t position = token_.position;
  const bool raw = accept(Tok::kAt);
  const FieldInfo* field = token_.kind == Tok::kWord ? catalog_.find(token_.text) : nullptr;
  if (field == nullptr) {
    if (token_.kind == Tok::kWord) {
      fail(token_.position, token_.length, unknown_name(token_.text));
    } else {
      fail_here("the name of a field is expected,");
    }
    return std::nullopt;
  }
  accept(Tok::kWord);
  Node node = make(Kind::kField, position, end_ - position);
  if (node == nullptr) return std::nullopt;
  node->field = field;
  node->raw = raw;
  node->type = class_of(*field);
  if (raw) {
    const bool known = field->type != FieldType::kUint || (field->bits != 0 && field->bits % 8 == 0);
    const bool kept = node->type == Class::kText || node->type == Class::kBytes || node->type == Class::kIpv4 ||
                      node->type == Class::kIpv6 || field->type == FieldType::kUint;
    if (!known || !kept) {
      fail(position, node->length, "the octets of " + field->name + " are not kept; compare its value, without @");
      return std::nullopt;
    }
    node->type = Class::kBytes;
  }
  Operand out{.ast = std::move(node), .token = {}, .position = position, .length = end_ - position};
  if (token_.kind != Tok::kHash) return out;
  Error error;
  if (!lexer_.layer(out.ast->ranges, error)) {
    fail(error.position, error.length, error.message);
    return std::nullopt;
  }
  end_ = lexer_.at();
  out.length = out.ast->length = end_ - position;
  advance();
  return out;
}

std::optional<Operand> Parser::parse_postfix(Operand operand) {
  while (token_.kind == Tok::kLeftBracket) {
    if (!require_field(operand)) return std::nullopt;
    const Class type = operand.ast->type;
    if (type != Class::kText && type != Class::kBytes && type != Class::kIpv4 && type != Class::kIpv6) {
      fail(operand.position, operand.length,
           std::string("a slice is cut from text, bytes and addresses; this is ") + class_name(type));
      return std::nullopt;
    }
    const bool entered = enter();
    const Depth leave(depth_);
    if (!entered) return std::nullopt;
    Node slice = make(Kind::kSlice, operand.position, 0);
    Error error;
    if (slice == nullptr) return std::nullopt;
    if (!lexer_.ranges(slice->ranges, error)) {
      fail(error.position, error.length, error.message);
      return std::nullopt;
    }
    end_ = lexer_.at();
    slice->length = operand.length = end_ - operand.position;
    slice->type = Class::kBytes;
    slice->children.push_back(std::move(operand.ast));
    operand.ast = std::move(slice);
    if (!grow(operand.position, operand.length)) return std::nullopt;
    advance();
  }
  return operand;
}

// name was read, the parenthesis is the current token.
std::optional<Operand> Parser::parse_function(const Token& name) {
  const auto function = function_named(name.text);
  if (!function) {
    fail(name.position, name.length,
         "\"" + escape_controls(name.text.substr(0, 60)) +
             "\" is no function; there are len, upper, lower, count, string, max, min and abs");
    return std::nullopt;
  }
  const bool entered = enter();
  const Depth leave(depth_);
  if (!entered) return std::nullopt;
  std::vector<Operand> arguments;
  do {
    advance();
    std::optional<Operand> argument = parse_operand();
    if (!argument) return std::nullopt;
    arguments.push_back(*std::move(argument));
  } while (token_.kind == Tok::kComma);
  if (!expect(Tok::kRight, ") is expected,")) return std::nullopt;
  return call(*function, name.position, std::move(arguments));
}

// One more part in the present operand: what bounds the height of its tree.
bool Parser::grow(std::size_t position, std::size_t length) {
  if (++parts_ <= kMaxDepth) return true;
  fail(position, length, "this expression has too many parts, the limit is 200");
  return false;
}

}  // namespace pr::filter
