#include "helper/view/row_query.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "helper/view/cell.h"
#include "helper/view/flow_rows.h"
#include "helper/view/row_test.h"
#include "shared/base/text.h"

namespace pr::view {
namespace {

// The columns of an answer. Rows that belong to a flow may borrow columns of it.
struct Chosen {
  std::vector<OutputColumn> columns;
  std::vector<std::size_t> indexes;       // into the noun's columns; beyond them, into flow_columns
  std::vector<std::size_t> flow_columns;  // of flows, in the order in which they stand behind the noun's own
};

bool borrows_from_flows(Noun noun) { return noun == Noun::kHandshakes || noun == Noun::kTransactions; }

void choose(const ColumnDef& def, std::size_t index, std::string key, Chosen* chosen) {
  chosen->columns.push_back({std::move(key), def.title, def.type, def.right});
  chosen->indexes.push_back(index);
}

// By key ("ja4") or by the field it holds ("flow.ja4"), also by the field's short forms; columns.size(): there is none.
std::size_t find_column(std::span<const ColumnDef> columns, const FieldCatalog& catalog, const std::string& name) {
  const std::size_t by_key = column_index(columns, name);
  if (by_key < columns.size()) return by_key;
  const FieldInfo* info = catalog.find(name);
  const std::string field = info == nullptr ? name : info->name;
  const auto by_field =
      std::ranges::find_if(columns, [&](const ColumnDef& def) { return def.field != nullptr && field == def.field; });
  return static_cast<std::size_t>(by_field - columns.begin());
}

absl::Status no_column(Noun noun, const std::string& name) {
  std::string all;
  for (const ColumnDef& def : store::columns(noun)) absl::StrAppend(&all, all.empty() ? "" : ", ", def.key);
  if (borrows_from_flows(noun)) all += ", and those of flows";
  return absl::InvalidArgumentError(
      absl::StrCat(noun_name(noun), " have no column \"", escape_controls(name), "\"; there are: ", all));
}

absl::Status choose_named(const Question& question, const std::string& name, Chosen* chosen) {
  const FieldCatalog& catalog = question.engine.registry().catalog();
  const auto own = store::columns(question.query.noun), flows = store::columns(Noun::kFlows);
  const std::size_t index = find_column(own, catalog, name);
  if (index < own.size()) {
    choose(own[index], index, name, chosen);
    return absl::OkStatus();
  }
  const std::size_t of_flow =
      borrows_from_flows(question.query.noun) ? find_column(flows, catalog, name) : flows.size();
  if (of_flow == flows.size()) return no_column(question.query.noun, name);
  choose(flows[of_flow], own.size() + chosen->flow_columns.size(), name, chosen);
  chosen->flow_columns.push_back(of_flow);
  return absl::OkStatus();
}

absl::StatusOr<Chosen> choose_columns(const Question& question) {
  const Query& query = question.query;
  const auto columns = store::columns(query.noun);
  Chosen chosen;
  for (const std::string& name : query.fields) {
    absl::Status found = choose_named(question, name, &chosen);
    if (!found.ok()) return found;
  }
  if (!query.fields.empty()) return chosen;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (query.format != Format::kTable || columns[i].in_table) choose(columns[i], i, columns[i].key, &chosen);
  }
  // What other tools' records of events say of their flow.
  const bool whole = query.format == Format::kEve || query.format == Format::kZeek;
  if (!whole || !borrows_from_flows(query.noun)) return chosen;
  for (const char* key : {"src", "sport", "dst", "dport", "ip_proto", "app_proto", "community_id", "vlan"}) {
    absl::Status found = choose_named(question, key, &chosen);
    if (!found.ok()) return found;
  }
  return chosen;
}

// Rows with the cells of their flow behind their own.
class FlowJoin {
 public:
  FlowJoin(const Question& question, const Chosen& chosen)
      : reader_(question.aside),
        flows_(chosen.flow_columns),
        own_(store::columns(question.query.noun).size()),
        borrowed_(chosen.flow_columns.size()),
        session_(column_index(store::columns(question.query.noun), "session")),
        flow_(column_index(store::columns(question.query.noun), "flow_id")) {}

  absl::StatusOr<const Row*> join(const Row& row) {
    if (borrowed_ == 0) return &row;
    absl::Status loaded = flows_.load(reader_, cell_uint(row[session_]));
    if (!loaded.ok()) return loaded;
    joined_ = row;
    const Row* flow = flows_.find(cell_uint(row[flow_]));
    if (flow != nullptr) joined_.insert(joined_.end(), flow->begin(), flow->end());
    joined_.resize(own_ + borrowed_);
    return &joined_;
  }

 private:
  store::Reader& reader_;
  FlowRows flows_;
  const std::size_t own_, borrowed_, session_, flow_;
  Row joined_;
};

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

// Rows that only their packets can decide: so many are decided one by one, so that a page comes soon. If there are
// more, all that follow are decided in one pass over the packets of their session.
constexpr std::size_t kSingly = 200;

class RowFeed {
 public:
  RowFeed(const Question& question, const std::string& order, FunctionRef<bool(const Row&)> take)
      : question_(question),
        rows_{.noun = question.query.noun,
              .sessions = question.query.sessions,
              .range = question.query.range,
              .where = question.where,
              .order = order,
              .descending = question.query.descending,
              .certain = &certain_},
        take_(take),
        test_(question.engine, question.aside, question.query.noun, question.where, question.query.range,
              question.sessions) {
    // One more than is shown tells whether there are more.
    if (question.limit < ~std::uint64_t{0} - 1) rows_.limit = question.limit + 1;
  }

  absl::Status run() {
    std::uint64_t seen = 0;
    std::size_t singly = 0;
    bool rest = false;
    absl::Status status = each([&](const Row& row) {
      rest = !certain_ && singly == kSingly;
      if (rest) return false;
      ++seen;
      if (certain_) return take_(row);
      ++singly;
      return take_if(test_.passes_alone(row), row);
    });
    return status.ok() && rest ? run_rest(seen) : status;
  }

  void note(QueryReport* report) const {
    const char* noun = noun_name(question_.query.noun);
    if (test_.without_packets() > 0 && !test_.has_packets()) {
      report->notes.push_back(absl::StrCat("the filter asks what is not known of ", noun, ": they have no packets of ",
                                           "their own; `packetrecorder query flows` tells more"));
    } else if (test_.without_packets() > 0) {
      report->notes.push_back(absl::StrCat("the filter asks what only packets can tell; ", test_.without_packets(), " ",
                                           noun, " were judged without, because no packets of them are kept"));
    }
    if (test_.values_left_out() > 0) {
      report->notes.push_back(absl::StrCat("the packets of these ", noun,
                                           " hold more different values than can be compared at once; ",
                                           test_.values_left_out(), " were left out: narrow the filter"));
    }
  }

 private:
  absl::Status each(FunctionRef<bool(const Row&)> visit) {
    absl::Status status = question_.reader.rows(rows_, [&](const Row& row) { return visit(row); }).status();
    status.Update(failed_);
    return status;
  }

  bool take_if(const absl::StatusOr<bool>& passes, const Row& row) {
    failed_.Update(passes.status());
    return passes.ok() && (!*passes || take_(row));
  }

  absl::Status run_rest(std::uint64_t seen) {
    std::uint64_t at = 0;
    rows_.keys = {"session", "flow_id"};
    absl::Status status = each([&](const Row& row) {
      if (at++ >= seen && !certain_) test_.announce(row);
      return true;
    });
    if (!status.ok()) return status;
    at = 0;
    rows_.keys.clear();
    return each([&](const Row& row) {
      if (at++ < seen) return true;
      return certain_ ? take_(row) : take_if(test_.passes(row), row);
    });
  }

  const Question& question_;
  bool certain_ = true;
  store::RowQuery rows_;
  FunctionRef<bool(const Row&)> take_;
  RowTest test_;
  absl::Status failed_;
};

}  // namespace

absl::Status each_row(const Question& question, const std::string& order, QueryReport* report,
                      FunctionRef<bool(const Row&)> take) {
  RowFeed feed(question, order, take);
  absl::Status status = feed.run();
  feed.note(report);
  return status;
}

absl::StatusOr<QueryReport> answer_rows(const Question& question) {
  const Query& query = question.query;
  const auto chosen = choose_columns(question);
  if (!chosen.ok()) return chosen.status();
  std::string order;
  if (!query.order.empty()) {
    const auto columns = store::columns(query.noun);
    const std::size_t index = find_column(columns, question.engine.registry().catalog(), query.order);
    if (index == columns.size()) return no_column(query.noun, query.order);
    order = columns[index].key;
  }
  QueryReport report;
  const auto writer = make_writer(question);
  writer->begin(chosen->columns);
  Row out(chosen->indexes.size());
  FlowJoin join(question, *chosen);
  absl::Status joined_status;
  const absl::Status done = each_row(question, order, &report, [&](const Row& row) {
    if (report.rows == question.limit) {
      report.limited = true;
      return false;
    }
    const auto joined = join.join(row);
    joined_status.Update(joined.status());
    if (!joined.ok()) return false;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = (**joined)[chosen->indexes[i]];
    writer->row(out);
    ++report.rows;
    return !question.output.closed();
  });
  writer->end();
  if (!done.ok()) return done;
  if (!joined_status.ok()) return joined_status;
  return report;
}

}  // namespace pr::view
