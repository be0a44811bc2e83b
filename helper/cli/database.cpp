#include "helper/cli/database.h"

namespace pr::cli {

absl::StatusOr<Database> open_for_reading(const std::string& path, const dissect::Registry& registry) {
  auto reader = store::Reader::open(path, registry.names());
  if (!reader.ok()) return reader.status();
  auto aside = store::Reader::open(path, registry.names());
  if (!aside.ok()) return aside.status();
  return Database{std::move(*reader), std::move(*aside)};
}

}  // namespace pr::cli
