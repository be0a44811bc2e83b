#include "helper/view/packet_query.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>

#include "helper/view/cell.h"
#include "helper/view/packet_columns.h"
#include "helper/view/packet_tree.h"
#include "helper/view/pcapng_writer.h"
#include "helper/view/row_query.h"
#include "shared/base/hex.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

// Trees and dumps: a line that says which packet, then what was asked for, then an empty line.
class PacketTextWriter {
 public:
  PacketTextWriter(const Question& question, const PacketColumns& columns) : question_(question), columns_(columns) {}

  void packet(const Sight& sight) {
    text_.clear();
    for (const Cell& cell : columns_.cells(sight)) {
      if (is_empty(cell)) continue;
      if (!text_.empty()) text_ += "  ";
      append_escaped(text_, cell_text(cell));
    }
    text_ += '\n';
    if (question_.query.detail) append_tree_text(text_, question_.engine.registry(), sight.tree);
    if (question_.query.show_data) append_data_text(text_, sight.stored.packet.bytes, sight.tree);
    text_ += '\n';
    question_.output.write(text_);
  }

 private:
  const Question& question_;
  const PacketColumns& columns_;
  std::string text_;
};

// Rows in any of the formats, with tree and octets as further cells where they were asked for.
class PacketRowWriter {
 public:
  PacketRowWriter(const Question& question, const PacketColumns& columns) : question_(question), columns_(columns) {
    const Query& query = question.query;
    if (query.format == Format::kTable) {
      writer_ = make_table_writer(question.output);
    } else if (query.format == Format::kCsv) {
      writer_ = make_csv_writer(question.output);
    } else {
      writer_ = make_json_writer(question.output, "packet", query.format == Format::kJsonl);
    }
    std::vector<OutputColumn> all = columns.columns();
    if (query.detail) all.push_back({"layers", "Layers", CellType::kJson, false});
    if (query.show_data) all.push_back({"data", "Data", CellType::kText, false});
    writer_->begin(all);
  }

  void packet(const Sight& sight) {
    Row row = columns_.cells(sight);
    if (question_.query.detail) row.emplace_back(tree_json(question_.engine.registry(), sight.tree));
    if (question_.query.show_data) row.emplace_back(hex_text(sight.stored.packet.bytes));
    writer_->row(row);
  }
  void end() { writer_->end(); }

 private:
  const Question& question_;
  const PacketColumns& columns_;
  std::unique_ptr<RowWriter> writer_;
};

bool asked_for(const Query& query, const store::SessionInfo& session) {
  return query.sessions.empty() || std::ranges::find(query.sessions, session.id) != query.sessions.end();
}

void note_sessions_without_packets(const Question& question, QueryReport* report) {
  for (const store::SessionInfo& session : question.sessions) {
    if (session.keeps_packets || !asked_for(question.query, session)) continue;
    report->notes.push_back(absl::StrCat("session ", session.id, " (", escape_controls(session.file),
                                         ") keeps no packets: it was recorded with --no-packets"));
  }
}

ScanOptions base_options(const Question& question) {
  ScanOptions options;
  for (const store::SessionInfo& session : question.sessions) {
    if (asked_for(question.query, session)) options.sessions.push_back(&session);
  }
  options.range = question.query.range;
  options.where = question.where;
  return options;
}

// Counts, and stops one packet after the limit: then it is known that there is more.
template <typename Write>
absl::Status scan_limited(const Question& question, PacketScan& scan, QueryReport* report, Write write) {
  return scan.run([&](const Sight& sight) {
    if (report->rows == question.limit) {
      report->limited = true;
      return false;
    }
    write(sight);
    ++report->rows;
    return !question.output.closed();
  });
}

struct Place {
  Cell key;
  const store::SessionInfo* session;
  std::uint64_t number;
};

// Only the keys of all packets are kept while looking, and of those no more than twice the limit.
absl::StatusOr<std::vector<Place>> ordered_places(const Question& question, QueryReport* report) {
  auto column = PacketColumns::make_key(question.engine.registry(), question.query.order);
  if (!column.ok()) return column.status();
  ScanOptions options = base_options(question);
  column->add_needs(options.wanted);
  PacketScan scan(question.engine, question.reader, question.aside, std::move(options));
  const bool descending = question.query.descending;
  const auto earlier = [descending](const Place& a, const Place& b) {
    return descending ? b.key < a.key : a.key < b.key;
  };
  std::vector<Place> places;
  const absl::Status done = scan.run([&](const Sight& sight) {
    places.push_back({column->cells(sight).front(), &sight.session, sight.stored.packet.number});
    if (question.limit < places.max_size() / 2 && places.size() > 2 * question.limit + 1000) {
      std::ranges::stable_sort(places, earlier);
      places.resize(question.limit);
      report->limited = true;
    }
    return true;
  });
  if (!done.ok()) return done;
  std::ranges::stable_sort(places, earlier);
  if (places.size() > question.limit) {
    places.resize(question.limit);
    report->limited = true;
  }
  return places;
}

template <typename Write>
absl::Status show_ordered(const Question& question, ScanOptions options, QueryReport* report, Write write) {
  const auto places = ordered_places(question, report);
  if (!places.ok()) return places.status();
  PacketScan scan(question.engine, question.reader, question.aside, std::move(options));
  for (const Place& place : *places) {
    const absl::Status done = scan.packets(*place.session, std::span(&place.number, 1), [&](const Sight& sight) {
      write(sight);
      ++report->rows;
      return true;
    });
    if (!done.ok()) return done;
    if (question.output.closed()) break;
  }
  return absl::OkStatus();
}

template <typename Write>
absl::Status show(const Question& question, ScanOptions options, QueryReport* report, Write write) {
  if (!question.query.order.empty()) return show_ordered(question, std::move(options), report, write);
  PacketScan scan(question.engine, question.reader, question.aside, std::move(options));
  return scan_limited(question, scan, report, write);
}

}  // namespace

absl::StatusOr<QueryReport> answer_packets(const Question& question) {
  const Query& query = question.query;
  QueryReport report;
  note_sessions_without_packets(question, &report);
  ScanOptions options = base_options(question);
  if (query.format == Format::kPcapng) {
    options.dissect = false;
    PcapngWriter writer(question.output);
    writer.begin();
    const absl::Status done = show(question, std::move(options), &report,
                                   [&](const Sight& sight) { writer.packet(sight.session, sight.stored.packet); });
    writer.end();
    if (!done.ok()) return done;
    return report;
  }
  const bool for_programs = query.format == Format::kJson || query.format == Format::kJsonl;
  const auto columns = PacketColumns::make(question.engine.registry(), query.fields, for_programs);
  if (!columns.ok()) return columns.status();
  columns->add_needs(options.wanted);
  options.whole_tree = query.detail;
  absl::Status done;
  if (query.format == Format::kTable && (query.detail || query.show_data)) {
    PacketTextWriter writer(question, *columns);
    done = show(question, std::move(options), &report, [&](const Sight& sight) { writer.packet(sight); });
  } else {
    PacketRowWriter writer(question, *columns);
    done = show(question, std::move(options), &report, [&](const Sight& sight) { writer.packet(sight); });
    writer.end();
  }
  if (!done.ok()) return done;
  return report;
}

absl::StatusOr<QueryReport> answer_packets_of_flows(const Question& question) {
  QueryReport report;
  note_sessions_without_packets(question, &report);
  const auto columns = store::columns(Noun::kFlows);
  const std::size_t session = column_index(columns, "session"), flow = column_index(columns, "flow_id");
  std::map<std::uint64_t, std::vector<std::uint64_t>> flows;
  std::uint64_t count = 0;
  const absl::Status found = each_row(question, "", &report, [&](const Row& row) {
    if (count++ == question.limit) return false;
    flows[cell_uint(row[session])].push_back(cell_uint(row[flow]));
    return true;
  });
  if (!found.ok()) return found;
  ScanOptions options;
  options.range = question.query.range;
  options.dissect = false;
  PacketScan scan(question.engine, question.reader, question.aside, std::move(options));
  PcapngWriter writer(question.output);
  writer.begin();
  for (const store::SessionInfo& info : question.sessions) {
    std::set<std::uint64_t> numbers;
    for (const std::uint64_t id : flows[info.id]) {
      const auto of_flow = question.reader.flow_packets(info.id, id);
      if (!of_flow.ok()) return of_flow.status();
      numbers.insert(of_flow->begin(), of_flow->end());
    }
    const std::vector<std::uint64_t> ascending(numbers.begin(), numbers.end());
    const absl::Status done = scan.packets(info, ascending, [&](const Sight& sight) {
      writer.packet(sight.session, sight.stored.packet);
      ++report.rows;
      return !question.output.closed();
    });
    if (!done.ok()) return done;
  }
  writer.end();
  return report;
}

}  // namespace pr::view
