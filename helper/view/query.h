// One question to a database, from filter text to printed rows. What every client asks goes through here.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "helper/dissect/engine.h"
#include "helper/store/reader.h"
#include "helper/view/output.h"
#include "helper/view/row_writer.h"

namespace pr::view {

struct Query {
  Noun noun = Noun::kPackets;
  std::vector<std::uint64_t> sessions;  // empty: all
  std::string where;                    // display filter
  store::TimeRange range;
  std::optional<std::uint64_t> limit;  // nothing: 100 for tables, none for the rest
  std::string order;                   // column key or field; empty: newest session first, within one by time
  bool descending = false;
  std::vector<std::string> fields;  // column keys or fields; empty: the noun's own choice
  bool show_data = false;           // packets: hexadecimal and ASCII
  bool detail = false;              // packets: the tree
  Format format = Format::kTable;
};

// What is worth telling besides the rows.
struct QueryReport {
  std::uint64_t rows = 0;
  bool limited = false;  // there were more than the limit let through
  std::vector<std::string> notes;
};

class QueryRunner {
 public:
  // Borrows all for as long as it lives. aside: a second reader of the same database, for reads in the middle of reads.
  QueryRunner(const dissect::Engine& engine, store::Reader& reader, store::Reader& aside)
      : engine_(engine), reader_(reader), aside_(aside) {}

  // kInvalidArgument: the filter (the message explains the place), a field, or a combination that makes no sense.
  // kNotFound: a session that is not there.
  absl::StatusOr<QueryReport> run(const Query& query, Output& output);

 private:
  const dissect::Engine& engine_;
  store::Reader& reader_;
  store::Reader& aside_;
};

}  // namespace pr::view
