#include "helper/view/row_query.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "helper/view/row_test.h"
#include "shared/base/text.h"

namespace pr::view {
namespace {

struct Chosen {
  std::vector<OutputColumn> columns;
  std::vector<std::size_t> indexes;
};

void choose(const ColumnDef& def, std::size_t index, std::string key, Chosen* chosen) {
  chosen->columns.push_back({std::move(key), def.title, def.type, def.right});
  chosen->indexes.push_back(index);
}

// By key ("ja4") or by the field it holds ("tls.handshake.ja4"), also by the field's short forms.
absl::StatusOr<std::size_t> find_column(std::span<const ColumnDef> columns, const FieldCatalog& catalog, Noun noun,
                                        const std::string& name) {
  const auto by_key = std::ranges::find_if(columns, [&](const ColumnDef& def) { return name == def.key; });
  if (by_key != columns.end()) return static_cast<std::size_t>(by_key - columns.begin());
  const FieldInfo* info = catalog.find(name);
  const std::string field = info == nullptr ? name : info->name;
  const auto by_field =
      std::ranges::find_if(columns, [&](const ColumnDef& def) { return def.field != nullptr && field == def.field; });
  if (by_field != columns.end()) return static_cast<std::size_t>(by_field - columns.begin());
  std::string all;
  for (const ColumnDef& def : columns) absl::StrAppend(&all, all.empty() ? "" : ", ", def.key);
  return absl::InvalidArgumentError(
      absl::StrCat(noun_name(noun), " have no column \"", escape_controls(name), "\"; there are: ", all));
}

absl::StatusOr<Chosen> choose_columns(const Question& question) {
  const Query& query = question.query;
  const auto columns = store::columns(query.noun);
  Chosen chosen;
  if (!query.fields.empty()) {
    for (const std::string& name : query.fields) {
      const auto index = find_column(columns, question.engine.registry().catalog(), query.noun, name);
      if (!index.ok()) return index.status();
      choose(columns[*index], *index, name, &chosen);
    }
    return chosen;
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (query.format != Format::kTable || columns[i].in_table) choose(columns[i], i, columns[i].key, &chosen);
  }
  return chosen;
}

const char* type_name(Noun noun) {
  switch (noun) {
    case Noun::kPackets: return "packet";
    case Noun::kFlows: return "flow";
    case Noun::kHandshakes: return "handshake";
    case Noun::kCertificates: return "certificate";
    case Noun::kTransactions: return "transaction";
    case Noun::kNames: return "name";
    case Noun::kSessions: return "file";
    case Noun::kStats: return "stat";
  }
  return "";
}

std::unique_ptr<RowWriter> make_writer(const Question& question) {
  const Query& query = question.query;
  switch (query.format) {
    case Format::kTable: return make_table_writer(question.output);
    case Format::kCsv: return make_csv_writer(question.output);
    case Format::kEve: return make_eve_writer(question.output, query.noun);
    case Format::kZeek: return make_zeek_writer(question.output, query.noun);
    default: return make_json_writer(question.output, type_name(query.noun), query.format == Format::kJsonl);
  }
}

}  // namespace

absl::Status each_row(const Question& question, const std::string& order, QueryReport* report,
                      FunctionRef<bool(const Row&)> take) {
  const Query& query = question.query;
  store::RowQuery rows{.noun = query.noun,
                       .sessions = query.sessions,
                       .range = query.range,
                       .where = question.where,
                       .order = order,
                       .descending = query.descending};
  bool exact = true;
  if (question.where != nullptr) {
    store::RowQuery probe = rows;
    probe.limit = 1;
    const auto asked = question.reader.rows(probe, [](const Row&) { return false; });
    if (!asked.ok()) return asked.status();
    exact = asked->exact;
  }
  if (exact) {
    if (question.limit < ~std::uint64_t{0} - 1) rows.limit = question.limit + 1;
    return question.reader.rows(rows, take).status();
  }
  // Candidates first, then their packets: a reader does one thing at a time.
  std::vector<Row> candidates;
  const auto asked = question.reader.rows(rows, [&](const Row& row) {
    candidates.push_back(row);
    return true;
  });
  if (!asked.ok()) return asked.status();
  RowTest test(question.engine, question.reader, question.aside, query.noun, question.where, query.range,
               question.sessions);
  for (const Row& row : candidates) {
    const auto passes = test.passes(row);
    if (!passes.ok()) return passes.status();
    if (*passes && !take(row)) break;
  }
  if (test.without_packets() > 0) {
    report->notes.push_back(absl::StrCat("the filter asks what only packets can tell; ", test.without_packets(), " ",
                                         noun_name(query.noun),
                                         " were judged without, because no packets of them are kept"));
  }
  return absl::OkStatus();
}

absl::StatusOr<QueryReport> answer_rows(const Question& question) {
  const Query& query = question.query;
  const auto chosen = choose_columns(question);
  if (!chosen.ok()) return chosen.status();
  std::string order;
  if (!query.order.empty()) {
    const auto columns = store::columns(query.noun);
    const auto index = find_column(columns, question.engine.registry().catalog(), query.noun, query.order);
    if (!index.ok()) return index.status();
    order = columns[*index].key;
  }
  QueryReport report;
  const auto writer = make_writer(question);
  writer->begin(chosen->columns);
  Row out(chosen->indexes.size());
  const absl::Status done = each_row(question, order, &report, [&](const Row& row) {
    if (report.rows == question.limit) {
      report.limited = true;
      return false;
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = row[chosen->indexes[i]];
    writer->row(out);
    ++report.rows;
    return !question.output.closed();
  });
  writer->end();
  if (!done.ok()) return done;
  return report;
}

}  // namespace pr::view
