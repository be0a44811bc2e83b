// Cuts a display filter into tokens, as Wireshark does: what a word means is for the parser to find out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/filter/ast.h"
#include "shared/filter/filter.h"

namespace pr::filter {

enum class Tok : std::uint8_t {
  kEnd,
  kBad,     // kBad: text is the message
  kWord,    // a name, a number, an address, a keyword: text as written
  kString,  // quoted: text decoded
  kChar,    // 'c': text is the one octet
  kAnd,
  kOr,
  kXor,
  kNot,
  kEq,
  kNe,
  kAllEq,
  kAnyNe,
  kGt,
  kGe,
  kLt,
  kLe,
  kMatches,
  kAmp,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kLeft,
  kRight,
  kLeftBrace,
  kRightBrace,
  kLeftBracket,
  kRightBracket,
  kComma,
  kDots,
  kHash,
  kAt,
  kDollar,
};

struct Token {
  Tok kind = Tok::kEnd;
  std::size_t position = 0;
  std::size_t length = 0;
  std::string text;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next();
  // Goes on from an octet of the text, a token's position or end.
  void seek(std::size_t position) { at_ = position; }
  [[nodiscard]] std::size_t at() const { return at_; }

  // Reads the inside of [0:3,5-6,-2:] up to and with the bracket; the lexer stands behind the opening one.
  // False: error is set.
  bool ranges(std::vector<Range>& out, Error& error);
  // Reads the number of a layer (ip.src#2).
  bool layer(std::vector<Range>& out, Error& error);

 private:
  Token take(Tok kind, std::size_t length);
  Token word();
  Token quoted(bool raw);
  Token character();
  // Decodes one escape sequence behind a backslash; the message on failure, else null.
  const char* escape(std::string& out);
  bool integer(std::int32_t& value);
  bool range(Range& out);
  void skip_blanks();
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace pr::filter
