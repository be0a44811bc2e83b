#include "shared/filter/lexer.h"

#include "shared/base/hex.h"

namespace pr::filter {
namespace {

constexpr std::int32_t kMaxOffset = 1 << 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// "10.0.0.0" and "fe80::" may be followed by /8; "tcp.len" is divided.
bool looks_like_address(std::string_view word) {
  return word.find(':') != std::string_view::npos ||
         (is_digit(word.front()) && word.find('.') != std::string_view::npos);
}

struct Operator {
  std::string_view text;
  Tok kind;
};

// Longer ones first.
constexpr Operator kOperators[] = {
    {"===", Tok::kAllEq},    {"!==", Tok::kAnyNe},     {"==", Tok::kEq},          {"!=", Tok::kNe},
    {"~=", Tok::kAnyNe},     {">=", Tok::kGe},         {"<=", Tok::kLe},          {"&&", Tok::kAnd},
    {"||", Tok::kOr},        {"^^", Tok::kXor},        {"..", Tok::kDots},        {">", Tok::kGt},
    {"<", Tok::kLt},         {"!", Tok::kNot},         {"~", Tok::kMatches},      {"&", Tok::kAmp},
    {"+", Tok::kPlus},       {"-", Tok::kMinus},       {"*", Tok::kStar},         {"/", Tok::kSlash},
    {"%", Tok::kPercent},    {"(", Tok::kLeft},        {")", Tok::kRight},        {"{", Tok::kLeftBrace},
    {"}", Tok::kRightBrace}, {"[", Tok::kLeftBracket}, {"]", Tok::kRightBracket}, {",", Tok::kComma},
    {"#", Tok::kHash},       {"@", Tok::kAt},          {"$", Tok::kDollar},
};

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t octet) { out.push_back(static_cast<char>(octet)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0U | code >> 6U);
    put(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    put(0xe0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  } else {
    put(0xf0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3fU));
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  }
}

}  // namespace

void Lexer::skip_blanks() {
  while (at_ < text_.size() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
}

Token Lexer::take(Tok kind, std::size_t length) {
  Token token{kind, at_, length, std::string(text_.substr(at_, length))};
  at_ += length;
  return token;
}

Token Lexer::next() {
  skip_blanks();
  if (at_ >= text_.size()) return {Tok::kEnd, text_.size(), 0, {}};
  const char c = peek();
  if (c == '"') return quoted(false);
  if ((c == 'r' || c == 'R') && peek(1) == '"') return quoted(true);
  if (c == '\'') return character();
  if (is_word(c) || (c == ':' && (peek(1) == ':' || hex_digit(peek(1)) >= 0))) return word();
  if (c == '.' && is_digit(peek(1))) return word();
  for (const Operator& op : kOperators) {
    if (text_.substr(at_).starts_with(op.text)) return take(op.kind, op.text.size());
  }
  Token bad = take(Tok::kBad, 1);
  bad.text = c == '=' ? "equal is written ==" : "this character means nothing here; text belongs in double quotes";
  return bad;
}

Token Lexer::word() {
  const std::size_t start = at_;
  std::size_t end = at_;
  for (; end < text_.size(); ++end) {
    const char c = text_[end];
    const char after = end + 1 < text_.size() ? text_[end + 1] : '\0';
    if (is_word(c) || c == ':') continue;
    if (c == '.' && after != '.') continue;
    if (c == '-' && end > start && is_word(after)) continue;
    if (c == '/' && is_digit(after) && end > start && looks_like_address(text_.substr(start, end - start))) continue;
    break;
  }
  return take(Tok::kWord, end - start);
}

Token Lexer::quoted(bool raw) {
  Token token{Tok::kString, at_, 0, {}};
  at_ += raw ? 2 : 1;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') {
      token.length = at_ - token.position;
      return token;
    }
    if (c != '\\') {
      token.text.push_back(c);
    } else if (raw) {  // a backslash stays, and so does a quote behind it
      token.text.push_back(c);
      if (peek() == '"') token.text.push_back(text_[at_++]);
    } else if (const char* message = escape(token.text)) {
      return {Tok::kBad, at_ - 1, 1, message};
    }
  }
  return {Tok::kBad, token.position, text_.size() - token.position, "this text has no closing quote"};
}

Token Lexer::character() {
  Token token{Tok::kChar, at_, 0, {}};
  ++at_;
  if (at_ >= text_.size()) return {Tok::kBad, token.position, 1, "this character has no closing quote"};
  const char c = text_[at_++];
  if (c == '\\') {
    if (const char* message = escape(token.text)) return {Tok::kBad, at_ - 1, 1, message};
  } else {
    token.text.push_back(c);
  }
  if (peek() != '\'' || token.text.size() != 1) {
    return {Tok::kBad, token.position, at_ - token.position, "one character is expected between single quotes"};
  }
  ++at_;
  token.length = at_ - token.position;
  return token;
}

const char* Lexer::escape(std::string& out) {
  if (at_ >= text_.size()) return "nothing follows the backslash";
  const char c = text_[at_++];
  static constexpr std::string_view kNames = "abfnrtv'\"\\";
  static constexpr std::string_view kMeant = "\a\b\f\n\r\t\v'\"\\";
  if (const std::size_t i = kNames.find(c); i != std::string_view::npos) {
    out.push_back(kMeant[i]);
    return nullptr;
  }
  const bool octal = c >= '0' && c <= '7';
  const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : octal ? 3 : 0;
  if (digits == 0) return "unknown escape sequence; a backslash itself is written twice";
  if (octal) --at_;
  std::uint32_t value = 0;
  std::size_t n = 0;
  for (; n < digits; ++n) {
    const int digit = hex_digit(peek());
    if (digit < 0 || (octal && digit > 7)) break;
    value = value * (octal ? 8U : 16U) + static_cast<std::uint32_t>(digit);
    ++at_;
  }
  if (c == 'x' || octal) {
    if (n == 0 || value > 0xff) return "an octet is written \\x00 to \\xff or \\0 to \\377";
    out.push_back(static_cast<char>(value));
    return nullptr;
  }
  if (n != digits || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return "no such Unicode character";
  append_utf8(out, value);
  return nullptr;
}

bool Lexer::integer(std::int32_t& value) {
  skip_blanks();
  const bool negative = peek() == '-';
  std::size_t end = at_ + (negative ? 1U : 0U);
  const std::size_t start = end;
  std::int32_t number = 0;
  for (; end < text_.size() && is_digit(text_[end]); ++end) {
    if (number < kMaxOffset) number = number * 10 + (text_[end] - '0');
  }
  if (end == start || number >= kMaxOffset) return false;
  at_ = end;
  value = negative ? -number : number;
  return true;
}

bool Lexer::range(Range& out) {
  out = Range{};
  skip_blanks();
  const bool from_start = peek() == ':';
  if (!from_start && !integer(out.start)) return false;
  skip_blanks();
  if (peek() == ':') {
    ++at_;
    skip_blanks();
    if (!from_start && (peek() == ']' || peek() == ',')) {
      out.kind = Range::To::kRest;
      return true;
    }
    return integer(out.to) && out.to >= 0;
  }
  if (peek() == '-') {
    ++at_;
    out.kind = Range::To::kEnd;
    return integer(out.to) && (out.start < 0) == (out.to < 0) && out.to >= out.start;
  }
  return true;
}

bool Lexer::ranges(std::vector<Range>& out, Error& error) {
  const std::size_t start = at_;
  do {
    Range one;
    if (out.size() >= 64 || !range(one)) {
      error = {start, at_ > start ? at_ - start : 1,
               "a slice is [start:length], [start-end], [start], [:length] or [start:]"};
      return false;
    }
    out.push_back(one);
    skip_blanks();
  } while (peek() == ',' && ++at_ != 0);
  if (peek() != ']') {
    error = {at_, at_ < text_.size() ? 1U : 0U, "] is expected at the end of the slice"};
    return false;
  }
  ++at_;
  return true;
}

bool Lexer::layer(std::vector<Range>& out, Error& error) {
  if (peek() == '[') {
    ++at_;
    return ranges(out, error);
  }
  Range one;
  const std::size_t start = at_;
  if (!integer(one.start) || one.start == 0) {
    error = {start, at_ > start ? at_ - start : 1,
             "the number of a layer is expected behind #: 1 is the first, -1 the last"};
    return false;
  }
  out.push_back(one);
  return true;
}

}  // namespace pr::filter
