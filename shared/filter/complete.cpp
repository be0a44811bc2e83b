#include "shared/filter/complete.h"

#include <algorithm>
#include <span>

#include "shared/base/text.h"
#include "shared/filter/lexer.h"
#include "shared/filter/literal.h"

namespace pr::filter {
namespace {

struct Word {
  const char* text;
  const char* description;
};

constexpr Word kRelations[] = {{"==", "some value is equal"},   {"!=", "all values differ"},
                               {">", "greater than"},           {"<", "less than"},
                               {">=", "greater than or equal"}, {"<=", "less than or equal"},
                               {"~=", "some value differs"},    {"===", "all values are equal"},
                               {"in", "is one of {a, b, c..d}"}};
constexpr Word kSearches[] = {{"contains", "has these characters or octets in it"},
                              {"matches", "fits a regular expression, without case"}};
constexpr Word kConnectives[] = {{"&&", "and"}, {"||", "or"}, {"xor", "one or the other"}};
constexpr Word kFunctions[] = {{"len(", "octets of text or bytes"}, {"count(", "how often a field occurs"},
                               {"lower(", "text in lower case"},    {"upper(", "text in upper case"},
                               {"string(", "a value as text"},      {"max(", "the largest value"},
                               {"min(", "the smallest value"},      {"abs(", "a number without its sign"}};
constexpr Word kKeywords[] = {{"not", "the opposite"}, {"any", "some value passes"}, {"all", "every value passes"}};
constexpr Word kBooleans[] = {{"true", ""}, {"false", ""}};

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool is_relation(const Token& token) {
  static constexpr std::string_view kWords[] = {"eq",       "ne",      "gt",     "ge",     "lt",     "le",
                                                "contains", "matches", "any_eq", "all_eq", "any_ne", "all_ne"};
  if (token.kind == Tok::kWord) return std::ranges::find(kWords, token.text) != std::end(kWords);
  return token.kind >= Tok::kEq && token.kind <= Tok::kMatches;
}

// Where the cursor stands, from the tokens before it.
struct Place {
  enum class Expects : std::uint8_t { kTest, kOperator, kValue } expects = Expects::kTest;
  const FieldInfo* field = nullptr;  // the one that is compared
  std::size_t start = 0;             // of the word under the cursor
};

Place locate(std::string_view text, const FieldCatalog& catalog) {
  Place place;
  place.start = text.size();
  Lexer lexer(text);
  bool in_set = false;
  for (Token token = lexer.next(); token.kind != Tok::kEnd; token = lexer.next()) {
    if (token.kind == Tok::kWord && token.position + token.length == text.size()) {
      place.start = token.position;
      return place;  // being typed
    }
    if (token.kind == Tok::kBad && token.position + token.length == text.size())
      return {Place::Expects::kValue, nullptr, text.size()};
    const bool connective =
        token.kind == Tok::kWord && (token.text == "and" || token.text == "or" || token.text == "not" ||
                                     token.text == "xor" || token.text == "any" || token.text == "all");
    if (token.kind == Tok::kLeftBrace) in_set = true;
    if (token.kind == Tok::kRightBrace) in_set = false;
    if (in_set) {
      place.expects = Place::Expects::kValue;
    } else if (is_relation(token)) {
      place.expects = Place::Expects::kValue;
    } else if (connective || token.kind == Tok::kAnd || token.kind == Tok::kOr || token.kind == Tok::kXor ||
               token.kind == Tok::kNot || token.kind == Tok::kLeft || token.kind == Tok::kComma) {
      place.expects = Place::Expects::kTest;
    } else {
      if (token.kind == Tok::kWord && place.expects == Place::Expects::kTest) place.field = catalog.find(token.text);
      place.expects = Place::Expects::kOperator;
    }
  }
  return place;
}

class Collector {
 public:
  Collector(std::string_view prefix, std::size_t limit) : prefix_(prefix), limit_(limit) {}

  void words(Candidate::Kind kind, std::span<const Word> all) {
    for (const Word& word : all) add(kind, word.text, word.description);
  }
  void add(Candidate::Kind kind, std::string_view text, std::string_view description) {
    if (out_.size() < limit_ && starts_with_ignoring_case(text, prefix_))
      out_.push_back({kind, std::string(text), std::string(description)});
  }
  // Names of the same depth first (tcp.port before tcp.port.x), then by alphabet.
  void fields(const FieldCatalog& catalog) {
    std::vector<const FieldInfo*> found;
    for (const FieldInfo& field : catalog.all()) {
      if (starts_with_ignoring_case(field.name, prefix_)) found.push_back(&field);
    }
    const auto before = [](const FieldInfo* a, const FieldInfo* b) {
      const auto dots_a = std::ranges::count(a->name, '.'), dots_b = std::ranges::count(b->name, '.');
      return dots_a != dots_b ? dots_a < dots_b : a->name < b->name;
    };
    const std::size_t n = std::min(found.size(), limit_ - std::min(limit_, out_.size()));
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(n), found.end(), before);
    for (std::size_t i = 0; i < n; ++i)
      out_.push_back({Candidate::Kind::kField, found[i]->name, found[i]->description});
  }
  std::vector<Candidate> take() { return std::move(out_); }

 private:
  std::string_view prefix_;
  std::size_t limit_;
  std::vector<Candidate> out_;
};

void values_of(const FieldInfo* field, Collector& out) {
  if (field == nullptr) return;
  if (field->type == FieldType::kBool) out.words(Candidate::Kind::kValue, kBooleans);
  for (const NamedValue& named : field->names) {
    if (field->type == FieldType::kUint) out.add(Candidate::Kind::kValue, std::to_string(named.value), named.name);
  }
}

void operators_for(const FieldInfo* field, Collector& out) {
  const Class type = field == nullptr ? Class::kNone : class_of(*field);
  if (type == Class::kText || type == Class::kBytes) out.words(Candidate::Kind::kOperator, kSearches);
  if (field == nullptr || type != Class::kNone) out.words(Candidate::Kind::kOperator, kRelations);
  out.words(Candidate::Kind::kKeyword, kConnectives);
}

}  // namespace

Completion complete(std::string_view text, std::size_t cursor, const FieldCatalog& catalog, std::size_t limit) {
  const std::string_view before = text.substr(0, std::min(cursor, text.size()));
  Place place = locate(before, catalog);
  const std::string_view prefix = before.substr(place.start);
  Completion out{place.start, before.size(), {}};
  Collector candidates(prefix, limit);
  if (place.expects == Place::Expects::kOperator) {
    operators_for(place.field, candidates);
  } else if (place.expects == Place::Expects::kValue) {
    values_of(place.field, candidates);
    if (!prefix.empty()) candidates.fields(catalog);
  } else {
    candidates.fields(catalog);
    candidates.words(Candidate::Kind::kFunction, kFunctions);
    candidates.words(Candidate::Kind::kKeyword, kKeywords);
  }
  out.candidates = candidates.take();
  return out;
}

}  // namespace pr::filter
