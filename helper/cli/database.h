// Opening a database for reading, with what reading needs.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "helper/dissect/engine.h"
#include "helper/store/reader.h"

namespace pr::cli {

// Made once a process: tables are built from it and point into it.
struct Dissection {
  dissect::Registry registry;
  dissect::Engine engine{registry};
};

struct Database {
  std::unique_ptr<store::Reader> reader;
  std::unique_ptr<store::Reader> aside;  // for reads in the middle of reads
};
absl::StatusOr<Database> open_for_reading(const std::string& path, const dissect::Registry& registry);

}  // namespace pr::cli
