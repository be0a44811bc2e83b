// The protocols that the program reads, told from the registry: which layer, how each is found, how many fields.
#pragma once

#include <string>

#include "helper/dissect/registry.h"
#include "shared/model/row.h"

namespace pr::cli {

// One row a protocol: name, title, layer, found by, fields; in order of name.
std::vector<Row> protocol_rows(const dissect::Registry& registry);
// The same as a page in Markdown: docs/protocols.md.
std::string protocols_page(const dissect::Registry& registry);

}  // namespace pr::cli
