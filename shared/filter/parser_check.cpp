// What may be compared with what, and what a literal becomes: the half of the parser that knows types.
#include "shared/base/text.h"
#include "shared/filter/parser.h"
#include "shared/filter/pattern.h"

namespace pr::filter {
namespace {

bool is_number(Class type) { return type == Class::kInteger || type == Class::kReal; }
bool is_string(Class type) { return type == Class::kText || type == Class::kBytes; }

bool comparable(Class a, Class b) {
  return a != Class::kNone && (a == b || (is_number(a) && is_number(b)) || (is_string(a) && is_string(b)));
}

std::string described(const Ast& operand) {
  const std::string what = class_name(operand.type);
  if (operand.kind == Kind::kField) return operand.field->name + " holds " + what;
  return "this is " + what;
}

}  // namespace

Target Parser::target_of(const Ast& operand) {
  return {operand.type, operand.kind == Kind::kField && !operand.raw ? operand.field : nullptr};
}

bool Parser::require_field(const Operand& operand) {
  if (!operand.is_literal()) return true;
  if (operand.token.kind == Tok::kWord && !operand.negative) {
    fail(operand.position, operand.length, unknown_name(operand.token.text));
  } else {
    fail(operand.position, operand.length, "a value alone says nothing; a field is expected here");
  }
  return false;
}

// Gives a literal the type of what it is compared with; a tree must already have one that fits.
bool Parser::resolve(Operand& operand, const Target& target, bool contains) {
  if (!operand.is_literal()) {
    if (comparable(operand.ast->type, target.type)) return true;
    fail(operand.position, operand.length,
         described(*operand.ast) + ", which cannot be compared with " + class_name(target.type));
    return false;
  }
  Node node = make(Kind::kLiteral, operand.position, operand.length);
  if (node == nullptr) return false;
  node->type = target.type;
  std::string wrong = convert(operand.token, operand.negative, target, contains, node->literal);
  if (!wrong.empty()) {
    const std::string& text = operand.token.text;
    const bool like_name =
        operand.token.kind == Tok::kWord && text.find('.') != std::string::npos && text[0] >= 'a' && text[0] <= 'z';
    const std::string nearest = like_name ? catalog_.nearest(text) : std::string();
    if (!nearest.empty()) wrong += "; did you mean the field " + nearest + "?";
    fail(operand.position, operand.length, std::move(wrong));
    return false;
  }
  operand.ast = std::move(node);
  return true;
}

Node Parser::exists(Operand operand) {
  if (!require_field(operand)) return nullptr;
  if (operand.ast->kind == Kind::kFunction) {
    return fail(operand.position, operand.length, "the result of a function is always there; compare it with a value");
  }
  const bool truth = operand.ast->kind == Kind::kArithmetic;
  Node node = make(truth ? Kind::kTruth : Kind::kExists, operand.position, operand.length);
  if (node != nullptr) node->children.push_back(std::move(operand.ast));
  return node;
}

Node Parser::compare(Operand left, Op op, bool all, Operand right, const Token& at) {
  if (left.is_literal() && (right.is_literal() || op == Op::kContains || op == Op::kMatches)) {
    require_field(left);
    return nullptr;
  }
  for (const Operand* side : {&left, &right}) {
    if (side->is_literal() || side->ast->type != Class::kNone) continue;
    return fail(side->position, side->length,
                described(*side->ast) + "; it can only be there or not: leave out " + at.text);
  }
  if (op == Op::kContains || op == Op::kMatches) return compare_search(std::move(left), op, all, std::move(right));
  if (left.is_literal() ? !resolve(left, target_of(*right.ast)) : !resolve(right, target_of(*left.ast))) return nullptr;
  Node node = make(Kind::kCompare, left.position, right.position + right.length - left.position);
  if (node == nullptr) return nullptr;
  node->op = op;
  node->all = all;
  node->children.push_back(std::move(left.ast));
  node->children.push_back(std::move(right.ast));
  return node;
}

Node Parser::compare_search(Operand left, Op op, bool all, Operand right) {
  const char* verb = op == Op::kContains ? "contains" : "matches";
  if (!is_string(left.ast->type)) {
    const std::string name = left.ast->kind == Kind::kField ? left.ast->field->name : "...";
    return fail(left.position, left.length,
                std::string(verb) + " searches text and bytes, and " + described(*left.ast) + "; write string(" + name +
                    ") " + verb);
  }
  if (op == Op::kMatches) {
    if (!right.is_literal() || right.token.kind != Tok::kString) {
      return fail(right.position, right.length, "a regular expression in double quotes is expected after matches");
    }
    std::string wrong;
    if (Pattern::compile(right.token.text, &wrong) == nullptr) {
      return fail(right.position, right.length, "this regular expression does not compile: " + escape_controls(wrong));
    }
    if (!resolve(right, {Class::kText, nullptr})) return nullptr;
  } else if (!resolve(right, target_of(*left.ast), true)) {
    return nullptr;
  }
  if (right.ast->kind == Kind::kLiteral && op == Op::kContains && right.ast->literal.bytes.empty()) {
    return fail(right.position, right.length, "there is nothing to search for");
  }
  Node node = make(Kind::kCompare, left.position, right.position + right.length - left.position);
  if (node == nullptr) return nullptr;
  node->op = op;
  node->all = all;
  node->children.push_back(std::move(left.ast));
  node->children.push_back(std::move(right.ast));
  return node;
}

std::optional<Operand> Parser::arithmetic(Operand left, Arithmetic op, Operand right) {
  const bool both_literal = left.is_literal() && right.is_literal();
  Target target = both_literal ? Target{} : Target{left.is_literal() ? right.ast->type : left.ast->type, nullptr};
  if (target.type == Class::kTime && (left.is_literal() || right.is_literal())) target.type = Class::kDuration;
  if (left.is_literal() && !resolve(left, target)) return std::nullopt;
  if (right.is_literal() && !resolve(right, target)) return std::nullopt;
  const Class a = left.ast->type, b = right.ast->type;
  const bool additive = op == Arithmetic::kAdd || op == Arithmetic::kSubtract;
  const bool temporal =
      additive &&
      ((a == Class::kDuration && b == Class::kDuration) ||
       (a == Class::kTime && (b == Class::kDuration || (b == Class::kTime && op == Arithmetic::kSubtract))));
  const bool bits = op == Arithmetic::kBitAnd &&
                    ((a == Class::kInteger && b == Class::kInteger) || (a == Class::kBytes && b == Class::kBytes));
  const bool numbers = op != Arithmetic::kBitAnd && is_number(a) && is_number(b) &&
                       (op != Arithmetic::kModulo || (a == Class::kInteger && b == Class::kInteger));
  const std::size_t position = left.position, length = right.position + right.length - left.position;
  if (!temporal && !bits && !numbers) {
    fail(position, length, std::string("this cannot be calculated with ") + class_name(a) + " and " + class_name(b));
    return std::nullopt;
  }
  if (!grow(position, length)) return std::nullopt;
  Node node = make(Kind::kArithmetic, position, length);
  if (node == nullptr) return std::nullopt;
  node->arithmetic = op;
  node->type = a == Class::kReal || b == Class::kReal   ? Class::kReal
               : a == Class::kTime && b == Class::kTime ? Class::kDuration
                                                        : a;
  node->children.push_back(std::move(left.ast));
  node->children.push_back(std::move(right.ast));
  return Operand{.ast = std::move(node), .token = {}, .position = position, .length = length};
}

std::optional<Operand> Parser::negate(Operand operand, std::size_t position) {
  operand.length += operand.position - position;
  operand.position = position;
  if (operand.is_literal()) {
    if (operand.token.kind != Tok::kWord) {
      fail(position, operand.length, "only a number can be negative");
      return std::nullopt;
    }
    operand.negative = !operand.negative;
    return operand;
  }
  const Class type = operand.ast->type;
  if (!is_number(type) && type != Class::kDuration) {
    fail(position, operand.length, "only a number can be negative; " + described(*operand.ast));
    return std::nullopt;
  }
  if (!grow(position, operand.length)) return std::nullopt;
  Node node = make(Kind::kArithmetic, position, operand.length);
  if (node == nullptr) return std::nullopt;
  node->arithmetic = Arithmetic::kNegate;
  node->type = type;
  node->children.push_back(std::move(operand.ast));
  operand.ast = std::move(node);
  return operand;
}

std::optional<Operand> Parser::call(Function function, std::size_t position, std::vector<Operand> arguments) {
  const std::size_t length = end_ - position;
  const bool many = function == Function::kMax || function == Function::kMin;
  if (!many && arguments.size() != 1) {
    fail(position, length, "this function takes one argument");
    return std::nullopt;
  }
  const Ast* first = nullptr;
  for (const Operand& argument : arguments) {
    if (first == nullptr) first = argument.ast.get();
  }
  if (first == nullptr) {
    require_field(arguments.front());
    return std::nullopt;
  }
  const Target target = many ? Target{first->type, nullptr} : target_of(*first);
  const Class type = target.type;
  const bool is_ether = target.field != nullptr && target.field->type == FieldType::kEther;
  const char* wants = nullptr;
  switch (function) {
    case Function::kLen:
      wants = is_string(type) || type == Class::kIpv4 || type == Class::kIpv6
                  ? nullptr
                  : "len counts the octets of text, bytes and addresses";
      break;
    case Function::kUpper:
    case Function::kLower: wants = type == Class::kText ? nullptr : "upper and lower work on text"; break;
    case Function::kString:
      wants = (!is_string(type) && type != Class::kNone) || is_ether ? nullptr
                                                                     : "string works on what is neither text nor bytes";
      break;
    case Function::kCount: wants = first->kind == Kind::kField ? nullptr : "count works on a field"; break;
    case Function::kMax:
    case Function::kMin: wants = type != Class::kNone ? nullptr : "max and min compare values"; break;
    case Function::kAbs: wants = is_number(type) || type == Class::kDuration ? nullptr : "abs works on numbers"; break;
  }
  if (wants != nullptr) {
    fail(position, length, std::string(wants) + "; " + described(*first));
    return std::nullopt;
  }
  if (!grow(position, length)) return std::nullopt;
  Node node = make(Kind::kFunction, position, length);
  if (node == nullptr) return std::nullopt;
  for (Operand& argument : arguments) {
    if (many && !resolve(argument, target)) return std::nullopt;
    node->children.push_back(std::move(argument.ast));
  }
  const bool counts = function == Function::kLen || function == Function::kCount;
  const bool texts = function == Function::kUpper || function == Function::kLower || function == Function::kString;
  node->function = function;
  node->type = counts ? Class::kInteger : texts ? Class::kText : type;
  return Operand{.ast = std::move(node), .token = {}, .position = position, .length = length};
}

}  // namespace pr::filter
