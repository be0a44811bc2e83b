#include "shared/filter/operand.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "shared/base/text.h"
#include "shared/base/time_text.h"
#include "shared/filter/bounds.h"
#include "shared/model/address.h"

namespace pr::filter {
namespace {

// What two fields with many values each may make in one calculation.
constexpr std::size_t kMaxResults = 65'536;
constexpr Integer kMaxInteger = Integer{1} << 100;

bool is_octets(Class type) { return type == Class::kText || type == Class::kBytes || type == Class::kIpv6; }

std::string_view big_endian(std::uint64_t number, std::size_t octets, Scratch& scratch) {
  char* out = scratch.take(octets);
  for (std::size_t i = 0; i < octets; ++i) out[i] = static_cast<char>(number >> (8 * (octets - 1 - i)));
  return {out, octets};
}

std::string_view keep(std::string_view text, Scratch& scratch) {
  char* out = scratch.take(text.size());
  std::ranges::copy(text, out);
  return {out, text.size()};
}

// Octets of a value; addresses in network order.
std::string_view octets_of(Class type, const Item& item, Scratch& scratch) {
  if (type == Class::kIpv4) return big_endian(static_cast<std::uint64_t>(item.number), 4, scratch);
  return item.bytes;
}

class LiteralSource final : public Source {
 public:
  explicit LiteralSource(const Literal& literal)
      : text_(literal.bytes), item_{.number = literal.number, .real = literal.real, .bytes = text_} {}
  void each(const RowValues&, Scratch&, Take take) const override { take(item_); }

 private:
  std::string text_;
  Item item_;
};

class FieldSource final : public Source {
 public:
  explicit FieldSource(const Ast& ast) : ids_(ast.field->ids), layers_(ast.ranges) {
    from_end_ = std::ranges::any_of(layers_, [](const Range& r) { return r.start < 0; });
  }

  void each(const RowValues& row, Scratch&, Take take) const override {
    const std::size_t count = from_end_ ? layer_count(row) : 0;
    for (const FieldId id : ids_) {
      row.each(id, [&](const Value& value, FieldType type, std::size_t layer) {
        if (layer_wanted(layers_, layer, count)) take(to_item(value, type));
      });
    }
  }

 private:
  std::size_t layer_count(const RowValues& row) const {
    std::size_t count = 0;
    for (const FieldId id : ids_) {
      row.each(id, [&](const Value&, FieldType, std::size_t layer) { count = std::max(count, layer); });
    }
    return count;
  }

  std::vector<FieldId> ids_;
  std::vector<Range> layers_;
  bool from_end_ = false;
};

// A field's octets: @ip.src.
class RawSource final : public Source {
 public:
  RawSource(const FieldInfo& field, std::unique_ptr<Source> child)
      : child_(std::move(child)),
        width_(field.type == FieldType::kIpv4   ? 4U
               : field.type == FieldType::kUint ? std::min(field.bits / 8U, 8U)
                                                : 0U) {}
  void each(const RowValues& row, Scratch& scratch, Take take) const override {
    child_->each(row, scratch, [&](const Item& item) {
      if (width_ == 0) return take(item);
      take(Item{.bytes = big_endian(static_cast<std::uint64_t>(item.number), width_, scratch)});
    });
  }

 private:
  std::unique_ptr<Source> child_;
  std::size_t width_;  // octets of a number; 0: the value is octets already
};

// Wireshark's rule: a part that does not lie wholly inside gives nothing.
std::string_view cut(std::string_view bytes, const Range& range) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  const std::int64_t start = range.start < 0 ? size + range.start : range.start;
  std::int64_t end = start + range.to;
  if (range.kind == Range::To::kRest) end = size;
  if (range.kind == Range::To::kEnd) end = (range.to < 0 ? size + range.to : range.to) + std::int64_t{1};
  if (start < 0 || start > size || end < start || end > size) return {};
  return bytes.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start));
}

class SliceSource final : public Source {
 public:
  SliceSource(const Ast& ast, std::unique_ptr<Source> child)
      : child_(std::move(child)), type_(ast.children.front()->type), ranges_(ast.ranges) {}

  void each(const RowValues& row, Scratch& scratch, Take take) const override {
    child_->each(row, scratch, [&](const Item& item) {
      const std::string_view bytes = octets_of(type_, item, scratch);
      if (ranges_.size() == 1) return take(Item{.bytes = cut(bytes, ranges_.front())});
      std::size_t size = 0;
      for (const Range& range : ranges_) size += cut(bytes, range).size();
      char* joined = scratch.take(size);
      char* end = joined;
      for (const Range& range : ranges_) end = std::ranges::copy(cut(bytes, range), end).out;
      take(Item{.bytes = {joined, size}});
    });
  }

 private:
  std::unique_ptr<Source> child_;
  Class type_;
  std::vector<Range> ranges_;
};

class FunctionSource final : public Source {
 public:
  FunctionSource(const Ast& ast, std::vector<std::unique_ptr<Source>> arguments)
      : function_(ast.function), type_(ast.children.front()->type), arguments_(std::move(arguments)) {
    const Ast& first = *ast.children.front();
    is_ether_ = first.kind == Kind::kField && first.field->type == FieldType::kEther && !first.raw;
  }

  void each(const RowValues& row, Scratch& scratch, Take take) const override {
    switch (function_) {
      case Function::kCount: return count(row, scratch, take);
      case Function::kMax:
      case Function::kMin: return extreme(row, scratch, take);
      default: break;
    }
    arguments_.front()->each(row, scratch, [&](const Item& item) { take(apply(item, scratch)); });
  }

 private:
  void count(const RowValues& row, Scratch& scratch, Take take) const {
    std::uint64_t n = 0;
    arguments_.front()->each(row, scratch, [&](const Item&) { ++n; });
    if (n > 0) take(Item{.number = n});  // a field that is not there has no count
  }

  void extreme(const RowValues& row, Scratch& scratch, Take take) const {
    std::optional<Item> best;
    for (const auto& argument : arguments_) {
      argument->each(row, scratch, [&](const Item& item) {
        const int order = best ? compare_items(type_, item, type_, *best) : 0;
        if (!best || (function_ == Function::kMax ? order > 0 : order < 0)) best = item;
      });
    }
    if (best) take(*best);
  }

  Item apply(const Item& item, Scratch& scratch) const {
    switch (function_) {
      case Function::kLen: return Item{.number = octets_of(type_, item, scratch).size()};
      case Function::kAbs:
        return Item{.number = item.number < 0 ? -item.number : item.number, .real = std::fabs(item.real)};
      case Function::kString: return Item{.bytes = keep(text(item), scratch)};
      default: break;
    }
    char* out = scratch.take(item.bytes.size());
    std::ranges::transform(item.bytes, out,
                           [this](char c) { return function_ == Function::kUpper ? ascii_upper(c) : ascii_lower(c); });
    return Item{.bytes = {out, item.bytes.size()}};
  }

  std::string text(const Item& item) const {
    const auto narrow = static_cast<std::int64_t>(item.number);
    switch (type_) {
      case Class::kIpv4: return IpAddress::v4(static_cast<std::uint32_t>(item.number)).text();
      case Class::kIpv6: return IpAddress::from(as_bytes(item.bytes)).text();
      case Class::kReal: return std::to_string(item.real);
      case Class::kTime: return format_wireshark(from_ns(narrow));
      case Class::kDuration: return format_seconds(narrow);
      case Class::kInteger:
        return item.number < 0 ? std::to_string(narrow) : std::to_string(static_cast<std::uint64_t>(item.number));
      default: return is_ether_ ? mac_text(as_bytes(item.bytes)) : std::string(item.bytes);
    }
  }

  Function function_;
  Class type_;  // of the (first) argument
  bool is_ether_ = false;
  std::vector<std::unique_ptr<Source>> arguments_;
};

class ArithmeticSource final : public Source {
 public:
  ArithmeticSource(const Ast& ast, std::vector<std::unique_ptr<Source>> sides)
      : op_(ast.arithmetic), type_(ast.type), sides_(std::move(sides)) {
    for (std::size_t i = 0; i < 2; ++i) types_[i] = ast.children[std::min(i, ast.children.size() - 1)]->type;
  }

  void each(const RowValues& row, Scratch& scratch, Take take) const override {
    if (op_ == Arithmetic::kNegate) {
      sides_.front()->each(row, scratch,
                           [&](const Item& item) { take(Item{.number = -item.number, .real = -item.real}); });
      return;
    }
    std::pmr::vector<Item> right(scratch.resource());
    sides_.back()->each(row, scratch, [&](const Item& item) { right.push_back(item); });
    std::size_t results = 0;
    sides_.front()->each(row, scratch, [&](const Item& left) {
      for (const Item& item : right) {
        if (++results > kMaxResults) return;
        if (const auto result = calculate(left, item, scratch)) take(*result);
      }
    });
  }

 private:
  static double real(Class type, const Item& item) {
    return type == Class::kReal ? item.real : static_cast<double>(item.number);
  }

  // Nothing: a division by zero.
  std::optional<Item> calculate(const Item& a, const Item& b, Scratch& scratch) const {
    if (type_ == Class::kBytes) {
      const std::size_t size = std::min(a.bytes.size(), b.bytes.size());
      char* out = scratch.take(size);
      for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(a.bytes[i] & b.bytes[i]);
      return Item{.bytes = {out, size}};
    }
    if (type_ == Class::kReal) {
      const double x = real(types_[0], a), y = real(types_[1], b);
      switch (op_) {
        case Arithmetic::kAdd: return Item{.real = x + y};
        case Arithmetic::kSubtract: return Item{.real = x - y};
        case Arithmetic::kMultiply: return Item{.real = x * y};
        default: return y == 0 ? std::nullopt : std::optional(Item{.real = x / y});
      }
    }
    return integer(a.number, b.number);
  }

  // Saturates far beyond what any field holds.
  std::optional<Item> integer(Integer a, Integer b) const {
    Integer result = 0;
    bool over = false;
    switch (op_) {
      case Arithmetic::kAdd: result = a + b; break;
      case Arithmetic::kSubtract: result = a - b; break;
      case Arithmetic::kMultiply: over = __builtin_mul_overflow(a, b, &result); break;
      case Arithmetic::kBitAnd: result = a & b; break;
      case Arithmetic::kDivide:
      case Arithmetic::kModulo:
        if (b == 0) return std::nullopt;
        result = op_ == Arithmetic::kDivide ? a / b : a % b;
        break;
      case Arithmetic::kNegate: result = -a; break;
    }
    if (over) result = (a < 0) == (b < 0) ? kMaxInteger : -kMaxInteger;
    return Item{.number = std::clamp(result, -kMaxInteger, kMaxInteger)};
  }

  Arithmetic op_;
  Class type_;
  Class types_[2] = {};
  std::vector<std::unique_ptr<Source>> sides_;
};

}  // namespace

Item to_item(const Value& value, FieldType type) {
  switch (type) {
    case FieldType::kBool: return {.number = value.number != 0 ? 1 : 0};
    case FieldType::kUint:
    case FieldType::kIpv4: return {.number = value.number};
    case FieldType::kInt:
    case FieldType::kTime:
    case FieldType::kDuration: return {.number = static_cast<std::int64_t>(value.number)};
    case FieldType::kDouble: return {.real = std::bit_cast<double>(value.number)};
    case FieldType::kNone:
    case FieldType::kText:
    case FieldType::kBytes:
    case FieldType::kEther:
    case FieldType::kIpv6: break;
  }
  return {.bytes = as_text(value.bytes())};
}

bool layer_wanted(const std::vector<Range>& layers, std::size_t layer, std::size_t count) {
  if (layers.empty()) return true;
  const auto at = static_cast<std::int64_t>(layer);
  return std::ranges::any_of(layers, [&](const Range& range) {
    const auto from_end = [&](std::int64_t n) { return n < 0 ? static_cast<std::int64_t>(count) + n + 1 : n; };
    const std::int64_t first = from_end(range.start);
    if (at < first) return false;
    if (range.kind == Range::To::kRest) return true;
    return at <= (range.kind == Range::To::kEnd ? from_end(range.to) : first + range.to - 1);
  });
}

int compare_items(Class a_class, const Item& a, Class b_class, const Item& b) {
  if (is_octets(a_class)) {
    const bool by_length = a_class == Class::kBytes;
    const auto order = Octets{a.bytes, by_length} <=> Octets{b.bytes, by_length};
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (a_class == Class::kReal || b_class == Class::kReal) {
    const double x = a_class == Class::kReal ? a.real : static_cast<double>(a.number);
    const double y = b_class == Class::kReal ? b.real : static_cast<double>(b.number);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

std::unique_ptr<Source> make_source(const Ast& operand, FieldSet& needs) {
  if (operand.kind == Kind::kLiteral) return std::make_unique<LiteralSource>(operand.literal);
  if (operand.kind == Kind::kField) {
    needs.insert(*operand.field);
    auto field = std::make_unique<FieldSource>(operand);
    if (operand.raw) return std::make_unique<RawSource>(*operand.field, std::move(field));
    return field;
  }
  std::vector<std::unique_ptr<Source>> children;
  for (const auto& child : operand.children) children.push_back(make_source(*child, needs));
  if (operand.kind == Kind::kSlice) return std::make_unique<SliceSource>(operand, std::move(children.front()));
  if (operand.kind == Kind::kFunction) return std::make_unique<FunctionSource>(operand, std::move(children));
  return std::make_unique<ArithmeticSource>(operand, std::move(children));
}

}  // namespace pr::filter
