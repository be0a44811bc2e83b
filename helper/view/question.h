// A query with everything that answering it takes, looked up and checked.
#pragma once

#include <span>

#include "helper/view/query.h"
#include "shared/filter/ast.h"

namespace pr::view {

struct Question {
  const Query& query;
  const filter::Ast* where = nullptr;  // null: everything
  std::uint64_t limit = 0;
  std::span<const store::SessionInfo> sessions;  // all there are, newest first
  const dissect::Engine& engine;
  store::Reader& reader;
  store::Reader& aside;
  Output& output;
};

}  // namespace pr::view
