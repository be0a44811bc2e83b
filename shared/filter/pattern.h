// Regular expressions as `matches` means them: RE2's syntax over octets, without case unless (?-i) says otherwise.
// Runs in linear time, whatever the pattern. Immutable: any thread may match.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pr::filter {

class Pattern {
 public:
  // null: error says what is wrong.
  static std::unique_ptr<Pattern> compile(std::string_view text, std::string* error);
  struct Impl;
  explicit Pattern(std::unique_ptr<Impl> impl);  // made by compile()
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  // True if some part of the value matches. Any octets will do, zeros too.
  [[nodiscard]] bool matches(std::string_view value) const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::filter
