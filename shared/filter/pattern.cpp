#include "shared/filter/pattern.h"

#include <re2/re2.h>

namespace pr::filter {
namespace {

constexpr std::int64_t kMaxMemory = 8 << 20;  // of program and cache, of one pattern

RE2::Options options() {
  RE2::Options o;
  o.set_encoding(RE2::Options::EncodingLatin1);  // octets: what the wire holds need not be UTF-8
  o.set_case_sensitive(false);
  o.set_log_errors(false);
  o.set_max_mem(kMaxMemory);
  o.set_never_capture(true);
  return o;
}

}  // namespace

struct Pattern::Impl {
  explicit Impl(std::string_view text) : re(re2::StringPiece(text.data(), text.size()), options()) {}
  RE2 re;
};

Pattern::Pattern(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pattern::~Pattern() = default;

std::unique_ptr<Pattern> Pattern::compile(std::string_view text, std::string* error) {
  auto impl = std::make_unique<Impl>(text);
  if (!impl->re.ok()) {
    *error = impl->re.error();
    return nullptr;
  }
  return std::make_unique<Pattern>(std::move(impl));
}

bool Pattern::matches(std::string_view value) const {
  return RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), impl_->re);
}

}  // namespace pr::filter
