// link: pr_filter
// Any text as a display filter: parsed, completed, run against rows, and explained where it is wrong.
#include <cstdint>
#include <cstdlib>

#include "shared/filter/complete.h"
#include "tests/unit/filter/sample.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pr;
  static const FieldCatalog catalog = test::make_catalog();
  static const test::SampleRow empty(catalog);
  static const auto full = [] {
    auto row = std::make_unique<test::SampleRow>(catalog);
    test::fill_tls_packet(*row);
    return row;
  }();
  const std::string_view text = as_text({data, size});
  const auto parsed = filter::parse(text, catalog);
  if (const auto* error = std::get_if<filter::Error>(&parsed)) {
    if (error->position > text.size() || error->length > text.size() - error->position || error->message.empty())
      std::abort();
    (void)error->explain(text);
  } else {
    const filter::Predicate predicate(std::get<0>(parsed).get());
    (void)predicate.matches(*full);
    (void)predicate.matches(empty);
  }
  (void)filter::complete(text, size / 2, catalog);
  return 0;
}
