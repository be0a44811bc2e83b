// Converts what is written in a filter to the type it is compared with.
#pragma once

#include <string>

#include "shared/filter/ast.h"
#include "shared/filter/lexer.h"

namespace pr::filter {

// What a literal is converted to. field: whose value names, width and exact type count; may be null.
struct Target {
  Class type = Class::kInteger;
  const FieldInfo* field = nullptr;
};

Class class_of(const FieldInfo& field);

// token: a word (maybe negated), a string or a character. "" or what is wrong with it, without the position.
// contains: the literal is searched for, so that it may be shorter than a whole value.
std::string convert(const Token& token, bool negative, const Target& target, bool contains, Literal& out);

// Dec, 0x hex, 0 octal, 0b binary. False: not a number, or beyond 64 bits (too_big).
bool parse_integer(std::string_view text, Integer& out, bool& too_big);

}  // namespace pr::filter
