// Syntax tree of a display filter: what the text says, with names found, literals converted and types checked.
// Plain data; immutable once parsed. Names point into the FieldCatalog, which must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/model/field_catalog.h"

namespace pr::filter {

// How values compare. Every operand has one, known when parsing.
enum class Class : std::uint8_t {
  kNone,     // nothing to compare: a marker
  kInteger,  // booleans too
  kReal,
  kText,
  kBytes,     // also Ethernet addresses and protocols
  kIpv4,      // number, host order
  kIpv6,      // 16 octets
  kTime,      // nanoseconds
  kDuration,  // nanoseconds
};
const char* class_name(Class c);  // "a number", for messages

enum class Kind : std::uint8_t {
  // Tests: true or false for a row.
  kAnd,      // children: two or more tests
  kOr,       // children: two or more tests
  kXor,      // children: two or more tests; true if an odd number of them is
  kNot,      // children: one test
  kExists,   // children: one operand; true if it has a value (of slices: one that is not empty)
  kTruth,    // children: one operand (`tcp.flags & 2`); true if some value of it is not zero
  kCompare,  // children: left and right operand; op and all say how
  kIn,       // children: left operand, then operands and kRange
  // Operands: for a row a list of values, maybe empty.
  kLiteral,     // literal
  kRange,       // only in kIn: children are two literals, both ends belong to it
  kField,       // field, raw, ranges (layers; empty: all)
  kSlice,       // children: one operand; ranges
  kFunction,    // function; children: arguments
  kArithmetic,  // arithmetic; children: one (negation) or two operands
};

enum class Op : std::uint8_t { kEq, kNe, kGt, kGe, kLt, kLe, kContains, kMatches };
enum class Function : std::uint8_t { kLen, kUpper, kLower, kCount, kString, kMax, kMin, kAbs };
enum class Arithmetic : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo, kBitAnd, kNegate };

// Part of a slice, or of a list of layers. Negative starts count from the end.
struct Range {
  enum class To : std::uint8_t { kLength, kEnd, kRest };  // [start:length], [start-end], [start:]
  std::int32_t start = 0;
  std::int32_t to = 1;
  To kind = To::kLength;
};

// The number of a literal or an operand: wide enough for every 64 bit value and for what arithmetic makes of them.
__extension__ typedef __int128 Integer;

struct Literal {
  Integer number = 0;  // kInteger, kIpv4, kTime, kDuration
  double real = 0;     // kReal
  std::string bytes;   // kText, kBytes, kIpv6; for kMatches the pattern
  int prefix = -1;     // kIpv4, kIpv6: only so many leading bits count; -1: all
};

struct Ast {
  Kind kind = Kind::kExists;
  Class type = Class::kNone;  // of operands
  std::size_t position = 0;   // octets of the filter's text
  std::size_t length = 0;
  std::vector<std::unique_ptr<Ast>> children;

  Op op = Op::kEq;  // kCompare
  // kCompare, kIn: every pair of values must pass, and there must be one. Otherwise one pair is enough.
  // `!=` is kNe with all; `~=` is kNe without; `===` is kEq with all.
  bool all = false;
  Function function = Function::kLen;
  Arithmetic arithmetic = Arithmetic::kAdd;
  const FieldInfo* field = nullptr;
  bool raw = false;  // @field: its octets as on the wire
  std::vector<Range> ranges;
  Literal literal;
};

}  // namespace pr::filter
