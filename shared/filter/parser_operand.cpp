// Operands: precedence climbing, fields, slices, functions.
#include <array>
#include <utility>

#include "shared/base/text.h"
#include "shared/filter/parser.h"

namespace pr::filter {
namespace {

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
