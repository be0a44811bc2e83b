#include "shared/filter/filter.h"

#include <algorithm>
#include <utility>

#include "shared/base/text.h"
#include "shared/filter/parser.h"

namespace pr::filter {
namespace {

constexpr std::size_t kContext = 60;  // octets shown before and after the place

// Columns a terminal needs, near enough: characters.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace

std::string Error::explain(std::string_view text) const {
  const std::size_t at = std::min(position, text.size());
  const std::size_t from = at > kContext ? at - kContext : 0;
  const std::size_t to = std::min(text.size(), at + kContext);
  std::string before = (from > 0 ? "..." : "") + escape_controls(text.substr(from, at - from));
  const std::string marked = escape_controls(text.substr(at, std::min(length, to - at)));
  const std::size_t after = std::min(at + length, to);
  const std::string line =
      before + marked + escape_controls(text.substr(after, to - after)) + (to < text.size() ? "..." : "");
  std::string caret(columns(before), ' ');
  caret += '^';
  if (const std::size_t width = columns(marked); width > 1) caret.append(width - 1, '~');
  return line + "\n" + caret + "\n" + message;
}

std::variant<std::unique_ptr<Ast>, Error> parse(std::string_view text, const FieldCatalog& catalog) {
  if (text.size() > kMaxText) return Error{0, 0, "the filter is too long, the limit is 65536 characters"};
  return Parser(text, catalog).run();
}

}  // namespace pr::filter
